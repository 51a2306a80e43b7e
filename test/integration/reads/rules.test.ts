/** Rules of the policy document on who may read what: each over a real directory, as a client asks. */
import { beforeEach, describe, expect, test } from '@jest/globals';
import type { Context } from '../../../src/directory/operations/index.js';
import { eachDirectory } from '../../support/directory-each.js';
import { ok, refusal } from '../../support/directory-expect.js';
import {
  group,
  groupOfNames,
  people,
  person,
  personValues,
} from '../../support/directory-people.js';
import { nobody, suffix } from '../../support/directory-requests.js';

const at = eachDirectory();
const policyDn = `cn=policy,${suffix}`;

async function rules(...lines: string[]): Promise<void> {
  const text = ['tenure: 1', 'access:', ...lines.map((line) => `  ${line}`), ''].join('\n');
  const d = at();
  const there = d.search('(cn=policy)', { base: suffix, scope: 'one' }).entries.length > 0;
  if (there) await ok(d.modify(policyDn, [['replace', 'tenurePolicyText', text]]));
  else {
    const values = { objectClass: 'tenureLifecyclePolicy', cn: 'policy', tenurePolicyText: text };
    await ok(d.add(policyDn, values));
  }
}

let ada: Context;
let bob: Context;

beforeEach(() => {
  const d = at();
  d.seed({
    [person('ada')]: personValues('ada', {
      homePhone: '111',
      telephoneNumber: '1',
      departmentNumber: 'R-1',
    }),
    [person('bob')]: personValues('bob', {
      homePhone: '222',
      telephoneNumber: '2',
      manager: person('ada'),
    }),
    [group('desk')]: groupOfNames('desk', person('ada'), person('bob')),
  });
  ada = d.user(person('ada'));
  bob = d.user(person('bob'));
});

const phones = ['homePhone', 'telephoneNumber'];
const shown = (dn: string, as: Context, attributes: readonly string[] = phones) =>
  at()
    .search('(objectClass=*)', { base: dn, scope: 'base', attributes, as })
    .entries.flatMap((entry) => [...entry.attributes.keys()]);

describe('without rules', () => {
  test('what is personal is for the person alone; all else for whoever has bound', async () => {
    const d = at();
    expect(shown(person('ada'), ada)).toEqual(['homePhone', 'telephoneNumber']);
    expect(shown(person('ada'), bob)).toEqual(['telephoneNumber']);
    expect(shown(person('ada'), bob, [])).not.toContain('homePhone');
    expect(shown(person('ada'), bob, ['*', '+'])).not.toContain('homePhone');
    expect(shown(person('ada'), d.admin)).toContain('homePhone');
    expect(d.foundNames('(homePhone=111)', { as: bob })).toEqual([]);
    expect(d.foundNames('(!(homePhone=111))', { as: bob, base: people })).toEqual(['bob']);
    expect(d.foundNames('(homePhone=111)', { as: ada })).toEqual(['ada']);
    await refusal(
      () => d.compare(person('ada'), 'homePhone', '111', bob),
      'insufficientAccessRights',
    );
    expect(d.compare(person('ada'), 'homePhone', '111', ada)).toBe(true);
  });
});

