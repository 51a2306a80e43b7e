/**
 * Named sets of attributes. Personal is what says where and how somebody lives: home address and
 * private phone (RFC 4524), licence plate (RFC 2798). Subtypes belong where their supertype does.
 */
import type { AttributeType } from '../schema/index.js';

export type SetName = 'public' | 'posix' | 'personal';

const personal: ReadonlySet<string> = new Set(['homephone', 'homepostaladdress', 'carlicense']);

/** What hosts read of accounts and groups (RFC 2307), names and keys included. */
const posix: ReadonlySet<string> = new Set([
  ...['objectclass', 'uid', 'cn', 'uidnumber', 'gidnumber', 'gecos', 'homedirectory'],
  ...['loginshell', 'memberuid', 'member', 'uniquemember', 'memberof', 'sshpublickey'],
  ...['shadowlastchange', 'shadowmin', 'shadowmax', 'shadowwarning', 'shadowinactive'],
  ...['shadowexpire', 'shadowflag', 'modifytimestamp', 'entryuuid'],
]);

function isAmong(type: AttributeType, names: ReadonlySet<string>): boolean {
  for (let next: AttributeType | undefined = type; next !== undefined; next = next.sup) {
    if (names.has(next.name.toLowerCase())) return true;
  }
  return false;
}

/** Whether the set holds the attribute; no set holds a secret. */
export function isInSet(type: AttributeType, set: SetName): boolean {
  if (type.secret) return false;
  switch (set) {
    case 'public':
      return !isAmong(type, personal);
    case 'posix':
      return posix.has(type.name.toLowerCase());
    case 'personal':
      return isAmong(type, personal);
  }
}
