/** A reorganisation in one step: people and rules change the name of a value, and nobody moves. */
import { beforeEach, describe, expect, test } from '@jest/globals';
import { policyEngine } from '../../../src/compose/policy/index.js';
import type { PreparedWrite } from '../../../src/directory/operations/index.js';
import { undoRun } from '../../../src/policy/run/index.js';
import { createLog } from '../../../src/runtime/log.js';
import { eachDirectory } from '../../support/directory-each.js';
import { group, groupOfNames, person } from '../../support/directory-people.js';
import { origin, type Values } from '../../support/directory-requests.js';

const at = eachDirectory();
const log = createLog({ level: 'silent', destination: 'json', stream: { write: () => true } });
const text = `tenure: 1
words: {type: employeeType, department: departmentNumber}
groups:
  research: {rule: department is r-210, movers keep it: 14 days}   # R-210 is research
  others: {rule: department is not R-210 and type is employee}
  labs: {rule: 'department in F-100, "R-210" or type is R-210'}
`;

const write = async (request: PreparedWrite) => at().apply([request])[0]!;

function engine() {
  const { reader, names, clock, directory } = at();
  return policyEngine(
    { reader, write, nowMs: () => clock.nowMs(), log },
    { names, administrator: () => directory.administrator(), origin, turn: async () => undefined },
  );
}

const somebody = (uid: string, more: Values): Values => ({
  objectClass: ['inetOrgPerson', 'lifecycleSubject'],
  uid,
  cn: uid,
  sn: uid,
  ...more,
});
const rename = (from: string, to: string, more = {}) =>
  engine().renameValue({
    attribute: 'department',
    from,
    to,
    by: 'tester',
    because: '',
    rehearse: false,
    ...more,
  });
const members = (cn: string) => at().entry(group(cn)).texts('member');
const groups = () =>
  Object.fromEntries(['research', 'others', 'labs'].map((cn) => [cn, members(cn)]));
const engagement = (department: string) =>
  `id=1 kind=employee start=2020-01-01 department=${department}`;

beforeEach(async () => {
  const d = at();
  for (const cn of ['research', 'others', 'labs']) d.seed({ [group(cn)]: groupOfNames(cn) });
  d.seed({
    [person('ada')]: somebody('ada', { departmentNumber: 'R-210' }),
    [person('bob')]: somebody('bob', { lifecycleEngagement: engagement('R-210') }),
    [person('eve')]: somebody('eve', { employeeType: 'employee', departmentNumber: 'F-100' }),
  });
  await engine().install({ text, by: 'tester', because: '' });
});

describe('a value that is renamed', () => {
  test('keeps groups as they are, with no time for movers, and is one run to undo', async () => {
    const d = at();
    const before = groups();
    expect(before['research']).toEqual([person('ada'), person('bob')]);
    const stamp = d.entry(group('research'), ['modifyTimestamp']).texts('modifyTimestamp');
    d.clock.advance(5_000);
    const done = await rename('R-210', 'R-300');
    expect(done).toMatchObject({
      attribute: 'departmentNumber',
      people: { count: 2 },
      lines: [4, 5, 6],
    });
    expect(groups()).toEqual(before);
    expect(d.entry(group('research'), ['modifyTimestamp']).texts('modifyTimestamp')).toEqual(stamp);
    expect(d.entry(group('research')).texts('tenureHolder').join()).not.toContain('left');
    expect(d.entry(person('ada')).texts('departmentNumber')).toEqual(['R-300']);
    expect(d.entry(person('bob')).texts('lifecycleEngagement')).toEqual([engagement('R-300')]);
    const { text: after } = await engine().show();
    // A type of that name is something else, and so is a comment.
    expect(after).toContain('department is R-300, movers keep it: 14 days}   # R-210 is research');
    expect(after).toContain(`'department in F-100, R-300 or type is R-210'`);
    expect(after).toContain('department is not R-300 and');

    const order = { run: done.run, reason: 'undo', rehearse: false };
    const undone = await undoRun(order, { reader: d.reader, write, context: d.admin });
    expect(undone.entries.flatMap(({ conflicts }) => conflicts)).toEqual([]);
    expect((await engine().show()).text).toBe(text);
    expect(groups()).toEqual(before);
    expect(d.entry(person('bob')).texts('lifecycleEngagement')).toEqual([engagement('R-210')]);
  });

  test('is shown before it is done, and then nothing is changed', async () => {
    const before = at().export();
    expect((await rename('R-210', 'R-300', { rehearse: true })).run).toBe(0);
    expect(at().export()).toBe(before);
  });

  test('may have spaces', async () => {
    const before = groups();
    await rename('R-210', 'Research and more');
    expect((await engine().show()).text).toContain(
      'rule: department is "Research and more", movers',
    );
    expect(groups()).toEqual(before);
  });

  test.each([
    ['nobody has it', 'Q-1', 'Q-2', {}, /nobody has departmentNumber "Q-1"/],
    ['the same', 'R-210', 'R-210', {}, /no other name/],
    ['a quote', 'R-210', 'R "3"', {}, /no other name/],
    ['no attribute', 'a', 'b', { attribute: 'floor' }, /neither an attribute nor a word/],
    [
      'a secret',
      'a',
      'b',
      { attribute: 'userPassword' },
      /no values that could be called otherwise/,
    ],
    ['a reference', 'a', 'b', { attribute: 'manager' }, /no values that could be called otherwise/],
  ])('is refused: %s', async (_what, from, to, more, words) => {
    const before = at().export();
    await expect(rename(from, to, more)).rejects.toThrow(words);
    expect(at().export()).toBe(before);
  });
});
