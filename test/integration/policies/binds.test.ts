/** What a password policy says to binds: windows, locks, idleness, must-change, expiry, grace. */
import { createHash } from 'node:crypto';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { formatTime } from '../../../src/directory/model/time.js';
import {
  type Attempt,
  type KnownAttempt,
  type Proof,
  tellingRefusals,
} from '../../../src/directory/operations/bind/index.js';
import { policiesOf, policyGate } from '../../../src/directory/operations/policies/index.js';
import { eachDirectory } from '../../support/directory-each.js';
import { ok, refusal, refused } from '../../support/directory-expect.js';
import { person, personValues } from '../../support/directory-people.js';
import { contextOf, suffix } from '../../support/directory-requests.js';
import { bindAware, setDefault, shutOut } from '../../support/policy-entries.js';

const DAY = 86_400;
const ada = person('ada');
const ssha = (clear: string) => {
  const salt = Buffer.from('salty');
  const digest = createHash('sha1').update(clear).update(salt).digest();
  return `{SSHA}${Buffer.concat([digest, salt]).toString('base64')}`;
};

describe('a password and its policy', () => {
  const at = eachDirectory({ rehashOnBind: false });
  const later = (days: number) => at().clock.advance(days * DAY * 1000);
  const inDays = (days: number) => formatTime(Math.floor(at().clock.nowMs() / 1000) + days * DAY);

  beforeEach(async () => {
    await ok(at().add(ada, personValues('ada', { userPassword: ssha('first-one') })));
  });

  test('with nothing in the way the answer is synchronous, and an empty control', () => {
    const request = { dn: ada, password: Buffer.from('first-one'), wantsPolicy: true };
    const origin = { address: '127.0.0.1', connection: 1, confidential: true };
    expect(at().directory.authenticate(request, origin)).toEqual({
      identity: { role: 'user', dn: ada, entryId: expect.any(Number) },
      policy: {},
    });
  });

  test('it warns, expires, has its grace logins, and is shut', async () => {
    const d = at();
    await setDefault(d, {
      pwdMaxAge: `${30 * DAY}`,
      pwdExpireWarning: `${7 * DAY}`,
      pwdGraceAuthNLimit: '2',
    });
    expect((await bindAware(d, ada, 'first-one')).policy).toEqual({});
    later(24);
    const { policy } = await bindAware(d, ada, 'first-one');
    expect(policy).toEqual({ warning: { kind: 'timeBeforeExpiration', seconds: 6 * DAY } });
    later(6);
    // A client that does not know of grace is not let in, and uses none.
    await refusal(() => d.bind(ada, 'first-one'), 'invalidCredentials');
    const seq = d.half.store.logEnd().seq;
    const before = d.entry(ada);
    for (const count of [1, 0]) {
      const { identity, policy: said } = await bindAware(d, ada, 'first-one');
      expect(said).toEqual({ warning: { kind: 'graceAuthNsRemaining', count } });
      expect(identity.only).toBe('changePassword');
    }
    const uses = d.entry(ada).texts('pwdGraceUseTime');
    expect(new Set(uses).size).toBe(2);
    // Durable, in the log, and nothing that others see of the entry has moved.
    expect(d.half.store.logEnd().seq).toBe(seq + 2);
    expect(d.entry(ada).texts('modifyTimestamp')).toEqual(before.texts('modifyTimestamp'));
    expect(await shutOut(d, ada, 'first-one')).toBe('passwordExpired');
    // A wrong password says nothing of any of this.
    expect(await shutOut(d, ada, 'wrong')).toBeUndefined();
    await ok(d.modify(ada, [['replace', 'userPassword', 'second-one']]));
    expect((await bindAware(d, ada, 'second-one')).policy).toEqual({});
    expect(d.entry(ada).texts('pwdGraceUseTime')).toEqual([]);
  });

  test('the last grace login is given once, however many ask at the same time', async () => {
    const d = at();
    await setDefault(d, { pwdMaxAge: `${DAY}`, pwdGraceAuthNLimit: '1' });
    later(2);
    const binds = Array.from({ length: 4 }, () => bindAware(d, ada, 'first-one'));
    const ends = await Promise.allSettled(binds);
    expect(ends.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(d.entry(ada).texts('pwdGraceUseTime')).toHaveLength(1);
  });

  test('a grace period ends, whatever is left of the count', async () => {
    const d = at();
    await setDefault(d, {
      pwdMaxAge: `${DAY}`,
      pwdGraceAuthNLimit: '5',
      pwdGraceExpiry: `${DAY}`,
    });
    later(2);
    expect((await bindAware(d, ada, 'first-one')).policy?.warning).toMatchObject({ count: 4 });
    later(0.1);
    expect(await shutOut(d, ada, 'first-one')).toBe('passwordExpired');
  });

  test('without pwdChangedTime nothing expires: an imported password has no known age', async () => {
    const d = at();
    await setDefault(d, { pwdMaxAge: `${DAY}` });
    const ldif = `dn: ${person('old')}\nobjectClass: inetOrgPerson\nuid: old\ncn: Old\nsn: Old\n`;
    await d.import(`${ldif}userPassword: ${ssha('imported')}\n`);
    later(400);
    expect((await bindAware(d, person('old'), 'imported')).policy).toEqual({});
  });

  test('after a reset only the password can be changed, and then everything can be done', async () => {
    const d = at();
    await setDefault(d, { pwdMustChange: 'TRUE' });
    await ok(d.modify(ada, [['replace', 'userPassword', 'given-by-admin']]));
    expect(d.entry(ada).texts('pwdReset')).toEqual(['TRUE']);
    await refusal(() => d.bind(ada, 'given-by-admin'), 'invalidCredentials');
    const { identity, policy } = await bindAware(d, ada, 'given-by-admin');
    expect(policy).toEqual({ error: 'changeAfterReset' });
    const as = contextOf(identity);
    const { done } = d.search('(uid=ada)', { as });
    expect(done).toMatchObject({
      code: 'insufficientAccessRights',
      policyError: 'changeAfterReset',
    });
    const compared = await refusal(
      () => d.compare(ada, 'uid', 'ada', as),
      'insufficientAccessRights',
    );
    expect(compared.policyError).toBe('changeAfterReset');
    const { code } = d.search('(objectClass=*)', { base: '', scope: 'base', as }).done;
    expect(code).toBe('success');
    await refused(
      d.modify(ada, [['add', 'mail', 'a@b.c']], undefined, as),
      'insufficientAccessRights',
    );
    await refused(d.changePassword(person('bob'), undefined, 'x', as), 'insufficientAccessRights');
    const none = d.modify(ada, [['delete', 'userPassword']], undefined, as);
    await refused(none, 'unwillingToPerform');
    const changed = await ok(d.changePassword('', undefined, 'my-own-choice', as));
    expect(changed.freed).toBe(true);
    expect(d.entry(ada).texts('pwdReset')).toEqual([]);
    expect((await d.bind(ada, 'my-own-choice')).only).toBeUndefined();
  });

  test('a service that deals with it by itself may say so on its entry', async () => {
    const d = at();
    const gate = `cn=gate,ou=services,${suffix}`;
    await setDefault(d, { pwdMustChange: 'TRUE' });
    await ok(
      d.add(gate, {
        objectClass: ['applicationProcess'],
        cn: 'gate',
        tenurePolicyAware: 'TRUE',
      }),
    );
    await ok(d.modify(ada, [['replace', 'userPassword', 'given-by-admin']]));
    const { identity: boundBefore } = d.user(gate);
    const request = { dn: ada, password: Buffer.from('given-by-admin'), boundBefore };
    const outcome = await d.directory.authenticate(request, d.admin.origin);
    expect(outcome.identity.only).toBe('changePassword');
    await ok(d.modify(gate, [['replace', 'tenurePolicyAware', 'FALSE']]));
    await refusal(() => d.directory.authenticate(request, d.admin.origin), 'invalidCredentials');
  });

  test('a one-time password opens an expired account to a change, and to nothing else', async () => {
    const d = at();
    await setDefault(d, { pwdMaxAge: `${DAY}` });
    later(2);
    const gate = policyGate({
      policies: policiesOf(d.reader),
      nowMs: () => d.clock.nowMs(),
      lastSuccess: () => undefined,
      serviceIsAware: () => false,
      useGrace: async () => false,
    });
    const entry = d.reader.entry(d.user(ada).identity.entryId)!;
    const meet = (wantsPolicy: boolean, proof: Partial<Proof>) =>
      gate({ entry, wantsPolicy } as unknown as KnownAttempt, proof as Proof);
    const once = { by: 'oneTimePassword', mustChange: true } as const;
    expect(meet(true, once)).toEqual({
      policy: { error: 'changeAfterReset' },
      only: 'changePassword',
    });
    expect(meet(false, once)).toMatchObject({ refused: true });
    expect(meet(true, { by: 'password' })).toMatchObject({ policyError: 'passwordExpired' });
    expect(meet(false, { by: 'appPassword' })).toEqual({ policy: {} });
  });

  test('pwdReset counts where the policy says pwdMustChange only', async () => {
    const d = at();
    await ok(d.modify(ada, [['replace', 'pwdReset', 'TRUE']]));
    expect((await d.bind(ada, 'first-one')).only).toBeUndefined();
    await setDefault(d, { pwdMustChange: 'TRUE' });
    expect(await shutOutUnaware()).toBe(true);
    // Said together with a new password, it is what is said that holds.
    await ok(
      d.modify(ada, [
        ['replace', 'userPassword', 'second-one'],
        ['replace', 'pwdReset'],
      ]),
    );
    expect((await d.bind(ada, 'second-one')).only).toBeUndefined();
  });
  const shutOutUnaware = () =>
    at()
      .bind(ada, 'first-one')
      .then(
        () => false,
        () => true,
      );

  test('pwdStartTime and pwdEndTime are the window, to the second', async () => {
    const d = at();
    await ok(
      d.modify(ada, [
        ['add', 'pwdStartTime', inDays(1)],
        ['add', 'pwdEndTime', inDays(2)],
      ]),
    );
    expect(await shutOut(d, ada, 'first-one')).toBe('accountLocked');
    d.clock.advance(DAY * 1000 - 1);
    expect(await shutOut(d, ada, 'first-one')).toBe('accountLocked');
    d.clock.advance(1);
    await d.bind(ada, 'first-one');
    d.clock.advance(DAY * 1000 - 1);
    await d.bind(ada, 'first-one');
    d.clock.advance(1);
    expect(await shutOut(d, ada, 'first-one')).toBe('accountLocked');
  });

  test('the literal of pwdAccountLockedTime locks for ever, a time until it is over', async () => {
    const d = at();
    await ok(d.modify(ada, [['add', 'pwdAccountLockedTime', '000001010000Z']]));
    expect(d.found('(pwdAccountLockedTime=000001010000Z)')).toEqual([ada]);
    expect(d.entry(ada).texts('pwdAccountLockedTime')).toEqual(['000001010000Z']);
    later(10_000);
    expect(await shutOut(d, ada, 'first-one')).toBe('accountLocked');
    await ok(d.modify(ada, [['replace', 'pwdAccountLockedTime', inDays(0)]]));
    expect(await shutOut(d, ada, 'first-one')).toBe('accountLocked');
    d.clock.advance(900_000);
    await d.bind(ada, 'first-one');
    await ok(d.modify(ada, [['delete', 'pwdAccountLockedTime']]));
  });

  test('time on leave makes no password older, and nobody idle', async () => {
    const d = at();
    await setDefault(d, { pwdMaxAge: `${30 * DAY}`, pwdMaxIdle: `${20 * DAY}` });
    const leave = 'kind=parental from=2026-01-15 until=2026-04-14';
    await ok(d.modify(ada, [['add', 'lifecycleAbsence', leave]]));
    await d.bind(ada, 'first-one');
    // Nine in the morning of the first day back: ten days at work are gone, ninety on leave.
    later(100);
    await d.bind(ada, 'first-one');
    later(19);
    await d.bind(ada, 'first-one');
    later(1);
    expect(await shutOut(d, ada, 'first-one')).toBe('passwordExpired');
  });

  test('a leave is as long as its zone says, and a new policy moves it', async () => {
    const d = at();
    await setDefault(d, { pwdMaxAge: `${30 * DAY}` });
    const leave = 'kind=parental from=2026-01-15 until=2026-04-14';
    await ok(d.modify(ada, [['add', 'lifecycleAbsence', leave]]));
    later(120);
    expect(await shutOut(d, ada, 'first-one')).toBe('passwordExpired');
    const text = 'tenure: 1\ncompany: {zone: UTC, an end date means: the first day without}\n';
    const policy = (tenurePolicyText: string) =>
      d.add(`cn=policy,${suffix}`, {
        objectClass: 'tenureLifecyclePolicy',
        cn: 'policy',
        tenurePolicyText,
      });
    d.clock.advance(-DAY * 1000);
    await d.bind(ada, 'first-one');
    await ok(policy(text));
    expect(await shutOut(d, ada, 'first-one')).toBe('passwordExpired');
  });

  test('a lock takes an ordinary bind as long as any refusal: one hash', async () => {
    const d = at();
    await ok(d.modify(ada, [['add', 'pwdAccountLockedTime', '000001010000Z']]));
    for (const password of ['first-one', 'wrong']) {
      const runs = d.pool.runs;
      await refusal(() => d.bind(ada, password), 'invalidCredentials');
      expect(d.pool.runs).toBe(runs + 1);
    }
  });

  test('the administrator is bound by no policy but one that his entry names', async () => {
    const d = at();
    const { dn } = d.admin.identity;
    await setDefault(d, { pwdMaxAge: `${DAY}` });
    later(400);
    expect((await bindAware(d, dn, 'administrator-secret')).policy).toBeUndefined();
    await ok(d.modify(dn, [['add', 'pwdPolicySubentry', `cn=default,ou=policies,${suffix}`]]));
    expect(await shutOut(d, dn, 'administrator-secret')).toBe('passwordExpired');
  });
});

describe('what was seen of binds', () => {
  const at = eachDirectory({ rehashOnBind: false });
  beforeEach(async () => {
    await ok(at().add(ada, personValues('ada', { userPassword: ssha('first-one') })));
  });

  test('failures, the lock and the last login are attributes, and move nothing', async () => {
    const d = at();
    await setDefault(d, { pwdMaxFailure: '2', pwdLockoutDuration: '600' });
    await d.bind(ada, 'first-one');
    const before = d.entry(ada);
    expect(before.texts('pwdLastSuccess')).toEqual(['20260105090000Z']);
    for (const guess of ['one', 'two']) {
      d.clock.advance(1_000);
      expect(await shutOut(d, ada, guess)).toBeUndefined();
    }
    expect(d.found('(pwdAccountLockedTime=*)')).toEqual([ada]);
    expect(d.found('(pwdAccountLockedTime=20260105090002Z)')).toEqual([ada]);
    expect(d.compare(ada, 'pwdAccountLockedTime', '20260105090002Z')).toBe(true);
    const after = d.entry(ada);
    expect(after.texts('pwdFailureTime')).toEqual(['20260105090001Z', '20260105090002Z']);
    expect(after.texts('pwdAccountLockedTime')).toEqual(['20260105090002Z']);
    expect(after.texts('modifyTimestamp')).toEqual(before.texts('modifyTimestamp'));
    expect(await shutOut(d, ada, 'first-one')).toBe('accountLocked');
    d.clock.advance(600_000);
    await d.bind(ada, 'first-one');
    expect(d.found('(pwdAccountLockedTime=*)')).toEqual([]);
    expect(d.entry(ada).texts('pwdLastSuccess')).toEqual(['20260105091002Z']);
  });

  test('a delay after a failure is what the policy says', async () => {
    const d = at();
    await setDefault(d, { pwdMinDelay: '4', pwdMaxDelay: '60' });
    expect(await shutOut(d, ada, 'wrong')).toBeUndefined();
    expect(d.entry(ada).texts('pwdAccountTmpLockoutEnd')).toEqual(['20260105090004Z']);
    expect(await shutOut(d, ada, 'first-one')).toBe('accountLocked');
    d.clock.advance(4_000);
    await d.bind(ada, 'first-one');
  });

  test('who has not been here for longer than pwdMaxIdle is shut out, until given a password', async () => {
    const d = at();
    await setDefault(d, { pwdMaxIdle: `${90 * DAY}` });
    const days = (n: number) => d.clock.advance(n * DAY * 1000);
    days(60);
    await d.bind(ada, 'first-one');
    days(90);
    await d.bind(ada, 'first-one');
    days(90.1);
    expect(await shutOut(d, ada, 'first-one')).toBe('accountLocked');
    await ok(d.modify(ada, [['replace', 'userPassword', 'second-one']]));
    await d.bind(ada, 'second-one');
  });
});

test('the log is told why, and nothing of what was sent as a password', () => {
  const told: unknown[] = [];
  const observer = tellingRefusals((refused) => void told.push(refused));
  const attempt = {
    dn: `uid=a\nb${'x'.repeat(500)}`,
    entry: undefined,
    origin: { address: '192.0.2.1', connection: 1, confidential: true },
    password: Buffer.from('a-secret'),
  } as unknown as Attempt;
  void observer.failed(attempt, { refused: true, reason: 'no such entry' }, 'proof');
  expect(told).toEqual([
    { dn: `uid=a?b${'x'.repeat(193)}`, known: false, from: '192.0.2.1', reason: 'no such entry' },
  ]);
});
