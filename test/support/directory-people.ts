/** Names and values of people, groups and containers that the tests of the directory use. */
import { suffix, type Values } from './directory-requests.js';

export const people = `ou=people,${suffix}`;
export const groups = `ou=groups,${suffix}`;

export const person = (uid: string): string => `uid=${uid},${people}`;
export const group = (cn: string): string => `cn=${cn},${groups}`;

/** A person without numbers. */
export function personValues(uid: string, more: Values = {}): Values {
  return { objectClass: 'inetOrgPerson', uid, cn: `${uid} tester`, sn: 'tester', ...more };
}

/** A person with a Unix account; numbers and private group are made. */
export function accountValues(uid: string, more: Values = {}): Values {
  return {
    objectClass: ['inetOrgPerson', 'posixAccount'],
    uid,
    cn: `${uid} tester`,
    sn: 'tester',
    homeDirectory: `/home/${uid}`,
    ...more,
  };
}

/** People by login name. */
export function manyPeople(uids: readonly string[], more: Values = {}): Record<string, Values> {
  return Object.fromEntries(uids.map((uid) => [person(uid), personValues(uid, more)]));
}

export function groupOfNames(cn: string, ...member: string[]): Values {
  return { objectClass: 'groupOfNames', cn, ...(member.length > 0 && { member }) };
}

export function groupOfUniqueNames(cn: string, ...uniqueMember: string[]): Values {
  return { objectClass: 'groupOfUniqueNames', cn, uniqueMember };
}

export function posixGroup(cn: string, ...memberUid: string[]): Values {
  return { objectClass: 'posixGroup', cn, ...(memberUid.length > 0 && { memberUid }) };
}

/** Both at once, as RFC 2307bis has it. */
export function unixGroupOfNames(cn: string, more: Values): Values {
  return { objectClass: ['groupOfNames', 'posixGroup'], cn, ...more };
}
