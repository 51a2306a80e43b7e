/** Who sets a password, unlocks or bypasses gains nothing by it: no right that they do not hold. */
import { beforeEach, describe, expect, test } from '@jest/globals';
import { formatTime } from '../../../src/directory/model/time.js';
import { eachDirectory } from '../../support/directory-each.js';
import { ok, refused } from '../../support/directory-expect.js';
import { groupOfNames, person, personValues } from '../../support/directory-people.js';
import { type Change, suffix } from '../../support/directory-requests.js';
import { grantOf, HOUR } from '../../support/grants.js';

const at = eachDirectory();
const names = ['ada', 'bob', 'eve', 'hal', 'mia', 'tim'];
const [ada, bob, eve, hal, mia, tim] = names.map(person) as [
  string,
  string,
  string,
  string,
  string,
  string,
];
const radius = `uid=radius,${suffix}`;
const dn = (cn: string) => `cn=${cn},${suffix}`;

const policy = `tenure: 1
kinds: {contractor: {who: type is contractor}, employee: {who: everyone}}
groups:
  audit: {members: by hand, longest: 8 hours, ask: group owner}
roles:
  desk: {who: group desk, may: [reset, unlock, bypass for 4 hours]}
  second desk: {who: group second, may: [reset, unlock], over: kind is employee}
  hr: {who: group hr, may: [offboard]}
  auditor: {who: group audit}
  manager: {}
`;

beforeEach(() => {
  const given = (uid: string) => personValues(uid, { userPassword: `secret-of-${uid}` });
  at().seed({
    ...Object.fromEntries(names.map((uid) => [person(uid), given(uid)])),
    [dn('desk')]: groupOfNames('desk', ada),
    [dn('second')]: groupOfNames('second', hal),
    [dn('hr')]: groupOfNames('hr'),
    [dn('audit')]: groupOfNames('audit'),
    [dn('policy')]: {
      objectClass: 'tenureLifecyclePolicy',
      cn: 'policy',
      tenurePolicyText: policy,
    },
  });
});

const modify = (by: string, whom: string, ...changes: Change[]) =>
  at().modify(whom, changes, undefined, at().user(by));
const inHours = (hours: number) => formatTime(at().clock.nowMs() / 1000 + hours * 3_600);

/** All three, each of which would do. */
const doors = (): Change[] => [
  ['replace', 'userPassword', 'another-one-1'],
  ['replace', 'pwdReset', 'TRUE'],
  ['delete', 'pwdAccountLockedTime'],
  ['replace', 'tenureBypassUntil', inHours(1)],
];

const sentence =
  'this account comes with rights that you do not have: whoever opens it could use them. ' +
  'An administrator can do it';

async function isClosed(whom: string, by = ada): Promise<void> {
  for (const door of doors()) {
    expect(await refused(modify(by, whom, door), 'insufficientAccessRights')).toBe(sentence);
  }
  const exop = at().changePassword(whom, undefined, 'another-one-2', at().user(by));
  expect(await refused(exop, 'insufficientAccessRights')).toBe(sentence);
}

async function isOpen(whom: string, by = ada): Promise<void> {
  for (const door of doors().slice(0, 2)) await ok(modify(by, whom, door));
}

const join = (cn: string, member: string) => ok(at().modify(dn(cn), [['add', 'member', member]]));
const grant = (cn: string, uid: string, length: number, from = 0) =>
  ok(at().modify(dn(cn), [['add', 'tenureHolder', grantOf(at(), uid, length, from)]]));

