/** What `why … may … on …` says, with the rule and its line; and that it is what writes and reads do. */
import { beforeEach, describe, expect, test } from '@jest/globals';
import type { MayAsked, MayWhy } from '../../../src/admin/may.js';
import { whyMay } from '../../../src/compose/people/index.js';
import { eachDirectory } from '../../support/directory-each.js';
import { accountValues, group, groupOfNames, person } from '../../support/directory-people.js';
import { suffix } from '../../support/directory-requests.js';

const at = eachDirectory();
const labs = `ou=labs,${suffix}`;
const policy = `tenure: 1
roles:
  help desk: {who: group desk, may: [reset, unlock, grant], over: below ou=people}
  hr: {who: group hr, may: [join, read facts], over: below ou=people}
access:
  all: {who: anyone who has bound, may: read}
  own phone: {who: self, may: [read, write], attributes: [mobile, homePhone]}
  phones: {who: group desk, may: write, attributes: [telephoneNumber, department]}
  labs: {who: group desk, may: [add, delete, rename], what: below ou=labs, attributes: [cn, sn]}
  far: {who: group desk, from: 192.0.2.0/24, with: tls, may: read, attributes: "@personal"}
`;

beforeEach(() => {
  const account = (uid: string) => accountValues(uid, { userPassword: 'pass' });
  at().seed({
    ...Object.fromEntries(['ada', 'bob', 'mia'].map((uid) => [person(uid), account(uid)])),
    [labs]: { objectClass: 'organizationalUnit', ou: 'labs' },
    [`cn=bench,${labs}`]: { objectClass: 'person', cn: 'bench', sn: 'bench' },
    [`cn=bench,${suffix}`]: { objectClass: 'person', cn: 'bench', sn: 'bench' },
    [group('desk')]: groupOfNames('desk', person('ada')),
    [group('hr')]: groupOfNames('hr', person('mia')),
    [`cn=policy,${suffix}`]: {
      objectClass: 'tenureLifecyclePolicy',
      cn: 'policy',
      tenurePolicyText: policy,
    },
  });
});

function may(
  name: string,
  verb: MayAsked['verb'],
  what: string,
  on: string,
  more: Partial<MayAsked> = {},
): MayWhy {
  const { reader, names, clock } = at();
  const attributes = what === '' ? [] : what.split(' ');
  return whyMay({ name, verb, attributes, on, ...more }, { reader, names, nowMs: clock.nowMs });
}

/** `yes` or `no`, and by what, in a word each. */
const said = ({ allowed, answers }: MayWhy) => [
  allowed ? 'yes' : 'no',
  ...answers.flatMap(({ by, because }) => [
    ...by.map(({ kind, name, line }) => (name === '' ? kind : `${kind} ${name}, line ${line}`)),
    ...(because === '' ? [] : [because]),
  ]),
];
const nothing = 'no rule and no role of the policy lets them';

describe('attributes', () => {
  test.each([
    ['ada', 'write', 'telephoneNumber', 'uid=bob', ['yes', 'rule phones, line 8']],
    ['ada', 'write', 'department', 'bob', ['yes', 'rule phones, line 8']],
    ['bob', 'write', 'telephoneNumber', 'ada', ['no', nothing]],
    ['bob', 'write', 'mobile', 'uid=bob,ou=people', ['yes', 'rule own phone, line 7']],
    ['bob', 'write', 'userPassword', 'bob', ['yes', 'own']],
    ['ada', 'write', 'userPassword', 'bob', ['yes', 'role help desk, line 3']],
    ['ada', 'write', 'userPassword', 'mia', ['no', expect.stringContaining('comes with rights')]],
    ['ada', 'write', 'entryUUID', 'bob', ['no', 'it is maintained by the server']],
    ['admin', 'write', 'title', 'bob', ['yes', 'administrator']],
    ['bob', 'read', 'mail', 'ada', ['yes', 'rule all, line 6']],
    ['bob', 'read', 'homePhone', 'ada', ['no', 'no rule lets them read it of this entry']],
    ['bob', 'read', 'userPassword', 'bob', ['no', 'it is a secret, and nobody reads it']],
    ['mia', 'read', 'lifecycleNotice', 'bob', ['yes', 'role hr, line 4']],
    ['anonymous', 'read', 'mail', 'ada', ['no', expect.stringContaining('bind first')]],
    [
      'ada',
      'write',
      'pwdAccountLockedTime',
      'bob',
      ['yes', 'role help desk, line 3', 'values are taken away only'],
    ],
  ] as const)('%s may %s %s on %s', (name, verb, what, on, expected) => {
    expect(said(may(name, verb, what, on))).toEqual(expected);
  });

  test('a set: those that the entry may have, said once', () => {
    const own = may('bob', 'read', '@personal', 'bob');
    expect(own.allowed).toBe(false);
    expect(own.answers).toMatchObject([
      { attributes: ['homePhone'], allowed: true, by: [{ name: 'own phone', line: 7 }] },
      { attributes: ['homePostalAddress', 'carLicense'], allowed: false },
    ]);
  });

  test('by an address and a connection of which a rule asks', () => {
    const here = may('ada', 'read', 'homePhone', 'bob');
    expect(here).toMatchObject({ allowed: false, otherwise: [{ name: 'far', line: 10 }] });
    expect(here.otherwise[0]!.text).toContain('from 192.0.2.0/24, with tls');
    const there = may('ada', 'read', 'homePhone', 'bob', { from: '192.0.2.7', tls: true });
    expect(said(there)).toEqual(['yes', 'rule far, line 10']);
    expect(said(may('ada', 'read', 'homePhone', 'bob', { from: '192.0.2.7' }))[0]).toBe('no');
    expect(may('bob', 'read', 'homePhone', 'ada').otherwise).toEqual([]);
  });
});

