/** A clock that steps: followed ahead, never followed back, trusted again when somebody says so. */
import { describe, expect, test } from '@jest/globals';
import { clockBuffer, offsetClock } from '../../../src/runtime/clock.js';
import { GuardedClock, guarded, STEP_MS_MAX } from '../../../src/runtime/guarded-clock.js';

const YEAR_MS = 365 * 86_400_000;
const TEN_YEARS = 10 * YEAR_MS;

function machine() {
  let wall = Date.UTC(2026, 0, 5, 9);
  let monotonic = 5;
  const base = { nowMs: () => wall, monotonicMs: () => monotonic, later: () => () => undefined };
  const told: string[] = [];
  const shared = clockBuffer();
  const guard = new GuardedClock({ base, shared, onSuspicion: (why) => told.push(why) });
  return {
    guard,
    told,
    base,
    shared,
    clock: guarded(guard, base, shared),
    other: offsetClock(base, shared),
    pass(ms: number) {
      wall += ms;
      monotonic += ms;
    },
    step(ms: number) {
      wall += ms;
    },
    get wall() {
      return wall;
    },
  };
}

describe('a clock that steps', () => {
  test('time that passes, and little steps, are time', () => {
    const m = machine();
    for (const ms of [1, 1_000, 86_400_000, TEN_YEARS]) {
      m.pass(ms);
      expect(m.clock.nowMs()).toBe(m.wall);
    }
    m.step(STEP_MS_MAX);
    expect(m.clock.nowMs()).toBe(m.wall);
    expect(m.guard.suspicion).toBe('');
    expect(m.told).toEqual([]);
  });

  test('a little back: it stands still until the wall clock is there', () => {
    const m = machine();
    const before = m.clock.nowMs();
    m.step(-60_000);
    expect(m.clock.nowMs()).toBe(before);
    m.pass(59_999);
    expect(m.clock.nowMs()).toBe(before);
    m.pass(2);
    expect(m.clock.nowMs()).toBe(before + 1);
    expect(m.guard.suspicion).toBe('');
  });

  test.each([STEP_MS_MAX + 1, YEAR_MS, TEN_YEARS])(
    '%p ms ahead is followed, and told once',
    (ms) => {
      const m = machine();
      m.pass(1_000);
      m.step(ms);
      expect(m.clock.nowMs()).toBe(m.wall);
      expect(m.guard.suspicion).toMatch(/^the clock stepped from 2026-01-05T09:00:01Z to /);
      m.pass(1_000);
      m.guard.look();
      expect(m.clock.nowMs()).toBe(m.wall);
      expect(m.told).toHaveLength(1);
    },
  );

  test.each([STEP_MS_MAX + 1, YEAR_MS, TEN_YEARS])(
    '%p ms back: it goes on, in every thread',
    (ms) => {
      const m = machine();
      m.pass(1_000);
      const before = m.clock.nowMs();
      m.step(-ms);
      expect(m.clock.nowMs()).toBe(before);
      expect(m.guard.suspicion).not.toBe('');
      m.pass(5_000);
      expect(m.clock.nowMs()).toBe(before + 5_000);
      expect(m.other.nowMs()).toBe(before + 5_000);
    },
  );

  test('ten years ahead and back again: what has passed stays passed until it is accepted', () => {
    const m = machine();
    m.step(TEN_YEARS);
    const there = m.clock.nowMs();
    m.step(-TEN_YEARS);
    m.pass(1_000);
    expect(m.clock.nowMs()).toBe(there + 1_000);
    m.guard.accept();
    expect(m.guard.suspicion).toBe('');
    expect(m.clock.nowMs()).toBe(m.wall);
    m.pass(1_000);
    expect(m.clock.nowMs()).toBe(m.wall);
    expect(m.other.nowMs()).toBe(m.wall);
    expect(m.told).toHaveLength(2);
  });

  test('back and ahead again: it is where the wall clock is', () => {
    const m = machine();
    m.step(-TEN_YEARS);
    m.clock.nowMs();
    m.step(TEN_YEARS);
    m.pass(1_000);
    expect(m.clock.nowMs()).toBe(m.wall);
  });

  test('a step that comes in pieces is seen by looking', () => {
    const m = machine();
    for (let i = 0; i < 3; i += 1) {
      m.step(STEP_MS_MAX / 2);
      m.clock.nowMs();
    }
    expect(m.guard.suspicion).toBe('');
    m.guard.look();
    expect(m.guard.suspicion).not.toBe('');
  });

  test('a drift that takes for ever is none', () => {
    const m = machine();
    for (let hour = 0; hour < 1_000; hour += 1) {
      m.pass(60 * 60 * 1000);
      m.step(5_000);
      m.guard.look();
    }
    expect(m.guard.suspicion).toBe('');
  });
});

describe('a start behind what is stored', () => {
  test('goes on from there, and is suspicious unless somebody has moved or accepted it', () => {
    for (const trusted of [false, true]) {
      const m = machine();
      const stored = m.wall + YEAR_MS;
      m.guard.startAfter(stored, trusted);
      expect(m.clock.nowMs()).toBe(stored);
      m.pass(1_000);
      expect(m.clock.nowMs()).toBe(stored + 1_000);
      expect(m.guard.suspicion).toBe(
        trusted ? '' : 'the clock is behind what was written at 2027-01-05T09:00:00Z',
      );
    }
  });

  test('by less than a step it waits', () => {
    const m = machine();
    m.guard.startAfter(m.wall + 60_000, false);
    const stood = m.clock.nowMs();
    m.pass(60_000);
    expect(m.clock.nowMs()).toBe(stood);
    m.guard.startAfter(m.wall - 60_000, false);
    m.pass(1_000);
    expect(m.clock.nowMs()).toBe(m.wall);
    expect(m.guard.suspicion).toBe('');
  });
});
