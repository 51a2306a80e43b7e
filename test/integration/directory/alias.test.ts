/** Alias entries (RFC 4511 §4.5.1.3): four ways to treat them, loops, and aliases of nothing. */
import { beforeEach, expect, test } from '@jest/globals';
import { eachDirectory } from '../../support/directory-each.js';
import { ok, refused } from '../../support/directory-expect.js';
import {
  groups,
  manyPeople,
  people,
  person,
  personValues,
} from '../../support/directory-people.js';
import { suffix, type Values } from '../../support/directory-requests.js';

const at = eachDirectory();
const alias = (cn: string, target: string): Values => ({
  objectClass: ['alias', 'extensibleObject'],
  cn,
  aliasedObjectName: target,
});
const staff = `cn=staff,${suffix}`;

beforeEach(() => {
  at().seed({
    ...manyPeople(['ada', 'bob']),
    [`ou=lab,${suffix}`]: { objectClass: 'organizationalUnit', ou: 'lab' },
    [`uid=eve,ou=lab,${suffix}`]: personValues('eve'),
    [staff]: alias('staff', people),
    [`cn=guest,${people}`]: alias('guest', `uid=eve,ou=lab,${suffix}`),
    [`cn=twice,${people}`]: alias('twice', person('ada')),
  });
});

test('never: aliases are entries like others', () => {
  const d = at();
  expect(d.found('(objectClass=alias)', { base: people })).toHaveLength(2);
  expect(d.found('(uid=*)', { base: staff })).toEqual([]);
  expect(d.found('(objectClass=*)', { base: staff })).toEqual([staff]);
  expect(d.search('(uid=*)', { base: `uid=ada,${staff}` }).done.code).toBe('noSuchObject');
});

test('findingBase: the base is followed, what is found below is not', () => {
  const d = at();
  const ask = { base: staff, deref: 'findingBase' } as const;
  expect(d.found('(uid=*)', ask)).toEqual([person('ada'), person('bob')]);
  expect(d.found('(objectClass=alias)', ask)).toHaveLength(2);
  expect(d.found('(uid=*)', { ...ask, base: `uid=ADA,${staff}` })).toEqual([person('ada')]);
  expect(d.search('(uid=*)', { ...ask, base: `uid=no,${staff}` }).done).toMatchObject({
    code: 'noSuchObject',
    matchedDn: people,
  });
});

test('inSearching: what is below the base is followed, once each; the base is not', () => {
  const d = at();
  const ask = { base: people, deref: 'inSearching' } as const;
  const everybody = [person('ada'), person('bob'), `uid=eve,ou=lab,${suffix}`];
  expect(d.found('(uid=*)', ask)).toEqual(everybody);
  expect(d.found('(uid=*)', { ...ask, scope: 'one' })).toEqual(everybody);
  expect(d.found('(objectClass=alias)', ask)).toEqual([]);
  expect(d.found('(uid=*)', { ...ask, base: staff, scope: 'base' })).toEqual([]);
});

test('always: both; a subtree comes with what its aliases lead to', () => {
  const d = at();
  expect(d.found('(uid=*)', { base: staff, deref: 'always' })).toHaveLength(3);
  expect(d.found('(uid=*)', { base: suffix, deref: 'always' })).toHaveLength(3);
  expect(d.found('(uid=eve)', { base: groups, deref: 'always' })).toEqual([]);
});

test('an alias of a container brings its subtree into a subtree search only', () => {
  const d = at();
  d.seed({ [`cn=lab,${people}`]: alias('lab', `ou=lab,${suffix}`) });
  const ask = { base: people, deref: 'inSearching' } as const;
  expect(d.foundNames('(objectClass=*)', ask)).toEqual(['ada', 'bob', 'eve', 'lab', 'people']);
  expect(d.foundNames('(ou=lab)', { ...ask, scope: 'one' })).toEqual(['lab']);
});

test('a loop ends: 36 for the base, nothing in searching', () => {
  const d = at();
  d.seed({
    [`cn=a,${suffix}`]: alias('a', `cn=b,${suffix}`),
    [`cn=b,${suffix}`]: alias('b', `cn=a,${suffix}`),
  });
  const { done } = d.search('(uid=*)', { base: `cn=a,${suffix}`, deref: 'always' });
  expect(done.code).toBe('aliasDereferencingProblem');
  expect(d.foundNames('(uid=*)', { deref: 'always' })).toEqual(['ada', 'bob', 'eve']);
});

test('an alias of nothing: 33 for the base, nothing in searching', () => {
  const d = at();
  d.seed({ [`cn=lost,${suffix}`]: alias('lost', `cn=nobody,${suffix}`) });
  const { done } = d.search('(uid=*)', { base: `cn=lost,${suffix}`, deref: 'findingBase' });
  expect(done).toMatchObject({ code: 'aliasProblem', matchedDn: `cn=lost,${suffix}` });
  expect(d.foundNames('(uid=*)', { deref: 'inSearching' })).toEqual(['ada', 'bob', 'eve']);
  expect(d.found('(cn=lost)', { deref: 'inSearching' })).toEqual([]);
});

test('nothing hangs below an alias', async () => {
  const d = at();
  expect(await refused(d.add(`uid=x,${staff}`, personValues('x')), 'namingViolation')).toMatch(
    /alias/,
  );
  await refused(d.rename(person('bob'), 'uid=bob', { newSuperior: staff }), 'namingViolation');
  await ok(d.delete(staff));
});