describe('entries', () => {
  test.each([
    ['ada', 'add', 'ou=labs', ['yes', 'rule labs, line 9']],
    ['ada', 'add', 'ou=people', ['no', nothing]],
    ['mia', 'add', 'ou=people', ['yes', 'role hr, line 4']],
    ['ada', 'rename', `cn=bench,${labs}`, ['yes', 'rule labs, line 9']],
    ['ada', 'delete', `cn=bench,${suffix}`, ['no', nothing]],
    ['ada', 'discover', 'bob', ['yes', 'rule all, line 6']],
    ['ada', 'reset', 'bob', ['yes', 'role help desk, line 3']],
    ['bob', 'reset', 'ada', ['no', nothing]],
    ['ada', 'grant', 'bob', ['yes', 'role help desk, line 3']],
    ['ada', 'grant', 'ada', ['no', 'nobody grants anything to themselves']],
    ['mia', 'read facts', 'bob', ['yes', 'role hr, line 4']],
    ['ada', 'suspend', 'bob', ['no', 'none of their roles that may suspend is over this entry']],
    ['admin', 'delete', 'cn=admin', ['no', 'the administrator cannot be deleted']],
    ['admin', 'suspend', 'bob', ['yes', 'administrator']],
  ] as const)('%s may %s on %s', (name, verb, on, expected) => {
    expect(said(may(name, verb, '', on))).toEqual(expected);
  });

  test('whoever is not active may do nothing', async () => {
    await at().modify(person('ada'), [['replace', 'lifecycleState', 'suspended']]);
    expect(said(may('ada', 'reset', '', 'bob'))).toEqual(['no', 'the account is not active']);
    expect(said(may('ada', 'discover', '', 'bob'))).toEqual(['no', 'the account is not active']);
  });
});

test('wrong words are answered with the right ones', () => {
  const refused = (what: string, on: string) => () => may('ada', 'write', what, on);
  expect(refused('telefoneNumber', 'bob')).toThrow('did you mean telephoneNumber?');
  expect(refused('@persnal', 'bob')).toThrow(
    '"@persnal" is no set of attributes; did you mean @personal?',
  );
  expect(refused('mail', 'bbo')).toThrow('nobody here is called "bbo"');
  expect(refused('mail', 'uid=nobody')).toThrow('there is no entry uid=nobody');
  expect(refused('mail', 'cn=bench')).not.toThrow();
  expect(refused('mail', 'sn=tester')).toThrow('is several entries; name one of them');
  expect(refused('@personal', 'ou=labs')).toThrow('has nothing of @personal');
});

test('roles that are not over whom it is about are not named', async () => {
  const more = policy.replace(
    'access:\n',
    '  labs: {who: group hr, may: [read facts], over: below ou=labs}\naccess:\n',
  );
  const entry = `cn=policy,${suffix}`;
  expect(await at().modify(entry, [['replace', 'tenurePolicyText', more]])).toMatchObject({
    ok: true,
  });
  expect(said(may('mia', 'read facts', '', 'bob'))).toEqual(['yes', 'role hr, line 4']);
  expect(said(may('mia', 'read facts', '', `cn=bench,${labs}`))).toEqual([
    'yes',
    'role labs, line 5',
  ]);
});
