/**
 * Groups that are shut for a while: they have no members in any answer until their time is over. Each
 * is asked for its timeline at the moment of use, so that it opens without anything having run. A
 * reader keeps which groups have one; where there is none, that costs one look at a count.
 */
import { stateAt } from '../model/timeline.js';
import type { DirectoryReader } from '../ports.js';

/** More groups than this are not looked through. */
const GROUPS_MAX = 1_000_000;

const none: ReadonlySet<number> = new Set();
const kept = new WeakMap<DirectoryReader, Set<number>>();

const isTimed = (id: number, reader: DirectoryReader) =>
  reader.timelines.of(id) !== undefined && reader.entry(id)?.kind.membership !== undefined;

function gather(reader: DirectoryReader): Set<number> {
  const kinds = reader.kinds().filter(({ membership }) => membership !== undefined);
  if (kinds.length === 0 || !reader.timelines.any) return new Set();
  const { ids } = reader.idsOfKinds(kinds, GROUPS_MAX);
  return new Set(ids.filter((id) => reader.timelines.of(id) !== undefined));
}

/** Groups that were, are or will be shut. */
function timedGroups(reader: DirectoryReader): ReadonlySet<number> {
  const known = kept.get(reader);
  if (known !== undefined) return known;
  const found = gather(reader);
  kept.set(reader, found);
  reader.watch?.(({ timelines, all }) => {
    if (all) found.clear();
    for (const id of all ? gather(reader) : timelines) {
      if (isTimed(id, reader)) found.add(id);
      else found.delete(id);
    }
  });
  return found;
}

/** Groups of which it has to be asked whether they are shut; the writer's have to be asked each. */
function toAsk(reader: DirectoryReader): ReadonlySet<number> | undefined {
  if (reader.watch === undefined) return undefined;
  return reader.timelines.any ? timedGroups(reader) : none;
}

/** Whether there is any group that may be shut now. */
export function mayBeShut(reader: DirectoryReader): boolean {
  const groups = toAsk(reader);
  return groups === undefined || groups.size > 0;
}

/** Whether the group has no members in that second. */
export function isShut(group: number, reader: DirectoryReader, nowSeconds: number): boolean {
  const groups = toAsk(reader);
  if (groups !== undefined && !groups.has(group)) return false;
  const timeline = reader.timelines.of(group);
  if (timeline === undefined || stateAt(timeline, nowSeconds) !== 'suspended') return false;
  return groups !== undefined || reader.entry(group)?.kind.membership !== undefined;
}

/** The seconds between which a group is shut, now or later; undefined where it stays open. */
export function shutsFrom(
  group: number,
  reader: DirectoryReader,
  nowSeconds: number,
): { readonly from: number; readonly until: number } | undefined {
  const timeline = reader.timelines.of(group);
  const last = timeline?.then.lastIndexOf('suspended') ?? -1;
  if (timeline === undefined || last < 0) return undefined;
  const until = timeline.at[last + 1] ?? Infinity;
  return until <= nowSeconds ? undefined : { from: timeline.at[last]!, until };
}
