/** Open sessions of a server by whom they are bound as. */
import type { WireServer } from '../ldap/index.js';
import type { Committed, StoreReader } from '../store/index.js';

/** How many connections are bound as an entry. */
export function sessionsOf(entryId: number, wire: WireServer | undefined): number {
  let open = 0;
  wire?.endSessions((identity) => {
    if (identity.entryId === entryId) open += 1;
    return false;
  }, '');
  return open;
}

/** Whoever is bound as an entry that is gone is nobody any more. */
export function endSessionsOfDeleted(
  committed: Committed,
  reader: StoreReader,
  wire: WireServer | undefined,
): void {
  const gone = new Set(committed.entries.filter((id) => reader.entry(id) === undefined));
  if (gone.size === 0) return;
  wire?.endSessions(({ entryId }) => gone.has(entryId), 'the entry you are bound as was deleted');
}
