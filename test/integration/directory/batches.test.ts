/** Several writes in one transaction: each stands or falls alone, and answers keep their order. */
import { expect, test } from '@jest/globals';
import type { Latecomer } from '../../../src/compose/messages.js';
import { nothingSeen } from '../../../src/directory/model/observed.js';
import type { PreparedWrite } from '../../../src/directory/operations/index.js';
import { eachDirectory } from '../../support/directory-each.js';
import { ok } from '../../support/directory-expect.js';
import {
  accountValues,
  group,
  people,
  person,
  personValues,
} from '../../support/directory-people.js';
import { suffix, type Values, valuesOf } from '../../support/directory-requests.js';
import type { TestDirectory } from '../../support/directory-temp.js';

const at = eachDirectory();

const add = (d: TestDirectory, dn: string, values: Values): PreparedWrite => {
  return { op: 'add', context: d.admin, reason: 'batch', dn, attributes: valuesOf(values) };
};
const rename = (
  d: TestDirectory,
  dn: string,
  newRdn: string,
  newSuperior?: string,
): PreparedWrite => {
  return {
    op: 'rename',
    context: d.admin,
    reason: 'b',
    dn,
    newRdn,
    deleteOldRdn: true,
    newSuperior,
  };
};

test('what fails leaves its neighbours, and each sees those before it', () => {
  const d = at();
  const before = d.half.store.logEnd().seq;
  const outcomes = d.apply([
    add(d, person('ada'), accountValues('ada')),
    add(d, person('ada'), accountValues('ada')),
    add(d, person('bob'), personValues('bob', { manager: person('ada'), 'cn;x-new': 'new' })),
    add(d, person('eve'), personValues('eve', { 'cn;x-gone': 'x', noSuch: 'x' })),
    add(d, person('max'), personValues('max', { 'cn;x-gone': 'x', 'cn;x-other': 'y' })),
    add(d, `uid=sub,${person('max')}`, personValues('sub')),
  ]);
  expect(outcomes.map((outcome) => (outcome.ok ? 'ok' : outcome.error.code))).toEqual([
    'ok',
    'entryAlreadyExists',
    'ok',
    'undefinedAttributeType',
    'ok',
    'ok',
  ]);
  expect(d.half.store.logEnd().seq).toBe(before + 4);
  expect(d.foundNames('(uid=*)')).toEqual(['ada', 'bob', 'max', 'sub']);
  expect(d.entry(person('max')).texts('cn;x-gone')).toEqual(['x']);
  expect(d.entry(person('bob')).texts('cn;x-new')).toEqual(['new']);
});

test('who comes before the commit goes with it, in the order of coming', () => {
  const d = at();
  const id = d.names.resolve(d.names.parse(people)).id;
  const coming: Latecomer[] = [
    { requests: [add(d, person('bob'), personValues('bob', { manager: person('ada') }))] },
    { observed: { ...nothingSeen, successes: [id, 1_000, '10.0.0.7', 0] } },
    { requests: [add(d, person('ada'), personValues('ada')), rename(d, person('ada'), 'uid=eve')] },
  ];
  const first = add(d, person('ada'), personValues('ada'));
  const { durable, outcomes, committed } = d.half.batch([first], [], () => {
    // Nothing has been committed while somebody may still join.
    expect(d.reader.observed.lastUse(id).success).toBeUndefined();
    expect(d.foundNames('(uid=*)')).toEqual([]);
    return coming.shift();
  });
  d.reader.applyCommitted(committed);
  expect(durable).toBe(true);
  expect(outcomes.map(({ ok }) => ok)).toEqual([true, true, false, true]);
  expect(d.foundNames('(uid=*)')).toEqual(['bob', 'eve']);
  expect(d.reader.observed.lastUse(id).success?.from).toBe('10.0.0.7');
});

