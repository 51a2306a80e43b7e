/**
 * tenureAccess: where somebody was seen, as values of their own entry. The person reads their own, the
 * administration and who may read facts about them everybody's; to all others it is not there.
 */
import { formatTime } from '../model/time.js';
import type { EntryRecord } from '../ports.js';
import { guardOf } from './guard.js';
import { readsOf } from './lifecycle/index.js';
import type { View } from './view.js';
import type { VirtualAttribute } from './virtual.js';

const nothing: readonly Buffer[] = [];

function access(entry: EntryRecord, view: View): readonly Buffer[] {
  const { identity, reader, names } = view;
  const guard = guardOf(reader);
  if (guard?.mapsAccess !== true) return nothing;
  const own = identity.role === 'user' && identity.entryId === entry.id;
  if (!own && !readsOf(identity, entry, 'read facts')) return nothing;
  const time = (ms: number) => formatTime(Math.floor(ms / 1000));
  return reader.observed.access.of(entry.id, guard.accessSinceMs).map((row) => {
    const { consumer, address, method, firstMs, lastMs, count } = row;
    const through = consumer === 0 ? '' : (names.findName(consumer)?.toString('utf8') ?? '');
    const when = `first=${time(firstMs)} last=${time(lastMs)} count=${count}`;
    const by = `by="${method}" from=${address}`;
    return Buffer.from(through === '' ? `${when} ${by}` : `${when} ${by} through="${through}"`);
  });
}

export const accessAttributes: readonly VirtualAttribute[] = [
  { names: ['tenureAccess'], compute: access },
];
