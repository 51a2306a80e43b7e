/** What an administrator does about logins: unlocking, bypassing, and what the log keeps of it. */
import { beforeEach, describe, expect, test } from '@jest/globals';
import { bypassedUntil } from '../../../src/directory/operations/index.js';
import { eachDirectory } from '../../support/directory-each.js';
import { ok, refused } from '../../support/directory-expect.js';
import { manyPeople, person } from '../../support/directory-people.js';

const ada = person('ada');
const HOUR = 3_600;
const at = eachDirectory();
const owner = (dn = ada) => at().names.resolve(at().names.parse(dn)).id;
const now = () => Math.floor(at().clock.nowMs() / 1000);

const opens = (password: string) =>
  at()
    .bind(ada, password)
    .then(
      () => true,
      () => false,
    );

function unlock(id = owner()) {
  const d = at();
  const [outcome] = d.apply([
    { op: 'unlock', context: d.admin, reason: 'tenure unlock by root: called me', owner: id },
  ]);
  if (outcome!.ok) d.guard.unlocked(id);
  return Promise.resolve(outcome!);
}

function bypass(until: number | undefined, id = owner()) {
  const d = at();
  const reason = 'tenure bypass by root: lost phone';
  const request = { op: 'bypass', context: d.admin, reason, owner: id, until } as const;
  return Promise.resolve(d.apply([request])[0]!);
}

/** Reasons of the last changes, newest first, with what they are about. */
const changes = (n: number) =>
  at().sql(
    'SELECT actor, reason, payload FROM change JOIN change_item USING(seq) ORDER BY seq DESC LIMIT ?',
    n,
  );

beforeEach(async () => {
  at().seed(manyPeople(['ada']));
  await ok(at().modify(ada, [['add', 'userPassword', 'right']]));
});

describe('unlocking', () => {
  test('opens at once, for good, and is a Change with author and reason', async () => {
    const d = at();
    for (let i = 0; i < 10; i += 1) expect(await opens(`wrong ${i}`)).toBe(false);
    expect(await opens('right')).toBe(false);
    const before = d.entry(ada).attributes.get('modifyTimestamp');
    d.clock.advance(1_000);
    await ok(unlock());
    expect(d.sql('SELECT count(*) FROM lockout')).toEqual([[0]]);
    expect(await opens('right')).toBe(true);
    await d.guard.flush();
    expect(d.sql('SELECT count(*) FROM lockout')).toEqual([[0]]);
    const [[actor, reason, payload]] = changes(1) as [[string, string, string]];
    expect([actor, reason]).toEqual([d.admin.identity.dn, 'tenure unlock by root: called me']);
    expect(JSON.parse(payload)).toMatchObject({ op: 'modify', dn: ada, values: [] });
    expect(d.entry(ada).attributes.get('modifyTimestamp')).toEqual(before);
  });

  test('takes away a lock that was set by hand', async () => {
    const d = at();
    await ok(d.modify(ada, [['add', 'pwdAccountLockedTime', '000001010000Z']]));
    await ok(unlock());
    expect(d.entry(ada).attributes.has('pwdAccountLockedTime')).toBe(false);
  });

  test('of nobody is refused', async () => {
    await refused(unlock(99_999), 'noSuchObject');
  });
});

describe('a bypass', () => {
  const until = () => bypassedUntil(at().reader.entry(owner())!, at().reader);

  test('is a time on the entry, a Change, and ends when told to', async () => {
    const d = at();
    expect(until()).toBeUndefined();
    await ok(bypass(now() + 4 * HOUR));
    expect(until()).toBe(now() + 4 * HOUR);
    expect(d.entry(ada, ['+']).attributes.get('tenureBypassUntil')).toHaveLength(1);
    expect(d.entry(ada, ['*']).attributes.has('tenureBypassUntil')).toBe(false);
    const [[, reason, payload]] = changes(1) as [[string, string, string]];
    expect(reason).toBe('tenure bypass by root: lost phone');
    expect(JSON.parse(payload)).toMatchObject({
      values: [{ attribute: 'tenureBypassUntil', removed: [], added: ['20260105130000Z'] }],
    });
    await ok(bypass(now() + 8 * HOUR));
    expect(until()).toBe(now() + 8 * HOUR);
    await ok(bypass(undefined));
    expect(until()).toBeUndefined();
    await ok(bypass(undefined));
  });

  test('is never for an administrator, in the past, or for longer than a week', async () => {
    const admin = at().reader.administratorId();
    expect(await refused(bypass(now() + HOUR, admin), 'unwillingToPerform')).toContain(
      'administrator',
    );
    await refused(bypass(now()), 'constraintViolation');
    await refused(bypass(now() + 169 * HOUR), 'constraintViolation');
    await ok(bypass(now() + 168 * HOUR));
  });

  test('cannot be given by a modify, nor comes with an import', async () => {
    const d = at();
    const change = ['add', 'tenureBypassUntil', '20270101000000Z'] as const;
    await refused(d.modify(ada, [change]), 'constraintViolation');
    await ok(bypass(now() + HOUR));
    const ldif = d.export();
    expect(ldif).toContain('tenureBypassUntil: ');
    await ok(d.delete(ada));
    await d.import(ldif.slice(ldif.indexOf(`dn: ${ada}`)).split('\n\n')[0]!);
    expect(until()).toBeUndefined();
  });

  test('is found by search while it is there', async () => {
    expect(at().found('(tenureBypassUntil=*)')).toEqual([]);
    await ok(bypass(now() + HOUR));
    expect(at().found('(tenureBypassUntil=*)')).toEqual([ada]);
  });
});
