/** An installation of a policy is a run: what it did to groups is taken back with it. */
import { beforeEach, expect, test } from '@jest/globals';
import { policyEngine } from '../../../src/compose/policy/index.js';
import type { PreparedWrite } from '../../../src/directory/operations/index.js';
import { undoRun } from '../../../src/policy/run/index.js';
import { createLog } from '../../../src/runtime/log.js';
import { eachDirectory } from '../../support/directory-each.js';
import { ok } from '../../support/directory-expect.js';
import { group, groupOfNames, manyPeople, person } from '../../support/directory-people.js';
import { origin } from '../../support/directory-requests.js';

const at = eachDirectory();
const log = createLog({ level: 'silent', destination: 'json', stream: { write: () => true } });
const first = `tenure: 1
kinds:
  employee: {who: everyone, gets: staff}
`;
const second = first.replace('staff', 'chess');

const write = async (request: PreparedWrite) => at().apply([request])[0]!;

function engine() {
  const { reader, names, clock, directory } = at();
  const parts = { reader, write, nowMs: () => clock.nowMs(), log };
  return policyEngine(parts, {
    names,
    administrator: () => directory.administrator(),
    origin,
    turn: async () => undefined,
  });
}

const install = (text: string) => engine().install({ text, by: 'tester', because: 'a test' });
const members = (cn: string) => at().entry(group(cn)).texts('member');
const undo = (run: number) =>
  undoRun(
    { run, reason: 'undo', rehearse: false },
    { reader: at().reader, write, context: at().admin },
  );

beforeEach(() => {
  for (const cn of ['staff', 'chess']) at().seed({ [group(cn)]: groupOfNames(cn) });
});

test('with everybody whom it placed, in either direction', async () => {
  const d = at();
  d.seed(manyPeople(['ada', 'bob']));
  const { run } = await install(first);
  expect(run).toBeGreaterThan(0);
  const both = [person('ada'), person('bob')];
  expect(members('staff')).toEqual(both);
  const next = await install(second);
  expect([members('staff'), members('chess')]).toEqual([[], both]);
  expect((await engine().history()).map((one) => one.run)).toEqual([run, next.run]);
  expect((await install(second)).run).toBe(0);

  const undone = await undo(next.run);
  expect(undone.entries.flatMap(({ conflicts }) => conflicts)).toEqual([]);
  expect((await engine().show()).text).toBe(first);
  expect([members('staff'), members('chess')]).toEqual([both, []]);
  // The undo is a run as well.
  await undo(undone.by);
  expect([members('staff'), members('chess')]).toEqual([[], both]);
});

test('one that is refused leaves no run behind', async () => {
  const before = at().reader.history.runs(10).length;
  await expect(install('tenure: 1\nkinds: {a: {who: nonsense}}\n')).rejects.toThrow(/line 2/);
  expect(at().reader.history.runs(10)).toHaveLength(before);
});

test('where people are many, the slices that follow are part of it', async () => {
  const d = at();
  const line = (uid: string) =>
    `dn: ${person(uid)}\nobjectClass: inetOrgPerson\nuid: ${uid}\ncn: x\nsn: x\n`;
  await d.import(Array.from({ length: 2_100 }, (_, i) => line(`p${i}`)).join('\n'));
  const { run } = await install(first);
  // Not while the rest is still to come only, and not by a write that has nothing to do with it.
  await ok(d.modify(person('p1'), [['add', 'title', 'x']]));
  d.maintain();
  expect(members('staff')).toHaveLength(2_100);
  const runs = d.reader.history.ofRun(run, 0, 1_000);
  expect(runs.length).toBeGreaterThan(10);
  const undone = await undo(run);
  d.maintain();
  expect(undone.entries.flatMap(({ conflicts }) => conflicts)).toEqual([]);
  expect(members('staff')).toEqual([]);
});
