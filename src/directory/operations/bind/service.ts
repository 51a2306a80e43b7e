/** Which entries are accounts of applications: those below a container `ou=services`. */
import type { Identity } from '../../model/identity.js';
import type { DirectoryReader } from '../../ports.js';

const CONTAINER = 'ou=services';

/** Whether somebody is bound as a registered service. */
export function isService({ role, entryId }: Identity, reader: DirectoryReader): boolean {
  if (role !== 'user') return false;
  const entry = reader.entry(entryId);
  const parent = entry === undefined ? undefined : reader.entry(entry.parentId);
  return parent !== undefined && parent.rdn.toLowerCase() === CONTAINER;
}
