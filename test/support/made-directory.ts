/**
 * A new directory as `tenure init` makes it, copied from one that was made before by the same
 * build: making one costs seconds of processor, and almost every test of a process wants one. The
 * originals lie beside the build, in build/made.
 */
import { createHash } from 'node:crypto';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { run } from './process-run.js';

export const suffix = 'dc=example,dc=com';

/** The clone that this test is part of. */
export function cloneRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'bin/tenure'))) {
    const above = dirname(folder);
    if (above === folder) throw new Error('bin/tenure is nowhere above');
    folder = above;
  }
  return folder;
}

/** bin/tenure beside the build that this test is part of. */
export function tenureCommand(): string {
  return join(cloneRoot(), 'bin/tenure');
}

/**
 * Makes `folder`/data a directory for `suffix`; `sample` fills it with the sample company. Answers
 * with the password of the administrator.
 */
export async function makeDirectory(folder: string, { sample = true } = {}): Promise<string> {
  const original = await originalOf(sample);
  cpSync(join(original, 'data'), join(folder, 'data'), { recursive: true });
  return readFileSync(join(original, 'password'), 'utf8');
}

async function originalOf(sample: boolean): Promise<string> {
  const build = join(cloneRoot(), 'build');
  // Certificates name the machine; all else follows from the build.
  const stamp = readFileSync(join(build, '.tenure-build'));
  const digest = createHash('sha256').update(stamp).update(hostname()).digest('hex').slice(0, 16);
  const original = join(build, 'made', `${digest}-${sample ? 'sample' : 'bare'}`);
  if (existsSync(original)) return original;
  mkdirSync(dirname(original), { recursive: true });
  const fresh = mkdtempSync(`${original}-`);
  try {
    const args = ['init', '--suffix', suffix, '--json', ...(sample ? ['--sample'] : [])];
    const made = await run(process.execPath, [tenureCommand(), ...args], { cwd: fresh });
    if (made.code !== 0) throw new Error(`init ended with ${made.code}: ${made.err}`);
    writeFileSync(join(fresh, 'password'), (JSON.parse(made.out) as { password: string }).password);
    renameSync(fresh, original);
  } catch (error) {
    rmSync(fresh, { recursive: true, force: true });
    // Another worker was as quick.
    if (!existsSync(original)) throw error;
  }
  return original;
}