describe('a document with rules', () => {
  test('gives what they give and nothing else, to open sessions at once', async () => {
    const d = at();
    expect(d.foundNames('(uid=*)', { as: bob })).toEqual(['ada', 'bob']);
    const tree = 'tree: {who: anyone who has bound, may: discover, what: not below ou=people}';
    await rules(tree, 'own: {who: self, may: read}');
    expect(d.foundNames('(uid=*)', { as: bob })).toEqual(['bob']);
    await rules(
      tree,
      'all: {who: anyone who has bound, may: read, what: below ou=people, attributes: uid}',
    );
    expect(d.foundNames('(uid=*)', { as: bob })).toEqual(['ada', 'bob']);
    expect(shown(person('ada'), bob, ['*'])).toEqual(['uid']);
    expect(d.foundNames('(cn=desk)', { as: bob })).toEqual([]);
    await rules('nobody: {who: group nobody-at-all, may: read}');
    expect(d.search('(uid=*)', { as: bob }).done.code).toBe('noSuchObject');
  });

  test('what may not be discovered is not there: base, matched name, compare, names in values', async () => {
    const d = at();
    await rules(
      'tree: {who: anyone who has bound, may: discover, what: "not below ou=people"}',
      'own: {who: self, may: read}',
      'desk: {who: anyone who has bound, may: read, what: below ou=groups}',
    );
    for (const dn of [person('ada'), person('none')]) {
      const { entries, done } = d.search('(objectClass=*)', { base: dn, scope: 'base', as: bob });
      expect([entries, done.code, done.matchedDn]).toEqual([[], 'noSuchObject', people]);
      await refusal(() => d.compare(dn, 'cn', 'x', bob), 'noSuchObject');
    }
    const desk = d.search('(cn=desk)', { as: bob }).entries[0]!;
    expect(desk.texts('member')).toEqual([person('bob')]);
    expect(d.foundNames(`(member=${person('ada')})`, { as: bob })).toEqual([]);
    expect(d.foundNames(`(member=${person('bob')})`, { as: bob })).toEqual(['desk']);
    expect(shown(person('bob'), bob, ['manager', 'memberOf'])).toEqual(['memberOf']);
    expect(shown(people, bob, ['numSubordinates', 'hasSubordinates'])).toEqual([]);
  });

  test('manager, groups and conditions on the entry', async () => {
    await rules(
      'tree: {who: anyone who has bound, may: discover}',
      'boss: {who: manager, may: read, attributes: "@personal"}',
      'desk: {who: group desk, may: read, what: departmentNumber is R-1, attributes: telephoneNumber}',
    );
    expect(shown(person('bob'), ada)).toEqual(['homePhone']);
    expect(shown(person('ada'), bob)).toEqual(['telephoneNumber']);
    expect(shown(person('bob'), bob)).toEqual([]);
  });

  test('of many rules about an attribute one is enough, whatever each of them asks', async () => {
    await rules(
      'finds: {who: anyone who has bound, may: search}',
      'one: {who: anyone who has bound, may: read, what: department is R-1, attributes: telephoneNumber}',
      'two: {who: anyone who has bound, may: read, what: department is R-9 or type is guest, attributes: telephoneNumber}',
      'three: {who: manager, may: read, attributes: telephoneNumber}',
      'four: {who: group none, may: read, what: department is r-2, attributes: telephoneNumber}',
    );
    const phone = ['telephoneNumber'];
    expect(shown(person('ada'), bob, phone)).toEqual(phone);
    expect(shown(person('bob'), bob, phone)).toEqual([]);
    expect(shown(person('bob'), ada, phone)).toEqual(phone);
    await ok(at().modify(person('bob'), [['add', 'employeeType', 'Guest']]));
    expect(shown(person('bob'), bob, phone)).toEqual(phone);
    await ok(at().modify(person('ada'), [['replace', 'departmentNumber', 'R-2']]));
    expect(shown(person('ada'), bob, phone)).toEqual([]);
  });

  test('address, protection of the connection, second factor', async () => {
    await rules(
      'net: {who: self, from: 10.0.0.0/8, may: read, attributes: homePhone}',
      'tls: {who: self, with: "tls, second factor", may: read, attributes: telephoneNumber}',
    );
    const from = (address: string, confidential: boolean, factor: boolean): Context => ({
      identity: factor ? { ...bob.identity, factor } : bob.identity,
      origin: { ...bob.origin, address, confidential },
    });
    expect(shown(person('bob'), from('10.1.2.3', false, true))).toEqual(['homePhone']);
    expect(shown(person('bob'), from('11.1.2.3', true, true))).toEqual(['telephoneNumber']);
    expect(shown(person('bob'), from('11.1.2.3', true, false))).toEqual([]);
  });

  test('who has not bound reads what is for anyone, and the schema still not', async () => {
    const d = at();
    await rules('open: {who: anyone, may: read, what: below ou=people, attributes: "@posix"}');
    expect(d.foundNames('(uid=*)', { base: person('ada'), as: nobody })).toEqual(['ada']);
    expect(shown(person('ada'), nobody, ['*'])).toEqual(['objectClass', 'uid', 'cn']);
    const { done } = d.search('(objectClass=*)', {
      base: 'cn=subschema',
      scope: 'base',
      as: nobody,
    });
    expect(done.code).toBe('insufficientAccessRights');
  });

  test('may search is no may read', async () => {
    const d = at();
    await rules('find: {who: anyone who has bound, may: search, attributes: telephoneNumber}');
    const { entries } = d.search('(telephoneNumber=1)', { as: bob });
    expect(entries.map(({ dn, attributes }) => [dn, [...attributes.keys()]])).toEqual([
      [person('ada'), []],
    ]);
    await refusal(
      () => d.compare(person('ada'), 'telephoneNumber', '1', bob),
      'insufficientAccessRights',
    );
    await rules('ask: {who: anyone who has bound, may: compare, attributes: telephoneNumber}');
    expect(d.foundNames('(telephoneNumber=1)', { as: bob })).toEqual([]);
    expect(d.compare(person('ada'), 'telephoneNumber', '1', bob)).toBe(true);
  });
});
