/** Accounts for emergencies: nothing shuts them by itself, and every use of them is heard. */
import { beforeEach, describe, expect, test } from '@jest/globals';
import { type ConcernParts, concernsOf } from '../../../src/compose/concerns.js';
import { spokenTime } from '../../../src/directory/model/time.js';
import { eachDirectory } from '../../support/directory-each.js';
import { ok, refused } from '../../support/directory-expect.js';
import { groupOfNames, person, personValues } from '../../support/directory-people.js';
import { origin, suffix } from '../../support/directory-requests.js';
import { endsIn, inSeconds, setFacts } from '../../support/facts.js';
import { HOUR } from '../../support/grants.js';
import { setDefault } from '../../support/policy-entries.js';

const at = eachDirectory({ seed: 7 });
const [glass, ada, sec] = ['glass-1', 'ada', 'sec'].map(person) as [string, string, string];
const DAY = 24 * HOUR;
const policyDn = `cn=policy,${suffix}`;
const policy = `tenure: 1
kinds:
  break-glass: {who: "login in glass-1, glass-2", never: [idle, expire, lock out], every use: alarm security, rehearse: every 90 days}
  employee: {who: everyone, journeys: [idle]}
passwords: {all: {renew: every 30 days, wrong tries: lock after 3}}
journeys: {idle: {60 days after last seen: [suspend]}}
`;

beforeEach(() => {
  const given = (uid: string) => personValues(uid, { userPassword: `secret-of-${uid}` });
  at().seed({
    [glass]: given('glass-1'),
    [ada]: given('ada'),
    [sec]: { ...given('sec'), mail: 'sec@example.com' },
    [`cn=security,${suffix}`]: groupOfNames('security', sec),
    [policyDn]: { objectClass: 'tenureLifecyclePolicy', cn: 'policy', tenurePolicyText: policy },
  });
});

const opens = (dn: string, password: string) =>
  at()
    .bind(dn, password)
    .then(
      () => true,
      () => false,
    );
const messages = () => at().reader.records.messages(0, 100);

describe('never', () => {
  test('locked out, whoever guesses, and from wherever', async () => {
    await setDefault(at(), { pwdLockout: 'TRUE', pwdMaxFailure: '3', pwdMinDelay: '0' });
    for (let i = 0; i < 6; i += 1) {
      expect(await opens(glass, `guess ${i}`)).toBe(false);
      expect(await opens(ada, `guess ${i}`)).toBe(false);
    }
    expect(await opens(glass, 'secret-of-glass-1')).toBe(true);
    expect(await opens(ada, 'secret-of-ada')).toBe(false);
  });

  test('by the address that others guess from', async () => {
    const there = { ...origin, address: '192.0.2.9' };
    const from = async (dn: string, password: string) => {
      try {
        await at().directory.authenticate({ dn, password: Buffer.from(password) }, there);
        return true;
      } catch {
        return false;
      }
    };
    for (let i = 0; i < 60; i += 1) await from(`uid=nobody-${i},${suffix}`, `guess ${i}`);
    expect(at().guard.isSourceLocked('192.0.2.9')).toBe(true);
    expect(await from(sec, 'secret-of-sec')).toBe(false);
    expect(await from(glass, 'wrong')).toBe(false);
    expect(await from(glass, 'secret-of-glass-1')).toBe(true);
  });

  test('locked out where no password policy holds for them either', async () => {
    await ok(at().delete(`cn=default,ou=policies,${suffix}`));
    for (let i = 0; i < 12; i += 1) await opens(glass, `guess ${i}`);
    expect(await opens(glass, 'secret-of-glass-1')).toBe(true);
  });

  test('expired: no password grows old, and no end ends', async () => {
    await setDefault(at(), { pwdMaxIdle: String(30 * DAY) });
    expect(await opens(glass, 'secret-of-glass-1')).toBe(true);
    expect(await opens(ada, 'secret-of-ada')).toBe(true);
    at().clock.advance(60 * DAY * 1000);
    expect(await opens(ada, 'secret-of-ada')).toBe(false);
    expect(await opens(glass, 'secret-of-glass-1')).toBe(true);
    const end = endsIn(at(), HOUR);
    const refusal =
      'glass-1 is of kind break-glass, which never expires (policy, line 3): an end would end ' +
      'nothing. Suspend or delete it';
    for (const change of [
      ['add', 'lifecycleEngagement', end],
      ['replace', 'lifecycleEnd', inSeconds(at(), HOUR)],
    ] as const) {
      const outcome = await at().modify(glass, [change]);
      expect(outcome).toMatchObject({
        ok: false,
        error: { code: 'unwillingToPerform', text: refusal },
      });
    }
    const said = at().modify(glass, [['replace', 'lifecycleState', 'offboarded']]);
    expect(await refused(said, 'constraintViolation')).toBe(
      `${glass} stays active: the policy never lets this kind of account expire; suspend or delete it`,
    );
  });

  test('an end that was written before the policy said so ends nothing', async () => {
    await ok(at().modify(policyDn, [['replace', 'tenurePolicyText', 'tenure: 1\n']]));
    await setFacts(at(), glass, { lifecycleEngagement: endsIn(at(), HOUR) });
    at().clock.advance(2 * HOUR * 1000);
    expect(await opens(glass, 'secret-of-glass-1')).toBe(false);
    await ok(at().modify(policyDn, [['replace', 'tenurePolicyText', policy]]));
    expect(await opens(glass, 'secret-of-glass-1')).toBe(true);
    // A block is somebody's will.
    await ok(at().modify(glass, [['replace', 'lifecycleState', 'suspended']]));
    expect(await opens(glass, 'secret-of-glass-1')).toBe(false);
  });
});

