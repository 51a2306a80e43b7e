/** The planner finds candidates by index: each kind of index is used for what it is good for. */
import { beforeEach, expect, test } from '@jest/globals';
import { type Plan, planFilter } from '../../../src/directory/operations/candidates.js';
import { Compiler, Memberships } from '../../../src/directory/operations/index.js';
import { parseFilter } from '../../../src/directory/text/index.js';
import { eachDirectory } from '../../support/directory-each.js';
import { accountValues, group, person, personValues } from '../../support/directory-people.js';
import { suffix } from '../../support/directory-requests.js';

const at = eachDirectory();

function plan(filter: string): Plan {
  const { reader, names, admin } = at();
  const node = new Compiler(reader).compile(parseFilter(filter), admin.identity);
  const nowMs = () => 0;
  const memberships = new Memberships(reader, nowMs);
  return planFilter(node, { reader, names, memberships, identity: admin.identity, nowMs });
}

/** Leaf names of the candidates, or undefined for a scan. */
function candidates(filter: string): string[] | undefined {
  const d = at();
  return plan(filter)
    .ids?.map((id) => /=([^,]+)/.exec(d.names.dnOfId(id).toString())![1]!)
    .sort();
}

beforeEach(() => {
  at().seed({
    [person('ada')]: accountValues('ada', {
      cn: 'Ada Lovelace',
      mail: 'ada@example.com',
      uidNumber: '500',
      gidNumber: '1',
    }),
    [person('bob')]: accountValues('bob', {
      cn: 'Bob',
      uidNumber: '7',
      gidNumber: '1',
      manager: person('ada'),
    }),
    [person('eve')]: personValues('eve', { cn: 'Eve', title: 'x', seeAlso: 'cn=out,dc=elsewhere' }),
    [group('inner')]: { objectClass: 'groupOfNames', cn: 'inner', member: [person('ada')] },
    [group('outer')]: {
      objectClass: 'groupOfUniqueNames',
      cn: 'outer',
      uniqueMember: [group('inner')],
    },
    [group('unix')]: {
      objectClass: 'posixGroup',
      cn: 'unix',
      gidNumber: '1',
      memberUid: ['bob', 'ghost'],
    },
  });
});

test.each([
  ['equality', '(uid=ADA)', ['ada']],
  ['equality, nothing', '(uid=nobody)', []],
  ['equality by a supertype', '(name=Eve)', undefined],
  ['presence', '(mail=*)', ['ada']],
  ['ordering', '(uidNumber>=8)', ['ada']],
  ['ordering below', '(uidNumber<=8)', ['bob']],
  ['substring', '(cn=*lovel*)', ['ada']],
  ['substring from the start', '(cn=ada*)', ['ada']],
  ['a short substring', '(cn=*ob*)', ['bob']],
  ['class', '(objectClass=posixAccount)', ['ada', 'bob']],
  ['class above', '(objectClass=person)', ['ada', 'bob', 'eve']],
  ['reference', `(manager=${person('ada')})`, ['bob']],
  ['reference outside', '(seeAlso=CN=Out,dc=elsewhere)', ['eve']],
  ['reference along a chain', `(manager:1.2.840.113556.1.4.1941:=${person('ada')})`, ['bob']],
  ['memberships', `(member=${person('ada')})`, ['inner', 'outer']],
  ['login', '(memberUid=bob)', ['unix']],
  ['login of nobody', '(memberUid=ghost)', ['unix']],
  ['memberOf', `(memberOf=${group('outer')})`, ['ada', 'inner']],
  ['entryDN', `(entryDN=${person('eve')})`, ['eve']],
  ['time', '(createTimestamp>=20270101000000Z)', []],
  ['no index', '(title=x)', undefined],
  ['a rule of its own', '(cn:caseExactMatch:=Eve)', undefined],
  ['undecidable', '(noSuch=x)', []],
  ['AND takes the smallest', '(&(objectClass=person)(title=x)(mail=ada*))', ['ada']],
  ['AND with NOT', '(&(uid=eve)(!(title=y)))', ['eve']],
  ['OR is all of them', '(|(uid=ada)(uidNumber<=8))', ['ada', 'bob']],
  ['OR with a branch without', '(|(uid=ada)(title=x))', undefined],
  ['NOT', '(!(uid=ada))', undefined],
])('%s: %s', (_what, filter, expected) => {
  expect(candidates(filter)).toEqual(expected);
});

test('the entry of a UUID', () => {
  const uuid = at().entry(person('eve')).texts('entryUUID')[0]!;
  expect(candidates(`(entryUUID=${uuid})`)).toEqual(['eve']);
  expect(candidates(`(entryUUID=${uuid.toUpperCase()})`)).toEqual(['eve']);
});

test('a missing index is named; what no index could serve is not blamed', () => {
  expect(plan('(title=x)').unindexed).toBe('title');
  expect(plan('(|(uid=ada)(title=x))').unindexed).toBe('title');
  expect(plan('(&(objectClass=*)(!(title=x)))').unindexed).toBe('title');
  expect(plan('(!(uid=ada))').unindexed).toBeUndefined();
  expect(plan('(&(uid=ada)(title=x))').unindexed).toBeUndefined();
});

test('an answer that is exact is the answer', () => {
  const d = at();
  for (const filter of [
    '(uid=ada)',
    '(mail=*)',
    '(objectClass=person)',
    `(memberOf=${group('outer')})`,
    '(&)',
    '(|)',
  ]) {
    const { ids, exact } = plan(filter);
    expect([filter, exact]).toEqual([filter, true]);
    const names = ids?.map((id) => d.names.dnOfId(id).toString()) ?? d.found('(objectClass=*)');
    expect(names.sort()).toEqual(d.found(filter));
  }
  expect(plan(`(entryDN=${suffix})`).ids).toHaveLength(1);
});
