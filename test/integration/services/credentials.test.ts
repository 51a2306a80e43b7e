/** What a service logs in with: made, shown once, and replaced while two of them open. */
import { beforeEach, describe, expect, test } from '@jest/globals';
import type { ServicesEngine } from '../../../src/admin/services.js';
import { ok, refusal, refused } from '../../support/directory-expect.js';
import { manyPeople, person } from '../../support/directory-people.js';
import { TestDirectory } from '../../support/directory-temp.js';
import { TestEngine } from '../../support/engine.js';
import { eachServed } from '../../support/served-directory.js';
import { by, service, servicesOf, wiki } from '../../support/services.js';

const DAY = 86_400_000;
const [OK, INVALID] = [0, 49];
const served = eachServed();
const d = () => served().directory;
const dn = service('wiki');
let services: ServicesEngine;

const bind = (password: string, name = dn) => served().bind(name, password);
const rotate = (more = {}) => services.rotate({ name: 'wiki', by, because: '', ...more });
const days = (n: number) => served().advance(n * DAY);

beforeEach(() => {
  d().seed(manyPeople(['ada', 'bob'], { userPassword: 'pass' }));
  services = servicesOf(d());
});

describe('a new service', () => {
  test('has an owner, a deputy, a purpose and an end, and a credential that opens', async () => {
    const made = await services.add(wiki);
    expect(made).toMatchObject({
      dn,
      owner: 'ada',
      deputy: 'bob',
      purpose: 'logins of the wiki',
      ends: '2026-07-01T00:00:00.000Z',
      health: 'green',
    });
    expect(made.credential).toMatch(/^svc-/);
    expect(d().written.at(-1)!.op).toBe('together');
    expect(await bind(made.credential)).toBe(OK);
    expect(await bind(made.credential.toUpperCase())).toBe(OK);
    expect(await bind(`${made.credential}x`)).toBe(INVALID);
    expect(await bind(made.credential, person('ada'))).toBe(INVALID);
    const stored = d().sql('SELECT value FROM secret').map(String).join('\n');
    expect(stored).not.toContain(made.credential);
    expect(d().logged(0).join('\n')).not.toContain(made.credential);
    expect(JSON.stringify(await services.show({ name: 'wiki' }))).not.toContain(made.credential);
  });

  test('is refused where something is missing or wrong, and nothing is made', async () => {
    const wrong = async (more: object, says: RegExp) => {
      await expect(services.add({ ...wiki, ...more })).rejects.toThrow(says);
    };
    await wrong({ owner: 'nobody' }, /nobody here is called "nobody"/);
    await wrong({ deputy: 'ada' }, /ada cannot be both/);
    await wrong({ purpose: ' ' }, /--purpose/);
    await wrong({ until: 'yesterday-ish' }, /--until/);
    await wrong({ until: '2020-01-01' }, /is past/);
    await wrong({ name: 'Wi ki' }, /no name of a service/);
    await wrong({ from: ['10.0.0.1/8'] }, /is 10\.0\.0\.0\/8 meant/);
    await wrong({ view: ['sees=uidd'] }, /did you mean uid/);
    expect(d().names.idOf(dn)).toBe(0);
    await services.add(wiki);
    await wrong({}, /already/);
    await wrong({ name: 'other', owner: 'wiki' }, /wiki is a service, not a person/);
  });

  test('needs what the policy says that it must have', async () => {
    const engine = new TestEngine(d());
    await engine.install(
      'tenure: 1\nkinds:\n' +
        '  service: {who: below ou=services, must have: [owner, deputy, purpose, end within 1 month]}\n' +
        '  person: {who: everyone}\n',
    );
    const text = /is of kind service, which must have end within 1 month \(policy, line 3\)/;
    await expect(services.add(wiki)).rejects.toThrow(text);
    await services.add({ ...wiki, until: '2026-01-31' });
  });
});

