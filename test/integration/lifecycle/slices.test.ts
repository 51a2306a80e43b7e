/** Plans of many people leave the event loop its turns. */
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  mapped,
  planAll,
  Scheduler,
  SLICE_MS,
  sorted,
  subjectsOf,
} from '../../../src/policy/run/index.js';
import { eachDirectory } from '../../support/directory-each.js';
import { person, personValues } from '../../support/directory-people.js';
import { TestEngine } from '../../support/engine.js';
import { seed } from '../../support/seed.js';

const at = eachDirectory();

/** A clock of which every look takes a millisecond: what counts is how often somebody looks. */
function counted() {
  let now = 0;
  let since = 0;
  const gaps: number[] = [];
  const clock = { monotonicMs: () => (now += 1), nowMs: () => 0, later: () => () => undefined };
  const turn = async () => {
    gaps.push(now - since);
    since = now;
  };
  return { clock, turn, gaps };
}

test('a list is sorted as ever, equal ones in their order, with turns in between', async () => {
  const value = fc.record({ key: fc.integer({ min: 0, max: 50 }), id: fc.integer() });
  await fc.assert(
    fc.asyncProperty(fc.array(value, { maxLength: 5_000, size: 'max' }), async (list) => {
      const order = (a: { key: number }, b: { key: number }) => a.key - b.key;
      expect(await sorted(list, order, counted())).toEqual([...list].sort(order));
    }),
    { seed: seed(), numRuns: 20 },
  );
  const { gaps, ...tools } = counted();
  await sorted(
    Array.from({ length: 20_000 }, (_, i) => -i),
    (a, b) => a - b,
    tools,
  );
  await mapped(Array.from({ length: 20_000 }), () => 0, tools);
  expect(gaps.length).toBeGreaterThan(100);
  expect(Math.max(...gaps)).toBeLessThanOrEqual(2 * SLICE_MS + 2);
});

function twoHundred(): void {
  for (let i = 0; i < 200; i += 1) {
    const objectClass = ['inetOrgPerson', 'lifecycleSubject'];
    const lifecycleEngagement = 'id=1 start=2020-01-01 end=2026-02-01';
    const values = personValues(`p${i}`, { objectClass, lifecycleEngagement });
    at().seed({ [person(`p${i}`)]: values });
  }
}

test('a plan of two hundred people takes many turns', async () => {
  const engine = new TestEngine(at());
  twoHundred();
  const { gaps, clock, turn } = counted();
  const now = Math.floor(at().clock.nowMs() / 1000);
  const tools = { ...engine.tools, clock: { ...engine.tools.clock, ...clock }, turn };
  const steps = await planAll({ now, until: now + 400 * 86_400 }, tools);
  expect(new Set(steps.map(({ login }) => login)).size).toBe(200);
  expect(gaps.length).toBeGreaterThan(3);
});

test('whoever stops the scheduler does not wait until everybody is planned', async () => {
  const engine = new TestEngine(at());
  twoHundred();
  const stopped: Promise<void>[] = [];
  const scheduler = new Scheduler({
    ...engine.tools,
    clock: { ...engine.tools.clock, ...counted().clock },
    turn: async () => void stopped.push(scheduler.stop()),
    onDefect: (error) => void engine.defects.push(error),
    onRun: (report) => void engine.runs.push(report),
    pump: async () => Number.POSITIVE_INFINITY,
  });
  await scheduler.start();
  await Promise.all(stopped);
  expect(stopped).toHaveLength(1);
  expect([engine.defects, engine.runs]).toEqual([[], []]);
});

test('whom a policy cannot be about is not looked at', async () => {
  const engine = new TestEngine(at());
  at().seed({ [person('ada')]: personValues('ada'), [person('bob')]: personValues('bob') });
  expect(subjectsOf(engine.tools)).toEqual([]);
  const facts = { lifecycleEngagement: 'id=1 start=2020-01-01 end=2026-02-01' };
  const objectClass = ['inetOrgPerson', 'lifecycleSubject'];
  at().seed({ [person('eve')]: personValues('eve', { objectClass, ...facts }) });
  const idOf = (login: string) => at().names.idOf(person(login));
  expect(subjectsOf(engine.tools)).toEqual([idOf('eve')]);
  await engine.install('tenure: 1\njourneys: {idle: {90 days after last seen: suspend}}\n');
  expect(subjectsOf(engine.tools)).toEqual(expect.arrayContaining(['ada', 'bob', 'eve'].map(idOf)));
});
