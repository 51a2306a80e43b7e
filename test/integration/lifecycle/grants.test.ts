/** Memberships that are granted for a time: there to the second in every dialect, and to nobody who is leaving. */
import { beforeEach, describe, expect, test } from '@jest/globals';
import { Client } from 'ldapts';
import { eachDirectory } from '../../support/directory-each.js';
import { ok, refused } from '../../support/directory-expect.js';
import {
  group,
  groupOfNames,
  groupOfUniqueNames,
  manyPeople,
  person,
  posixGroup,
  unixGroupOfNames,
} from '../../support/directory-people.js';
import { adminDn, adminPassword, type Values } from '../../support/directory-requests.js';
import { grant, grantOf, HOUR, people } from '../../support/grants.js';
import { eachServed } from '../../support/served-directory.js';

const forms: readonly (readonly [string, Values])[] = [
  ['groupOfNames', groupOfNames('g')],
  ['groupOfUniqueNames', { ...groupOfUniqueNames('g'), uniqueMember: [] as string[] }],
  ['posixGroup', posixGroup('g')],
  ['both', unixGroupOfNames('g', {})],
];

const withoutEmpty = (values: Values): Values =>
  Object.fromEntries(Object.entries(values).filter(([, list]) => list.length > 0));

describe('the second of the end', () => {
  const at = eachDirectory();

  /** Everything that could still say of Ada that she is in the group or the one around it. */
  function traces(): string[] {
    const d = at();
    const found: string[] = [];
    for (const cn of ['g', 'outer']) {
      const entry = d.entry(group(cn));
      for (const name of ['member', 'uniqueMember', 'memberUid']) {
        if (entry.texts(name).some((value) => value === person('ada') || value === 'ada')) {
          found.push(`${cn} ${name}`);
        }
      }
      if (d.found(`(memberOf=${group(cn)})`).includes(person('ada')))
        found.push(`(memberOf=${cn})`);
      if (!d.found(`(!(memberOf=${group(cn)}))`).includes(person('ada')))
        found.push(`!memberOf ${cn}`);
      if (d.compare(person('ada'), 'memberOf', group(cn), d.admin))
        found.push(`compare memberOf ${cn}`);
    }
    for (const filter of [
      `member=${person('ada')}`,
      `uniqueMember=${person('ada')}`,
      'memberUid=ada',
    ]) {
      found.push(...d.foundNames(`(&(objectClass=*)(${filter}))`).map((cn) => `(${filter}) ${cn}`));
    }
    const chain = 'member:1.2.840.113556.1.4.1941:';
    found.push(...d.foundNames(`(${chain}=${person('ada')})`).map((cn) => `chain ${cn}`));
    found.push(...d.entry(person('ada')).texts('memberOf'));
    return found;
  }

  /** compare throws where the entry has no memberOf at all. */
  function tracesOrNone(): string[] {
    const d = at();
    d.seed({});
    return traces();
  }

  test.each(forms)('%s', async (_, values) => {
    const d = at();
    d.seed({
      ...manyPeople(people),
      [group('g')]: withoutEmpty(values),
      [group('outer')]: groupOfNames('outer', group('g')),
      // Somebody in no group at all has no memberOf to compare: Ada stays in this one.
      [group('always')]: groupOfNames('always', person('ada')),
    });
    const before = tracesOrNone();
    await ok(grant(d, 'ada', 'g'));
    const during = tracesOrNone();
    expect(during.length).toBeGreaterThan(before.length + 8);
    d.clock.advance(HOUR * 1000 - 1);
    expect(tracesOrNone()).toEqual(during);
    d.clock.advance(1);
    expect(tracesOrNone()).toEqual(before);
    d.clock.advance(-1);
    expect(tracesOrNone()).toEqual(during);
    d.clock.advance(1);
  });

  test('one that begins later is not there before', async () => {
    const d = at();
    d.seed({ ...manyPeople(people), [group('g')]: groupOfNames('g') });
    await ok(grant(d, 'ada', 'g', HOUR, HOUR));
    expect(d.foundNames(`(member=${person('ada')})`)).toEqual([]);
    d.clock.advance(HOUR * 1000);
    expect(d.foundNames(`(member=${person('ada')})`)).toEqual(['g']);
    d.clock.advance(HOUR * 1000);
    expect(d.foundNames(`(member=${person('ada')})`)).toEqual([]);
  });

  test('nobody but the administrator learns of an end to come', async () => {
    const d = at();
    d.seed({ ...manyPeople(people), [group('g')]: groupOfNames('g') });
    await ok(grant(d, 'ada', 'g'));
    const value = d.entry(group('g')).texts('tenureHolder');
    expect(value).toEqual([
      `kind=grant entry=${person('ada')} ` +
        `when=20260105090000Z..20260105100000Z because="on call" by=${adminDn} ` +
        'since=20260105090000Z',
    ]);
    for (const uid of ['ada', 'bob']) {
      const as = d.user(person(uid));
      expect(d.entry(group('g'), ['*', '+', 'tenureHolder'], as).texts('tenureHolder')).toEqual([]);
      expect(d.found('(tenureHolder=*)', { as })).toEqual([]);
    }
    expect(d.foundNames('(tenureHolder=*)')).toEqual(['g']);
  });
});

