/** Where a write came from, for the audit trail: in the writer thread, out of its context. */
import type { AuditName, ChangeOrigin } from '../../model/audit.js';
import { nobody } from '../../model/audit.js';
import type { DirectoryReader } from '../../ports.js';
import type { Names } from '../names.js';
import type { Context } from '../types.js';
import { fromText } from './book.js';

export function changeOriginOf(
  { identity, origin }: Context,
  reader: DirectoryReader,
  names: Names,
): ChangeOrigin {
  const by = nameOfEntry(identity.entryId, reader, names);
  return {
    by: by.text === '' ? { uuid: '', text: identity.dn } : by,
    from: fromText(origin),
    through:
      origin.service === undefined || origin.service === identity.entryId
        ? nobody
        : nameOfEntry(origin.service, reader, names),
  };
}

/** Of what is asked as somebody else: who asks. */
export const askedText = ({ askedBy }: Context): string =>
  askedBy === undefined ? '' : `, asked by ${askedBy.identity.dn}`;

export function nameOfEntry(id: number, reader: DirectoryReader, names: Names): AuditName {
  const entry = id === 0 ? undefined : reader.entry(id);
  return entry === undefined ? nobody : { uuid: entry.uuid, text: names.text(entry) };
}
