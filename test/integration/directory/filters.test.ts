/** Filters against a small directory: every kind of test, three-valued (RFC 4511 §4.5.1.7). */
import { beforeEach, describe, expect, test } from '@jest/globals';
import { eachDirectory } from '../../support/directory-each.js';
import {
  accountValues,
  group,
  people,
  person,
  personValues,
} from '../../support/directory-people.js';
import { suffix } from '../../support/directory-requests.js';

const at = eachDirectory();
const found = (filter: string) => at().foundNames(filter, { base: people, scope: 'one' });

beforeEach(() => {
  at().seed({
    [person('ada')]: accountValues('ada', {
      uidNumber: '1000',
      gidNumber: '500',
      shadowFlag: '6',
      objectClass: ['inetOrgPerson', 'posixAccount', 'shadowAccount'],
      cn: ['Ada Lovelace', 'Augusta'],
      'cn;lang-de': 'Gräfin',
      mail: 'ada@example.com',
      manager: person('bob'),
    }),
    [person('bob')]: personValues('bob', { cn: 'Bob  the   Builder', title: 'Übermeister' }),
    [person('eve')]: personValues('eve', { cn: 'Eve', manager: person('ada'), sn: 'Ada' }),
  });
});

test('absolute true and false (RFC 4526)', () => {
  expect(found('(&)')).toEqual(['ada', 'bob', 'eve']);
  expect(found('(|)')).toEqual([]);
  expect(found('(!(&))')).toEqual([]);
  expect(found('(!(|))')).toEqual(['ada', 'bob', 'eve']);
});

test('equality follows the attribute’s rule', () => {
  expect(found('(cn=ADA LOVELACE)')).toEqual(['ada']);
  expect(found('(cn=  bob the builder )')).toEqual(['bob']);
  expect(found('(title=übermeister)')).toEqual(['bob']);
  expect(found('(homeDirectory=/home/ada)')).toEqual(['ada']);
  expect(found('(homeDirectory=/home/ADA)')).toEqual([]);
  expect(found('(uidNumber=01000)')).toEqual([]);
  expect(found('(2.5.4.3=eve)')).toEqual(['eve']);
  expect(found('(mail~=ADA@example.com)')).toEqual(['ada']);
});

test('substrings', () => {
  expect(found('(cn=a*)')).toEqual(['ada']);
  expect(found('(cn=*LACE)')).toEqual(['ada']);
  expect(found('(cn=*o*e*u*)')).toEqual(['bob']);
  expect(found('(cn=bob the*builder)')).toEqual(['bob']);
  expect(found('(cn=*e*)')).toEqual(['ada', 'bob', 'eve']);
  expect(found('(cn=e*e*e)')).toEqual([]);
  expect(found('(cn=ev*ve)')).toEqual([]);
  expect(found('(cn=gräf*)')).toEqual(['ada']);
  expect(found('(title=*MEISTER)')).toEqual(['bob']);
});

test('ordering', () => {
  expect(found('(uidNumber>=999)')).toEqual(['ada']);
  expect(found('(uidNumber>=1000)')).toEqual(['ada']);
  expect(found('(uidNumber<=1000)')).toEqual(['ada']);
  expect(found('(uidNumber<=999)')).toEqual([]);
  expect(found('(uidNumber>=-5)')).toEqual(['ada']);
  expect(found('(createTimestamp>=20260105090000.0Z)')).toEqual(['ada', 'bob', 'eve']);
  expect(found('(createTimestamp>=20260105090000.1Z)')).toEqual([]);
  expect(found('(createTimestamp<=2026010509Z)')).toEqual(['ada', 'bob', 'eve']);
  expect(found('(createTimestamp<=202601050959.5+0100)')).toEqual([]);
  expect(found('(createTimestamp<=2026010508.9Z)')).toEqual([]);
  expect(found('(createTimestamp<=2026010508.99999Z)')).toEqual([]);
  expect(found('(createTimestamp<=202601050859.999Z)')).toEqual([]);
  expect(found('(createTimestamp>=2026010508.9999Z)')).toEqual(['ada', 'bob', 'eve']);
});

