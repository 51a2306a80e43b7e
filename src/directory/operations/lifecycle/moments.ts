/** Since when somebody is not active, and until when somebody is, as far as all may know. */
import { stateAt, type Timeline } from '../../model/timeline.js';
import type { DirectoryReader } from '../../ports.js';
import { timelinesOf } from './state.js';

/** The second from which on an entry that is not active has been so; undefined: always. */
export function closedSince(
  id: number,
  reader: DirectoryReader,
  nowSeconds: number,
): number | undefined {
  let since = Infinity;
  for (const timeline of timelinesOf(id, reader)) {
    if (stateAt(timeline, nowSeconds) === 'active') continue;
    since = Math.min(since, lastOpening(timeline, nowSeconds));
  }
  return Number.isFinite(since) ? since : undefined;
}

/** The last instant at which the timeline turned from active; -Infinity where it never did. */
function lastOpening({ at, then, first }: Timeline, nowSeconds: number): number {
  for (let i = at.length - 1; i >= 0; i -= 1) {
    if (at[i]! > nowSeconds) continue;
    const before = i === 0 ? first : then[i - 1]!;
    if (then[i] !== 'active' && before === 'active') return at[i]!;
  }
  return -Infinity;
}

/** The second from which on somebody will no longer be active, where that is open to all. */
export function openEnd(
  id: number,
  reader: DirectoryReader,
  nowSeconds: number,
): number | undefined {
  let end = Infinity;
  for (const timeline of timelinesOf(id, reader)) {
    if (!timeline.openEnds) continue;
    const next = timeline.at.findIndex((at, i) => at > nowSeconds && hasLeft(timeline, i));
    if (next >= 0) end = Math.min(end, timeline.at[next]!);
  }
  return Number.isFinite(end) ? end : undefined;
}

/** A leave is over one day; only what is meant to last is an end. */
function hasLeft({ then }: Timeline, i: number): boolean {
  return then[i] === 'sealed' || then[i] === 'destroyed';
}
