/**
 * Random writes over few names and values, so that they meet: entries come, go, come again under
 * other names, and are named by others before they exist. Many are refused, which is part of it.
 */
import fc from 'fast-check';
import type { PreparedWrite } from '../../src/directory/operations/index.js';
import { adminDn, suffix, type Values, valuesOf } from './directory-requests.js';
import type { TestDirectory } from './directory-temp.js';

const uids = ['u0', 'u1', 'u2', 'u3', 'u4', 'u5'];
const cns = ['g0', 'g1', 'g2', 'g3', 'g4'];
const places = [`ou=people,${suffix}`, `ou=groups,${suffix}`, `ou=a,ou=people,${suffix}`, suffix];

/** Values of text attributes: spaces, case, other scripts, what a filter has to escape. */
export const words = fc.constantFrom(
  'Ada',
  'ada  lovelace',
  'Ada Lovelace',
  'abab',
  'aab',
  'b',
  'Übermut',
  '(*)\\',
  'x y z',
  '12',
);

/** Names inside the tree that may or may not exist, and outside of it. */
export const names = fc.oneof(
  fc
    .tuple(fc.constantFrom(...uids), fc.constantFrom(...places))
    .map(([uid, at]) => `uid=${uid},${at}`),
  fc.constantFrom(...cns).map((cn) => `cn=${cn},ou=groups,${suffix}`),
  fc.constantFrom('cn=empty-membership-placeholder', 'cn=ghost,dc=elsewhere', ...places),
);

/** The same name written otherwise. */
export function spelling(arbitrary: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return fc.tuple(arbitrary, fc.nat(3)).map(([text, how]) => {
    if (how === 1) return text.toUpperCase();
    return how === 2 ? text.replaceAll(',', ' , ').replaceAll('=', '= ') : text;
  });
}

const few = <T>(one: fc.Arbitrary<T>, maxLength = 3) =>
  fc.uniqueArray(one, { minLength: 1, maxLength });
const logins = fc.constantFrom(...uids, 'U1', 'ghost');
const numbers = fc.constantFrom('0', '1', '5', '7', '10', '20001', '99999999999');

const personValues = fc.record(
  {
    cn: few(words),
    sn: few(words, 1),
    'cn;lang-de': few(words, 1),
    title: few(words),
    description: few(words, 2),
    mail: few(fc.constantFrom('ada@example.com', 'Bob@Example.com', 'x@y'), 2),
    telephoneNumber: few(fc.constantFrom('+49 30 1', '+49 301', '1-2-3'), 2),
    employeeNumber: few(fc.constantFrom('7', '12', 'Ada'), 1),
    manager: few(spelling(names), 2),
    seeAlso: few(spelling(names), 2),
  },
  { requiredKeys: ['cn', 'sn'] },
);
const accountValues = fc.record(
  {
    homeDirectory: few(fc.constantFrom('/home/a', '/Home/A', '/'), 1),
    uidNumber: few(numbers, 1),
    gidNumber: few(numbers, 1),
    shadowFlag: few(numbers, 1),
    shadowMax: few(numbers, 1),
  },
  { requiredKeys: ['homeDirectory'] },
);
const personAdd = fc
  .record({
    uid: fc.oneof(fc.constantFrom(...uids), fc.constant('U3')),
    place: fc.constantFrom(...places),
    person: personValues,
    account: fc.option(accountValues, { nil: undefined }),
  })
  .map(({ uid, place, person, account }): Step => {
    const extra = account === undefined ? [] : ['posixAccount', 'shadowAccount'];
    const values = { objectClass: ['inetOrgPerson', ...extra], uid, ...person, ...account };
    return { op: 'add', dn: `uid=${uid},${place}`, values: values as Values };
  });

const groupAdd = fc
  .record({
    cn: fc.constantFrom(...cns),
    form: fc.constantFrom('names', 'unique', 'posix', 'both'),
    members: few(spelling(names), 4),
    logins: few(logins),
    owner: fc.option(spelling(names), { nil: undefined }),
  })
  .map(({ cn, form, members, logins: memberUid, owner }): Step => {
    const own = owner === undefined || form === 'posix' ? {} : { owner };
    const dn = `cn=${cn},ou=groups,${suffix}`;
    const forms: Record<string, Values> = {
      names: { objectClass: 'groupOfNames', cn, member: members },
      unique: { objectClass: 'groupOfUniqueNames', cn, uniqueMember: members },
      posix: { objectClass: 'posixGroup', cn, memberUid },
      both: { objectClass: ['groupOfNames', 'posixGroup'], cn, member: members, memberUid },
    };
    return { op: 'add', dn, values: { ...forms[form]!, ...own } };
  });

