/** Drives one server through the modes, one after the other, and notes what each cost it. */
import { closeSync, fdatasyncSync, openSync, rmSync, writeSync } from 'node:fs';
import { availableParallelism, loadavg } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { measureStorm, rememberAll, type StormFigure, storm } from './argon.js';
import { type LoadResult, runLoad } from './load.js';
import { type Mode, warmupOf } from './modes.js';
import type { Options } from './options.js';
import type { Peer } from './peer.js';
import { residentMiB } from './process.js';

const SYNCS = 50;
const SETTLE_MS = 4_000;
const SETTLE_PER_PERSON_MS = 0.025;

/** One mode against one server. */
export interface Figure {
  readonly mode: string;
  /** Operations, or entries where the mode counts those. */
  readonly perSecond: number;
  readonly load: LoadResult;
  readonly worstTurnMs: number | undefined;
  readonly writesPerCommit: number | undefined;
  readonly commitsPerSecond: number | undefined;
}

/** All that was measured of one server. */
export interface Measured {
  readonly server: Peer['name'];
  readonly people: number;
  readonly importSeconds: number;
  readonly readySeconds: number;
  readonly readyMiB: number;
  /** One small write and its fdatasync on the disk of the database, just before: milliseconds. */
  readonly syncMs: number;
  /** After the last mode. */
  readonly residentMiB: number;
  readonly figures: readonly Figure[];
  /** Of Tenure, where it was asked for. */
  readonly storm: StormFigure | undefined;
  /** Every mode came to its end, and every answer was the expected one. */
  readonly sound: boolean;
}

/** Who is told while measuring goes on. */
export interface Listener {
  readonly onFigure: (figure: Figure) => void;
  readonly onFailure: (mode: Mode, error: Error) => void;
}

/**
 * Measures and leaves the server running. Calls `onFigure` after each mode, or `onFailure` where the
 * load could not be driven to its end; the other modes go on.
 */
export async function measure(
  peer: Peer,
  modes: readonly Mode[],
  generator: string,
  options: Options,
  { onFigure, onFailure }: Listener,
): Promise<Measured> {
  const figures: Figure[] = [];
  const syncMs = measureSync(options.dir);
  // Both servers get the same quiet moment: what one of them does after its start is not the load.
  await sleep(SETTLE_MS + options.people * SETTLE_PER_PERSON_MS);
  for (const mode of modes) {
    try {
      const figure = await measureMode(peer, mode, generator, options);
      figures.push(figure);
      onFigure(figure);
    } catch (error) {
      onFailure(mode, error as Error);
    }
  }
  const stormy = options.only.length === 0 || options.only.includes(storm.name);
  const measured =
    stormy && peer.name === 'tenure' ? await measureStorm(peer, generator, options) : undefined;
  const { importSeconds, readySeconds, readyMiB } = peer;
  return {
    server: peer.name,
    people: options.people,
    importSeconds,
    readySeconds,
    readyMiB,
    syncMs,
    residentMiB: residentMiB(peer.pid),
    figures,
    storm: measured,
    sound: figures.length === modes.length && figures.every(({ load }) => load.errors === 0),
  };
}

async function measureMode(
  peer: Peer,
  mode: Mode,
  generator: string,
  options: Options,
): Promise<Figure> {
  if (mode.among !== undefined && peer.name === 'tenure') await rememberAll(peer);
  const countersBefore = await peer.counters();
  const began = performance.now();
  const [load] = await Promise.all([
    runLoad(generator, peer, mode, options),
    // What a fresh server compiles while it warms up is nobody's turn.
    sleep(warmupOf(mode, options.warmupSeconds) * 1000).then(() => peer.worstTurnMs()),
  ]);
  const seconds = (performance.now() - began) / 1000;
  const worstTurnMs = await peer.worstTurnMs();
  const countersAfter = await peer.counters();
  const commits = (countersAfter?.commits ?? 0) - (countersBefore?.commits ?? 0);
  const writes = (countersAfter?.writes ?? 0) - (countersBefore?.writes ?? 0);
  return {
    mode: mode.name,
    perSecond: mode.byEntries ? load.entriesPerSecond : load.perSecond,
    load,
    worstTurnMs,
    writesPerCommit: commits === 0 ? undefined : writes / commits,
    commitsPerSecond: commits === 0 ? undefined : commits / seconds,
  };
}

/** What a durable write costs at the least: the disk may be slow, or busy for somebody else. */
function measureSync(dir: string): number {
  const name = join(dir, `tenure-bench-sync-${process.pid}`);
  const file = openSync(name, 'wx');
  try {
    const block = Buffer.alloc(4096);
    const began = performance.now();
    for (let i = 0; i < SYNCS; i += 1) {
      writeSync(file, block);
      fdatasyncSync(file);
    }
    return (performance.now() - began) / SYNCS;
  } finally {
    closeSync(file);
    rmSync(name);
  }
}

/** What the figures hang on, for whoever reads them elsewhere. */
export function machine(): string {
  return `${availableParallelism()} cores, Node ${process.versions.node}`;
}

/** Whether others use this machine as well: then only processor times are worth reading. */
export function isBusy(): boolean {
  return (loadavg()[0] ?? 0) > availableParallelism() / 4;
}
