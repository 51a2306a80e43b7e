/**
 * When entries last looked different: the time of their last write, or the instant that passed since.
 * The due tick writes passed instants down (compose/stamping.ts); until it has, and where it never
 * does, they are counted in here, so that no time stamp depends on a task having run.
 */
import { lastInstant } from '../../model/timeline.js';
import type { DirectoryReader, EntryRecord, IdSet } from '../../ports.js';
import type { View } from '../view.js';
import { appearanceOf, boundedBy } from './appearance.js';
import { nextInstant, raise, turnedBetween } from './instants.js';
import { timelinesOf } from './state.js';

const none: ReadonlyMap<number, number> = new Map();

/** What has passed and is not written down, for one reader. */
class Pending {
  readonly #reader: DirectoryReader;
  /** Until when what is known holds: the next instant; NaN: nothing is known. */
  #until = Number.NaN;
  #entries = none;

  constructor(reader: DirectoryReader) {
    this.#reader = reader;
    reader.watch?.(() => {
      this.#until = Number.NaN;
    });
  }

  at(nowSeconds: number): ReadonlyMap<number, number> {
    if (this.#until > nowSeconds) return this.#entries;
    const reader = this.#reader;
    const from = reader.timelines.stampedTo + 1;
    const first = nextInstant(from - 1, reader);
    if (first === undefined || first > nowSeconds) {
      this.#entries = none;
      this.#until = first ?? Number.POSITIVE_INFINITY;
    } else {
      const { states, references } = turnedBetween(from, nowSeconds, reader);
      const entries = appearanceOf(states, reader);
      for (const [id, at] of references) raise(entries, id, at);
      this.#entries = entries;
      this.#until = nextInstant(nowSeconds, reader) ?? Number.POSITIVE_INFINITY;
    }
    // The writer's answers change within a transaction.
    const { watch } = reader;
    if (watch !== undefined) return this.#entries;
    this.#until = Number.NaN;
    return this.#entries;
  }
}

const byReader = new WeakMap<DirectoryReader, Pending>();

/** Entries that look different since an instant that is not written down, with that instant. */
export function pendingStamps(
  reader: DirectoryReader,
  nowSeconds: number,
): ReadonlyMap<number, number> {
  if (!reader.timelines.any && !reader.timedEdges.any) return none;
  let pending = byReader.get(reader);
  if (pending === undefined) {
    pending = new Pending(reader);
    byReader.set(reader, pending);
  }
  return pending.at(nowSeconds);
}

/** `modifyTimestamp`, seconds. */
export function shownModifiedAt(entry: EntryRecord, { reader, nowMs }: View): number {
  const { timelines } = reader;
  if (!timelines.any && !reader.timedEdges.any) return entry.modifiedAt;
  const now = Math.floor(nowMs() / 1000);
  let at = Math.max(entry.modifiedAt, pendingStamps(reader, now).get(entry.id) ?? 0);
  for (const timeline of timelinesOf(entry.id, reader)) {
    at = Math.max(at, lastInstant(timeline, now) ?? 0);
  }
  return at;
}

/**
 * With entries by the time that is stored, those that look different since an instant from the
 * second on. Never misses one, and has to be tested again.
 */
export function withTurned(
  set: IdSet,
  fromSeconds: number,
  { reader, nowMs }: View,
  limit: number,
): IdSet {
  if (!reader.timelines.any && !reader.timedEdges.any) return set;
  const now = Math.floor(nowMs() / 1000);
  if (fromSeconds > now) return set;
  const turned = reader.timelines.idsBetween(fromSeconds, now, limit);
  const ids = new Set(set.ids);
  for (const id of turned.ids) {
    ids.add(id);
    for (const other of boundedBy(id, reader)) ids.add(other);
  }
  for (const [id, at] of pendingStamps(reader, now)) if (at >= fromSeconds) ids.add(id);
  const complete = set.complete && turned.complete && ids.size <= limit;
  return { ids: [...ids].sort((a, b) => a - b), complete, exact: false };
}
