/** Who is an administrator by a role, and that there are always two who can log in. */
import { beforeEach, describe, expect, test } from '@jest/globals';
import { formatTime, spokenTime } from '../../../src/directory/model/time.js';
import { eachDirectory } from '../../support/directory-each.js';
import { ok, refused } from '../../support/directory-expect.js';
import { groupOfNames, person, personValues } from '../../support/directory-people.js';
import { type Change, suffix } from '../../support/directory-requests.js';
import { block, endsIn, setFacts } from '../../support/facts.js';
import { grantOf, HOUR } from '../../support/grants.js';
import { defaultPolicy } from '../../support/policy-entries.js';

const at = eachDirectory();
const [ada, bob, eve] = ['ada', 'bob', 'eve'].map(person) as [string, string, string];
const admin = `cn=admin,${suffix}`;
const dn = (cn: string) => `cn=${cn},${suffix}`;
const policy = `tenure: 1
roles:
  administrator: {who: group admins}
  hr: {who: group hr, may: [offboard, suspend]}
`;

const seedPolicy = (text = policy) =>
  at().seed({
    [dn('policy')]: { objectClass: 'tenureLifecyclePolicy', cn: 'policy', tenurePolicyText: text },
  });

beforeEach(() => {
  const given = (uid: string) => personValues(uid, { userPassword: `secret-of-${uid}` });
  at().seed({ [ada]: given('ada'), [bob]: given('bob'), [eve]: given('eve') });
});

const modify = (whom: string, ...changes: Change[]) => at().modify(whom, changes);
const as = (by: string, whom: string, ...changes: Change[]) =>
  at().modify(whom, changes, undefined, at().user(by));
const stamp = (inSeconds: number) => formatTime(Math.floor(at().clock.nowMs() / 1000) + inSeconds);

describe('an administrator by the role', () => {
  beforeEach(() => {
    at().seed({ [dn('admins')]: groupOfNames('admins', ada) });
    seedPolicy();
  });

  test('may do everything, also read what others may not, and nobody else may', async () => {
    await ok(as(ada, bob, ['replace', 'title', 'Chief']));
    await ok(at().add(person('new'), personValues('new'), undefined, at().user(ada)));
    await ok(at().rename(person('new'), 'uid=newer', {}, undefined, at().user(ada)));
    await ok(at().delete(person('newer'), undefined, at().user(ada)));
    await setFacts(at(), bob, { lifecycleEngagement: endsIn(at(), HOUR) });
    expect(at().found('(lifecycleEngagement=*)', { as: at().user(ada) })).toEqual([bob]);
    expect(at().found('(lifecycleEngagement=*)', { as: at().user(eve) })).toEqual([]);
    await refused(as(bob, eve, ['replace', 'title', 'Chief']), 'insufficientAccessRights');
  });

  test('is none any more from the second on in which the role is gone', async () => {
    await ok(modify(dn('admins'), ['add', 'member', eve]));
    await ok(modify(dn('admins'), ['delete', 'member', ada]));
    await refused(as(ada, bob, ['replace', 'title', 'Chief']), 'insufficientAccessRights');
    await ok(modify(dn('admins'), ['add', 'tenureHolder', grantOf(at(), 'ada', HOUR)]));
    await ok(as(ada, bob, ['replace', 'title', 'Chief']));
    at().clock.advance(HOUR * 1000);
    await refused(as(ada, bob, ['replace', 'title', 'Boss']), 'insufficientAccessRights');
  });

  test('and is nobody while not active', async () => {
    at().seed({ [dn('more')]: groupOfNames('more', eve) });
    await ok(modify(dn('admins'), ['add', 'member', dn('more')]));
    await setFacts(at(), ada, { lifecycleBlock: block(at()) });
    await refused(as(ada, bob, ['replace', 'title', 'Chief']), 'insufficientAccessRights');
    await ok(as(eve, bob, ['replace', 'title', 'Chief']));
  });

  test('chooses the own password by the rules of everybody', async () => {
    await refused(as(ada, ada, ['replace', 'userPassword', '']), 'constraintViolation');
  });
});

