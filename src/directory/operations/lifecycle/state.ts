/**
 * The state of an entry at a moment, as everybody here asks for it: a look-up in its timeline,
 * bounded by that of its principal. Whoever has no timeline is active; that costs one look into a
 * map, and nothing where the directory has no timelines at all.
 */
import { moreClosed, type State, stateAt, type Timeline } from '../../model/timeline.js';
import type { DirectoryReader } from '../../ports.js';
import { guardOf } from '../guard.js';

/** A second account of a second account … of somebody: longer chains are a mistake. */
export const PRINCIPALS_MAX = 8;

export function stateOf(id: number, reader: DirectoryReader, nowSeconds: number): State {
  if (!reader.timelines.any || reader.timelines.isQuiet(id, nowSeconds)) return 'active';
  return stateBy((one) => reader.timelines.of(one), id, reader, nowSeconds);
}

/** The same by other timelines than the stored ones. */
export function stateBy(
  timelineOf: (id: number) => Timeline | undefined,
  id: number,
  reader: DirectoryReader,
  nowSeconds: number,
): State {
  let state: State = 'active';
  let next = id;
  for (let depth = 0; next !== 0 && depth < PRINCIPALS_MAX; depth += 1) {
    const timeline = timelineOf(next);
    if (timeline === undefined) break;
    const own = stateAt(timeline, nowSeconds);
    const spared = own !== 'active' && isSpared(next, timeline, reader, nowSeconds);
    if (!spared) state = moreClosed(state, own);
    next = timeline.principal;
    // A chain that does not end proves nothing about anybody.
    if (next !== 0 && depth === PRINCIPALS_MAX - 1) state = moreClosed(state, 'suspended');
  }
  return state;
}

/**
 * Whether an end has passed that shuts nobody who is in use, and this one is. That somebody was seen is
 * an observation that is kept: nothing has to run for the answer.
 */
function isSpared(
  id: number,
  { unlessUsed }: Timeline,
  reader: DirectoryReader,
  nowSeconds: number,
): boolean {
  if (unlessUsed === undefined) return false;
  const { since, from, until } = unlessUsed;
  if (nowSeconds < from || nowSeconds >= until) return false;
  const seen = (guardOf(reader) ?? reader.observed).lastUse(id).success?.atMs;
  return seen !== undefined && seen >= since * 1000;
}

/** Timelines that bound the entry's state, its own first. */
export function* timelinesOf(id: number, { timelines }: DirectoryReader): Generator<Timeline> {
  let next = id;
  for (let depth = 0; next !== 0 && depth < PRINCIPALS_MAX; depth += 1) {
    const timeline = timelines.of(next);
    if (timeline === undefined) return;
    yield timeline;
    next = timeline.principal;
  }
}
