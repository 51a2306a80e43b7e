/** What the lifecycle policy says about passwords, beside the password policies of the directory. */
import { beforeEach, describe, expect, test } from '@jest/globals';
import { eachDirectory } from '../../support/directory-each.js';
import { ok, refused } from '../../support/directory-expect.js';
import { groupOfNames, person, personValues } from '../../support/directory-people.js';
import { suffix, type Values } from '../../support/directory-requests.js';
import { bindAware, setDefault, shutOut } from '../../support/policy-entries.js';

const DAY = 86_400;
const at = eachDirectory({ rehashOnBind: false, judged: true });
const ada = person('ada');
const bob = person('bob');

beforeEach(async () => {
  await setDefault(at(), { pwdCheckQuality: '0' });
  const values = (uid: string): Values => personValues(uid, { userPassword: 'first-one' });
  at().seed({
    [ada]: values('ada'),
    [bob]: values('bob'),
    [`cn=desk,${suffix}`]: groupOfNames('desk', ada),
  });
});

async function passwords(rules: string, more = ''): Promise<void> {
  const text = `tenure: 1
kinds: {glass: {who: login is glass, never: [expire, lock out]}, contractor: {who: type is contractor}, rest: {who: everyone}}
roles: {help desk: {who: group desk, may: reset}}
passwords: {${rules}}
${more}`;
  const dn = `cn=policy,${suffix}`;
  const values = { objectClass: 'tenureLifecyclePolicy', cn: 'policy', tenurePolicyText: text };
  const there = at().found('(objectClass=tenureLifecyclePolicy)').length > 0;
  await ok(there ? at().modify(dn, [['replace', 'tenurePolicyText', text]]) : at().add(dn, values));
}

const change = (dn: string, to: string, from = 'first-one') =>
  at().changePassword(dn, from, to, at().user(dn));
const later = (seconds: number) => at().clock.advance(seconds * 1000);
const getsIn = (dn: string, password: string) =>
  at()
    .bind(dn, password)
    .then(
      () => true,
      () => false,
    );

describe('the first rule that fits', () => {
  test('length: of both policies the longer, from the commit on', async () => {
    await passwords(
      'admins: {who: has any role, at least: 16 characters}, all: {at least: 12 characters}',
    );
    await refused(change(ada, 'twelve-chars'), 'constraintViolation');
    await ok(change(ada, 'sixteen-characters'));
    await refused(change(bob, 'eleven-char'), 'constraintViolation');
    await ok(change(bob, 'twelve-chars'));
    await setDefault(at(), { pwdMinLength: '20' });
    await refused(change(bob, 'sixteen-characters', 'twelve-chars'), 'constraintViolation');
    await setDefault(at(), { pwdMinLength: '5' });
    await passwords('all: {at least: 6 characters}');
    await ok(change(bob, 'sixchr', 'twelve-chars'));
  });

  test('who takes the role away takes the rule away', async () => {
    await passwords('admins: {who: has any role, at least: 16 characters}');
    await refused(change(ada, 'twelve-chars'), 'constraintViolation');
    await ok(at().modify(`cn=desk,${suffix}`, [['delete', 'member', ada]]));
    await ok(change(ada, 'twelve-chars'));
  });

  test('a kind that turns with the clock turns the rule', async () => {
    const engagements = [
      'id=1 kind=contractor end=2026-01-06',
      'id=2 kind=employee start=2026-01-07',
    ];
    await ok(at().modify(bob, [['add', 'lifecycleEngagement', ...engagements]]));
    await passwords(
      'outside: {who: kind is contractor, at least: 16 characters}, all: {at least: 9 characters}',
    );
    await refused(change(bob, 'twelve-chars'), 'constraintViolation');
    later(2 * DAY);
    await ok(change(bob, 'twelve-chars'));
  });

  test('somebody who is added with a password', async () => {
    await passwords('outside: {who: type is contractor, at least: 16 characters}', '');
    await setDefault(at(), { pwdCheckQuality: '2' });
    const values = personValues('eve', {
      userPassword: 'twelve-chars',
      employeeType: 'contractor',
    });
    await refused(at().add(person('eve'), values), 'constraintViolation');
    await ok(at().add(person('eve'), { ...values, employeeType: 'employee' }));
  });

  test('the administrator is under no rule', async () => {
    await passwords('all: {made by: tenure, wrong tries: lock after 1}');
    const admin = `cn=admin,${suffix}`;
    expect(await getsIn(admin, 'wrong-one')).toBe(false);
    expect(await getsIn(admin, 'administrator-secret')).toBe(true);
  });
});

