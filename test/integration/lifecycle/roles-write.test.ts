/** What roles of the policy let somebody write, by the attributes of LDAP, and what not. */
import { beforeEach, describe, expect, test } from '@jest/globals';
import { eachDirectory } from '../../support/directory-each.js';
import { ok, refused } from '../../support/directory-expect.js';
import { groupOfNames, person, personValues } from '../../support/directory-people.js';
import type { Change } from '../../support/directory-requests.js';
import { suffix } from '../../support/directory-requests.js';
import { setDefault } from '../../support/policy-entries.js';

const at = eachDirectory();
const [ada, bob, eve, hal] = ['ada', 'bob', 'eve', 'hal'].map(person) as [
  string,
  string,
  string,
  string,
];

const policy = `tenure: 1
kinds: {contractor: {who: type is contractor}, employee: {who: everyone}}
roles:
  help desk: {who: group desk, may: [reset, unlock], over: kind is employee, never over: has any role}
  hr: {who: group hr, may: [give notice, offboard, pause, move]}
  legal: {who: group legal, may: hold}
  guard: {who: title is Guard, may: [suspend, lift]}
`;

beforeEach(async () => {
  const given = (uid: string) => personValues(uid, { userPassword: `secret-of-${uid}` });
  at().seed({
    [ada]: given('ada'),
    [bob]: given('bob'),
    [eve]: { ...given('eve'), employeeType: 'contractor' },
    [hal]: given('hal'),
    [`cn=desk,${suffix}`]: groupOfNames('desk', ada),
    [`cn=hr,${suffix}`]: groupOfNames('hr', hal),
    [`cn=policy,${suffix}`]: {
      objectClass: 'tenureLifecyclePolicy',
      cn: 'policy',
      tenurePolicyText: policy,
    },
  });
});

const modify = (by: string, dn: string, ...changes: Change[]) =>
  at().modify(dn, changes, undefined, at().user(by));
const mayNot = (by: string, dn: string, ...changes: Change[]) =>
  refused(modify(by, dn, ...changes), 'insufficientAccessRights');
const state = (dn: string) =>
  at().entry(dn, ['lifecycleState']).texts('lifecycleState')[0] ?? 'active';

describe('the help desk', () => {
  test('sets the password of those it is over, by modify and by the extended operation', async () => {
    await ok(modify(ada, bob, ['replace', 'userPassword', 'another-one-1']));
    await at().bind(bob, 'another-one-1');
    await ok(at().changePassword(bob, undefined, 'another-one-2', at().user(ada)));
    await at().bind(bob, 'another-one-2');
  });

  test('unlocks who guessed too often, and locks nobody', async () => {
    await setDefault(at(), { pwdLockout: 'TRUE', pwdMaxFailure: '2', pwdMinDelay: '0' });
    const tries = async (password: string) =>
      at()
        .bind(bob, password)
        .then(
          () => true,
          () => false,
        );
    for (const guess of ['one', 'two']) expect(await tries(guess)).toBe(false);
    expect(await tries('secret-of-bob')).toBe(false);
    await mayNot(hal, bob, ['delete', 'pwdAccountLockedTime']);
    await ok(modify(ada, bob, ['delete', 'pwdAccountLockedTime']));
    expect(await tries('secret-of-bob')).toBe(true);
    await mayNot(ada, bob, ['replace', 'pwdAccountLockedTime', '000001010000Z']);
  });

  test('nobody else: no contractor, nobody with a role, not the administrator', async () => {
    for (const dn of [eve, hal, `cn=admin,${suffix}`]) {
      await mayNot(ada, dn, ['replace', 'userPassword', 'another-one-1']);
      await refused(
        at().changePassword(dn, undefined, 'another-one-2', at().user(ada)),
        'insufficientAccessRights',
      );
    }
    await at().bind(hal, 'secret-of-hal');
  });

  test('and nothing else, beside a password neither', async () => {
    await mayNot(ada, bob, ['replace', 'title', 'Chief']);
    await mayNot(
      ada,
      bob,
      ['replace', 'userPassword', 'x-another-one'],
      ['replace', 'title', 'Chief'],
    );
    await mayNot(ada, bob, ['replace', 'lifecycleState', 'suspended']);
    await mayNot(ada, bob, ['add', 'lifecycleHold', 'matter=m by=x since=2026-01-01']);
    await refused(at().delete(bob, undefined, at().user(ada)), 'insufficientAccessRights');
    await refused(
      at().rename(bob, 'uid=rob', {}, undefined, at().user(ada)),
      'insufficientAccessRights',
    );
  });

  test('whoever leaves the group has lost it by then', async () => {
    await ok(at().modify(`cn=desk,${suffix}`, [['delete', 'member', ada]]));
    await mayNot(ada, bob, ['replace', 'userPassword', 'another-one-1']);
  });
});

describe('hr', () => {
  test('gives notice, offboards, and moves', async () => {
    await ok(modify(hal, bob, ['replace', 'lifecycleNotice', 'since=2026-01-05']));
    await ok(modify(hal, bob, ['replace', 'departmentNumber', 'R-210']));
    await ok(modify(hal, bob, ['replace', 'lifecycleState', 'offboarded']));
    expect(state(bob)).toBe('offboarded');
  });

  test('suspends nobody, lifts nothing, resets nothing, holds nothing', async () => {
    await mayNot(hal, bob, ['replace', 'lifecycleState', 'suspended']);
    await mayNot(hal, bob, ['replace', 'lifecycleState', 'active']);
    await mayNot(hal, bob, ['replace', 'lifecycleState']);
    await mayNot(hal, bob, ['replace', 'userPassword', 'another-one-1']);
    await mayNot(hal, bob, ['add', 'lifecycleHold', 'matter=m by=x since=2026-01-01']);
  });
});

test('holding is not releasing', async () => {
  at().seed({ [`cn=legal,${suffix}`]: groupOfNames('legal', bob) });
  const hold = `matter=m by="${bob}" since=2026-01-01`;
  await ok(modify(bob, eve, ['add', 'lifecycleHold', hold]));
  await mayNot(bob, eve, ['delete', 'lifecycleHold', hold]);
  await mayNot(bob, eve, ['replace', 'lifecycleHold', `matter=n by="${bob}" since=2026-01-01`]);
});

test('a block is lifted by whose it is', async () => {
  await ok(at().modify(bob, [['replace', 'title', 'Guard']]));
  await ok(modify(bob, eve, ['replace', 'lifecycleState', 'suspended']));
  expect(state(eve)).toBe('suspended');
  await ok(modify(bob, eve, ['replace', 'lifecycleState', 'active']));
  expect(state(eve)).toBe('active');
});

test('without a policy nobody has a role', async () => {
  await ok(at().delete(`cn=policy,${suffix}`));
  await mayNot(ada, bob, ['replace', 'userPassword', 'another-one-1']);
  await mayNot(hal, bob, ['replace', 'lifecycleState', 'offboarded']);
  await ok(modify(bob, bob, ['replace', 'userPassword', 'another-one-1']));
});
