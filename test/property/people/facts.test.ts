/** Laws of verbs and explanations over random facts. */
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { formatTime } from '../../../src/directory/model/time.js';
import { closedness, stateAt } from '../../../src/directory/model/timeline.js';
import {
  explain,
  type Facts,
  type FoldRules,
  fold,
  verbs,
} from '../../../src/policy/core/index.js';
import { seed } from '../../support/seed.js';

const start = Date.parse('2026-01-01T00:00:00Z') / 1000;
const span = 400 * 86_400;
const instant = fc.integer({ min: start, max: start + span });
const time = fc.oneof(
  instant.map((at) => formatTime(at)),
  instant.map((at) => new Date(at * 1000).toISOString().slice(0, 10)),
  instant.map((at) => new Date(at * 1000).toISOString().slice(0, 16)),
);
const maybe = <T>(of: fc.Arbitrary<T>) => fc.option(of, { nil: undefined });
const without = <T extends object>(record: T) =>
  Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined)) as T;

const rules: fc.Arbitrary<FoldRules> = fc.record({
  zone: fc.constantFrom('UTC', 'Europe/Berlin', 'America/New_York'),
  endDateMeans: fc.constantFrom('the whole of the last day', 'the first day without'),
  withoutEngagement: fc.constantFrom('active', 'staged'),
  openEnds: fc.boolean(),
  principal: fc.constant(0),
});
const facts: fc.Arbitrary<Facts> = fc.record({
  engagements: fc
    .array(
      fc.record({ start: maybe(time), end: maybe(time), kind: maybe(fc.constant('intern')) }),
      { maxLength: 3 },
    )
    .map((list) =>
      list.map((one, i) => without({ id: String(i + 1), ...one }) as Facts['engagements'][number]),
    ),
  absences: fc
    .array(fc.record({ kind: fc.constant('sick'), from: time, until: maybe(time) }), {
      maxLength: 2,
    })
    .map((list) => list.map((one) => without(one) as Facts['absences'][number])),
  blocks: fc
    .array(
      fc.record({
        kind: fc.constantFrom('security', 'administrative', 'idle'),
        by: fc.constant('cn=a'),
        since: time,
        until: maybe(time),
      }),
      { maxLength: 2 },
    )
    .map((list) => list.map((one) => without(one) as Facts['blocks'][number])),
  holds: fc.constant([]),
  disposals: fc.array(fc.record({ kind: fc.constantFrom('destroyed', 'archived'), at: time }), {
    maxLength: 2,
  }),
});
const scene = fc.record({ facts, rules, now: instant, at: instant });
type Scene = { facts: Facts; rules: FoldRules; now: number; at: number };

const check = (law: (scene: Scene) => void, numRuns = 3_000): void => {
  fc.assert(fc.property(scene, law), { seed: seed(), numRuns });
};
const stateOf = (of: Facts, by: FoldRules, at: number) => {
  const timeline = fold(of, by);
  return timeline === undefined ? 'active' : stateAt(timeline, at);
};

test('an explanation tells of the state that holds, and of facts that hold then', () => {
  check(({ facts: of, rules: by, at }) => {
    const { state, because } = explain(of, by, at);
    expect(state).toBe(stateOf(of, by, at));
    if (of.engagements.length + of.blocks.length + of.absences.length === 0) return;
    if (of.engagements.length > 0) expect(because.length).toBeGreaterThan(0);
    for (const { since, until } of because) {
      if (state === 'staged') continue;
      expect(since ?? at).toBeLessThanOrEqual(at);
      if (until !== undefined) expect(until).toBeGreaterThan(at);
    }
  });
});

test('who was offboarded now is offboarded from this second on, whatever the facts said', () => {
  check(({ facts: of, rules: by, now, at }) => {
    const end = formatTime(now);
    const after = verbs.offboard(of, end, {}, { now, calendar: by });
    if ('fault' in after) {
      expect(of.engagements.length).toBeGreaterThan(0);
      return;
    }
    const later = Math.max(now, at);
    expect(closedness(stateOf(after, by, later))).toBeGreaterThanOrEqual(closedness('sealed'));
  });
});

test('an end in the future changes nothing before it', () => {
  check(({ facts: of, rules: by, now, at }) => {
    if (at <= now || of.engagements.length === 0) return;
    const after = verbs.offboard(of, formatTime(at), {}, { now, calendar: by });
    if ('fault' in after) return;
    for (const moment of [now, at - 1]) {
      expect(stateOf(after, by, moment)).toBe(stateOf(of, by, moment));
    }
    expect(closedness(stateOf(after, by, at))).toBeGreaterThanOrEqual(closedness('sealed'));
  });
});

test('a block never opens; lifting what was blocked gives the state of before', () => {
  check(({ facts: of, rules: by, now }) => {
    const said = { now, calendar: by };
    const one = { kind: 'contained', by: 'cn=x', since: formatTime(now) } as const;
    const blocked = verbs.block(of, one, said);
    if ('fault' in blocked) throw new Error(blocked.fault);
    expect(closedness(stateOf(blocked, by, now))).toBeGreaterThanOrEqual(
      closedness(stateOf(of, by, now)),
    );
    expect(stateOf(blocked, by, now)).not.toBe('active');
    expect(verbs.lift(blocked, ['contained'], said)).toEqual(of);
  });
});

test('who resumes is not on leave in that second', () => {
  check(({ facts: of, rules: by, now }) => {
    const after = verbs.resume(of, formatTime(now), false, { now, calendar: by });
    if (!('fault' in after)) expect(stateOf(after, by, now)).not.toBe('leave');
  });
});
