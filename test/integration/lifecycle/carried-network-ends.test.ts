/** Ends in what networks and sudo read: sessions and rules die with what they rest on, and tell nothing quiet. */
import { beforeEach, describe, expect, test } from '@jest/globals';
import { eachDirectory } from '../../support/directory-each.js';
import { ok } from '../../support/directory-expect.js';
import { groupOfNames, person, personValues } from '../../support/directory-people.js';
import { suffix, type Values } from '../../support/directory-requests.js';
import { grantOf, HOUR } from '../../support/grants.js';

const at = eachDirectory();
const radius = `uid=radius,${suffix}`;
const host = `cn=web1,${suffix}`;
const dn = (cn: string) => `cn=${cn},${suffix}`;

/** The clock of a test begins on 2026-01-05 at 9:00. */
const END = Date.UTC(2026, 0, 6, 17) / 1000;
const end = (kind: string) => `id=1 kind=${kind} start=2025-01-01 end=2026-01-06T17:00`;
const classes = ['inetOrgPerson', 'lifecycleSubject', 'radiusprofile'];
const left = () => END - Math.floor(at().clock.nowMs() / 1000);

const rule = (cn: string, ...users: string[]): Values => ({
  objectClass: 'sudoRole',
  cn,
  sudoUser: users,
  sudoHost: 'ALL',
  sudoCommand: 'ALL',
});

beforeEach(() => {
  const text = `tenure: 1
company: {zone: UTC}
words: {type: employeeType}
kinds:
  contractor: {who: type is contractor, end dates are: open}
  person: {who: everyone}
groups:
  staff: {rule: state is active}
`;
  const facts = (uid: string, kind: string, more: Values = {}) =>
    personValues(uid, { objectClass: classes, lifecycleEngagement: end(kind), ...more });
  at().seed({
    [dn('policy')]: {
      objectClass: 'tenureLifecyclePolicy',
      cn: 'policy',
      tenurePolicyText: text,
    },
    [radius]: { objectClass: 'account', uid: 'radius' },
    [host]: { objectClass: ['device', 'ipHost'], cn: 'web1', ipHostNumber: '192.0.2.1' },
    [person('lou')]: facts('lou', 'contractor'),
    [person('max')]: facts('max', 'contractor', {
      radiusSessionTimeout: '3600',
      radiusExpiration: String(END + 9_999),
    }),
    [person('kim')]: facts('kim', 'employee', { radiusSessionTimeout: '28800' }),
    [person('eve')]: personValues('eve'),
    [dn('oncall')]: groupOfNames('oncall'),
    [dn('staff')]: groupOfNames('staff'),
  });
});

const asked = (uid: string, attribute: string, who = radius) =>
  at().entry(person(uid), [attribute], at().user(who)).texts(attribute);
const found = (filter: string, who = radius) => at().foundNames(filter, { as: at().user(who) });

describe('a RADIUS reader', () => {
  test('is told how long a session may last, to the second of the search', () => {
    expect(asked('lou', 'radiusSessionTimeout')).toEqual([String(left())]);
    expect(asked('lou', 'radiusExpiration')).toEqual([String(END)]);
    at().clock.advance(31 * 3_600_000);
    expect(asked('lou', 'radiusSessionTimeout')).toEqual([String(left())]);
    at().clock.advance((left() - 1) * 1000);
    expect(asked('lou', 'radiusSessionTimeout')).toEqual(['1']);
  });

  test('gets the sooner of what is stored and the end', () => {
    expect(asked('max', 'radiusSessionTimeout')).toEqual(['3600']);
    expect(asked('max', 'radiusExpiration')).toEqual([String(END)]);
    at().clock.advance((left() - 60) * 1000);
    expect(asked('max', 'radiusSessionTimeout')).toEqual(['60']);
    expect(
      at().entry(person('max'), ['*'], at().user(radius)).texts('radiusSessionTimeout'),
    ).toEqual(['60']);
    expect(found('(radiusSessionTimeout=60)')).toEqual(['lou', 'max']);
    expect(found('(radiusSessionTimeout=3600)')).toEqual([]);
  });

  test('gets nothing of those who are out', () => {
    at().clock.advance(left() * 1000);
    for (const uid of ['lou', 'max']) {
      for (const name of ['radiusSessionTimeout', 'radiusExpiration']) {
        expect(at().search(`(&(uid=${uid})(${name}=*))`).entries).toEqual([]);
      }
    }
  });

  test("hears nothing of a quiet end, nor of nobody's", () => {
    expect(asked('kim', 'radiusSessionTimeout')).toEqual(['28800']);
    expect(asked('kim', 'radiusExpiration')).toEqual([]);
    expect(asked('eve', 'radiusSessionTimeout')).toEqual([]);
    at().clock.advance((left() - 60) * 1000);
    expect(asked('kim', 'radiusSessionTimeout')).toEqual(['28800']);
    expect(found('(radiusExpiration=*)')).toEqual(['lou', 'max']);
  });

  test('says of the suspended that they are, where it keeps a quarantine for them', async () => {
    const block = 'kind=security by=me since=2026-01-05';
    await ok(at().modify(person('kim'), [['add', 'lifecycleBlock', block]]));
    expect(asked('kim', 'dialupAccess')).toEqual(['FALSE']);
    await ok(
      at().modify(radius, [
        ['add', 'objectClass', 'tenureService'],
        ['add', 'tenureView', 'quarantine'],
      ]),
    );
    expect(asked('kim', 'dialupAccess')).toEqual(['suspended']);
    expect(found('(dialupAccess=suspended)')).toEqual(['kim']);
    expect(found('(dialupAccess=FALSE)')).toEqual([]);
    // Whoever has left has no network at all, and no other reader hears of it.
    expect(asked('kim', 'dialupAccess', host)).toEqual(['FALSE']);
    at().clock.advance(left() * 1000);
    await ok(at().modify(radius, [['add', 'tenureView', 'leavers=show']]));
    expect(asked('lou', 'dialupAccess')).toEqual(['FALSE']);
  });
});