describe('rotation', () => {
  test('lets old and new open for a week, then the old one ends by itself', async () => {
    const { credential: old } = await services.add(wiki);
    days(1);
    const { credential: fresh, oldUntil } = await rotate();
    expect(oldUntil).toBe('2026-01-13T09:00:00.000Z');
    expect([await bind(old), await bind(fresh)]).toEqual([OK, OK]);
    served().advance(7 * DAY - 1000);
    expect([await bind(old), await bind(fresh)]).toEqual([OK, OK]);
    served().advance(1000);
    expect([await bind(old), await bind(fresh)]).toEqual([INVALID, OK]);
    const { credentials } = await services.show({ name: 'wiki' });
    expect(credentials.map(({ ended }) => ended)).toEqual([true, false]);
  });

  test('ends the old one at once where that is said', async () => {
    const { credential: old } = await services.add(wiki);
    const { credential: fresh } = await rotate({ overlapMs: 0 });
    expect([await bind(old), await bind(fresh)]).toEqual([INVALID, OK]);
  });

  test('ends a password that somebody chose like any other', async () => {
    d().seed({
      [service('old')]: {
        objectClass: ['account', 'simpleSecurityObject'],
        uid: 'old',
        userPassword: 'chosen',
      },
    });
    await services.rotate({ name: 'old', by, because: '', overlapMs: DAY });
    expect(await bind('chosen', service('old'))).toBe(OK);
    days(1);
    expect(await bind('chosen', service('old'))).toBe(INVALID);
  });

  test('a password that is set by hand is the only one', async () => {
    const { credential } = await services.add(wiki);
    await ok(d().modify(dn, [['replace', 'userPassword', 'by hand']]));
    expect([await bind(credential), await bind('by hand')]).toEqual([INVALID, OK]);
  });

  test('goes on where it was in a directory that is made of an export', async () => {
    const { credential: old } = await services.add(wiki);
    days(1);
    const { credential: fresh } = await rotate();
    const ldif = d().export();
    expect(ldif).not.toContain(old);
    const other = await TestDirectory.open();
    try {
      other.clock.advance(DAY);
      await other.import(ldif);
      const opens = async (password: string) => {
        try {
          return (await other.bind(dn, password)).dn;
        } catch {
          return 'refused';
        }
      };
      expect([await opens(old), await opens(fresh)]).toEqual([dn, dn]);
      const lines = (text: string) => text.match(/^serviceSecret:.*(\n .*)*/gm);
      expect(lines(ldif)).toHaveLength(2);
      expect(lines(other.export())).toEqual(lines(ldif));
      other.clock.advance(7 * DAY);
      expect([await opens(old), await opens(fresh)]).toEqual(['refused', dn]);
      expect(other.search('(serviceSecret=*)').entries).toEqual([]);
      expect([...other.entry(dn).attributes.keys()]).not.toContain('serviceSecret');
      const zed = service('zed');
      const made = `dn: ${zed}\nobjectClass: account\nuid: zed\nserviceSecret: {"v":1\n`;
      await expect(other.import(made)).rejects.toThrow(/what an export wrote/);
    } finally {
      await other.close();
    }
    for (const op of ['add', 'replace'] as const) {
      await refused(d().modify(dn, [[op, 'serviceSecret', 'x']]), 'constraintViolation');
    }
  });

  test('has its bounds', async () => {
    await services.add(wiki);
    for (let i = 0; i < 4; i += 1) await rotate();
    await refusal(() => rotate(), 'unwillingToPerform');
    await expect(rotate({ overlapMs: 400 * DAY })).rejects.toThrow(/a year at most/);
    await refusal(() => services.rotate({ name: 'ada', by, because: '' }), 'unwillingToPerform');
    const { credential } = await rotate({ overlapMs: 0 });
    const { credentials } = await services.show({ name: 'wiki' });
    expect(credentials.filter(({ ended }) => !ended)).toHaveLength(1);
    expect(await bind(credential)).toBe(OK);
  });

  test('is due, and the old one ends, as the policy says', async () => {
    const engine = new TestEngine(d());
    await engine.install(
      'tenure: 1\nkinds: {service: {who: below ou=services}, person: {who: everyone}}\n' +
        'passwords:\n  services: {who: kind is service, made by: tenure, renew: every 60 days,\n' +
        '    old and new both work for: 3 days}\n',
    );
    const { credential: old } = await services.add(wiki);
    days(31);
    expect((await services.show({ name: 'wiki' })).concerns).toEqual([
      'its credential is due in 29 days: tenure service rotate wiki',
    ]);
    days(29);
    expect(await bind(old)).toBe(OK);
    const due = await services.show({ name: 'wiki' });
    expect(due).toMatchObject({ health: 'red' });
    const { oldUntil, credential: fresh } = await rotate();
    expect(oldUntil).toBe('2026-03-09T09:00:00.000Z');
    days(3);
    expect([await bind(old), await bind(fresh)]).toEqual([INVALID, OK]);
    days(63);
    expect(await bind(fresh)).toBe(INVALID);
  });

  test('guesses neither lock a credential out nor open anything', async () => {
    const { credential } = await services.add(wiki);
    for (let i = 0; i < 12; i += 1) expect(await bind(`wrong ${i}`)).toBe(INVALID);
    expect(await bind(credential)).toBe(OK);
  });
});

test('a service that nobody uses for long is told of', async () => {
  const { credential } = await services.add({ ...wiki, until: '2027-06-30' });
  days(91);
  expect((await services.show({ name: 'wiki' })).concerns).toEqual([
    'it was never used in 91 days',
  ]);
  expect(await bind(credential)).toBe(OK);
  expect((await services.show({ name: 'wiki' })).health).toBe('green');
  days(91);
  expect((await services.list({})).services[0]).toMatchObject({
    health: 'amber',
    concerns: ['it was not used for 91 days'],
  });
});
