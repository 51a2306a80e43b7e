/** App passwords over LDAP, and the service through which somebody binds. */
import { beforeEach, describe, expect, test } from '@jest/globals';
import { ok, refusal, refused } from '../../support/directory-expect.js';
import { manyPeople, person } from '../../support/directory-people.js';
import { suffix } from '../../support/directory-requests.js';
import { factorsOf } from '../../support/factors.js';
import { eachServed } from '../../support/served-directory.js';
import { bindOp } from '../../support/wire-client.js';

const OK = 0;
const INVALID = 49;
const DAY_MS = 86_400_000;
const ada = person('ada');
const by = 'tester';
const service = (uid: string) => `uid=${uid},ou=services,${suffix}`;
const accountOf = (uid: string, more: Record<string, string | string[]> = {}) => ({
  objectClass: ['account', 'simpleSecurityObject', 'tenureService'],
  uid,
  userPassword: `${uid}-secret`,
  ...more,
});

const served = eachServed();
const d = () => served().directory;
const factors = () => factorsOf(d());
const bind = (password: string, dn = ada) => served().bind(dn, password);
const add = (label: string, more: { service?: string; forMs?: number; name?: string } = {}) =>
  factors().addAppPassword({
    name: 'ada',
    by,
    label,
    service: undefined,
    forMs: undefined,
    ...more,
  });

beforeEach(() => {
  d().seed(manyPeople(['ada', 'bob'], { userPassword: 'pass' }));
  d().seed({ [service('mail')]: accountOf('mail'), [service('wiki')]: accountOf('wiki') });
});

/** Binds as the service first, then as somebody, on one connection. */
async function through(uid: string, password: string, dn = ada): Promise<number> {
  const client = await served().connect();
  expect(await client.code(bindOp(service(uid), `${uid}-secret`))).toBe(OK);
  return client.code(bindOp(dn, password));
}

describe('an app password', () => {
  test('opens beside the password, for its owner only, and is nowhere in the clear', async () => {
    const { password } = await add('phone');
    expect(password).toMatch(/^app-/);
    expect(await bind(password)).toBe(OK);
    expect(await bind(password.toUpperCase())).toBe(OK);
    expect(await bind('pass')).toBe(OK);
    expect(await bind(password, person('bob'))).toBe(INVALID);
    expect(await bind(`${password}x`)).toBe(INVALID);
    const values = d().sql('SELECT value FROM secret');
    const text = values.map(([value]) => (value as Buffer).toString('latin1')).join('\n');
    expect(text).not.toContain(password);
    expect(d().logged(0).join('\n')).not.toContain(password);
    expect(d().export()).not.toContain('appPassword');
  });

  test('opens while wrong passwords have locked the person, and unlocks nothing', async () => {
    const { password } = await add('phone');
    for (let i = 0; i < 10; i += 1) expect(await bind(`wrong ${i}`)).toBe(INVALID);
    expect(await bind('pass')).toBe(INVALID);
    expect(await bind(password)).toBe(OK);
    const wrong = password.slice(0, -1) + (password.endsWith('0') ? '1' : '0');
    expect(await bind(wrong)).toBe(INVALID);
    expect(await bind('pass')).toBe(INVALID);
    d().clock.advance(DAY_MS);
    expect(await bind('pass')).toBe(OK);
  });

  test('costs no slow hash where it fits, and one like any password where it does not', async () => {
    const { password } = await add('phone');
    const runs = async (sent: string, dn = ada) => {
      await d().settle();
      const before = d().pool.runs;
      await bind(sent, dn);
      await d().settle();
      return d().pool.runs - before;
    };
    expect(await runs(password)).toBe(0);
    const wrong = password.slice(0, -1) + (password.endsWith('0') ? '1' : '0');
    expect(await runs(wrong)).toBe(1);
    expect(await runs(password, person('bob'))).toBe(1);
    expect(await runs(password, person('nobody'))).toBe(1);
  });

  test('is not asked for a second factor', async () => {
    const { password } = await add('phone');
    const { uri } = await factors().enrol({ name: 'ada', by, type: 'hotp', replace: false });
    expect(uri).toContain('hotp');
    expect(await bind(password)).toBe(OK);
  });

  test('bound to a service opens through that one only', async () => {
    const { password, appPassword } = await add('mail on the phone', { service: 'mail' });
    expect(appPassword.service).toBe(service('mail'));
    expect(await bind(password)).toBe(INVALID);
    expect(await through('wiki', password)).toBe(INVALID);
    expect(await through('mail', password)).toBe(OK);
  });

  test('ends', async () => {
    const { password, appPassword } = await add('phone', { forMs: DAY_MS });
    expect(appPassword).toMatchObject({ ended: false, ends: '2026-01-06T09:00:00.000Z' });
    d().clock.advance(DAY_MS - 1);
    expect(await bind(password)).toBe(OK);
    d().clock.advance(1);
    expect(await bind(password)).toBe(INVALID);
    const { appPasswords } = await factors().listAppPasswords({ name: 'ada' });
    expect(appPasswords).toMatchObject([{ label: 'phone', ended: true }]);
  });

  test('is listed with its last use, and revoked alone, by label or id', async () => {
    const phone = await add('phone', { service: 'mail' });
    const tablet = await add('tablet');
    expect(await through('mail', phone.password)).toBe(OK);
    await d().guard.flush();
    const { appPasswords } = await factors().listAppPasswords({ name: 'ada' });
    expect(appPasswords).toMatchObject([
      {
        label: 'phone',
        service: service('mail'),
        lastUse: { at: '2026-01-05T09:00:00.000Z', from: '127.0.0.1', service: service('mail') },
      },
      { label: 'tablet', service: 'any' },
    ]);
    expect(appPasswords[1]).not.toHaveProperty('lastUse');
    const revoke = (which: string) => factors().revokeAppPassword({ name: 'ada', by, which });
    const typo = await refusal(() => revoke('tablte'), 'noSuchAttribute');
    expect(typo.message).toContain('did you mean "tablet"?');
    await revoke('phone');
    expect(await through('mail', phone.password)).toBe(INVALID);
    expect(await bind(tablet.password)).toBe(OK);
    await revoke(tablet.appPassword.id);
    expect(await bind(tablet.password)).toBe(INVALID);
    expect(await bind('pass')).toBe(OK);
  });

  test('of a service that is gone opens nothing', async () => {
    const { password } = await add('phone', { service: 'mail' });
    await ok(d().delete(service('mail')));
    d().seed({ [service('mail')]: accountOf('mail') });
    expect(await through('mail', password)).toBe(INVALID);
    const { appPasswords } = await factors().listAppPasswords({ name: 'ada' });
    expect(appPasswords[0]?.service).toBe('gone');
  });

  test('needs a name, a service that is one, and a time', async () => {
    await add('phone');
    for (const [label, code] of [
      ['', 'constraintViolation'],
      ['x'.repeat(65), 'constraintViolation'],
      ['a\nb', 'constraintViolation'],
      ['phone', 'entryAlreadyExists'],
    ] as const) {
      await refusal(() => add(label), code);
    }
    const bob = await refusal(() => add('x', { service: 'bob' }), 'unwillingToPerform');
    expect(bob.message).toContain('is not a service account');
    const typo = await refusal(() => add('x', { service: 'mial' }), 'noSuchObject');
    expect(typo.message).toContain('did you mean mail?');
    await refusal(() => add('x', { forMs: 0 }), 'constraintViolation');
    await refusal(() => add('x', { forMs: 1e15 }), 'constraintViolation');
  });
});