describe('a RADIUS server of somebody who is in a group for a time', () => {
  const nas = `cn=nas,${suffix}`;
  const service = (more: Values = {}): Values => ({
    objectClass: ['device', 'tenureService'],
    cn: 'nas',
    tenureRole: 'radius',
    ...more,
  });
  const timeout = (uid: string, who = nas) => asked(uid, 'radiusSessionTimeout', who);
  const grantIn = (cn: string, uid: string, hours: number, from = 0) => {
    const value = grantOf(at(), uid, hours * HOUR, from * HOUR);
    return at().modify(dn(cn), [['add', 'tenureHolder', value]]);
  };

  beforeEach(() => {
    at().seed({
      [nas]: service(),
      [dn('wifi')]: groupOfNames('wifi', dn('oncall')),
    });
  });

  test('hears when that is over, to the second, and asks again', async () => {
    await ok(grantIn('oncall', 'eve', 2));
    expect(timeout('eve')).toEqual([String(2 * HOUR)]);
    const expires = Math.floor(at().clock.nowMs() / 1000) + 2 * HOUR;
    expect(asked('eve', 'radiusExpiration', nas)).toEqual([String(expires)]);
    at().clock.advance((2 * HOUR - 1) * 1000);
    expect(timeout('eve')).toEqual(['1']);
    expect(found('(radiusSessionTimeout=1)', nas)).toEqual(['eve']);
    expect(at().compare(person('eve'), 'radiusSessionTimeout', '1', at().user(nas))).toBe(true);
    at().clock.advance(1000);
    expect(timeout('eve')).toEqual([]);
  });

  test('gets the sooner of it, of an open end and of what is stored', async () => {
    await ok(grantIn('oncall', 'lou', 2));
    await ok(grantIn('oncall', 'max', 8));
    await ok(grantIn('oncall', 'kim', 2));
    expect(timeout('lou')).toEqual([String(2 * HOUR)]);
    expect(timeout('max')).toEqual(['3600']);
    // What is stored of Kim is eight hours; her own end is quiet.
    expect(timeout('kim')).toEqual([String(2 * HOUR)]);
    expect(at().entry(person('kim'), ['*'], at().user(nas)).texts('radiusSessionTimeout')).toEqual([
      String(2 * HOUR),
    ]);
    await ok(grantIn('oncall', 'lou', 100));
    expect(timeout('lou')).toEqual([String(left())]);
  });

  test('hears nothing of one that has not begun, or beside which somebody is in anyway', async () => {
    await ok(grantIn('oncall', 'eve', 2, 1));
    expect(timeout('eve')).toEqual([]);
    await ok(grantIn('oncall', 'eve', 2));
    await ok(at().modify(dn('oncall'), [['add', 'member', person('eve')]]));
    expect(timeout('eve')).toEqual([]);
  });

  test('hears of a group that is in another one for a time', async () => {
    at().seed({ [dn('crew')]: groupOfNames('crew', person('eve')) });
    const value = grantOf(at(), 'eve', 3 * HOUR).replace(person('eve'), dn('crew'));
    await ok(at().modify(dn('wifi'), [['add', 'tenureHolder', value]]));
    expect(timeout('eve')).toEqual([String(3 * HOUR)]);
    expect(found(`(radiusSessionTimeout=${3 * HOUR})`, nas)).toEqual(['eve']);
  });

  test('hears of groups that it sees', async () => {
    await ok(grantIn('oncall', 'eve', 2));
    await ok(at().modify(nas, [['add', 'tenureView', 'base=ou=people']]));
    expect(timeout('eve')).toEqual([]);
  });

  test('is the only one who hears of it', async () => {
    await ok(grantIn('oncall', 'eve', 2));
    for (const who of [radius, host, person('lou'), person('eve')]) {
      expect(timeout('eve', who)).toEqual([]);
      expect(found('(radiusSessionTimeout<=7200)', who)).not.toContain('eve');
    }
  });
});

