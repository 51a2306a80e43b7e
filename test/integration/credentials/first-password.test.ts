/** First passwords over LDAP: a window, a number of uses, and nothing but a password of one's own. */
import { beforeEach, describe, expect, test } from '@jest/globals';
import { refusal } from '../../support/directory-expect.js';
import { manyPeople, person } from '../../support/directory-people.js';
import { adminDn } from '../../support/directory-requests.js';
import { factorsOf } from '../../support/factors.js';
import { eachServed } from '../../support/served-directory.js';
import { bindOp, codeOf, searchOp, type WireClient } from '../../support/wire-client.js';

const OK = 0;
const INVALID = 49;
const DENIED = 50;
const HOUR_MS = 3_600_000;
const ada = person('ada');
const by = 'tester';
const policyControl = { oid: '1.3.6.1.4.1.42.2.27.8.5.1', critical: false, value: undefined };

const served = eachServed();
const d = () => served().directory;
const make = (more: { forMs?: number; uses?: number; afterMs?: number; name?: string } = {}) =>
  factorsOf(d()).makeFirstPassword({
    name: 'ada',
    by,
    forMs: 24 * HOUR_MS,
    uses: 1,
    afterMs: 0,
    ...more,
  });

/** A bind whose client can deal with a password that must be changed. */
async function open(password: string, dn = ada): Promise<[number, WireClient]> {
  const client = await served().connect();
  return [codeOf(await client.ask(bindOp(dn, password), [policyControl])), client];
}
const opens = async (password: string) => (await open(password))[0];
const setPassword = (own: string) =>
  d().changePassword(ada, undefined, own, {
    ...d().user(ada),
    identity: { ...d().user(ada).identity, only: 'changePassword' },
  });

beforeEach(() => d().seed(manyPeople(['ada'], { userPassword: 'forgotten' })));

describe('a first password', () => {
  test('opens once, to set one’s own and nothing else; the password of before has ended', async () => {
    const made = await make();
    expect(made).toMatchObject({ dn: ada, uses: 1, ended: 1, ends: '2026-01-06T09:00:00.000Z' });
    expect(await served().bind(ada, 'forgotten')).toBe(INVALID);
    const [code, client] = await open(made.password);
    expect(code).toBe(OK);
    const found = await client.ask(searchOp(ada, '(objectClass=*)'));
    expect(codeOf(found)).toBe(DENIED);
    expect(await opens(made.password)).toBe(INVALID);
    expect(await setPassword('correct-horse-77-battery')).toMatchObject({ ok: true });
    expect(await served().bind(ada, 'correct-horse-77-battery')).toBe(OK);
    expect(await opens(made.password)).toBe(INVALID);
  });

  test('does not open for a client that would take it for an ordinary one, and is not used up', async () => {
    const { password } = await make();
    expect(await served().bind(ada, password)).toBe(INVALID);
    expect(await opens(password)).toBe(OK);
  });

  test('may open several times, durably counted, until one’s own password ends it', async () => {
    const { password } = await make({ uses: 3 });
    expect(await opens(password)).toBe(OK);
    d().reader.applyCommitted({ ...d().half.store.takeCommitted(), all: true });
    expect(await opens(password)).toBe(OK);
    await setPassword('correct-horse-77-battery');
    expect(await opens(password)).toBe(INVALID);
    expect(d().sql("SELECT count(*) FROM secret WHERE kind = 'oneTimePassword'")).toEqual([[0]]);
  });

  test('sent many times at once opens as often as it may', async () => {
    const { password } = await make({ uses: 2 });
    const codes = await Promise.all(Array.from({ length: 6 }, () => opens(password)));
    expect(codes.filter((code) => code === OK)).toHaveLength(2);
  });

  test('opens within its window only', async () => {
    const { password } = await make({ afterMs: HOUR_MS, forMs: HOUR_MS, uses: 5 });
    expect(await opens(password)).toBe(INVALID);
    d().clock.advance(HOUR_MS);
    expect(await opens(password)).toBe(OK);
    d().clock.advance(HOUR_MS - 1);
    expect(await opens(password)).toBe(OK);
    d().clock.advance(1);
    expect(await opens(password)).toBe(INVALID);
  });

  test('another ends it', async () => {
    const first = await make();
    const second = await make();
    expect(second.ended).toBe(1);
    expect(await opens(first.password)).toBe(INVALID);
    expect(await opens(second.password.toUpperCase())).toBe(OK);
  });

  test('is nowhere in the clear, and makes a change with author and reason', async () => {
    const { password } = await make();
    const values = d().sql('SELECT value FROM secret');
    const text = values.map(([value]) => (value as Buffer).toString('latin1')).join('\n');
    expect(text).not.toContain(password);
    expect(d().sql('SELECT reason FROM change ORDER BY seq DESC LIMIT 1')).toEqual([
      ['first password made by tester'],
    ]);
  });

  test('is not for the administrator, nor for no time or no use', async () => {
    const admin = await refusal(() => make({ name: adminDn }), 'unwillingToPerform');
    expect(admin.message).toContain('tenure admin recover');
    await refusal(() => make({ forMs: 0 }), 'constraintViolation');
    await refusal(() => make({ uses: 0 }), 'constraintViolation');
    await refusal(() => make({ uses: 1.5 }), 'constraintViolation');
  });
});
