/** Groups that the policy fills: in the write that caused it, and by the clock alone. */
import { beforeEach, describe, expect, test } from '@jest/globals';
import type { PreparedWrite } from '../../../src/directory/operations/index.js';
import { undoRun } from '../../../src/policy/run/index.js';
import { eachDirectory } from '../../support/directory-each.js';
import { ok, refused } from '../../support/directory-expect.js';
import { group, groupOfNames, person, posixGroup } from '../../support/directory-people.js';
import { bytes, suffix, type Values } from '../../support/directory-requests.js';
import { TestDirectory } from '../../support/directory-temp.js';
import { grant, HOUR } from '../../support/grants.js';

const DAY = 86_400_000;
const policyDn = `cn=policy,${suffix}`;
const policyEntry = (text: string): Values => ({
  objectClass: 'tenureLifecyclePolicy',
  cn: 'policy',
  tenurePolicyText: text,
});

const text = `tenure: 1
words: {type: employeeType, department: departmentNumber}
kinds:
  contractor: {who: type is contractor, gets: guests, never gets: payroll}
  employee: {who: type is employee, gets: staff}
groups:
  staff: {rule: type is intern}
  research: {rule: department is R-210, movers keep it: 14 days}
  payroll: {rule: department is F-100, movers keep it: not at all}
  working: {rule: state is active}
`;

const at = eachDirectory();

const values = (uid: string, more: Values = {}): Values => ({
  objectClass: ['inetOrgPerson', 'lifecycleSubject'],
  uid,
  cn: uid,
  sn: uid,
  ...more,
});

const names = ['staff', 'guests', 'research', 'payroll', 'working'];

/** Leaf names of the groups that the person is shown in. */
const groupsOf = (uid: string, d = at()) =>
  d
    .entry(person(uid), ['memberOf'])
    .texts('memberOf')
    .map((dn) => /^cn=([^,]+)/.exec(dn)![1]!)
    .sort();

/** What holds the membership. */
const holders = (cn: string) =>
  at()
    .entry(group(cn))
    .texts('tenureHolder')
    .map((value) => value.replace(/entry=uid=([^,]+)\S*/, '$1'));

function seedGroups(d = at()): void {
  d.seed({
    ...Object.fromEntries(names.map((cn) => [group(cn), groupOfNames(cn)])),
    [policyDn]: policyEntry(text),
  });
}

const modify = (uid: string, ...changes: Parameters<TestDirectory['modify']>[1]) =>
  at().modify(person(uid), changes);

describe('in the write that caused it', () => {
  beforeEach(() => seedGroups());

  test('an add, a change, a delete', async () => {
    const d = at();
    await ok(d.add(person('ada'), values('ada', { employeeType: 'employee' })));
    expect(groupsOf('ada')).toEqual(['staff', 'working']);
    expect(d.foundNames(`(member=${person('ada')})`)).toEqual(['staff', 'working']);
    await ok(modify('ada', ['add', 'departmentNumber', 'R-210']));
    expect(groupsOf('ada')).toEqual(['research', 'staff', 'working']);
    await ok(modify('ada', ['replace', 'employeeType', 'Contractor']));
    expect(groupsOf('ada')).toEqual(['guests', 'research', 'working']);
    await ok(d.delete(person('ada')));
    expect(d.entry(group('guests')).texts('member')).toEqual([]);
  });

  test('is in the same Change, on the group as well', async () => {
    const d = at();
    d.seed({ [person('ada')]: values('ada') });
    const [[seq]] = d.sql('SELECT max(seq) FROM change') as [[number]];
    d.clock.advance(60_000);
    await ok(modify('ada', ['add', 'departmentNumber', 'R-210']));
    const items = d.logged(seq).map((item) => JSON.parse(item) as { dn: string; op: string });
    expect(items.map(({ dn, op }) => [dn, op])).toEqual([
      [person('ada'), 'modify'],
      [group('research'), 'modify'],
    ]);
    const stamped = d.entry(group('research')).texts('modifyTimestamp');
    expect(stamped).toEqual(d.entry(person('ada')).texts('modifyTimestamp'));
    const untouched = d.entry(group('staff')).texts('modifyTimestamp');
    await ok(modify('ada', ['add', 'title', 'Countess']));
    expect(d.entry(group('staff')).texts('modifyTimestamp')).toEqual(untouched);
    expect(d.entry(group('research')).texts('modifyTimestamp')).toEqual(stamped);
  });

  test('a plain account is a person as well; a group and a container are not', () => {
    const d = at();
    const plain = { objectClass: 'inetOrgPerson', uid: 'bob', cn: 'b', sn: 'b' };
    d.seed({ [person('bob')]: { ...plain, departmentNumber: 'R-210' } });
    expect(groupsOf('bob')).toEqual(['research', 'working']);
    expect(d.entry(group('working')).texts('member')).toEqual([person('bob')]);
  });

  test('several engagements count together, and kinds by them', async () => {
    const engaged = (id: number, kind: string) => `id=${id} kind=${kind} start=2025-01-01`;
    at().seed({ [person('ada')]: values('ada', { lifecycleEngagement: engaged(1, 'employee') }) });
    expect(groupsOf('ada')).toEqual(['staff', 'working']);
    await ok(modify('ada', ['replace', 'lifecycleEngagement', engaged(1, 'contractor')]));
    expect(groupsOf('ada')).toEqual(['guests', 'working']);
  });
});