test('where nobody has facts, a grant ends in a session as well', async () => {
  const d = at();
  for (const uid of ['lou', 'max', 'kim']) await ok(d.delete(person(uid)));
  const nas = `cn=nas,${suffix}`;
  const values = { objectClass: ['device', 'tenureService'], cn: 'nas', tenureRole: 'radius' };
  d.seed({ [nas]: values });
  await ok(d.modify(dn('oncall'), [['add', 'tenureHolder', grantOf(d, 'eve', HOUR)]]));
  expect(d.reader.timelines.any).toBe(false);
  expect(asked('eve', 'radiusSessionTimeout', nas)).toEqual([String(HOUR)]);
});

describe('a sudo rule', () => {
  const notAfter = (cn: string) =>
    at().entry(dn(cn), ['sudoNotAfter'], at().user(host)).texts('sudoNotAfter');
  const seeded = (values: Values) => at().seed({ [dn(String(values['cn']))]: values });

  test('ends with the last of the people it names, where their ends are open', () => {
    seeded(rule('both', 'lou', 'max', '!kim'));
    seeded(rule('quiet', 'lou', 'kim'));
    seeded(rule('all', 'ALL'));
    expect(notAfter('both')).toEqual(['20260106170000Z']);
    expect(notAfter('quiet')).toEqual([]);
    expect(notAfter('all')).toEqual([]);
    expect(
      found('(&(objectClass=sudoRole)(|(!(sudoNotAfter=*))(sudoNotAfter>=20260107000000Z)))', host),
    ).toEqual(['all', 'quiet']);
  });

  test('ends with the grants by which people are in its group', async () => {
    seeded(rule('deploy', '%oncall'));
    expect(notAfter('deploy')).toEqual([]);
    const grant = (uid: string, hours: number) =>
      at().modify(dn('oncall'), [['add', 'tenureHolder', grantOf(at(), uid, hours * HOUR)]]);
    await ok(grant('eve', 2));
    expect(notAfter('deploy')).toEqual(['20260105110000Z']);
    await ok(grant('kim', 8));
    expect(notAfter('deploy')).toEqual(['20260105170000Z']);
    // Somebody who is there by hand has no end.
    await ok(at().modify(dn('oncall'), [['add', 'member', person('max')]]));
    expect(notAfter('deploy')).toEqual(['20260106170000Z']);
    await ok(at().modify(dn('oncall'), [['add', 'member', person('eve')]]));
    expect(notAfter('deploy')).toEqual([]);
  });

  test('says nothing of a group that a rule fills: that follows what is quiet', async () => {
    await ok(at().modify(dn('policy'), [['replace', 'description', 'again']]));
    seeded(rule('staff-rule', '%staff'));
    expect(notAfter('staff-rule')).toEqual([]);
  });

  test('that says a time itself keeps it, where that is sooner', () => {
    seeded({ ...rule('early', 'lou'), sudoNotAfter: '20260105120000Z' });
    seeded({ ...rule('late', 'lou'), sudoNotAfter: '20270101000000Z' });
    expect(notAfter('early')).toEqual(['20260105120000Z']);
    expect(notAfter('late')).toEqual(['20260106170000Z']);
    expect(at().entry(dn('late'), ['*'], at().user(host)).texts('sudoNotAfter')).toEqual([
      '20260106170000Z',
    ]);
    expect(found('(sudoNotAfter=20270101000000Z)', host)).toEqual([]);
  });
});
