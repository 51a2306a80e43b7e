/** Who may bind in which state, by every way of proving who one is; only the clock moves. */
import { createHash, X509Certificate } from 'node:crypto';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { codeAt, newFactor, readSeed } from '../../../src/credentials/otp/index.js';
import { authority } from '../../support/client-certificates.js';
import { ok, refusal } from '../../support/directory-expect.js';
import { manyPeople, person } from '../../support/directory-people.js';
import {
  adminDn,
  adminPassword,
  nobody,
  origin,
  suffix,
} from '../../support/directory-requests.js';
import { factorsOf } from '../../support/factors.js';
import { block, endsIn, inSeconds, setFacts } from '../../support/facts.js';
import { bindAware, shutOut } from '../../support/policy-entries.js';
import { eachServed } from '../../support/served-directory.js';
import { bindOp, codeOf } from '../../support/wire-client.js';

const OK = 0;
const INVALID = 49;
const HOUR = 3_600;
const DAY = 86_400;
const by = 'tester';
const ada = person('ada');
const policyControl = { oid: '1.3.6.1.4.1.42.2.27.8.5.1', critical: false, value: undefined };

const served = eachServed({ certificateRules: [{ from: 'cn', attribute: 'uid' }] });
const d = () => served().directory;
const bind = (password: string, dn = ada) => served().bind(dn, password);
const later = (seconds: number) => d().clock.advance(seconds * 1000);
const clients = authority('Clients');

beforeEach(() => d().seed(manyPeople(['ada', 'bob'], { userPassword: 'pass' })));

function ssha(clear: string): string {
  const digest = createHash('sha1').update(clear).update('saltsalt').digest();
  return `{SSHA}${Buffer.concat([digest, Buffer.from('saltsalt')]).toString('base64')}`;
}

/** A bind with a client certificate; 0 or 49. */
async function byCertificate(uid: string): Promise<string> {
  const { pem } = clients.issue({ subject: [['CN', uid]], fromDays: -4_000 });
  const certificate = new X509Certificate(pem).raw;
  const request = {
    certificate,
    authorizationId: '',
    boundBefore: nobody.identity,
    wantsPolicy: true,
  };
  try {
    return (await d().directory.authenticateCertificate(request, origin)).identity.dn;
  } catch (error) {
    return (error as { code: string }).code;
  }
}

describe('an end', () => {
  test('shuts a password at its very second, remembered or not, and a later end opens it', async () => {
    await setFacts(d(), ada, { lifecycleEngagement: endsIn(d(), HOUR) });
    expect(await bind('pass')).toBe(OK);
    // What was stored in clear is hashed behind the answer, which forgets what was verified.
    await d().settle();
    later(HOUR - 1);
    expect(await bind('pass')).toBe(OK);
    expect(d().verified?.size).toBe(1);
    later(1);
    expect(await bind('pass')).toBe(INVALID);
    expect(await shutOut(d(), ada, 'pass')).toBe('accountLocked');
    // Nothing was destroyed.
    await ok(d().modify(ada, [['replace', 'lifecycleEngagement', endsIn(d(), HOUR)]]));
    expect(await bind('pass')).toBe(OK);
  });

  test('shuts an imported digest, which opens without waiting', async () => {
    await ok(d().modify(ada, [['replace', 'userPassword', ssha('old')]]));
    await setFacts(d(), ada, { lifecycleEngagement: endsIn(d(), HOUR) });
    later(HOUR);
    expect(await bind('old')).toBe(INVALID);
  });

  test('shuts app passwords', async () => {
    const app = await factorsOf(d()).addAppPassword({
      name: 'ada',
      by,
      label: 'phone',
      service: undefined,
      forMs: undefined,
    });
    await setFacts(d(), ada, { lifecycleEngagement: endsIn(d(), HOUR) });
    expect(await bind(app.password)).toBe(OK);
    later(HOUR);
    expect(await bind(app.password)).toBe(INVALID);
  });

  test('shuts codes of a second factor, and takes none', async () => {
    const { secret } = await factorsOf(d()).enrol({
      name: 'ada',
      by,
      type: 'totp',
      replace: false,
    });
    const read = readSeed(secret);
    if (!read.ok) throw new Error(read.reason);
    const factor = newFactor('totp', read.seed, 0);
    const code = () => codeAt(factor, Math.floor(d().clock.nowMs() / 30_000));
    await factorsOf(d()).confirm({ name: 'ada', by, code: code() });
    later(60);
    await setFacts(d(), ada, { lifecycleEngagement: endsIn(d(), HOUR) });
    expect(await bind(`pass${code()}`)).toBe(OK);
    later(HOUR);
    expect(await bind(`pass${code()}`)).toBe(INVALID);
    // Not used up: it opens once the person is back.
    await ok(d().modify(ada, [['replace', 'lifecycleEngagement', 'id=1']]));
    expect(await bind(`pass${code()}`)).toBe(OK);
  });

  test('shuts certificates', async () => {
    await setFacts(d(), ada, { lifecycleEngagement: endsIn(d(), HOUR) });
    expect(await byCertificate('ada')).toBe(ada);
    later(HOUR);
    expect(await byCertificate('ada')).toBe('invalidCredentials');
    expect(await byCertificate('bob')).toBe(person('bob'));
  });

  test('shuts first passwords', async () => {
    const first = await factorsOf(d()).makeFirstPassword({
      name: 'ada',
      by,
      forMs: DAY * 1000,
      uses: 5,
      afterMs: 0,
    });
    await setFacts(d(), ada, { lifecycleEngagement: endsIn(d(), HOUR) });
    expect((await bindAware(d(), ada, first.password)).identity.only).toBe('changePassword');
    later(HOUR);
    expect(await shutOut(d(), ada, first.password)).toBe('accountLocked');
  });

  test('that passes while a hash is computed shuts that bind', async () => {
    await setFacts(d(), ada, { lifecycleEngagement: endsIn(d(), HOUR) });
    later(HOUR - 1);
    const pending = d().bind(ada, 'pass');
    later(1);
    await refusal(() => pending, 'invalidCredentials');
  });

  test('leaves nobody a way to try passwords: it costs one hash, and counts against nobody', async () => {
    await setFacts(d(), ada, { lifecycleEngagement: endsIn(d(), HOUR) });
    later(HOUR);
    for (const password of ['pass', 'wrong', 'app-0000-0000-0000-0000-0000-0000-0000-0000']) {
      await d().settle();
      const before = d().pool.runs;
      expect(await bind(password)).toBe(INVALID);
      await d().settle();
      expect(d().pool.runs - before).toBe(1);
    }
    for (let i = 0; i < 20; i += 1) await bind(`wrong ${i}`);
    await ok(d().modify(ada, [['replace', 'lifecycleEngagement', 'id=1']]));
    expect(await bind('pass')).toBe(OK);
  });
});

