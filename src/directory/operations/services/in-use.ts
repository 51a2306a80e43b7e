/**
 * An application may log in once and ask for weeks. Where an end shuts nobody who is in use, what is
 * asked on its open sessions is a use as well, noted once an hour at most. Of all others it costs a
 * look into a map, and nothing where the directory has no timelines.
 */
import type { Guard } from '../../../credentials/guard/index.js';
import type { DirectoryReader } from '../../ports.js';
import { stateOf } from '../lifecycle/index.js';
import type { Context } from '../types.js';

const EVERY_MS = 3_600_000;

/** Whoever is shut is not seen any more: what has ended stays so. */
export function noteUse(
  { identity, askedBy, origin }: Context,
  reader: DirectoryReader,
  guard: Guard,
  nowMs: () => number,
): void {
  const { entryId } = askedBy?.identity ?? identity;
  if (entryId === 0 || !reader.timelines.any) return;
  if (reader.timelines.of(entryId)?.unlessUsed === undefined) return;
  const now = nowMs();
  const seen = guard.lastUse(entryId).success?.atMs;
  if (seen !== undefined && now - seen < EVERY_MS) return;
  if (stateOf(entryId, reader, Math.floor(now / 1000)) !== 'active') return;
  guard.stillUsed(entryId, origin.address);
}
