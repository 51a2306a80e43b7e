/** Second factors over LDAP: enrolled, confirmed, asked for, never good twice. */
import { beforeEach, describe, expect, test } from '@jest/globals';
import { codeAt, newFactor, readSeed } from '../../../src/credentials/otp/index.js';
import { refusal } from '../../support/directory-expect.js';
import { manyPeople, person } from '../../support/directory-people.js';
import { adminDn, adminPassword } from '../../support/directory-requests.js';
import { factorsOf } from '../../support/factors.js';
import { eachServed } from '../../support/served-directory.js';

const OK = 0;
const INVALID = 49;
const STEP_MS = 30_000;
const ada = person('ada');
const by = 'tester';
const served = eachServed();
const d = () => served().directory;
const factors = () => factorsOf(d());
const bind = (password: string, dn = ada) => served().bind(dn, password);

/** A device that was given the secret. */
function device(secret: string, type: 'totp' | 'hotp' = 'totp') {
  const read = readSeed(secret);
  if (!read.ok) throw new Error(read.reason);
  const factor = newFactor(type, read.seed, 0);
  return {
    now: (steps = 0) => codeAt(factor, Math.floor(d().clock.nowMs() / STEP_MS) + steps),
    at: (counter: number) => codeAt(factor, counter),
  };
}

async function enrolled(name = 'ada') {
  const enrolment = await factors().enrol({ name, by, type: 'totp', replace: false });
  const phone = device(enrolment.secret);
  await factors().confirm({ name, by, code: phone.now() });
  d().clock.advance(STEP_MS);
  return { phone, codes: enrolment.recoveryCodes };
}

const factorRow = () => d().sql("SELECT id, value, revision FROM secret WHERE kind = 'totp'");

beforeEach(() => {
  d().seed(manyPeople(['ada', 'bob'], { userPassword: 'pass' }));
  d().seed({ [person('eve')]: { objectClass: 'inetOrgPerson', uid: 'eve', cn: 'e', sn: 'e' } });
});

describe('enrolment', () => {
  test('gives secret, URI and recovery codes once; none of it is in the clear afterwards', async () => {
    const made = await factors().enrol({ name: 'ada', by, type: 'totp', replace: false });
    expect(made.uri).toMatch(/^otpauth:\/\/totp\/example\.com:ada\?secret=[A-Z2-7]{32}&/);
    expect(made.recoveryCodes).toHaveLength(10);
    const everything = d()
      .sql('SELECT value FROM secret')
      .map(([value]) => (value as Buffer).toString('latin1'))
      .concat(d().logged(0))
      .join('\n');
    const read = readSeed(made.secret);
    expect(everything).not.toContain(made.secret);
    expect(everything).not.toContain(read.ok ? read.seed.toString('latin1') : '?');
    for (const code of made.recoveryCodes) expect(everything).not.toContain(code);
    expect(await factors().status({ name: ada })).toMatchObject({
      dn: ada,
      state: 'pending',
      type: 'totp',
      recoveryCodesLeft: 10,
    });
  });

  test('until a first code is seen the password alone opens', async () => {
    const made = await factors().enrol({ name: 'ada', by, type: 'totp', replace: false });
    expect(await bind('pass')).toBe(OK);
    const code = device(made.secret).now();
    const wrong = code === '000000' ? '000001' : '000000';
    expect(await bind(`pass${wrong}`)).toBe(INVALID);
    expect((await factors().status({ name: 'ada' })).state).toBe('pending');
  });

  test('is confirmed at the command line by a code, and by nothing else', async () => {
    const { clock } = d();
    await refusal(() => factors().confirm({ name: 'ada', by, code: '123456' }), 'noSuchAttribute');
    const made = await factors().enrol({ name: 'ada', by, type: 'totp', replace: false });
    const phone = device(made.secret);
    for (const [code, reason] of [
      ['12345', 'a code is 6 digits'],
      ['12345x', 'a code is 6 digits'],
      ['', 'a code is 6 digits'],
      [phone.now(7), 'the code is wrong now'],
    ]) {
      const error = await refusal(
        () => factors().confirm({ name: 'ada', by, code: code! }),
        'invalidCredentials',
      );
      expect(error.message).toContain(reason);
    }
    const code = phone.now();
    expect((await factors().confirm({ name: 'ada', by, code })).state).toBe('active');
    const again = await refusal(
      () => factors().confirm({ name: 'ada', by, code }),
      'invalidCredentials',
    );
    expect(again.message).toContain('has been used');
    expect(await bind('pass')).toBe(INVALID);
    expect(await bind(`pass${code}`)).toBe(INVALID);
    clock.advance(STEP_MS);
    expect(await bind(`pass${phone.now()}`)).toBe(OK);
  });

  test('is confirmed by the person, who logs in with a code', async () => {
    const made = await factors().enrol({ name: 'ada', by, type: 'totp', replace: false });
    const phone = device(made.secret);
    expect(await bind(`pass${phone.now()}`)).toBe(OK);
    expect((await factors().status({ name: 'ada' })).state).toBe('active');
    expect(await bind('pass')).toBe(INVALID);
    expect(await bind(`pass${phone.now()}`)).toBe(INVALID);
  });

  test('happens once unless the old one is to be replaced; it ends with its codes', async () => {
    const { phone, codes } = await enrolled();
    const error = await refusal(
      () => factors().enrol({ name: 'ada', by, type: 'totp', replace: false }),
      'unwillingToPerform',
    );
    expect(error.message).toContain('--replace');
    const next = await factors().enrol({ name: 'ada', by, type: 'hotp', replace: true });
    expect(await bind(`pass${phone.now()}`)).toBe(INVALID);
    expect(await bind(`pass${device(next.secret, 'hotp').at(0)}`)).toBe(OK);
    expect(await bind(`pass${codes[0]}`)).toBe(INVALID);
    expect(await bind(`pass${next.recoveryCodes[0]}`)).toBe(OK);
    await factors().disable({ name: 'ada', by });
    expect(await factors().status({ name: 'ada' })).toEqual({
      dn: ada,
      state: 'none',
      recoveryCodesLeft: 0,
    });
    expect(await bind('pass')).toBe(OK);
    await refusal(() => factors().disable({ name: 'ada', by }), 'noSuchAttribute');
  });

  test('takes a secret that a device brings, if it is one', async () => {
    const enrol = (secret: string) =>
      factors().enrol({ name: 'ada', by, type: 'hotp', replace: false, secret });
    expect((await refusal(() => enrol('GEZDGNBV'), 'constraintViolation')).message).toBe(
      'the secret has 5 bytes, not 16 to 64',
    );
    expect((await refusal(() => enrol('not base32!'), 'constraintViolation')).message).toContain(
      'not base32',
    );
    // RFC 4226, Appendix D: the codes of counter 0 and 1.
    await enrol('gezd gnbv gy3t qojq gezd gnbv gy3t qojq');
    expect(await bind('pass755224')).toBe(OK);
    expect(await bind('pass755224')).toBe(INVALID);
    expect(await bind('pass287082')).toBe(OK);
  });
});

