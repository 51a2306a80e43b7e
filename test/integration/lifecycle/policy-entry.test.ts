import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { stateAt } from '../../../src/directory/model/timeline.js';
import { personOf, policyOf } from '../../../src/directory/operations/lifecycle/index.js';
import { holds, kindOf, turnsOf } from '../../../src/policy/core/conditions/index.js';
import { builtIn, companyOf20 } from '../../../src/policy/examples/index.js';
import { contextOf, suffix, type Values } from '../../support/directory-requests.js';
import { TestDirectory } from '../../support/directory-temp.js';
import { utc } from '../../support/policy.js';

const policyDn = `cn=policy,${suffix}`;
const document = (text: string): Values => ({
  objectClass: 'tenureLifecyclePolicy',
  cn: 'policy',
  tenurePolicyText: text,
});
const withLines = (lines: string) => `tenure: 1\nkinds: {person: {who: everyone}}\n${lines}\n`;
const everybody = 'groups: {all: {rule: everyone}}';

let directory: TestDirectory;

beforeEach(async () => {
  directory = await TestDirectory.open();
});

afterEach(() => directory.close());

function person(uid: string, values: Values = {}, parent = 'ou=people'): string {
  const dn = `uid=${uid},${parent},${suffix}`;
  const classes = ['inetOrgPerson', 'lifecycleSubject'];
  directory.seed({ [dn]: { objectClass: classes, cn: uid, sn: uid, ...values } });
  return dn;
}

const idOf = (dn: string) => directory.names.resolve(directory.names.parse(dn)).id;
const timelineOf = (dn: string) => directory.reader.timelines.of(idOf(dn));

async function refusal(outcome: ReturnType<TestDirectory['add']>): Promise<string> {
  const found = await outcome;
  return found.ok ? 'accepted' : `${found.error.code}: ${found.error.text}`;
}

describe('the entry', () => {
  test('without one the built-in policy holds, in both threads', () => {
    for (const reader of [directory.reader, directory.half.store]) {
      expect(policyOf(reader)).toMatchObject({ entryId: 0, text: builtIn });
    }
  });

  test('holds from its commit on, is replaced, and goes', async () => {
    expect((await directory.add(policyDn, document(companyOf20))).ok).toBe(true);
    expect(policyOf(directory.reader)).toMatchObject({
      text: companyOf20,
      entryId: idOf(policyDn),
    });
    const other = withLines(everybody);
    await directory.modify(policyDn, [['replace', 'tenurePolicyText', other]]);
    expect(policyOf(directory.reader).policy.groups[0]!.name).toBe('all');
    expect(policyOf(directory.half.store).policy.groups[0]!.name).toBe('all');
    await directory.delete(policyDn);
    expect(policyOf(directory.reader).text).toBe(builtIn);
    expect(policyOf(directory.half.store).text).toBe(builtIn);
  });

  test('is kept until it changes: asking again reads nothing', async () => {
    await directory.add(policyDn, document(companyOf20));
    const first = policyOf(directory.reader);
    person('ada');
    expect(policyOf(directory.reader)).toBe(first);
  });

  test('a document with mistakes is refused with the place of the first', async () => {
    const wrong = withLines('groups: {all: {rule: everyon}}\nguards: {x: 1}');
    expect(await refusal(directory.add(policyDn, document(wrong)))).toBe(
      'constraintViolation: the policy, line 3, column 22: "everyon" is not the beginning of a ' +
        'condition; did you mean everyone? (and 1 more); "tenure policy check FILE" lists everything',
    );
    await directory.add(policyDn, document(companyOf20));
    const replaced = directory.modify(policyDn, [['replace', 'tenurePolicyText', 'tenure: 2']]);
    expect(await refusal(replaced)).toContain('line 1, column 9');
    expect(policyOf(directory.reader).text).toBe(companyOf20);
  });

  test('there is one, directly below a suffix, under its name', async () => {
    const below = directory.add(`cn=policy,ou=people,${suffix}`, document(builtIn));
    expect(await refusal(below)).toContain('is the entry cn=policy directly below a suffix');
    const named = directory.add(`cn=rules,${suffix}`, { ...document(builtIn), cn: 'rules' });
    expect(await refusal(named)).toContain('is the entry cn=policy directly below a suffix');
    await directory.add(policyDn, document(builtIn));
    expect(await refusal(directory.rename(policyDn, 'cn=rules'))).toContain('keeps its name');
  });

  test('is read by administrators and nobody else', async () => {
    await directory.add(policyDn, document(companyOf20));
    const ada = contextOf({
      role: 'user',
      dn: person('ada'),
      entryId: idOf(`uid=ada,ou=people,${suffix}`),
    });
    const read = (as = directory.admin) => directory.entry(policyDn, ['*', '+'], as).attributes;
    expect(read().has('tenurePolicyText')).toBe(true);
    expect(read(ada).has('tenurePolicyText')).toBe(false);
    expect(directory.found('(tenurePolicyText=*)')).toEqual([policyDn]);
    expect(directory.found('(tenurePolicyText=*)', { as: ada })).toEqual([]);
    expect(
      directory.found('(!(tenurePolicyText=*))', { as: ada, scope: 'base', base: policyDn }),
    ).toEqual([]);
  });
});