describe('granting', () => {
  const at = eachDirectory();

  beforeEach(() => {
    at().seed({ ...manyPeople(people), [group('g')]: groupOfNames('g') });
  });

  test('a second grant takes the place of the first', async () => {
    const d = at();
    await ok(grant(d, 'ada', 'g'));
    await ok(grant(d, 'ada', 'g', 2 * HOUR));
    expect(d.entry(group('g')).texts('tenureHolder')).toHaveLength(1);
    d.clock.advance(HOUR * 1000);
    expect(d.foundNames(`(member=${person('ada')})`)).toEqual(['g']);
    d.clock.advance(HOUR * 1000);
    expect(d.foundNames(`(member=${person('ada')})`)).toEqual([]);
  });

  test('is taken back by deleting the value; its times need not be said', async () => {
    const d = at();
    await ok(grant(d, 'ada', 'g'));
    const value = `kind=grant entry="${person('ada')}"`;
    await ok(d.modify(group('g'), [['delete', 'tenureHolder', value]]));
    expect(d.foundNames(`(member=${person('ada')})`)).toEqual([]);
    await refused(d.modify(group('g'), [['delete', 'tenureHolder', value]]), 'noSuchAttribute');
  });

  test('what is over goes with the next grant', async () => {
    const d = at();
    await ok(grant(d, 'ada', 'g'));
    d.clock.advance(HOUR * 1000);
    expect(d.entry(group('g')).texts('tenureHolder')).toHaveLength(1);
    await ok(grant(d, 'bob', 'g'));
    expect(d.entry(group('g')).texts('tenureHolder')).toHaveLength(1);
    await ok(d.modify(group('g'), [['delete', 'tenureHolder']]));
    expect(d.entry(group('g')).texts('tenureHolder')).toEqual([]);
  });

  test.each([
    ['no end', 'kind=grant entry=ADA because=x', 'a grant ends'],
    ['an open end', 'kind=grant entry=ADA when=20260105090000Z.. because=x', 'a grant ends'],
    ['an end that has passed', 'kind=grant entry=ADA when=..20260105090000Z because=x', 'be over'],
    ['no reason', 'kind=grant entry=ADA when=..20260106090000Z', 'because='],
    ['an empty reason', 'kind=grant entry=ADA when=..20260106090000Z because=" "', 'because='],
    ['no member', 'kind=grant when=..20260106090000Z because=x', 'lacks entry='],
    [
      'nobody',
      'kind=grant entry="cn=x" when=..20260106090000Z because=x',
      'there is no entry cn=x',
    ],
    ['the hand', 'kind=hand entry=ADA', 'add the member itself to member'],
    ['a rule', 'kind=rule entry=ADA', 'follows from the policy'],
    ['no kind', 'entry=ADA when=..20260106090000Z', 'needs kind=grant or kind=rule'],
    ['no times', 'kind=grant entry=ADA when=soon because=x', 'has when=soon'],
    ['an unknown word', 'kind=grant entry=ADA till=x', 'has the word till='],
    ['a word twice', 'kind=grant kind=grant entry=ADA', 'says kind= twice'],
    ['another attribute', 'kind=grant attribute=cn entry=ADA', '"cn" is no attribute under which'],
  ])('%s is refused', async (_, words, sentence) => {
    const d = at();
    const value = words.replace('ADA', `"${person('ada')}"`);
    const outcome = d.modify(group('g'), [['add', 'tenureHolder', value]]);
    expect(await refused(outcome, 'constraintViolation')).toContain(sentence);
    expect(d.entry(group('g')).texts('member')).toEqual([]);
  });

  test('is no matter of everybody, nor of what is no group, nor replaced', async () => {
    const d = at();
    const add = ['add', 'tenureHolder', grantOf(d, 'ada', HOUR)] as const;
    const as = d.user(person('ada'));
    await refused(d.modify(group('g'), [add], undefined, as), 'insufficientAccessRights');
    const where = await refused(d.modify(person('bob'), [add]), 'constraintViolation');
    expect(where).toContain('the entry is no group');
    const replace = ['replace', 'tenureHolder', add[2]] as const;
    await refused(d.modify(group('g'), [replace]), 'constraintViolation');
  });

  test('nothing is granted to somebody who is leaving, nor to somebody who has left', async () => {
    const d = at();
    const values = { objectClass: ['inetOrgPerson', 'lifecycleSubject'], cn: 'x', sn: 'x' };
    d.seed({
      [person('lou')]: { ...values, uid: 'lou', lifecycleNotice: 'since=2026-01-05' },
      [person('kim')]: { ...values, uid: 'kim', lifecycleEngagement: 'id=1 end=2026-01-04' },
      [person('max')]: { ...values, uid: 'max', lifecycleNotice: 'since=2026-02-01' },
    });
    const leaving = await refused(grant(d, 'lou', 'g'), 'unwillingToPerform');
    expect(leaving).toContain('is going to leave');
    expect(await refused(grant(d, 'kim', 'g'), 'unwillingToPerform')).toContain('has left');
    await ok(grant(d, 'max', 'g'));
  });
});

describe('over the wire', () => {
  const served = eachServed();

  test('a client sees a granted member until the clock says no', async () => {
    const { directory: d, port } = served();
    d.seed({ ...manyPeople(people), [group('g')]: groupOfNames('g') });
    await ok(grant(d, 'ada', 'g'));
    const client = new Client({ url: `ldap://127.0.0.1:${port}` });
    try {
      await client.bind(adminDn, adminPassword);
      const find = async (filter: string) => {
        const { searchEntries } = await client.search('dc=example,dc=com', {
          filter,
          attributes: ['1.1'],
        });
        return searchEntries.map(({ dn }) => dn);
      };
      expect(await find(`(memberOf=${group('g')})`)).toEqual([person('ada')]);
      expect(await client.compare(group('g'), 'member', person('ada'))).toBe(true);
      d.clock.advance(HOUR * 1000);
      expect(await find(`(memberOf=${group('g')})`)).toEqual([]);
      expect(await find(`(member=${person('ada')})`)).toEqual([]);
      await expect(client.compare(group('g'), 'member', person('ada'))).rejects.toThrow();
    } finally {
      await client.unbind();
    }
  });
});