describe('a login with a code', () => {
  test('needs both, the password first', async () => {
    const { phone } = await enrolled();
    for (const sent of ['pass', `wrong${phone.now()}`, phone.now(), `pass${phone.now(5)}`]) {
      expect(await bind(sent)).toBe(INVALID);
    }
    expect(await bind(`pass${phone.now()}`)).toBe(OK);
  });

  test('a separator is part of the password unless a policy says otherwise', async () => {
    const { phone } = await enrolled();
    expect(await bind(`pass,${phone.now()}`)).toBe(INVALID);
    expect(await bind(`pass${phone.now()}`)).toBe(OK);
  });

  test('a code opens once, on whichever connection, and a wrong password uses none up', async () => {
    const { phone } = await enrolled();
    const code = phone.now();
    expect(await bind(`wrong${code}`)).toBe(INVALID);
    const all = await Promise.all([1, 2, 3, 4, 5].map(() => bind(`pass${code}`)));
    expect(all.filter((result) => result === OK)).toHaveLength(1);
    expect(await bind(`pass${code}`)).toBe(INVALID);
    // The one before is still within the drift, and gone with it.
    expect(await bind(`pass${phone.now(-1)}`)).toBe(INVALID);
    expect(await bind(`pass${phone.now(1)}`)).toBe(OK);
    expect(await bind(`pass${phone.now(2)}`)).toBe(INVALID);
  });

  test('what was used is on disk before the answer, and no part of the log', async () => {
    const { phone } = await enrolled();
    const [before] = factorRow();
    const changes = d().sql('SELECT count(*) FROM change')[0]![0];
    expect(await bind(`pass${phone.now()}`)).toBe(OK);
    const [after] = factorRow();
    expect(after![0]).toBe(before![0]);
    expect(after![2]).toBe(Number(before![2]) + 1);
    expect(d().sql('SELECT count(*) FROM change')[0]![0]).toBe(changes);
  });

  test('the clock may be a step off, not two', async () => {
    const { phone } = await enrolled();
    expect(await bind(`pass${phone.now(-2)}`)).toBe(INVALID);
    expect(await bind(`pass${phone.now(2)}`)).toBe(INVALID);
    d().clock.advance(STEP_MS);
    expect(await bind(`pass${phone.now(-1)}`)).toBe(OK);
    expect(await bind(`pass${phone.now(1)}`)).toBe(OK);
  });

  test('what is not digits is no code', async () => {
    await enrolled();
    for (const code of ['', '12345', 'abcdef', '12 456', '１２３４５６', '-12345']) {
      expect(await bind(`pass${code}`)).toBe(INVALID);
    }
  });

  test('a recovery code stands in once, capitals or not', async () => {
    const { codes, phone } = await enrolled();
    expect(await bind(codes[0]!)).toBe(INVALID);
    expect(await bind(`wrong${codes[0]}`)).toBe(INVALID);
    expect(await bind(`pass${codes[0]}`)).toBe(OK);
    expect(await bind(`pass${codes[0]}`)).toBe(INVALID);
    expect(await bind(`pass${codes[1]!.toUpperCase()}`)).toBe(OK);
    expect(d().logged(0).at(-1)).toContain('recoveryCode');
    const { recoveryCodesLeft } = await factors().status({ name: 'ada' });
    expect(recoveryCodesLeft).toBe(8);
    const renewed = await factors().renewRecoveryCodes({ name: 'ada', by });
    expect(await bind(`pass${codes[2]}`)).toBe(INVALID);
    expect(await bind(`pass${renewed.recoveryCodes[0]}`)).toBe(OK);
    expect(await bind(`pass${phone.now()}`)).toBe(OK);
  });

  test('a recovery code sent many times at once opens once', async () => {
    const { codes } = await enrolled();
    const all = await Promise.all([1, 2, 3, 4, 5].map(() => bind(`pass${codes[0]}`)));
    expect(all.filter((code) => code === OK)).toHaveLength(1);
    expect((await factors().status({ name: 'ada' })).recoveryCodesLeft).toBe(9);
  });

  test('of somebody else is none', async () => {
    const { phone, codes } = await enrolled();
    await enrolled('bob');
    expect(await bind(`pass${phone.now()}`, person('bob'))).toBe(INVALID);
    expect(await bind(`pass${codes[0]}`, person('bob'))).toBe(INVALID);
  });

  test('protects the administrator as well', async () => {
    const made = await factors().enrol({ name: adminDn, by, type: 'totp', replace: false });
    const phone = device(made.secret);
    expect(await bind(`${adminPassword}${phone.now()}`, adminDn)).toBe(OK);
    expect(await bind(adminPassword, adminDn)).toBe(INVALID);
  });

  test('that was used stays used when the server has gone and come back', async () => {
    const { phone } = await enrolled();
    const code = phone.now();
    expect(await bind(`pass${code}`)).toBe(OK);
    const { half } = d();
    // Everything that a process would lose: what is left is the database.
    d().reader.applyCommitted({ ...half.store.takeCommitted(), all: true });
    expect(await bind(`pass${code}`)).toBe(INVALID);
    const error = await refusal(
      () => factors().confirm({ name: 'ada', by, code }),
      'invalidCredentials',
    );
    expect(error.message).toContain('has been used');
  });

  test('one that does not open any more refuses, and is told to the log', async () => {
    const { phone } = await enrolled();
    const { half, reader, defects } = d();
    const secret = reader.secrets(d().names.idOf(ada)).find(({ kind }) => kind === 'totp')!;
    const broken = Buffer.from(secret.value);
    broken[broken.length - 1]! ^= 1;
    half.store.begin();
    half.store.replaceSecretValue(secret.id, secret.revision, broken);
    half.store.commit();
    reader.applyCommitted(half.store.takeCommitted());
    expect(await bind(`pass${phone.now()}`)).toBe(INVALID);
    expect(await bind('pass')).toBe(INVALID);
    expect(String(defects.splice(0)[0])).toContain('altered, or moved here');
  });
});

