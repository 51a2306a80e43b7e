/**
 * Get effective rights, of Sun's and the 389 Directory Server: what somebody may do to the entries of
 * a search and to their attributes, answered as attributes of the entries. The value says whose rights
 * they are; without one they are the client's own.
 *
 *   authzId = "dn:" distinguishedName / "u:" userid / ""      -- "dn:": of anonymous clients
 */
import { decodeEffectiveRights, effectiveRightsOid } from '../protocol/index.js';
import { readAuthzId } from './proxied-authorization.js';
import type { ControlDefinition } from './table.js';

/** On searches. */
export const effectiveRights: ControlDefinition = {
  oid: effectiveRightsOid,
  operations: new Set(['search']),
  decode(value = Buffer.alloc(0), into) {
    const inner = decodeEffectiveRights(value);
    const authzId = inner === undefined ? undefined : readAuthzId(inner);
    if (authzId === undefined) return false;
    into.rightsOf = authzId;
    return true;
  },
};
