/** Facts are for those in charge; what is to come of somebody is nobody else's business. */
import { beforeEach, describe, expect, test } from '@jest/globals';
import { eachDirectory } from '../../support/directory-each.js';
import { ok, refusal } from '../../support/directory-expect.js';
import {
  accountValues,
  group,
  groupOfNames as names,
  people,
  person,
} from '../../support/directory-people.js';
import { suffix, type Values } from '../../support/directory-requests.js';
import { factsOfState } from '../../support/lifecycle-people.js';

const at = eachDirectory();
const eve = person('eve');
const classes = ['inetOrgPerson', 'posixAccount', 'lifecycleSubject'];
const engagement = 'id=1 kind=employee start=2025-01-01 end=20260601120000Z';
const facts: Values = {
  lifecycleEngagement: engagement,
  lifecycleNotice: 'since=20260102000000Z',
  lifecycleHold: 'matter=m by=legal since=20260102000000Z',
  lifecycleSponsor: person('ada'),
  lifecycleZone: 'Europe/Berlin',
};
const account = (uid: string, more: Values = {}): Values =>
  accountValues(uid, { objectClass: classes, manager: person('mia'), ...more });

beforeEach(() => {
  at().seed({
    [person('ada')]: accountValues('ada'),
    [person('mia')]: accountValues('mia'),
    [person('pat')]: accountValues('pat'),
    [person('max')]: account('max', { title: 'boss', lifecycleEngagement: engagement }),
    [eve]: account('eve', facts),
    [person('gone')]: account('gone', factsOfState.sealed),
    [group('hr')]: names('hr', person('pat')),
  });
});

const as = (uid: string) => at().user(person(uid));
const factNames = [...Object.keys(facts), 'lifecycleStart', 'lifecycleEnd', 'lifecycleStage'];

describe.each(['eve', 'mia', 'ada'])('%s, who has no role,', (uid) => {
  test('is shown no facts, however they are asked for', () => {
    const d = at();
    for (const asked of [[], ['*'], ['*', '+'], factNames, ['@lifecycleSubject'], ['2.25']]) {
      const shown = [...d.entry(eve, asked, as(uid)).attributes.keys()];
      expect(shown.filter((name) => factNames.includes(name))).toEqual([]);
    }
    const all = d.entry(eve, ['*'], as(uid));
    expect(all.texts('objectClass')).toEqual(
      d.entry(person('ada'), ['*'], as(uid)).texts('objectClass'),
    );
    expect(all.texts('cn')).toEqual(['eve tester']);
    expect(all.texts('manager')).toEqual([person('mia')]);
    expect(d.entry(eve, ['objectClass', 'sn'], as(uid)).texts('objectClass')).not.toContain(
      'lifecycleSubject',
    );
  });

  test('finds nobody by them, and nobody by their absence', () => {
    const d = at();
    const found = (filter: string) => d.foundNames(filter, { base: people, as: as(uid) });
    for (const filter of [
      '(lifecycleEngagement=*)',
      `(lifecycleEngagement=${engagement})`,
      '(lifecycleEngagement=*end*)',
      `(lifecycleSponsor=${person('ada')})`,
      '(lifecycleZone=Europe/Berlin)',
      '(lifecycleEnd>=20200101000000Z)',
      '(lifecycleStart<=20300101000000Z)',
      '(objectClass=lifecycleSubject)',
    ]) {
      expect(found(filter)).toEqual([]);
    }
    expect(found('(&(uid=eve)(!(lifecycleNotice=*)))')).toEqual([]);
    expect(found('(&(uid=eve)(!(objectClass=lifecycleSubject)))')).toEqual([]);
  });

  test('compares nothing with them', async () => {
    const d = at();
    const compare = (name: string, value: string) => () => d.compare(eve, name, value, as(uid));
    await refusal(compare('lifecycleEngagement', engagement), 'insufficientAccessRights');
    await refusal(compare('lifecycleStart', '20250101000000Z'), 'insufficientAccessRights');
    expect(d.compare(eve, 'objectClass', 'lifecycleSubject', as(uid))).toBe(false);
  });
});

test('the administrator is shown all of them, in * too', () => {
  const d = at();
  const all = d.entry(eve, ['*']);
  expect(all.texts('lifecycleEngagement')).toEqual([engagement]);
  expect(all.texts('lifecycleSponsor')).toEqual([person('ada')]);
  expect(all.texts('objectClass')).toContain('lifecycleSubject');
  expect(d.foundNames('(lifecycleNotice=*)')).toEqual(['eve']);
  expect(d.foundNames('(objectClass=lifecycleSubject)')).toEqual(['eve', 'gone', 'max']);
});