describe('the cost of a refusal', () => {
  test('is one hash, whatever is wrong and whether or not somebody is enrolled', async () => {
    const { phone, codes } = await enrolled();
    const { recoveryCodes } = await factors().enrol({
      name: 'bob',
      by,
      type: 'totp',
      replace: false,
    });
    const cost = async (dn: string, sent: string) => {
      d().verified?.clear();
      await d().settle();
      const before = d().pool.runs;
      expect(await bind(sent, dn)).toBe(INVALID);
      await d().settle();
      return d().pool.runs - before;
    };
    const bob = person('bob');
    const cases: [string, string][] = [
      [person('nobody'), `pass${phone.now()}`],
      [person('eve'), `pass${phone.now()}`],
      [ada, 'pass'],
      [ada, 'wrong'],
      [ada, phone.now()],
      [ada, `wrong${phone.now()}`],
      [ada, `pass${phone.now(9)}`],
      [ada, `pass,${phone.now()}`],
      [ada, `wrong${codes[0]}`],
      [ada, `pass${recoveryCodes[0]}`],
      [bob, `pass${phone.now()}`],
      [bob, 'wrong'],
      [bob, `pass${recoveryCodes[0]}`],
    ];
    for (const [dn, sent] of cases) {
      d().guard.unlocked(d().names.idOf(dn));
      expect([dn, sent, await cost(dn, sent)]).toEqual([dn, sent, 1]);
    }
  });
});
