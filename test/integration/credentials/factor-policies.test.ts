/** What policies say about second factors: who must have one, from when, and how a code is written. */
import { beforeEach, describe, expect, test } from '@jest/globals';
import { codeAt, newFactor, readSeed } from '../../../src/credentials/otp/index.js';
import { ok, refused } from '../../support/directory-expect.js';
import { manyPeople, person } from '../../support/directory-people.js';
import { factorsOf } from '../../support/factors.js';
import { defaultPolicy, policyDn, policyValues, setDefault } from '../../support/policy-entries.js';
import { eachServed } from '../../support/served-directory.js';

const OK = 0;
const INVALID = 49;
const STEP_MS = 30_000;
const DAY_MS = 86_400_000;
const ada = person('ada');
const by = 'tester';
const served = eachServed();
const d = () => served().directory;
const bind = (password: string, dn = ada) => served().bind(dn, password);
const rules = (more: Readonly<Record<string, string>>) => setDefault(d(), more);

/** Enrols, confirms, and gives the code of the next step each time. */
async function phoneOf(name: string) {
  const made = await factorsOf(d()).enrol({ name, by, type: 'totp', replace: false });
  const read = readSeed(made.secret);
  if (!read.ok) throw new Error(read.reason);
  const factor = newFactor('totp', read.seed, 0);
  const next = () => {
    d().clock.advance(STEP_MS);
    return codeAt(factor, Math.floor(d().clock.nowMs() / STEP_MS));
  };
  await factorsOf(d()).confirm({ name, by, code: next() });
  return { next, codes: made.recoveryCodes };
}

beforeEach(() => d().seed(manyPeople(['ada', 'bob'], { userPassword: 'pass' })));

describe('whether a second factor is asked for', () => {
  test('off: of nobody, enrolled or not', async () => {
    const { next } = await phoneOf('ada');
    await rules({ tenureSecondFactor: 'off' });
    expect(await bind('pass')).toBe(OK);
    expect(await bind(`pass${next()}`)).toBe(INVALID);
    await rules({ tenureSecondFactor: 'optional' });
    expect(await bind('pass')).toBe(INVALID);
    expect(await bind(`pass${next()}`)).toBe(OK);
  });

  test('required: of everybody; whoever has none does not come in with a password', async () => {
    const { next } = await phoneOf('ada');
    await rules({ tenureSecondFactor: 'required' });
    expect(await bind(`pass${next()}`)).toBe(OK);
    expect(await bind('pass', person('bob'))).toBe(INVALID);
    const app = await factorsOf(d()).addAppPassword({
      name: 'bob',
      by,
      label: 'phone',
      service: undefined,
      forMs: undefined,
    });
    expect(await bind(app.password, person('bob'))).toBe(OK);
    // Logging in with a first code is how somebody who is waited for gets in.
    const made = await factorsOf(d()).enrol({ name: 'bob', by, type: 'hotp', replace: false });
    expect(await bind('pass', person('bob'))).toBe(INVALID);
    const read = readSeed(made.secret);
    const code = codeAt(newFactor('hotp', read.ok ? read.seed : Buffer.alloc(20), 0), 0);
    expect(await bind(`pass${code}`, person('bob'))).toBe(OK);
  });

  test('required after some days: counted from when somebody came, or the rule did', async () => {
    await rules({ tenureSecondFactor: 'required', tenureSecondFactorAfterDays: '7' });
    expect(await bind('pass')).toBe(OK);
    d().clock.advance(7 * DAY_MS - 1_000);
    expect(await bind('pass')).toBe(OK);
    d().clock.advance(1_000);
    expect(await bind('pass')).toBe(INVALID);
    d().seed(manyPeople(['eve'], { userPassword: 'pass' }));
    expect(await bind('pass', person('eve'))).toBe(OK);
    await rules({ tenureSecondFactorSince: '20260110000000Z' });
    expect(await bind('pass')).toBe(OK);
    d().clock.advance(6 * DAY_MS);
    expect(await bind('pass')).toBe(INVALID);
  });

  test('an administrator may say that somebody does without for a while', async () => {
    const { next } = await phoneOf('ada');
    await rules({ tenureSecondFactor: 'required' });
    const untilSeconds = Math.floor(d().clock.nowMs() / 1000) + 3_600;
    const bypass = (dn: string, until: number | undefined) =>
      d().apply([
        {
          op: 'bypass',
          context: d().admin,
          reason: 'test',
          owner: d().names.idOf(dn),
          until,
        },
      ])[0];
    expect(bypass(ada, untilSeconds)).toMatchObject({ ok: true });
    expect(bypass(person('bob'), untilSeconds)).toMatchObject({ ok: true });
    expect(await bind('pass')).toBe(OK);
    expect(await bind('pass', person('bob'))).toBe(OK);
    d().clock.advance(3_600_000);
    expect(await bind('pass')).toBe(INVALID);
    expect(await bind('pass', person('bob'))).toBe(INVALID);
    expect(await bind(`pass${next()}`)).toBe(OK);
  });

  test('another policy says it for others', async () => {
    d().seed({
      [policyDn('contractors')]: policyValues('contractors', {
        tenurePolicyFilter: '(uid=bob)',
        tenureSecondFactor: 'required',
      }),
    });
    expect(await bind('pass')).toBe(OK);
    expect(await bind('pass', person('bob'))).toBe(INVALID);
  });
});

describe('how a code is written', () => {
  test('the four spellings, each where the policy names it', async () => {
    const { next } = await phoneOf('ada');
    await rules({ tenureOtpSeparators: 'none,;:' });
    for (const separator of ['', ',', ';', ':']) {
      expect(await bind(`pass${separator}${next()}`)).toBe(OK);
    }
    expect(await bind(`pass ${next()}`)).toBe(INVALID);
    await rules({ tenureOtpSeparators: ',' });
    for (const separator of ['', ';', ':']) {
      expect(await bind(`pass${separator}${next()}`)).toBe(INVALID);
    }
    expect(await bind(`pass,${next()}`)).toBe(OK);
  });

  test('a password may end in a separator, or in digits', async () => {
    await ok(d().modify(ada, [['replace', 'userPassword', 'pass,12']]));
    const { next, codes } = await phoneOf('ada');
    expect(await bind(`pass,12${next()}`)).toBe(OK);
    await ok(d().modify(ada, [['replace', 'userPassword', 'pass,']]));
    await rules({ tenureOtpSeparators: ',' });
    expect(await bind(`pass,${next()}`)).toBe(INVALID);
    expect(await bind(`pass,,${next()}`)).toBe(OK);
    expect(await bind(`pass,,${codes[0]}`)).toBe(OK);
  });
});

describe('a rule', () => {
  test.each([
    ['tenureSecondFactor', 'requierd', 'is required meant?'],
    ['tenureSecondFactor', 'yes', 'it is one of off, optional, required'],
    ['tenureOtpSeparators', 'comma', 'not none and any of , ; :'],
    ['tenureOtpSeparators', ',none', 'not none and any of , ; :'],
  ])('%s: %s is refused when it is written', async (attribute, value, reason) => {
    const text = await refused(
      d().modify(defaultPolicy, [['replace', attribute, value]]),
      'constraintViolation',
    );
    expect(text).toContain(reason);
  });

  test('that is no number or no time is refused by the schema', async () => {
    for (const [attribute, value] of [
      ['tenureSecondFactorAfterDays', 'seven'],
      ['tenureSecondFactorSince', 'tomorrow'],
    ] as const) {
      await refused(
        d().modify(defaultPolicy, [['replace', attribute, value]]),
        'invalidAttributeSyntax',
      );
    }
  });
});