describe('the service through which somebody binds', () => {
  const own = async () => (await add('bound', { service: 'mail' })).password;

  test('is the one last bound on the connection, though people have bound or failed since', async () => {
    const password = await own();
    const client = await served().connect();
    await client.code(bindOp(service('mail'), 'mail-secret'));
    expect(await client.code(bindOp(person('bob'), 'pass'))).toBe(OK);
    expect(await client.code(bindOp(person('bob'), 'wrong'))).toBe(INVALID);
    expect(await client.code(bindOp(ada, password))).toBe(OK);
    expect(await client.code(bindOp(service('wiki'), 'wiki-secret'))).toBe(OK);
    expect(await client.code(bindOp(ada, password))).toBe(INVALID);
    const other = await served().connect();
    expect(await other.code(bindOp(ada, password))).toBe(INVALID);
  });

  test('a bind of the service that failed proves nothing', async () => {
    const password = await own();
    const client = await served().connect();
    expect(await client.code(bindOp(service('mail'), 'wrong'))).toBe(INVALID);
    expect(await client.code(bindOp(ada, password))).toBe(INVALID);
  });

  test('is else the one whose addresses hold the peer, as they are now', async () => {
    const password = await own();
    const set = (uid: string, ...values: string[]) =>
      ok(d().modify(service(uid), [['replace', 'tenureServiceAddress', ...values]]));
    expect(await bind(password)).toBe(INVALID);
    await set('mail', '203.0.113.0/24');
    expect(await bind(password)).toBe(INVALID);
    await set('mail', '203.0.113.0/24', '127.0.0.0/8');
    expect(await bind(password)).toBe(OK);
    // The narrower network is the one; the same network twice is nobody's.
    await set('wiki', '127.0.0.1');
    expect(await bind(password)).toBe(INVALID);
    await set('mail', '127.0.0.1/32');
    expect(await bind(password)).toBe(INVALID);
    await set('wiki', '127.0.0.0/9');
    expect(await bind(password)).toBe(OK);
    await set('mail');
    expect(await bind(password)).toBe(INVALID);
    await set('wiki');
    d().seed({
      [`uid=imap,ou=people,${suffix}`]: accountOf('imap', { tenureServiceAddress: '127.0.0.1' }),
    });
    const imap = (await add('imap', { service: 'imap' })).password;
    expect(await bind(imap)).toBe(OK);
    await ok(d().delete(`uid=imap,ou=people,${suffix}`));
    expect(await bind(imap)).toBe(INVALID);
  });

  test('an address is checked when it is written', async () => {
    for (const wrong of ['127.0.0.1/8', 'localhost', '127.0.0.0/33', '']) {
      await refused(
        d().modify(service('mail'), [['add', 'tenureServiceAddress', wrong]]),
        'invalidAttributeSyntax',
      );
    }
  });
});
