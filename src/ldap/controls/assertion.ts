/** The assertion control (RFC 4528): the operation happens only where a filter matches. */
import { assertionOid, decodeAssertion } from '../protocol/index.js';
import type { ControlDefinition } from './table.js';

/** On everything that names an entry; a filter that does not match is answered with 122. */
export const assertion: ControlDefinition = {
  oid: assertionOid,
  operations: new Set(['search', 'compare', 'add', 'modify', 'delete', 'modifyDn']),
  decode(value, into, limits) {
    const filter = value === undefined ? undefined : decodeAssertion(value, limits);
    if (filter === undefined) return false;
    into.assertion = filter;
    return true;
  },
};