describe('states', () => {
  test.each([
    ['leave', { lifecycleAbsence: 'kind=parental from=2026-01-01' }],
    ['suspended', { lifecycleBlock: 'kind=security by=policy since=2026-01-01' }],
    ['staged', { lifecycleEngagement: 'id=1 start=2026-02-01' }],
    ['offboarded', { lifecycleEngagement: 'id=1 end=2026-01-01' }],
  ])('%s: nobody comes in', async (state, facts: Record<string, string>) => {
    await setFacts(d(), ada, facts);
    expect(d().entry(ada).texts('lifecycleState')).toEqual([state]);
    expect(await bind('pass')).toBe(INVALID);
    expect(await byCertificate('ada')).toBe('invalidCredentials');
    expect(await bind('pass', person('bob'))).toBe(OK);
  });

  test('a block ends by itself where it says so', async () => {
    await setFacts(d(), ada, { lifecycleBlock: `${block(d())} until=${inSeconds(d(), HOUR)}` });
    expect(await bind('pass')).toBe(INVALID);
    later(HOUR);
    expect(await bind('pass')).toBe(OK);
  });

  test('a second account is shut with its person', async () => {
    const second = person('ada-admin');
    d().seed(manyPeople(['ada-admin'], { userPassword: 'pass' }));
    await setFacts(d(), second, { lifecyclePrincipal: ada });
    expect(await bind('pass', second)).toBe(OK);
    await setFacts(d(), ada, { lifecycleEngagement: endsIn(d(), HOUR) });
    later(HOUR);
    expect(await bind('pass', second)).toBe(INVALID);
  });

  test('the administrator is nobody whose state is asked', async () => {
    await setFacts(d(), ada, { lifecycleBlock: block(d()) });
    expect(await bind(adminPassword, adminDn)).toBe(OK);
  });
});

describe('somebody who starts soon', () => {
  const first = () =>
    factorsOf(d()).makeFirstPassword({
      name: 'ada',
      by,
      forMs: 30 * DAY * 1000,
      uses: 9,
      afterMs: 0,
    });

  test('may choose a password with a first one, within the window, and do nothing else', async () => {
    await setFacts(d(), ada, { lifecycleEngagement: `id=1 start=${inSeconds(d(), 20 * DAY)}` });
    const { password } = await first();
    expect(await shutOut(d(), ada, password)).toBe('accountLocked');
    later(6 * DAY);
    const client = await served().connect();
    expect(codeOf(await client.ask(bindOp(ada, password), [policyControl]))).toBe(OK);
    const { identity } = await bindAware(d(), ada, password);
    const as = { identity, origin };
    expect(identity.only).toBe('changePassword');
    expect(d().search('(uid=ada)', { as }).done.code).toBe('insufficientAccessRights');
    await ok(d().changePassword('', undefined, 'my-own-choice-of-words', as));
    // The password is there, and opens on the first day.
    expect(await bind('my-own-choice-of-words')).toBe(INVALID);
    later(14 * DAY);
    expect(await bind('my-own-choice-of-words')).toBe(OK);
  });

  test('does nothing in the session once the password is chosen', async () => {
    await setFacts(d(), ada, { lifecycleEngagement: `id=1 start=${inSeconds(d(), DAY)}` });
    const { password } = await first();
    const { identity } = await bindAware(d(), ada, password);
    const { only: _, ...freed } = identity;
    const as = { identity: freed, origin };
    expect(d().search('(uid=ada)', { as }).done.code).toBe('insufficientAccessRights');
  });

  test('without a first day has no window', async () => {
    await setFacts(d(), ada, {
      lifecycleEngagement: `id=1 start=${inSeconds(d(), 400 * DAY)}`,
    });
    const { password } = await first();
    expect(await shutOut(d(), ada, password)).toBe('accountLocked');
  });

  test('a password of the form of a first one does not open in the window', async () => {
    const looks = 'first-0000-0000-0000-0000-0000-0000-0000-0000';
    await ok(d().modify(ada, [['replace', 'userPassword', looks]]));
    await setFacts(d(), ada, { lifecycleEngagement: `id=1 start=${inSeconds(d(), DAY)}` });
    expect(await shutOut(d(), ada, looks)).toBe('accountLocked');
    later(DAY);
    expect(await bind(looks)).toBe(OK);
  });
});

test('in this suite nobody else is concerned', async () => {
  expect(d().reader.timelines.any).toBe(false);
  expect(await bind('pass')).toBe(OK);
  expect(d().entry(`ou=people,${suffix}`).texts('lifecycleState')).toEqual([]);
});