describe('every use', () => {
  test('is a message to each of those who are alarmed, on disk before the answer, and a loud line', async () => {
    expect(await opens(ada, 'secret-of-ada')).toBe(true);
    expect(await opens(glass, 'wrong')).toBe(false);
    expect(messages()).toEqual([]);
    for (let i = 0; i < 2; i += 1) expect(await opens(glass, 'secret-of-glass-1')).toBe(true);
    expect(messages().map(({ to, subject, state }) => [to, subject, state])).toEqual([
      ['sec@example.com', 'ALARM: glass-1 was used', 'waiting'],
      ['sec@example.com', 'ALARM: glass-1 was used', 'waiting'],
    ]);
    expect(messages()[0]!.body).toMatch(
      new RegExp(`^${glass} came in at 2\\d{13}Z from 127.0.0.1, by password\\.\n`),
    );
    expect(at().warned).toHaveLength(2);
    expect(at().warned[0]).toEqual([
      { dn: glass, kind: 'break-glass', from: '127.0.0.1', by: 'password' },
      'ALARM: glass-1 was used, and every use of the kind break-glass alarms',
    ]);
  });

  test('where nobody has an address it is in the log and the outbox all the same', async () => {
    await ok(at().modify(sec, [['delete', 'mail']]));
    expect(await opens(glass, 'secret-of-glass-1')).toBe(true);
    expect(messages()).toMatchObject([{ to: '' }]);
    expect(at().warned).toHaveLength(1);
  });
});

describe('rehearsed', () => {
  const concerns = async () => {
    const parts: ConcernParts = {
      reader: at().reader,
      names: at().names,
      nowMs: () => at().clock.nowMs(),
      turn: async () => undefined,
    };
    const all = await concernsOf(parts);
    return all.filter(({ about }) => about === 'rehearsal').map(({ text }) => text);
  };
  const rest = '; every 90 days is the policy (line 3): log in as glass-1 once';

  test('is said to be amber where it was never tried out, or too long ago', async () => {
    expect(await concerns()).toEqual([`glass-1 (break-glass) has never been tried out${rest}`]);
    expect(await opens(glass, 'secret-of-glass-1')).toBe(true);
    const then = spokenTime(at().clock.nowMs() / 1000);
    expect(await concerns()).toEqual([]);
    at().clock.advance(89 * DAY * 1000);
    expect(await concerns()).toEqual([]);
    at().clock.advance(DAY * 1000);
    expect(await concerns()).toEqual([`glass-1 (break-glass) was last tried out ${then}${rest}`]);
    expect(await opens(glass, 'secret-of-glass-1')).toBe(true);
    expect(await concerns()).toEqual([]);
  });

  test('whoever is of the kind by something else than the login is found too', async () => {
    const text = policy.replace('"login in glass-1, glass-2"', 'title is Glass');
    await ok(at().modify(policyDn, [['replace', 'tenurePolicyText', text]]));
    await ok(at().modify(ada, [['replace', 'title', 'Glass']]));
    expect(await concerns()).toEqual([expect.stringMatching(/^ada \(break-glass\) has never/)]);
  });
});