const unitAdd = fc.constantFrom('a', 'b').chain((ou) =>
  fc.constantFrom(...places).map((place): Step => {
    return {
      op: 'add',
      dn: `ou=${ou},${place}`,
      values: { objectClass: 'organizationalUnit', ou },
    };
  }),
);

const how = fc.constantFrom('add', 'delete', 'replace');
const change = fc.oneof(
  fc.tuple(how, fc.constantFrom('cn', 'title', 'description', 'cn;lang-de', 'sn'), few(words, 2)),
  fc.tuple(how, fc.constantFrom('uid'), few(logins, 1)),
  fc.tuple(how, fc.constantFrom('shadowMax', 'uidNumber', 'gidNumber'), few(numbers, 1)),
  fc.tuple(
    how,
    fc.constantFrom('member', 'uniqueMember', 'manager', 'owner'),
    few(spelling(names)),
  ),
  fc.tuple(how, fc.constant('memberUid'), few(logins)),
  fc.tuple(
    fc.constantFrom('delete', 'replace'),
    fc.constantFrom('title', 'member', 'memberUid', 'manager', 'mail'),
    fc.constant([] as string[]),
  ),
  fc.tuple(
    fc.constantFrom('add', 'delete'),
    fc.constant('objectClass'),
    few(fc.constantFrom('posixGroup', 'posixAccount', 'shadowAccount'), 1),
  ),
);
const modify = fc
  .record({ entry: fc.nat(40), changes: fc.array(change, { minLength: 1, maxLength: 3 }) })
  .map(({ entry, changes }): Step => ({ op: 'modify', entry, changes: changes as Step3[] }));
const remove = fc.nat(40).map((entry): Step => ({ op: 'delete', entry }));
const rename = fc
  .record({
    entry: fc.nat(40),
    rdn: fc.oneof(
      fc.constantFrom(...uids, 'U2').map((uid) => `uid=${uid}`),
      fc.constantFrom(...cns).map((cn) => `cn=${cn}`),
      fc.constantFrom('ou=a', 'ou=b', 'ou=people', 'ou=A', 'cn=Ada'),
    ),
    keepOld: fc.boolean(),
    superior: fc.option(fc.nat(40), { nil: undefined }),
  })
  .map((step): Step => ({ op: 'rename', ...step }));

type Step3 = readonly ['add' | 'delete' | 'replace', string, readonly string[]];

/** One write; `entry` counts through the entries that there are when it is made. */
export type Step =
  | { readonly op: 'add'; readonly dn: string; readonly values: Values }
  | { readonly op: 'modify'; readonly entry: number; readonly changes: readonly Step3[] }
  | { readonly op: 'delete'; readonly entry: number }
  | {
      readonly op: 'rename';
      readonly entry: number;
      readonly rdn: string;
      readonly keepOld: boolean;
      readonly superior: number | undefined;
    };

export const steps: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: personAdd },
  { weight: 4, arbitrary: groupAdd },
  { weight: 1, arbitrary: unitAdd },
  { weight: 4, arbitrary: modify },
  { weight: 2, arbitrary: rename },
  { weight: 2, arbitrary: remove },
);

/** Makes the writes, `batch` of them in one transaction; returns how many were accepted. */
export function perform(d: TestDirectory, all: readonly Step[], batch: number): number {
  let accepted = 0;
  for (let at = 0; at < all.length; at += batch) {
    // The administrator keeps the name: a directory made anew knows it by that.
    const dns = d.found('(objectClass=*)').filter((dn) => dn !== adminDn);
    const requests = all.slice(at, at + batch).map((step) => requestOf(step, dns, d));
    d.clock.advance(500);
    for (const outcome of d.apply(requests)) if (outcome.ok) accepted += 1;
  }
  return accepted;
}

function requestOf(step: Step, dns: readonly string[], d: TestDirectory): PreparedWrite {
  const base = { context: d.admin, reason: 'random' };
  if (step.op === 'add')
    return { ...base, op: 'add', dn: step.dn, attributes: valuesOf(step.values) };
  const dn = dns[step.entry % dns.length]!;
  if (step.op === 'delete') return { ...base, op: 'delete', dn };
  if (step.op === 'rename') {
    const { rdn: newRdn, keepOld, superior } = step;
    const newSuperior = superior === undefined ? undefined : dns[superior % dns.length];
    return { ...base, op: 'rename', dn, newRdn, deleteOldRdn: !keepOld, newSuperior };
  }
  const changes = step.changes.map(([op, attribute, values]) => {
    return { op, attribute, values: values.map((text) => Buffer.from(text).toString('latin1')) };
  });
  return { ...base, op: 'modify', dn, changes };
}
