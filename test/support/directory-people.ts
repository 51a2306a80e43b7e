/** Names and values of people, groups and containers that the tests of the directory use. */
import { suffix, type Values } from './directory-temp.js';

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
