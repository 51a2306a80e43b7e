/**
 * The instants of a directory: the seconds in which something looks different without anybody
 * having written anything. States turn in them, and memberships begin and end.
 */
import type { Span } from '../../model/holder.js';
import { lastInstant } from '../../model/timeline.js';
import type { DirectoryReader } from '../../ports.js';

/** More than this at once are worked off in several goes. */
const INSTANTS_MAX = 50_000;

/** The first instant after the second, or undefined. */
export function nextInstant(afterSeconds: number, reader: DirectoryReader): number | undefined {
  const state = reader.timelines.next(afterSeconds);
  const edge = reader.timedEdges.next(afterSeconds);
  if (state === undefined || edge === undefined) return state ?? edge;
  return Math.min(state, edge);
}

/** What turned in a stretch of time, with the last second in which it did. */
export interface Turned {
  /** Whose state did. */
  readonly states: ReadonlyMap<number, number>;
  /** What shows a reference that began or ended, or is shown by it. */
  readonly references: ReadonlyMap<number, number>;
}

/** Both bounds inclusive. */
export function turnedBetween(from: number, until: number, reader: DirectoryReader): Turned {
  const states = new Map<number, number>();
  for (const id of reader.timelines.idsBetween(from, until, INSTANTS_MAX).ids) {
    const timeline = reader.timelines.of(id);
    const at = timeline && lastInstant(timeline, until);
    if (at !== undefined) states.set(id, at);
  }
  const references = new Map<number, number>();
  for (const { source, target } of reader.timedEdges.between(from, until, INSTANTS_MAX)) {
    const spans = reader.timedEdges.membership(source, target);
    // Another holder may hold it all the time: then nothing has turned.
    if (spans === undefined && reader.entry(source)?.kind.membership !== undefined) continue;
    const at = lastTurn(spans ?? [], until) ?? until;
    raise(references, source, at);
    raise(references, target, at);
  }
  return { states, references };
}

function lastTurn(spans: readonly Span[], now: number): number | undefined {
  let last: number | undefined;
  for (const { from, until } of spans) {
    for (const at of [from, until]) {
      if (Number.isFinite(at) && at <= now && (last === undefined || at > last)) last = at;
    }
  }
  return last;
}

/** Sets a second unless a later one is there. */
export function raise(map: Map<number, number>, id: number, at: number): void {
  const held = map.get(id);
  if (held === undefined || held < at) map.set(id, at);
}
