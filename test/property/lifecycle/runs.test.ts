/** Laws of runs over random people, policies and sleeps, on real directories. */
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { undoRun } from '../../../src/policy/run/index.js';
import { planAll } from '../../../src/policy/run/sweep.js';
import { ok } from '../../support/directory-expect.js';
import { group, groupOfNames, person, personValues } from '../../support/directory-people.js';
import { TestDirectory } from '../../support/directory-temp.js';
import { TestEngine } from '../../support/engine.js';
import { seed } from '../../support/seed.js';

const DAY = 86_400;
const DAYS = 45;
const start = Date.UTC(2026, 0, 5) / 1000;
const date = (day: number) => new Date((start + day * DAY) * 1000).toISOString().slice(0, 10);
const day = fc.integer({ min: -90, max: 90 });

const rules = [
  '3 days after start: join trial',
  '20 days after start: [quit trial, join trusted]',
  'at leave: quit trusted',
  'at return: join trusted',
  '2 days after return: quit trial',
  '30 days after start: suspend unless title is boss',
  '5 days after return: resume',
  '10 days before end: join trial',
  '8 days after end: forget groups',
];
const disposals = ['7 days after end: destroy credentials', '20 days after end: archive'];

function policyOf(chosen: readonly string[]): string {
  const lines = chosen.map((rule) => `    ${rule}\n`).join('');
  const kinds = 'kinds:\n  person: {who: everyone, journeys: [life]}\n';
  return `tenure: 1\ncompany: {zone: UTC}\n${kinds}journeys:\n  life:\n${lines}`;
}

const people = fc.array(
  fc.record({
    from: day,
    length: fc.option(fc.integer({ min: 1, max: 150 }), { nil: undefined }),
    leave: fc.option(fc.tuple(day, fc.integer({ min: 1, max: 40 })), { nil: undefined }),
    boss: fc.boolean(),
  }),
  { minLength: 1, maxLength: 5 },
);
type People = typeof people extends fc.Arbitrary<infer P> ? P : never;

async function directoryOf(some: People, policy: string): Promise<TestEngine> {
  const directory = await TestDirectory.open();
  directory.seed({ [group('trial')]: groupOfNames('trial') });
  directory.seed({ [group('trusted')]: groupOfNames('trusted') });
  some.forEach(({ from, length, leave, boss }, i) => {
    const end = length === undefined ? '' : ` end=${date(from + length)}`;
    const values = personValues(`p${i}`, {
      objectClass: ['inetOrgPerson', 'lifecycleSubject'],
      title: boss ? 'boss' : 'hand',
      lifecycleEngagement: `id=1 start=${date(from)}${end}`,
      ...(leave && {
        lifecycleAbsence: `kind=x from=${date(leave[0])} until=${date(leave[0] + leave[1])}`,
      }),
    });
    directory.seed({ [person(`p${i}`)]: values });
  });
  const engine = new TestEngine(directory);
  await engine.install(policy);
  return engine;
}

/** Everything that a run may move. */
function standing({ directory }: TestEngine, count: number) {
  return Array.from({ length: count }, (_, i) => {
    const entry = directory.entry(person(`p${i}`));
    const groups = directory.reader.directGroups(directory.names.idOf(person(`p${i}`)));
    // The second in which a block was set is that of the run.
    const blocks = entry.texts('lifecycleBlock').map((text) => text.replace(/since=\S+/, ''));
    return [
      entry.texts('lifecycleState'),
      entry.texts('lifecycleStage'),
      blocks,
      [...groups].sort(),
    ];
  });
}

/** Those who had left stay after all. */
async function stay({ directory }: TestEngine, some: People, who: readonly boolean[]) {
  for (const [i, { from }] of some.entries()) {
    const value = `id=1 start=${date(from)}`;
    if (!who[i]) continue;
    await ok(directory.modify(person(`p${i}`), [['replace', 'lifecycleEngagement', value]]));
  }
}

const content = ({ directory }: TestEngine) =>
  directory
    .export()
    .replace(/^(entryCSN|modifyTimestamp|modifiersName|# ).*\n/gim, '')
    .split('\n\n')
    .sort();

async function within<T>(engine: TestEngine, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } finally {
    await engine.directory.close();
  }
}

test('sleeping and catching up comes to what waking every day comes to', async () => {
  const chosen = fc.uniqueArray(fc.constantFrom(...rules, ...disposals), { minLength: 1 });
  await fc.assert(
    fc.asyncProperty(people, chosen, async (some, list) => {
      const policy = policyOf(list);
      const [awake, asleep] = [await directoryOf(some, policy), await directoryOf(some, policy)];
      await within(awake, () =>
        within(asleep, async () => {
          await awake.tick();
          await asleep.tick();
          for (let i = 0; i < DAYS; i += 1) await awake.advance(DAY);
          await asleep.advance(DAYS * DAY);
          const [late, daily] = [standing(asleep, some.length), standing(awake, some.length)];
          // Nobody is suspended late who has left meanwhile: that is made up for when they stay.
          const left = ['offboarded', 'archived'];
          const gone = ([states]: (typeof late)[number]) => left.includes(String(states![0]));
          const but = (list: typeof late) => list.map((of) => (gone(of) ? of.with(2, []) : of));
          expect(but(late)).toEqual(but(daily));
          for (const engine of [asleep, awake]) {
            await stay(engine, some, late.map(gone));
            await engine.tick();
          }
          expect(standing(asleep, some.length)).toEqual(standing(awake, some.length));
        }),
      );
    }),
    { seed: seed(), numRuns: 8 },
  );
}, 120_000);

test('a plan is the same twice, a run does it, and undo is the inverse of all it did', async () => {
  const chosen = fc.uniqueArray(fc.constantFrom(...rules), { minLength: 1 });
  await fc.assert(
    fc.asyncProperty(
      people,
      chosen,
      fc.integer({ min: 0, max: DAYS }),
      async (some, list, days) => {
        const engine = await directoryOf(some, policyOf(list));
        await within(engine, async () => {
          engine.directory.clock.advance(days * DAY * 1000);
          const now = Math.floor(engine.directory.clock.nowMs() / 1000);
          const window = { now, until: now + DAYS * DAY };
          const plan = JSON.stringify(await planAll(window, engine.tools));
          expect(JSON.stringify(await planAll(window, engine.tools))).toBe(plan);
          const before = content(engine);
          await engine.tick();
          const { reader, admin: context } = engine.directory;
          const { write } = engine.tools;
          for (const { run } of [...engine.runs].reverse()) {
            const order = { run, reason: 'undo', rehearse: false };
            const { entries } = await undoRun(order, { reader, write, context });
            expect(entries.flatMap(({ conflicts }) => conflicts)).toEqual([]);
          }
          expect(content(engine)).toEqual(before);
        });
      },
    ),
    { seed: seed(), numRuns: 10 },
  );
}, 120_000);
