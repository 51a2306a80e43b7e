/** More than ten people who go the same way: the new name of the value is offered before they move. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { planText } from '../../../src/admin/cli/runs-text.js';
import { runsEngine } from '../../../src/compose/engine-runs.js';
import { eachDirectory } from '../../support/directory-each.js';
import { person, personValues } from '../../support/directory-people.js';
import { origin } from '../../support/directory-requests.js';
import { TestEngine } from '../../support/engine.js';
import { peopleOf } from '../../support/people-engine.js';

const at = eachDirectory();
let engine: TestEngine;
const DAY = 86_400;
const uids = Array.from({ length: 12 }, (_, i) => `p${i}`);
const policy = `tenure: 1
company: {zone: UTC}
kinds:
  person: {who: everyone, journeys: [arrival]}
journeys:
  arrival:
    at start: tell manager "somebody begins"
groups:
  research: {rule: department is R-210}
`;
const OFFER =
  /p?11 people go from department "R-210" to "R-300"; .* tenure rename value department R-210 R-300/;

const engagement = (department: string, more = '') =>
  `id=1 kind=employee start=2020-01-01${more} department=${department}`;
const next = 'id=2 kind=employee start=2026-02-01 department=R-300';

beforeEach(async () => {
  engine = new TestEngine(at());
  for (const uid of uids) {
    const values = {
      objectClass: ['inetOrgPerson', 'lifecycleSubject'],
      departmentNumber: 'R-210',
      lifecycleEngagement: engagement('R-210'),
    };
    at().seed({ [person(uid)]: personValues(uid, values) });
  }
  await engine.install(policy);
});

const modify = (uid: string, lines: string) =>
  `dn: ${person(uid)}\nchangetype: modify\n${lines}-\n\n`;
const department = (uid: string) => at().entry(person(uid)).texts('departmentNumber').join();
const engagements = (uid: string) => at().entry(person(uid)).texts('lifecycleEngagement');
const firsts = (count: number) => uids.slice(0, count);

async function importing(text: string, asMoves?: boolean): Promise<void> {
  const path = join(at().dir, 'moves.ldif');
  writeFileSync(path, text);
  await at().half.importFile(path, 'test', () => undefined, { asMoves });
  at().reader.applyCommitted(at().half.store.takeCommitted());
}

describe('a file', () => {
  const both = (uid: string) =>
    modify(
      uid,
      `replace: departmentNumber\ndepartmentNumber: R-300\n-\n` +
        `replace: lifecycleEngagement\nlifecycleEngagement: ${engagement('R-300')}\n`,
    );

  test('with the eleventh who goes the same way is held, and says how to go on', async () => {
    const text = firsts(11).map(both).join('');
    const before = at().export();
    await expect(importing(text)).rejects.toThrow(OFFER);
    await expect(importing(text)).rejects.toThrow(
      /if they move, say --as-moves. Nothing was changed/,
    );
    expect(at().export()).toBe(before);
    await importing(text, true);
    expect([department('p10'), department('p11')]).toEqual(['R-300', 'R-210']);
  });

  test('with ten is taken, and so is one whose people go different ways', async () => {
    await importing(firsts(10).map(both).join(''));
    expect(department('p9')).toBe('R-300');
    const apart = uids.map((uid, i) =>
      modify(uid, `replace: departmentNumber\ndepartmentNumber: F-${i}\n`),
    );
    await importing(apart.join(''));
    expect(department('p11')).toBe('F-11');
  });

  test('that takes the value in one record and gives another in the next is the same', async () => {
    const records = firsts(11).flatMap((uid) => [
      modify(uid, 'delete: l\nl: Bonn\n'),
      modify(uid, 'add: l\nl: Sankt Augustin\n'),
    ]);
    await importing(
      firsts(11)
        .map((uid) => modify(uid, 'add: l\nl: Bonn\n'))
        .join(''),
    );
    await expect(importing(records.join(''))).rejects.toThrow(
      /11 people go from site "Bonn" to "Sankt Augustin".*tenure rename value site Bonn 'Sankt Augustin'/,
    );
  });

  test('that says so of next month is the same; what the policy cannot mind is not asked about', async () => {
    const later = firsts(11).map((uid) =>
      modify(
        uid,
        `replace: lifecycleEngagement\nlifecycleEngagement: ${engagement('R-210', ' end=2026-01-31')}\n` +
          `lifecycleEngagement: ${next}\n`,
      ),
    );
    await expect(importing(later.join(''))).rejects.toThrow(OFFER);
    const plain = (verb: string, from: string) =>
      firsts(11)
        .map((uid) => modify(uid, `${verb}: title\ntitle: ${from}\n`))
        .join('');
    await importing(plain('add', 'engineer'));
    await importing(plain('replace', 'senior engineer'));
  });
});

describe('a plan and a run', () => {
  const runs = () => {
    const { scheduler, tools } = engine;
    const administrator = () => at().admin.identity;
    return runsEngine(
      { reader: at().reader, write: tools.write },
      { scheduler, administrator, origin },
    );
  };

  beforeEach(async () => {
    const moved = firsts(11).map((uid) =>
      modify(
        uid,
        `replace: lifecycleEngagement\nlifecycleEngagement: ${engagement('R-210', ' end=2026-01-25')}\n` +
          `lifecycleEngagement: ${next}\n`,
      ),
    );
    await importing(moved.join(''), true);
  });

  test('a plan offers first what lies in its time, and only that', async () => {
    const soon = await runs().plan({ until: 'in 7 days' });
    expect(soon.reorganisations).toEqual([]);
    const plan = await runs().plan({ until: 'in 60 days' });
    expect(plan.reorganisations).toEqual([
      { attribute: 'department', from: 'R-210', to: 'R-300', people: 11 },
    ]);
    expect(planText(plan).split('\n')[0]).toMatch(OFFER);
  });

  test('a run that somebody asks for is held until it is said that they move', async () => {
    at().clock.advance(28 * DAY * 1000);
    const before = at().export();
    await expect(runs().run({ by: 'root' })).rejects.toThrow(OFFER);
    expect(at().export()).toBe(before);
    expect((await runs().plan({})).reorganisations).toHaveLength(1);
    const done = await runs().run({ by: 'root', asMoves: true });
    expect(done.done).toHaveLength(11);
  });

  test('the clock waits for nobody', async () => {
    await engine.advance(28 * DAY);
    expect(engine.runs.flatMap(({ done }) => done)).toHaveLength(11);
  });
});

describe('move of many', () => {
  const move = (count: number, more = {}) =>
    peopleOf(at()).moveMany({
      names: firsts(count),
      department: 'R-300',
      by: 'tester',
      because: '',
      rehearse: false,
      ...more,
    });

  test('is shown, held, and one run that goes back as one', async () => {
    const before = at().export();
    const shown = await move(11, { rehearse: true });
    expect(shown.reorganisations).toMatchObject([{ people: 11 }]);
    await expect(move(11)).rejects.toThrow(OFFER);
    expect(at().export()).toBe(before);
    const { run, people } = await move(11, { asMoves: true });
    expect(people).toHaveLength(11);
    expect(engagements('p10')).toEqual([engagement('R-300')]);
    const administrator = () => at().admin.identity;
    const { scheduler, tools } = engine;
    const undone = await runsEngine(
      { reader: at().reader, write: tools.write },
      { scheduler, administrator, origin },
    ).undo({ run, by: 'tester', because: '', rehearse: false });
    expect(undone.entries).toHaveLength(11);
    expect([department('p3'), engagements('p10')]).toEqual(['R-210', [engagement('R-210')]]);
  });

  test('one by one is offered the same with the eleventh in an hour, and goes on', async () => {
    const people = peopleOf(at());
    const one = (uid: string) =>
      people.say({ verb: 'move', name: uid, department: 'R-300' }).then(({ notes }) => notes);
    for (const uid of firsts(10)) expect(await one(uid)).toEqual([]);
    const preview = await people.preview({
      verb: 'move',
      name: 'p10',
      department: 'F-100',
      by: 'tester',
      because: '',
    });
    expect(preview.notes).toEqual([]);
    const notes = await one('p10');
    expect(notes).toEqual([expect.stringMatching(OFFER)]);
    expect([notes[0]!.slice(0, 10), department('p10')]).toEqual(['one by one', 'R-300']);
    at().clock.advance(3_600_000);
    expect(await one('p11')).toEqual([]);
  });

  test('of ten asks nothing; of nobody who can move nobody moves', async () => {
    await move(10);
    expect([department('p9'), department('p10')]).toEqual(['R-300', 'R-210']);
    await expect(move(12)).rejects.toThrow(/p0 is as asked already/);
    expect(department('p10')).toBe('R-210');
  });
});