describe('what a policy means for states', () => {
  const engagement = (words: string): Values => ({ lifecycleEngagement: `id=1 ${words}` });

  test('dates are read in the zone of the company, and again when it changes', async () => {
    const ada = person('ada', engagement('end=2026-11-30'));
    const own = person('bob', { ...engagement('end=2026-11-30'), lifecycleZone: 'Asia/Tokyo' });
    expect(timelineOf(ada)!.at).toEqual([utc('2026-12-01')]);
    await directory.add(policyDn, document(withLines('company: {zone: Europe/Berlin}')));
    expect(timelineOf(ada)!.at).toEqual([utc('2026-11-30T23:00')]);
    expect(timelineOf(own)!.at).toEqual([utc('2026-11-30T15:00')]);
    const without = withLines('company: {an end date means: the first day without}');
    await directory.modify(policyDn, [['replace', 'tenurePolicyText', without]]);
    expect(timelineOf(ada)!.at).toEqual([utc('2026-11-30')]);
    await directory.delete(policyDn);
    expect(timelineOf(ada)!.at).toEqual([utc('2026-12-01')]);
  });

  test('ends are open only for those who are of open kinds all the time', async () => {
    const contractor = person('con', engagement('kind=contractor end=2026-11-30'));
    const employee = person('emp', engagement('kind=employee end=2026-11-30'));
    const both = person('both', {
      lifecycleEngagement: [
        'id=1 kind=contractor end=2026-11-30',
        'id=2 kind=employee start=2026-12-01 end=2027-12-31',
      ],
    });
    const open = () => [contractor, employee, both].map((dn) => timelineOf(dn)!.openEnds);
    expect(open()).toEqual([true, false, false]);
    await directory.add(policyDn, document(withLines('company: {end dates are: open}')));
    expect(open()).toEqual([true, true, true]);
  });

  test('what an entry without engagements is follows from its place', async () => {
    const lines = 'company: {new entries: {below ou=services: staged}}';
    await directory.add(policyDn, document(withLines(lines)));
    const state = (dn: string) => {
      const timeline = timelineOf(dn);
      return timeline === undefined ? 'active' : stateAt(timeline, directory.clock.nowMs() / 1000);
    };
    expect(state(person('ada'))).toBe('active');
    const service = person('svc', {}, 'ou=services');
    expect(state(service)).toBe('staged');
    await directory.rename(service, 'uid=svc', { newSuperior: `ou=people,${suffix}` });
    expect(state(`uid=svc,ou=people,${suffix}`)).toBe('active');
  });

  test('and from its author', async () => {
    const lines = 'company: {new entries: {made by cn=admin: staged}}';
    const before = person('ada');
    await directory.add(policyDn, document(withLines(lines)));
    expect(timelineOf(before)!.first).toBe('staged');
    expect(timelineOf(person('bob'))!.first).toBe('staged');
  });
});

test('a policy that shuts out more people than the one before lets pass is refused', async () => {
  const guarded = (end: string) =>
    withLines(
      `company: {an end date means: ${end}}\nguards: {people closed: {hold when more than: 2 an hour}, when held: {yes from: admins}}`,
    );
  await directory.add(policyDn, document(guarded('the whole of the last day')));
  // The clock stands at nine o'clock of that day.
  for (const uid of ['a', 'b', 'c']) person(uid, { lifecycleEngagement: 'id=1 end=2026-01-05' });
  const install = (text: string) =>
    directory.modify(policyDn, [['replace', 'tenurePolicyText', text]]);
  const unguarded = withLines('company: {an end date means: the first day without}');
  for (const text of [guarded('the first day without'), unguarded]) {
    expect(await refusal(install(text))).toMatch(
      /^unwillingToPerform: the policy would shut out 3 people at once \(uid=a,.* tenure policy install --expect 3$/,
    );
  }
  const first = directory.names.resolve(directory.names.parse(`uid=a,ou=people,${suffix}`)).id;
  expect(stateAt(directory.reader.timelines.of(first)!, utc('2026-01-05T09:00'))).toBe('active');
  await directory.delete(`uid=c,ou=people,${suffix}`);
  expect(await refusal(install(unguarded))).toBe('accepted');
});

test('an entry as the policy sees it', async () => {
  const text = withLines(everybody);
  await directory.add(policyDn, document(text));
  const boss = person('boss');
  const ada = person('ada', {
    departmentNumber: 'R-210',
    manager: boss,
    lifecycleEngagement: 'id=1 kind=contractor start=2026-01-01 end=2026-11-30',
  });
  directory.seed({
    [`cn=inner,${suffix}`]: { objectClass: 'groupOfNames', member: ada },
    [`cn=outer,${suffix}`]: { objectClass: 'groupOfNames', member: `cn=inner,${suffix}` },
  });
  const { policy } = policyOf(directory.reader);
  const seen = personOf(directory.reader.entry(idOf(ada))!, directory.reader);
  expect(seen.login).toBe('ada');
  expect(seen.values('departmentnumber')).toEqual(['R-210']);
  expect(seen.values('manager')).toEqual(['uid=boss']);
  expect(seen.facts.engagements).toHaveLength(1);
  expect(['outer', 'INNER', 'other'].map((cn) => seen.inGroup(cn, 0))).toEqual([true, true, false]);
  expect([
    seen.isBelow('ou=people'),
    seen.isBelow(`ou=people,${suffix}`),
    seen.isBelow('ou=services'),
  ]).toEqual([true, true, false]);
  expect(seen.isBelow('not a name')).toBe(false);
  expect(seen.stateAt(utc('2025-12-31'))).toBe('staged');
  expect(seen.stateAt(utc('2026-12-01'))).toBe('sealed');
  expect(turnsOf(seen, policy)).toEqual([utc('2026-01-01'), utc('2026-12-01')]);
  expect(kindOf(seen, policy, 0)?.name).toBe('person');
  expect(holds({ is: 'never seen' }, seen, policy, 0)).toBe(true);
  expect(seen.lastSeen).toBeUndefined();
  await directory.changePassword(ada, undefined, 'correct-horse-battery');
  await directory.bind(ada, 'correct-horse-battery');
  expect(seen.lastSeen).toBe(Math.floor(directory.clock.nowMs() / 1000));
});
