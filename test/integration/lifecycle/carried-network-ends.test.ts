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
