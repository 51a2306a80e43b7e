/**
 * Account usability: whether the account of each entry found could be used now. For clients that
 * log people in without their password, by a key or a ticket.
 */
import type { AccountUsability } from '../../directory/model/password-policy.js';
import { accountUsabilityOid, controlsBytes, encodeAccountUsability } from '../protocol/index.js';
import type { ControlDefinition } from './table.js';

/** On searches; it has no value. */
export const accountUsability: ControlDefinition = {
  oid: accountUsabilityOid,
  operations: new Set(['search']),
  decode(value, into) {
    if (value !== undefined && value.length > 0) return false;
    into.accountUsability = true;
    return true;
  },
};

/** The controls of an entry, in their envelope. */
export function accountUsabilityBytes(usability: AccountUsability): Buffer {
  const value = encodeAccountUsability(usability);
  return controlsBytes([{ oid: accountUsabilityOid, critical: false, value }]);
}