test('a refused rename takes names with it: who comes after is spelt as before', () => {
  const d = at();
  d.seed({
    [person('ada')]: personValues('ada'),
    [group('team')]: { objectClass: 'groupOfNames', cn: 'team', member: person('ada') },
  });
  const outcomes = d.apply([
    rename(d, people, 'ou=staff'),
    rename(d, `ou=staff,${suffix}`, 'ou=staff', `ou=no,${suffix}`),
    add(d, `uid=bob,ou=staff,${suffix}`, personValues('bob', { uid: ['bob', 'ada'] })),
    add(d, `uid=eve,ou=staff,${suffix}`, personValues('eve')),
    rename(d, `ou=staff,${suffix}`, 'ou=people'),
  ]);
  expect(outcomes.map((outcome) => outcome.ok)).toEqual([true, false, false, true, true]);
  const refusedBob = outcomes[2]!;
  expect(refusedBob.ok ? '' : refusedBob.error.text).toMatch(/taken by uid=ada,ou=staff,/);
  expect(d.entry(group('team')).texts('member')).toEqual([person('ada')]);
  expect(d.foundNames('(uid=*)', { base: people })).toEqual(['ada', 'eve']);
});

test('a schema change that is refused leaves the schema of its neighbours', () => {
  const d = at();
  const subschema = (text: string, attribute = 'attributeTypes'): PreparedWrite => ({
    op: 'modify',
    context: d.admin,
    reason: 'schema',
    dn: 'cn=subschema',
    changes: [{ op: 'add', attribute, values: [text] }],
  });
  const good =
    "( 1.3.6.1.4.1.99999.1 NAME 'shoeSize' EQUALITY integerMatch " +
    'SYNTAX 1.3.6.1.4.1.1466.115.121.1.27 )';
  const wrong =
    "( 1.3.6.1.4.1.99999.2 NAME 'x' EQUALITY noSuchMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.27 )";
  const cls = "( 1.3.6.1.4.1.99999.3 NAME 'shod' AUXILIARY MAY shoeSize )";
  const outcomes = d.apply([
    subschema(wrong),
    subschema(good),
    subschema(cls, 'objectClasses'),
    add(d, person('ada'), {
      ...personValues('ada'),
      objectClass: ['inetOrgPerson', 'shod'],
      shoeSize: '38',
    }),
    subschema(good),
  ]);
  expect(outcomes.map((outcome) => outcome.ok)).toEqual([false, true, true, true, false]);
  expect(d.foundNames('(shoeSize=38)')).toEqual(['ada']);
});

test('of two who change a password at once one is told that the old one is wrong', async () => {
  const d = at();
  d.seed({ [person('ada')]: personValues('ada') });
  await ok(d.modify(person('ada'), [['add', 'userPassword', 'first']]));
  const outcomes = await Promise.all([
    d.changePassword(person('ada'), 'first', 'second'),
    d.changePassword(person('ada'), 'first', 'third'),
  ]);
  expect(outcomes.map((outcome) => outcome.ok).sort()).toEqual([false, true]);
  const lost = outcomes.find((outcome) => !outcome.ok)!;
  expect(lost).toMatchObject({ error: { code: 'invalidCredentials' } });
  const stale = d.written.filter(
    (request) => request.op === 'modify' && request.changes[0]!.secrets,
  );
  expect(stale).toHaveLength(2);
  const won = outcomes[0]!.ok ? 'second' : 'third';
  expect((await d.bind(person('ada'), won)).role).toBe('user');
});

test('two who take the same old password away', async () => {
  const d = at();
  d.seed({ [person('ada')]: personValues('ada') });
  await ok(d.modify(person('ada'), [['add', 'userPassword', 'first']]));
  const swap = (to: string) =>
    d.modify(person('ada'), [
      ['delete', 'userPassword', 'first'],
      ['add', 'userPassword', to],
    ]);
  const outcomes = await Promise.all([swap('second'), swap('third')]);
  expect(outcomes.filter((outcome) => outcome.ok)).toHaveLength(1);
  expect(outcomes.find((outcome) => !outcome.ok)).toMatchObject({
    error: { code: 'noSuchAttribute' },
  });
});
