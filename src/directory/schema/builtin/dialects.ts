/**
 * Attributes of other directories by which clients recognise an account that is off. They are made
 * of the state of somebody and are not kept. OIDs of this project's own where the makers of a name
 * publish none that could be confirmed: clients ask by name. OIDs 1.110 to 1.119.
 */
import type { SchemaFile } from '../types.js';
import { tenureArc } from './arc.js';
import { boolean, integer, text, time } from './define.js';

const ad = '1.2.840.113556.1.4';
const derived = 'SINGLE-VALUE USAGE directoryOperation';

export const dialects: SchemaFile = {
  name: 'dialects',
  attributeTypes: [
    text('2.16.840.1.113730.3.1.610', 'nsAccountLock', 'TRUE: the account is off', derived),
    integer(`${ad}.8`, 'userAccountControl', 'flags of an account: 2 is off', derived),
    integer(`${ad}.159`, 'accountExpires', 'when the account ended, in 100 ns since 1601', derived),
    boolean(`${ad}.1853`, 'msDS-UserAccountDisabled', 'the account is off', derived),
    integer(
      `${ad}.1460`,
      'msDS-User-Account-Control-Computed',
      'flags of an account that follow from others: 16 is locked',
      derived,
    ),
    boolean(`${tenureArc}.1.110`, 'loginDisabled', 'the account is off', derived),
    time(`${tenureArc}.1.111`, 'loginExpirationTime', 'when the account ends', derived),
    text(`${tenureArc}.1.112`, 'orclIsEnabled', 'DISABLED: the account is off', derived),
  ],
  objectClasses: [],
};
