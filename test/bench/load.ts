/** Compiles load.c and runs it against one server. Owns how its arguments and its answer look. */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Mode, warmupOf } from './modes.js';
import type { Options } from './options.js';
import type { Peer } from './peer.js';
import { administratorDn, password, suffix } from './people.js';
import { programPath, run } from './process.js';

/** The line that load.c prints. */
export interface LoadResult {
  readonly perSecond: number;
  readonly entriesPerSecond: number;
  /** All that were finished, the warm-up included. */
  readonly operations: number;
  readonly entries: number;
  readonly p50Us: number;
  readonly p99Us: number;
  readonly maxUs: number;
  /** Of the server for each operation, or entry where those count; the warm-up left out. */
  readonly processorUs: number;
  readonly errors: number;
  readonly firstError: string;
}

/** Compiles the generator into `dir`. Resolves to its path; undefined where there is no compiler. */
export async function compileLoad(dir: string): Promise<string | undefined> {
  const compiler = programPath('cc') ?? programPath('gcc') ?? programPath('clang');
  if (compiler === undefined) return undefined;
  const program = join(dir, 'load');
  await run(compiler, ['-O2', '-o', program, join(projectRoot(), 'test/bench/load/load.c')]);
  return program;
}

/** The folder of package.json: the source of the generator is not compiled along. */
export function projectRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json'))) {
    const parent = dirname(folder);
    if (parent === folder) throw new Error('no package.json above the bench');
    folder = parent;
  }
  return folder;
}

/** One mode against a server, with its warm-up. */
export async function runLoad(
  program: string,
  { port, pid }: Peer,
  mode: Mode,
  options: Options,
): Promise<LoadResult> {
  const { load, connections, depth } = mode;
  const people = Math.min(options.people, mode.among ?? options.people);
  const numbers = [
    connections,
    depth,
    options.seconds,
    warmupOf(mode, options.warmupSeconds),
    people,
  ];
  const who = [suffix, mode.as ?? administratorDn, password, password];
  const line = await run(program, [
    String(port),
    String(pid),
    load,
    ...numbers.map(String),
    ...who,
  ]);
  return JSON.parse(line) as LoadResult;
}