describe('a right that the desk lacks', () => {
  test('held directly', async () => {
    await isOpen(bob);
    await join('hr', bob);
    await isClosed(bob);
  });

  test('held through groups in groups', async () => {
    at().seed({ [dn('a')]: groupOfNames('a', bob), [dn('b')]: groupOfNames('b', dn('a')) });
    await isOpen(bob);
    await join('hr', dn('b'));
    await isClosed(bob);
  });

  test('for a time: that begins tomorrow, and no more once it is over', async () => {
    await grant('hr', 'bob', 8 * HOUR, 24 * HOUR);
    await isClosed(bob);
    at().clock.advance(30 * HOUR * 1000);
    await isClosed(bob);
    at().clock.advance(3 * HOUR * 1000);
    await isOpen(bob);
  });

  test('that the desk has for a time, and the other for good', async () => {
    await join('hr', bob);
    await grant('hr', 'ada', HOUR);
    await isClosed(bob);
    await join('hr', ada);
    await isOpen(bob);
  });

  test('of a service that they own, and of one that they stand in for', async () => {
    at().seed({
      [radius]: {
        objectClass: ['account', 'lifecycleSubject'],
        uid: 'radius',
        owner: bob,
        lifecycleDeputy: mia,
      },
    });
    await isOpen(bob);
    await join('hr', radius);
    await isClosed(bob);
    await isClosed(mia);
    await isOpen(tim);
  });

  test('of a group whose owner says who gets in', async () => {
    await ok(at().modify(dn('audit'), [['add', 'owner', bob]]));
    await isClosed(bob);
    await isOpen(mia);
  });

  test('of somebody who is suspended: it comes back with them', async () => {
    await join('hr', bob);
    await ok(at().modify(bob, [['replace', 'lifecycleState', 'suspended']]));
    expect(
      await refused(
        modify(ada, bob, ['replace', 'userPassword', 'another-one-1']),
        'insufficientAccessRights',
      ),
    ).toBe(sentence);
  });

  test('of a manager over contractors, and of nobody whose reports are employees', async () => {
    await ok(at().modify(eve, [['add', 'manager', bob]]));
    await isOpen(bob);
    await ok(at().modify(eve, [['replace', 'employeeType', 'contractor']]));
    await isClosed(bob);
  });
});

describe('a right that the desk has', () => {
  test('is none that it gains: those of the same desk, and of a smaller one', async () => {
    await join('desk', bob);
    await isOpen(bob);
    await isOpen(hal);
  });

  test('is one to the smaller desk', async () => {
    const reset = modify(hal, ada, ['replace', 'userPassword', 'another-one-1']);
    expect(await refused(reset, 'insufficientAccessRights')).toBe(sentence);
  });

  test('nobody is kept from their own password', async () => {
    await join('hr', ada);
    await ok(modify(ada, ada, ['replace', 'userPassword', 'a-new-one-of-ada']));
  });
});

test('an account that may ask as others, or its owner, is opened by no desk', async () => {
  const classes = ['account', 'simpleSecurityObject', 'lifecycleSubject'];
  const values = { uid: 'radius', userPassword: 'secret-of-radius', owner: tim };
  at().seed({ [radius]: { objectClass: classes, ...values } });
  await ok(modify(ada, tim, ...doors().slice(0, 1)));
  await ok(at().modify(radius, [['add', 'tenureProxyFor', dn('audit')]]));
  for (const whom of [radius, tim]) {
    await refused(modify(ada, whom, ...doors().slice(0, 1)), 'insufficientAccessRights');
  }
});

describe('a bypass', () => {
  test('is for as long as the role says, and by whoever has it', async () => {
    await ok(modify(ada, bob, ['replace', 'tenureBypassUntil', inHours(4)]));
    await refused(
      modify(ada, bob, ['replace', 'tenureBypassUntil', inHours(5)]),
      'insufficientAccessRights',
    );
    await ok(modify(ada, bob, ['delete', 'tenureBypassUntil']));
    await refused(
      modify(hal, bob, ['replace', 'tenureBypassUntil', inHours(1)]),
      'insufficientAccessRights',
    );
    await refused(
      modify(bob, bob, ['replace', 'tenureBypassUntil', inHours(1)]),
      'insufficientAccessRights',
    );
  });

  test('by an administrator is for seven days at most, and never for him', async () => {
    await ok(at().modify(bob, [['replace', 'tenureBypassUntil', inHours(24)]]));
    expect(
      await refused(
        at().modify(bob, [['replace', 'tenureBypassUntil', inHours(8 * 24)]]),
        'constraintViolation',
      ),
    ).toBe('a bypass is for 7 days at most; take the second factor away instead');
    await refused(
      at().modify(dn('admin'), [['replace', 'tenureBypassUntil', inHours(1)]]),
      'unwillingToPerform',
    );
  });
});
