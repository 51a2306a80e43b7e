/**
 * ManageDsaIT (RFC 3296 §3): referral objects are to be treated like any other entry. That is what
 * this server does anyway, since it follows none; browsers send the control as critical.
 */
import type { ControlDefinition } from './table.js';

const manageDsaItOid = '2.16.840.1.113730.3.4.2';

/** It has no value. */
export const manageDsaIt: ControlDefinition = {
  oid: manageDsaItOid,
  operations: new Set(['search', 'compare', 'add', 'modify', 'delete', 'modifyDn']),
  decode: (value) => value === undefined || value.length === 0,
};