test('a fraction of an hour is part of a time', () => {
  at().clock.advance(20 * 60_000);
  at().seed({ [person('late')]: personValues('late') });
  expect(found('(createTimestamp<=2026010509.5Z)')).toEqual(['ada', 'bob', 'eve', 'late']);
  expect(found('(createTimestamp<=2026010509.25Z)')).toEqual(['ada', 'bob', 'eve']);
  expect(found('(createTimestamp=202601050920.0Z)')).toEqual(['late']);
});

test('options narrow, their absence does not', () => {
  expect(found('(cn;lang-de=gräfin)')).toEqual(['ada']);
  expect(found('(cn=gräfin)')).toEqual(['ada']);
  expect(found('(cn;lang-de=ada lovelace)')).toEqual([]);
  expect(found('(cn;lang-de=*)')).toEqual(['ada']);
  expect(found('(!(cn;lang-de=*))')).toEqual(['bob', 'eve']);
  expect(found('(manager;lang-de=*)')).toEqual([]);
  expect(found(`(manager;lang-de=${person('bob')})`)).toEqual([]);
  expect(found('(!(entryUUID;lang-de=*))')).toEqual(['ada', 'bob', 'eve']);
});

test('a supertype matches its subtypes', () => {
  expect(found('(name=ada)')).toEqual(['eve']);
  expect(found('(name=*ada*)')).toEqual(['ada', 'eve']);
  at().seed({
    [group('team')]: { objectClass: 'groupOfNames', cn: 'team', member: person('eve') },
  });
  expect(at().found(`(distinguishedName=${person('eve')})`)).toEqual([group('team')]);
  expect(at().found('(distinguishedName=*)')).toEqual([group('team')]);
});

test('classes match with their superclasses', () => {
  expect(found('(objectClass=person)')).toEqual(['ada', 'bob', 'eve']);
  expect(found('(objectClass=TOP)')).toEqual(['ada', 'bob', 'eve']);
  expect(found('(objectClass=1.3.6.1.1.1.2.0)')).toEqual(['ada']);
  expect(found('(!(objectClass=posixAccount))')).toEqual(['bob', 'eve']);
  expect(found('(objectClass:=posixAccount)')).toEqual(['ada']);
});

test('what nobody can decide stays undecided under NOT', () => {
  for (const undecidable of [
    '(noSuchAttribute=x)',
    '(noSuchAttribute=*)',
    '(objectClass=noSuchClass)',
    '(uidNumber=many)',
    '(manager=not a name)',
    '(memberOf=not a name)',
    '(createTimestamp>=yesterday)',
    '(cn>=a)',
    '(uidNumber=1*)',
    '(cn:noSuchRule:=x)',
    '(:noSuchRule:=x)',
    '(:1.2.840.113556.1.4.1941:=x)',
    '(cn:1.2.840.113556.1.4.1941:=x)',
    '(userPassword=*)',
    '(userPassword=x)',
  ]) {
    expect([undecidable, found(undecidable)]).toEqual([undecidable, []]);
    expect([undecidable, found(`(!${undecidable})`)]).toEqual([undecidable, []]);
    expect(found(`(|${undecidable}(uid=ada))`)).toEqual(['ada']);
    expect(found(`(!(|${undecidable}(uid=ada)))`)).toEqual([]);
    expect(found(`(!(&${undecidable}(uid=ada)))`)).toEqual(['bob', 'eve']);
    expect(found(`(&${undecidable}(uid=ada))`)).toEqual([]);
  }
});

test('what an entry does not have is False, so its negation holds', () => {
  expect(found('(!(mail=ada@example.com))')).toEqual(['bob', 'eve']);
  expect(found('(!(uidNumber>=1))')).toEqual(['bob', 'eve']);
  expect(found(`(!(manager=${person('bob')}))`)).toEqual(['bob', 'eve']);
  expect(found('(!(memberOf=*))')).toEqual(['ada', 'bob', 'eve']);
});