describe('by the clock alone', () => {
  beforeEach(() => seedGroups());

  test('one engagement after the other turns the kind at the second', () => {
    const d = at();
    d.seed({
      [person('ada')]: values('ada', {
        lifecycleEngagement: [
          'id=1 kind=contractor start=2025-01-01 end=20260106120000Z',
          'id=2 kind=employee start=20260106120000Z',
        ],
      }),
    });
    expect(groupsOf('ada')).toEqual(['guests', 'working']);
    d.clock.advance(DAY + 3 * HOUR * 1000 - 1);
    expect(groupsOf('ada')).toEqual(['guests', 'working']);
    d.clock.advance(1);
    expect(groupsOf('ada')).toEqual(['staff', 'working']);
    expect(d.foundNames(`(member=${person('ada')})`)).toEqual(['staff', 'working']);
    expect(d.found(`(memberOf=${group('guests')})`)).toEqual([]);
  });

  test('a department that changes with the engagement is kept for the movers', () => {
    const d = at();
    const before = 'id=1 department=R-210 start=2025-01-01 end=20260106090000Z';
    const after = 'id=2 department=F-100 start=20260106090000Z';
    d.seed({ [person('ada')]: values('ada', { lifecycleEngagement: [before, after] }) });
    expect(groupsOf('ada')).toEqual(['research', 'working']);
    d.clock.advance(DAY);
    expect(groupsOf('ada')).toEqual(['payroll', 'research', 'working']);
    d.clock.advance(14 * DAY - 1);
    expect(groupsOf('ada')).toEqual(['payroll', 'research', 'working']);
    d.clock.advance(1);
    expect(groupsOf('ada')).toEqual(['payroll', 'working']);
  });

  test('nobody learns from a rule that an end is coming', async () => {
    const d = at();
    const ends = 'id=1 kind=employee start=2025-01-01 end=20260106090000Z';
    d.seed({ [person('ada')]: values('ada', { lifecycleEngagement: ends }) });
    d.seed({ [person('bob')]: values('bob') });
    const as = d.user(person('bob'));
    const shown = d.entry(group('working'), ['*', '+'], as);
    expect(shown.texts('member')).toContain(person('ada'));
    expect(shown.texts('tenureHolder')).toEqual([]);
    d.clock.advance(3_600_000);
    const change = ['replace', 'lifecycleEngagement', ends.replace('0106', '0107')] as const;
    const before = d.entry(group('working'), ['*', '+'], as).attributes;
    await ok(d.modify(person('ada'), [change]));
    expect(d.entry(group('working'), ['*', '+'], as).attributes).toEqual(before);
    d.clock.advance(2 * DAY);
    expect(d.entry(group('working'), ['*'], as).texts('member')).not.toContain(person('ada'));
    expect(groupsOf('ada')).toEqual([]);
  });

  test('who is let back in after an end has the same groups again', async () => {
    const d = at();
    const ends = (end: string) => `id=1 kind=employee start=2025-01-01 end=${end}`;
    d.seed({ [person('ada')]: values('ada', { lifecycleEngagement: ends('20260106090000Z') }) });
    d.clock.advance(2 * DAY);
    expect(groupsOf('ada')).toEqual([]);
    await ok(modify('ada', ['replace', 'lifecycleEngagement', ends('2027-01-01')]));
    expect(groupsOf('ada')).toEqual(['staff', 'working']);
  });
});

