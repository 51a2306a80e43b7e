/**
 * Session tracking (draft-wahl-ldap-session): whom a proxy or RADIUS server asks for. Nothing is
 * decided by it here: it is written to the log, and a bind counts failures by its address where a
 * registered service sent it.
 */
import { decodeSessionTracking, sessionTrackingOid } from '../protocol/index.js';
import type { ControlDefinition } from './table.js';

/** On every request. */
export const sessionTracking: ControlDefinition = {
  oid: sessionTrackingOid,
  operations: new Set([
    'bind',
    'search',
    'compare',
    'add',
    'modify',
    'delete',
    'modifyDn',
    'extended',
  ]),
  decode(value, into) {
    const tracking = value === undefined ? undefined : decodeSessionTracking(value);
    if (tracking === undefined) return false;
    into.tracking = tracking;
    return true;
  },
};