describe('roles of the policy', () => {
  async function install(...roles: string[]): Promise<void> {
    const text = ['tenure: 1', 'roles:', ...roles.map((role) => `  ${role}`), ''].join('\n');
    const values = { objectClass: 'tenureLifecyclePolicy', cn: 'policy', tenurePolicyText: text };
    await ok(at().add(`cn=policy,${suffix}`, values));
  }

  test('who may read facts is shown and finds them by name, and over whom the role is', async () => {
    const d = at();
    await install(
      'hr: {who: group hr, may: [read facts], over: everyone, never over: title is boss}',
    );
    expect(d.entry(eve, ['lifecycleEngagement'], as('pat')).texts('lifecycleEngagement')).toEqual([
      engagement,
    ]);
    expect(d.entry(eve, ['lifecycleSponsor'], as('pat')).texts('lifecycleSponsor')).toHaveLength(1);
    const max = d.entry(person('max'), ['lifecycleEngagement', 'cn'], as('pat'));
    expect([...max.attributes.keys()]).toEqual(['cn']);
    const found = (filter: string, who = 'pat') =>
      d.foundNames(filter, { base: people, as: as(who) });
    expect(found('(lifecycleEngagement=*)')).toEqual(['eve', 'gone']);
    expect(found(`(lifecycleEngagement=${engagement})`)).toEqual(['eve']);
    expect(found('(&(uid=max)(!(lifecycleEngagement=*)))')).toEqual(['max']);
    expect(found(`(lifecycleSponsor=${person('ada')})`)).toEqual(['eve']);
    expect(d.compare(eve, 'lifecycleEngagement', engagement, as('pat'))).toBe(true);
    expect(found('(lifecycleEngagement=*)', 'mia')).toEqual([]);
    expect(d.entry(eve, ['*'], as('pat')).attributes.has('lifecycleEngagement')).toBe(false);
    const both = d.entry(eve, ['*', 'lifecycleEngagement'], as('pat'));
    expect(both.texts('lifecycleEngagement')).toEqual([engagement]);
    expect(both.texts('sn')).toEqual(['tester']);
    expect(d.entry(eve, ['lifecycleEngagement'], as('mia')).attributes.size).toBe(0);
  });

  test('they see people who have left as well; who has the role no more does not', async () => {
    const d = at();
    await install('hr: {who: group hr, may: [see end dates], over: everyone}');
    const found = () => d.foundNames('(uid=gone)', { base: people, as: as('pat') });
    expect(found()).toEqual(['gone']);
    expect(d.foundNames('(uid=gone)', { base: people, as: as('mia') })).toEqual([]);
    expect(d.entry(eve, ['lifecycleEngagement'], as('pat')).attributes.size).toBe(0);
    await ok(d.modify(group('hr'), [['delete', 'member', person('pat')]]));
    expect(found()).toEqual([]);
  });

  test('who sees ends is shown the days and not the facts', async () => {
    const d = at();
    await install('hr: {who: group hr, may: [see end dates], over: everyone}');
    const asked = ['lifecycleStart', 'lifecycleEnd', 'lifecycleEngagement'];
    const seen = d.entry(eve, asked, as('pat'));
    expect(seen.texts('lifecycleStart')).toEqual(['20241231230000Z']);
    expect(seen.texts('lifecycleEnd')).toEqual(['20260601120000Z']);
    expect(seen.attributes.size).toBe(2);
    const filter = '(&(uid=eve)(lifecycleEnd<=20260601120000Z))';
    expect(d.foundNames(filter, { base: people, as: as('pat') })).toEqual(['eve']);
    expect(d.foundNames(filter, { base: people, as: as('mia') })).toEqual([]);
    expect(d.compare(eve, 'lifecycleEnd', '20260601120000Z', as('pat'))).toBe(true);
    await refusal(
      () => d.compare(eve, 'lifecycleEnd', '20260601120000Z', as('mia')),
      'noSuchAttribute',
    );
  });

  test('ends that the kind says are open are shown to everybody', async () => {
    const d = at();
    const kinds = 'kinds: {contractor: {who: type is contractor, end dates are: open}}';
    const values = {
      objectClass: 'tenureLifecyclePolicy',
      cn: 'policy',
      tenurePolicyText: `tenure: 1\n${kinds}\n`,
    };
    await ok(d.add(`cn=policy,${suffix}`, values));
    const lifecycleEngagement = 'id=1 kind=contractor start=2025-01-01 end=20260301120000Z';
    d.seed({ [person('con')]: account('con', { lifecycleEngagement }) });
    const shown = d.entry(person('con'), ['lifecycleEnd', 'shadowExpire'], as('mia'));
    expect(shown.texts('lifecycleEnd')).toEqual(['20260301120000Z']);
    expect(shown.texts('shadowExpire')).toEqual([String(Date.UTC(2026, 2, 2) / 86_400_000)]);
  });
});

describe('an end that is quiet', () => {
  /** Everything that somebody can see, of everybody and everything. */
  function sight(uid: string) {
    const { entries } = at().search('(objectClass=*)', { attributes: ['*', '+'], as: as(uid) });
    return entries.map(({ dn, attributes }) => {
      const kept = [...attributes].filter(([name]) => name !== 'entryCSN' && name !== 'contextCSN');
      return { dn, attributes: kept.map(([name, values]) => [name, values.map(String)]) };
    });
  }

  test('leaves no trace that differs from that of any other fact', async () => {
    const d = at();
    const uids = ['eve', 'mia', 'ada'];
    const write = (value: string) => d.modify(eve, [['replace', 'lifecycleEngagement', value]]);
    await ok(write('id=1 kind=employee start=2025-01-01 department=x'));
    const before = uids.map(sight);
    await ok(write('id=1 kind=employee start=2025-01-01 end=20260301120000Z'));
    expect(uids.map(sight)).toEqual(before);
    d.clock.advance(Date.UTC(2026, 2, 1, 12) - d.clock.nowMs() - 1);
    expect(uids.map(sight)).toEqual(before);
    d.clock.advance(1);
    expect(sight('mia')).not.toEqual(before[1]);
  });

  test('nor do facts about somebody of whom there were none', async () => {
    const d = at();
    const plain = person('ada');
    const before = sight('mia');
    await ok(
      d.modify(plain, [
        ['add', 'objectClass', 'lifecycleSubject'],
        ['add', 'lifecycleEngagement', 'id=1 end=2026-03-01'],
      ]),
    );
    expect(sight('mia')).toEqual(before);
  });
});