/** The class asks for a password. */
const noPassword: readonly Change[] = [
  ['delete', 'objectClass', 'simpleSecurityObject'],
  ['delete', 'userPassword'],
];
const losing = (outcome: ReturnType<typeof modify>) => refused(outcome, 'unwillingToPerform');

describe('with two administrators', () => {
  const gone = 'no administrator any more';
  const alone = (why: string) =>
    `"${admin}" would be the only administrator who can log in, "${ada}" (${why}) would be lost, ` +
    'and two always stay. Make another one first';

  beforeEach(() => {
    at().seed({ [dn('admins')]: groupOfNames('admins', ada), [dn('hr')]: groupOfNames('hr', eve) });
    seedPolicy();
  });

  test.each<[string, () => Change[], string, string]>([
    ['a membership', () => [['delete', 'member', ada]], dn('admins'), gone],
    ['all of them', () => [['delete', 'member']], dn('admins'), gone],
    ['the password', () => [['delete', 'userPassword']], ada, 'without a password'],
    ['a lock by hand', () => [['replace', 'pwdAccountLockedTime', '000001010000Z']], ada, 'locked'],
    ['a block', () => [['replace', 'lifecycleState', 'suspended']], ada, 'suspended'],
    ['an end', () => [['replace', 'lifecycleState', 'offboarded']], ada, 'offboarded'],
    [
      'a policy without the role',
      () => [['replace', 'tenurePolicyText', 'tenure: 1\n']],
      dn('policy'),
      gone,
    ],
    [
      'a policy with another group',
      () => [['replace', 'tenurePolicyText', policy.replace('admins', 'chiefs')]],
      dn('policy'),
      gone,
    ],
    [
      'a policy that asks for what she has not',
      () => [
        ['replace', 'tenurePolicyText', `${policy}passwords: {all: {second factor: always}}\n`],
      ],
      dn('policy'),
      'without the second factor that is asked for',
    ],
    [
      'a password policy that asks for it',
      () => [['replace', 'tenureSecondFactor', 'required']],
      defaultPolicy,
      'without the second factor that is asked for',
    ],
  ])('none is lost by %s', async (_name, changes, whom, why) => {
    expect(await losing(modify(whom, ...changes()))).toBe(alone(why));
  });

  test('nor by a delete or a rename', async () => {
    expect(await losing(at().delete(ada))).toBe(alone(gone));
    expect(await losing(at().delete(dn('admins')))).toBe(alone(gone));
    expect(await losing(at().rename(dn('admins'), 'cn=chiefs'))).toBe(alone(gone));
    expect(await losing(at().delete(dn('policy')))).toBe(alone(gone));
    await ok(at().rename(ada, 'uid=ada2'));
  });

  test('nor by a date that is stored for later, whichever it is', async () => {
    const later = stamp(10 * HOUR);
    const said = spokenTime(at().clock.nowMs() / 1000 + 10 * HOUR);
    const text = (why: string) => `from ${said} on, ${alone(why)}`;
    const engagement = `id=1 end=${later}`;
    expect(await losing(modify(ada, ['add', 'lifecycleEngagement', engagement]))).toBe(
      text('offboarded'),
    );
    expect(await losing(modify(ada, ['replace', 'lifecycleEnd', later]))).toBe(text('offboarded'));
    const absence = `kind=parental from=${later} until=${stamp(99 * HOUR)}`;
    expect(await losing(modify(ada, ['add', 'lifecycleAbsence', absence]))).toBe(text('leave'));
    const inAWeek = `${policy}passwords: {all: {second factor: within 7 days}}\n`;
    expect(await losing(modify(dn('policy'), ['replace', 'tenurePolicyText', inAWeek]))).toMatch(
      /^from \d{4}-\d\d-\d\d \d\d:\d\d UTC on, .*without the second factor that is asked for/,
    );
    // While they are there for a time only, they are not the second.
    await ok(modify(dn('admins'), ['add', 'tenureHolder', grantOf(at(), 'bob', HOUR)]));
    expect(await losing(modify(dn('admins'), ['delete', 'member', ada]))).toMatch(
      new RegExp(`^from ${spokenTime(at().clock.nowMs() / 1000 + HOUR)} on, `),
    );
    await ok(modify(dn('admins'), ['add', 'member', eve]));
    await ok(modify(dn('admins'), ['delete', 'member', ada]));
  });

  test('nor by whoever stands behind the second account', async () => {
    at().seed({
      [person('ada-adm')]: {
        ...personValues('ada-adm', { userPassword: 'secret-of-adm' }),
        objectClass: ['inetOrgPerson', 'lifecycleSubject'],
        lifecyclePrincipal: bob,
      },
    });
    await ok(modify(dn('admins'), ['add', 'member', person('ada-adm')]));
    await ok(modify(dn('admins'), ['delete', 'member', ada]));
    await losing(modify(bob, ['replace', 'lifecycleState', 'suspended']));
    await losing(at().delete(bob));
  });

  test('nor the one that tenure init made, who has a password always', async () => {
    expect(await losing(modify(admin, ...noPassword))).toContain(
      `"${ada}" would be the only administrator who can log in`,
    );
    await ok(modify(admin, ['replace', 'userPassword', 'another-secret-1']));
  });

  test('nor all of a batch that would be lost together', async () => {
    await ok(modify(dn('admins'), ['add', 'member', bob]));
    const one = (whom: string) => ({
      op: 'modify' as const,
      context: at().admin,
      reason: 'test',
      dn: whom,
      changes: [{ op: 'replace' as const, attribute: 'lifecycleState', values: ['suspended'] }],
    });
    const outcomes = at().apply([one(ada), one(bob)]);
    expect(outcomes.map(({ ok: fine }) => fine)).toEqual([true, false]);
  });

  test('to whoever is none, no administrator and no date is named', async () => {
    const text =
      'this would leave fewer than two administrators who can log in; an administrator has to look at it';
    for (const state of ['suspended', 'offboarded']) {
      expect(await losing(as(eve, ada, ['replace', 'lifecycleState', state]))).toBe(text);
    }
  });

  test('what has nothing to do with it goes on', async () => {
    await ok(as(eve, bob, ['replace', 'lifecycleState', 'suspended']));
    await ok(modify(dn('admins'), ['add', 'member', bob]));
    await ok(modify(dn('admins'), ['delete', 'member', bob]));
    await ok(modify(ada, ['replace', 'title', 'Chief']));
  });
});

describe('with one', () => {
  test('everything goes but to take that one away', async () => {
    await ok(modify(ada, ['replace', 'lifecycleState', 'suspended']));
    await ok(at().delete(bob));
    const gone = (why: string) =>
      `no administrator would be left: "${admin}" (${why}) would be lost. Make another one first`;
    expect(await losing(modify(admin, ...noPassword))).toBe(gone('without a password'));
    expect(await losing(modify(admin, ['add', 'pwdAccountLockedTime', '000001010000Z']))).toBe(
      gone('locked'),
    );
    await ok(modify(admin, ['replace', 'userPassword', 'another-secret-1']));
  });

  test('a second one may come and be sworn in, from then on there are two', async () => {
    at().seed({ [dn('admins')]: groupOfNames('admins') });
    seedPolicy();
    await ok(modify(dn('admins'), ['add', 'member', ada]));
    await losing(modify(dn('admins'), ['delete', 'member', ada]));
  });

  test('who has no password is no second one', async () => {
    await ok(modify(eve, ['delete', 'userPassword']));
    at().seed({ [dn('admins')]: groupOfNames('admins', eve) });
    seedPolicy();
    await ok(modify(dn('admins'), ['delete', 'member', eve]));
  });
});