test('extensible: rule, attribute and name', () => {
  expect(found('(cn:caseExactMatch:=Ada Lovelace)')).toEqual(['ada']);
  expect(found('(cn:caseExactMatch:=ada lovelace)')).toEqual([]);
  expect(found('(cn:2.5.13.2:=ada lovelace)')).toEqual(['ada']);
  expect(found('(cn:=ada lovelace)')).toEqual(['ada']);
  expect(found('(:caseIgnoreMatch:=ada)')).toEqual(['ada', 'eve']);
  expect(found('(ou:dn:=people)')).toEqual(['ada', 'bob', 'eve']);
  expect(found('(ou:dn:caseExactMatch:=People)')).toEqual([]);
  expect(found('(ou:=people)')).toEqual([]);
  expect(found('(:dn:caseIgnoreMatch:=people)')).toEqual(['ada', 'bob', 'eve']);
  expect(found('(cn:wordMatch:=lovelace)')).toEqual(['ada']);
  expect(at().found(`(:dn:caseIgnoreIA5Match:=example)`)).toContain(suffix);
});

test('bit rules on integers', () => {
  const and = '1.2.840.113556.1.4.803';
  const or = '1.2.840.113556.1.4.804';
  expect(found(`(shadowFlag:${and}:=2)`)).toEqual(['ada']);
  expect(found(`(shadowFlag:${and}:=6)`)).toEqual(['ada']);
  expect(found(`(shadowFlag:${and}:=7)`)).toEqual([]);
  expect(found(`(shadowFlag:${or}:=9)`)).toEqual([]);
  expect(found(`(shadowFlag:${or}:=3)`)).toEqual(['ada']);
  expect(found(`(!(shadowFlag:${and}:=2))`)).toEqual(['bob', 'eve']);
});

describe('the rule that follows a chain', () => {
  const chain = '1.2.840.113556.1.4.1941';

  test('from manager to manager, and not into groups on the way', () => {
    const d = at();
    d.seed({
      [person('max')]: personValues('max', { manager: person('eve') }),
      [person('out')]: personValues('out', { manager: 'cn=boss,dc=elsewhere' }),
      [person('far')]: personValues('far', { manager: person('out') }),
      [group('team')]: {
        objectClass: 'groupOfNames',
        cn: 'team',
        member: person('out'),
        owner: person('eve'),
      },
    });
    expect(found(`(manager:${chain}:=${person('bob')})`)).toEqual(['ada', 'eve', 'max']);
    expect(found(`(manager=${person('bob')})`)).toEqual(['ada']);
    expect(d.foundNames(`(manager:${chain}:=cn=boss,dc=elsewhere)`)).toEqual(['far', 'out']);
    expect(d.foundNames(`(&(manager:${chain}:=cn=boss,dc=elsewhere)(sn=*))`)).toEqual([
      'far',
      'out',
    ]);
    expect(found(`(!(manager:${chain}:=${person('bob')}))`)).toEqual(['bob', 'far', 'out']);
  });

  test('ends where managers manage each other', async () => {
    const d = at();
    await d.modify(person('bob'), [['add', 'manager', person('eve')]]);
    expect(found(`(manager:${chain}:=${person('bob')})`)).toEqual(['ada', 'bob', 'eve']);
  });

  test('memberships are transitive with it and without', () => {
    const d = at();
    d.seed({
      [group('inner')]: { objectClass: 'groupOfNames', cn: 'inner', member: person('ada') },
      [group('outer')]: { objectClass: 'groupOfNames', cn: 'outer', member: group('inner') },
    });
    for (const rule of ['', `:${chain}:`]) {
      expect(d.foundNames(`(member${rule}=${person('ada')})`)).toEqual(['inner', 'outer']);
      expect(d.foundNames(`(memberOf${rule}=${group('outer')})`)).toEqual(['ada', 'inner']);
    }
  });
});
