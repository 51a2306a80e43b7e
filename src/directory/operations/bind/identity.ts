/** Who somebody is once they have proved it. */
import type { Identity } from '../../model/identity.js';
import type { DirectoryReader, EntryRecord } from '../../ports.js';
import type { Names } from '../names.js';

/** The identity behind an entry. */
export function identityOf(entry: EntryRecord, reader: DirectoryReader, names: Names): Identity {
  const role = entry.id === reader.administratorId() ? 'administrator' : 'user';
  return { role, dn: names.text(entry), entryId: entry.id };
}