test('made by tenure: nobody chooses a password', async () => {
  await passwords('services: {who: login is bob, made by: tenure}');
  await refused(change(bob, 'twelve-chars'), 'insufficientAccessRights');
  await ok(change(ada, 'twelve-chars'));
});

test('former passwords do not come back', async () => {
  await passwords('all: {remember: 2 passwords}');
  await ok(change(bob, 'second-one'));
  await refused(change(bob, 'first-one', 'second-one'), 'constraintViolation');
});

test('renewal: the sooner of both, warned ahead; never of those whose kind never expires', async () => {
  await ok(at().modify(bob, [['replace', 'userPassword', 'second-one']]));
  const glass = person('glass');
  at().seed({ [glass]: personValues('glass', { userPassword: 'glass-one' }) });
  await passwords('all: {renew: every 90 days}');
  later(80 * DAY);
  expect((await bindAware(at(), bob, 'second-one')).policy).toEqual({
    warning: { kind: 'timeBeforeExpiration', seconds: 10 * DAY },
  });
  await setDefault(at(), { pwdMaxAge: String(60 * DAY) });
  expect(await shutOut(at(), bob, 'second-one')).toBe('passwordExpired');
  expect(await getsIn(glass, 'glass-one')).toBe(true);
});

describe('wrong tries', () => {
  // The same guess twice counts once.
  let guesses = 0;
  const wrong = async (dn: string, times: number) => {
    for (let i = 0; i < times; i += 1) {
      guesses += 1;
      expect(await getsIn(dn, `guess-${guesses}`)).toBe(false);
    }
  };

  test('lock after so many, for so long', async () => {
    await setDefault(at(), { pwdLockout: 'FALSE', pwdMinDelay: '0' });
    await passwords('all: {wrong tries: lock after 3 for 10 minutes}');
    await wrong(bob, 2);
    expect(await getsIn(bob, 'first-one')).toBe(true);
    await wrong(bob, 3);
    expect(await getsIn(bob, 'first-one')).toBe(false);
    later(599);
    expect(await getsIn(bob, 'first-one')).toBe(false);
    later(2);
    expect(await getsIn(bob, 'first-one')).toBe(true);
  });

  test('slow down: one try a minute', async () => {
    await setDefault(at(), { pwdLockout: 'FALSE', pwdMinDelay: '0' });
    await passwords('all: {wrong tries: slow down after 3}');
    await wrong(bob, 3);
    expect(await getsIn(bob, 'first-one')).toBe(false);
    later(61);
    expect(await getsIn(bob, 'first-one')).toBe(true);
  });

  test('never of those whose kind is never locked out', async () => {
    const glass = person('glass');
    at().seed({ [glass]: personValues('glass', { userPassword: 'glass-one' }) });
    await setDefault(at(), { pwdLockout: 'TRUE', pwdMaxFailure: '2', pwdMinDelay: '0' });
    await passwords('all: {wrong tries: lock after 2}');
    await wrong(glass, 6);
    expect(await getsIn(glass, 'glass-one')).toBe(true);
  });
});

describe('second factors', () => {
  test('always: at once', async () => {
    await passwords('admins: {who: has any role, second factor: always}');
    expect(await getsIn(ada, 'first-one')).toBe(false);
    expect(await getsIn(bob, 'first-one')).toBe(true);
  });

  test('within days: those who were here count them from the policy on', async () => {
    later(100 * DAY);
    await passwords('all: {second factor: within 7 days}');
    expect(await getsIn(bob, 'first-one')).toBe(true);
    later(7 * DAY + 1);
    expect(await getsIn(bob, 'first-one')).toBe(false);
    await passwords('all: {second factor: never}');
    expect(await getsIn(bob, 'first-one')).toBe(true);
  });
});