describe('movers', () => {
  beforeEach(() => {
    seedGroups();
    at().seed({
      [person('ada')]: values('ada', { employeeType: 'employee', departmentNumber: 'R-210' }),
    });
  });

  test('keep a group for as long as it says, whatever is written meanwhile', async () => {
    const d = at();
    await ok(modify('ada', ['replace', 'departmentNumber', 'F-100']));
    expect(groupsOf('ada')).toEqual(['payroll', 'research', 'staff', 'working']);
    expect(holders('research')).toEqual([
      'kind=rule ada when=..20260119090000Z left=20260105090000Z',
    ]);
    d.clock.advance(13 * DAY);
    await ok(modify('ada', ['add', 'title', 'Countess']));
    expect(groupsOf('ada')).toContain('research');
    d.clock.advance(DAY);
    expect(groupsOf('ada')).toEqual(['payroll', 'staff', 'working']);
    await ok(modify('ada', ['replace', 'title', 'Lady']));
    expect(holders('research')).toEqual([]);
  });

  test('who comes back in time has simply stayed', async () => {
    const d = at();
    await ok(modify('ada', ['replace', 'departmentNumber', 'F-100']));
    d.clock.advance(DAY);
    await ok(modify('ada', ['replace', 'departmentNumber', 'R-210']));
    expect(holders('research')).toEqual(['kind=rule ada']);
    expect(groupsOf('ada')).toEqual(['research', 'staff', 'working']);
  });

  test('lose at once what is not kept', async () => {
    await ok(modify('ada', ['replace', 'departmentNumber', 'F-100']));
    await ok(modify('ada', ['delete', 'departmentNumber']));
    expect(groupsOf('ada')).not.toContain('payroll');
  });
});

describe('beside a rule', () => {
  beforeEach(() => {
    seedGroups();
    at().seed({ [person('ada')]: values('ada', { employeeType: 'employee' }) });
  });

  test('who is in by hand stays when the rule no longer fits', async () => {
    const d = at();
    await ok(d.modify(group('staff'), [['add', 'member', person('ada')]]));
    await ok(modify('ada', ['delete', 'employeeType']));
    expect(groupsOf('ada')).toEqual(['staff', 'working']);
    await ok(d.modify(group('staff'), [['delete', 'member', person('ada')]]));
    expect(groupsOf('ada')).toEqual(['working']);
  });

  test('a hand cannot take away what the rule gives', async () => {
    const change = at().modify(group('staff'), [['delete', 'member', person('ada')]]);
    expect(await refused(change, 'unwillingToPerform')).toContain('by the rule of the group');
  });

  test('what a kind never gets goes when somebody becomes of that kind', async () => {
    const d = at();
    await ok(d.modify(group('payroll'), [['add', 'member', person('ada')]]));
    await ok(grant(d, 'ada', 'payroll'));
    await ok(modify('ada', ['replace', 'departmentNumber', 'F-100']));
    expect(groupsOf('ada')).toContain('payroll');
    await ok(modify('ada', ['replace', 'employeeType', 'contractor']));
    expect(groupsOf('ada')).not.toContain('payroll');
    expect(holders('payroll')).toEqual([]);
  });

  test('an undo of a move brings back the groups, and only once', async () => {
    const d = at();
    const base = { context: d.admin, reason: 'a run' };
    const [opened] = d.apply([{ ...base, op: 'openRun' }]);
    const { run } = opened as { run: number };
    const changes = [
      { op: 'replace', attribute: 'employeeType', values: [bytes('contractor')] },
    ] as const;
    d.apply([{ ...base, op: 'modify', run, dn: person('ada'), changes } as PreparedWrite]);
    expect(groupsOf('ada')).toEqual(['guests', 'working']);
    const write = async (request: PreparedWrite) => d.apply([request])[0]!;
    const order = { run, reason: 'undo', rehearse: false };
    await undoRun(order, { reader: d.reader, write, context: d.admin });
    expect(groupsOf('ada')).toEqual(['staff', 'working']);
    expect(holders('staff')).toEqual(['kind=rule ada']);
  });
});

