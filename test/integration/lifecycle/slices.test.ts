/** Plans of many people leave the event loop its turns. */
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { mapped, planAll, SLICE_MS, sorted } from '../../../src/policy/run/index.js';
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

test('a plan of two hundred people takes many turns', async () => {
  const engine = new TestEngine(at());
  for (let i = 0; i < 200; i += 1) {
    const objectClass = ['inetOrgPerson', 'lifecycleSubject'];
    const lifecycleEngagement = 'id=1 start=2020-01-01 end=2026-02-01';
    const values = personValues(`p${i}`, { objectClass, lifecycleEngagement });
    at().seed({ [person(`p${i}`)]: values });
  }
  const { gaps, clock, turn } = counted();
  const now = Math.floor(at().clock.nowMs() / 1000);
  const tools = { ...engine.tools, clock: { ...engine.tools.clock, ...clock }, turn };
  const steps = await planAll({ now, until: now + 400 * 86_400 }, tools);
  expect(new Set(steps.map(({ login }) => login)).size).toBe(200);
  expect(gaps.length).toBeGreaterThan(3);
});
