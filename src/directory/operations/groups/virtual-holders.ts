/** `tenureHolder`: who holds memberships of a group that nobody holds by hand; for administrators. */
import { isPlain } from '../../model/holder.js';
import type { EntryRecord } from '../../ports.js';
import type { View } from '../view.js';
import type { VirtualAttribute } from '../virtual.js';
import { formatHolderValue, TENURE_HOLDER } from './holder-values.js';

const nothing: readonly Buffer[] = [];

/** The values of an entry, whoever asks: an export has them, too. */
export function holderValues(entry: EntryRecord, view: View): readonly Buffer[] {
  if (!entry.hasEdges || entry.kind.membership === undefined) return nothing;
  const values: Buffer[] = [];
  for (const { attribute, target, holder } of view.reader.heldEdgesFrom(entry.id)) {
    const name = isPlain(holder) ? undefined : view.names.findName(target);
    if (name === undefined) continue;
    const said = attribute === entry.kind.membership ? undefined : attribute.name;
    values.push(Buffer.from(formatHolderValue(holder, name.toString('utf8'), said), 'utf8'));
  }
  return values;
}

export const holderAttributes: readonly VirtualAttribute[] = [
  {
    names: [TENURE_HOLDER],
    compute: (entry, view) =>
      view.identity.role === 'administrator' ? holderValues(entry, view) : nothing,
  },
];
