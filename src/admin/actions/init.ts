/**
 * Makes a new directory: folder, certificates, config.yaml, database. Never overwrites anything:
 * the folder must be missing, empty, or hold only a prepared config.yaml and certs.
 */
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { generatePassword } from '../../credentials/index.js';
import type { Clock } from '../../runtime/clock.js';
import { configTemplate } from '../../runtime/config-template.js';
import type { Log } from '../../runtime/log.js';
import type { Random } from '../../runtime/random.js';
import { developmentNames, ensureDevelopmentCertificates } from '../certificates.js';
import { AdminError, asOpeningError } from '../errors.js';
import type { Composition } from '../ports.js';
import { sampleLdif } from '../sample/index.js';

export interface InitInput {
  /** Absolute. */
  readonly dataDir: string;
  /** DN, such as `dc=example,dc=com`. */
  readonly suffix: string;
  /** Undefined: one is generated and returned. */
  readonly adminPassword: string | undefined;
  /** Add a sample company; the directory becomes a playground. */
  readonly sample: boolean;
}

export interface InitResult {
  readonly data: string;
  readonly suffix: string;
  readonly administrator: string;
  /** Only where it was generated; it is kept nowhere else. */
  readonly password?: string;
  readonly config: string;
  readonly ca: string;
  readonly playground: boolean;
}

export interface InitDeps {
  readonly composition: Composition;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}

/** What may lie in the folder already; anything else could be somebody's. */
const prepared: ReadonlySet<string> = new Set(['config.yaml', 'certs', 'lost+found']);

/** Rejects with `folder` where a directory or foreign files are there, `refused` for a bad DN. */
export async function initDirectory(input: InitInput, deps: InitDeps): Promise<InitResult> {
  const { dataDir, suffix } = input;
  const { composition, clock, random, log } = deps;
  if (await composition.directoryExists(dataDir)) {
    throw new AdminError('folder', `${dataDir} already holds a directory; it is left as it is`);
  }
  claimFolder(dataDir);
  const adminPassword = input.adminPassword ?? generatePassword(random);
  // The password is shown after everything that can fail.
  const certificates = await ensureDevelopmentCertificates(dataDir, {
    ...developmentNames(),
    clock,
    random,
  });
  const config = join(dataDir, 'config.yaml');
  writeIfMissing(config, configTemplate());
  const sample = input.sample ? sampleLdif(suffix, random) : undefined;
  try {
    await composition.createDirectory(dataDir, { suffix, adminPassword, sample, log });
  } catch (error) {
    removeHalfMade(dataDir);
    throw asOpeningError(error);
  }
  return {
    data: dataDir,
    suffix,
    administrator: `cn=admin,${suffix}`,
    ...(input.adminPassword === undefined ? { password: adminPassword } : {}),
    config,
    ca: certificates.caFile,
    playground: input.sample,
  };
}

/**
 * By hand: Node's own recursion never ends where a file system has the parent and refuses the child
 * as missing, as /proc does.
 */
function makeFolder(path: string): void {
  const above = dirname(path);
  if (!existsSync(above)) makeFolder(above);
  if (!existsSync(path)) mkdirSync(path, { mode: 0o700 });
}

function claimFolder(dataDir: string): void {
  makeFolder(dataDir);
  const foreign = readdirSync(dataDir).find((name) => !prepared.has(name));
  if (foreign === undefined) return;
  throw new AdminError(
    'folder',
    `${dataDir} holds other files (${foreign}); choose an empty or a new folder`,
  );
}

/** What came since the folder was claimed is ours: the next attempt must find it free. */
function removeHalfMade(dataDir: string): void {
  for (const name of readdirSync(dataDir)) {
    if (!prepared.has(name)) rmSync(join(dataDir, name), { recursive: true, force: true });
  }
}

function writeIfMissing(file: string, text: string): void {
  try {
    writeFileSync(file, text, { flag: 'wx', mode: 0o600 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}