describe('everybody anew', () => {
  const seedPeople = (d = at()) =>
    d.seed({
      [person('ada')]: values('ada', { employeeType: 'employee', departmentNumber: 'R-210' }),
      [person('bob')]: values('bob', { employeeType: 'contractor' }),
    });

  test('when a policy comes, is changed, and goes', async () => {
    const d = at();
    d.seed(Object.fromEntries(names.map((cn) => [group(cn), groupOfNames(cn)])));
    seedPeople();
    expect(groupsOf('ada')).toEqual([]);
    await ok(d.add(policyDn, policyEntry(text)));
    expect([groupsOf('ada'), groupsOf('bob')]).toEqual([
      ['research', 'staff', 'working'],
      ['guests', 'working'],
    ]);
    const other = text.replace('department is R-210', 'type is contractor');
    await ok(d.modify(policyDn, [['replace', 'tenurePolicyText', other]]));
    // The policy moved, not Ada: nobody is kept for a while.
    expect([groupsOf('ada'), groupsOf('bob')]).toEqual([
      ['staff', 'working'],
      ['guests', 'research', 'working'],
    ]);
    await ok(d.delete(policyDn));
    expect([groupsOf('ada'), groupsOf('bob')]).toEqual([[], []]);
  });

  test('when a group comes, or gets another name', async () => {
    const d = at();
    seedGroups();
    seedPeople();
    await ok(d.delete(group('staff')));
    await ok(d.add(group('staff'), posixGroup('staff')));
    expect(d.entry(group('staff')).texts('memberUid')).toEqual(['ada']);
    await ok(d.rename(group('staff'), 'cn=crew'));
    expect(d.entry(group('crew')).texts('memberUid')).toEqual([]);
    await ok(d.rename(group('crew'), 'cn=staff'));
    expect(d.entry(group('staff')).texts('memberUid')).toEqual(['ada']);
  });

  test('by an import of people, and by one of everything', async () => {
    const d = at();
    seedGroups();
    const line = (uid: string, more: string) =>
      `dn: ${person(uid)}\nobjectClass: inetOrgPerson\nuid: ${uid}\ncn: x\nsn: x\n${more}\n`;
    await d.import(
      [line('ada', 'employeeType: employee'), line('bob', 'employeeType: contractor')].join('\n'),
    );
    expect([groupsOf('ada'), groupsOf('bob')]).toEqual([
      ['staff', 'working'],
      ['guests', 'working'],
    ]);
    await ok(modify('ada', ['replace', 'departmentNumber', 'R-210']));
    await ok(modify('ada', ['delete', 'departmentNumber']));
    const ldif = d.export();
    const other = await TestDirectory.open({ seed: 2 });
    try {
      await other.import(ldif);
      expect(other.export()).toBe(ldif);
      other.clock.advance(14 * DAY);
      expect(groupsOf('ada', other)).toEqual(['staff', 'working']);
    } finally {
      await other.close();
    }
  });

  test('by an import of groups into a directory that has a policy', async () => {
    const d = at();
    d.seed({ [policyDn]: policyEntry(text) });
    seedPeople();
    await d.import(`dn: ${group('staff')}\nobjectClass: groupOfNames\ncn: staff\n`);
    expect(groupsOf('ada')).toEqual(['staff']);
  });

  test('in slices where there are many, with other writes between them', async () => {
    const d = at();
    d.seed(Object.fromEntries(names.map((cn) => [group(cn), groupOfNames(cn)])));
    const many = Array.from({ length: 2_100 }, (_, i) => `p${i}`);
    const line = (uid: string) =>
      `dn: ${person(uid)}\nobjectClass: inetOrgPerson\nuid: ${uid}\ncn: x\nsn: x\n`;
    await d.import(many.map(line).join('\n'));
    await ok(d.add(policyDn, policyEntry(text)));
    const members = () => d.entry(group('working')).texts('member').length;
    expect(members()).toBe(0);
    // States come first: rules may ask for them.
    while (d.half.folding) d.reader.applyCommitted(d.half.maintain().committed);
    expect(members()).toBe(0);
    const { committed } = d.half.maintain();
    d.reader.applyCommitted(committed);
    const some = members();
    expect(some).toBeGreaterThan(0);
    expect(some).toBeLessThan(many.length);
    // Whoever is written meanwhile is placed at once, and a restart forgets nothing.
    await ok(modify('p2099', ['add', 'departmentNumber', 'R-210']));
    expect(groupsOf('p2099')).toEqual(['research', 'working']);
    expect(d.half.store.placedTo).toBeGreaterThan(0);
    expect(d.maintain()).toBeGreaterThan(3);
    expect(members()).toBe(many.length);
    expect(d.half.store.placedTo).toBeUndefined();
    // A group of which no rule speaks is nobody else's matter; one that a rule fills is everybody's.
    await ok(d.add(group('chess'), groupOfNames('chess', person('p1'))));
    await ok(d.rename(group('chess'), 'cn=go'));
    expect(d.half.store.placedTo).toBeUndefined();
    await ok(d.delete(group('working')));
    await ok(d.add(group('working'), groupOfNames('working')));
    expect(d.half.store.placedTo).toBe(0);
    d.maintain();
    expect(members()).toBe(many.length);
  });
});
