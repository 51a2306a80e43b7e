/** When failures lock, for how long, and what takes them back. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  counting,
  defaultLockoutRules,
  type LockoutRules,
  standingOf,
  withFailure,
  withoutFailure,
} from '../../../../src/credentials/guard/lockout.js';
import type { Lockout } from '../../../../src/directory/model/observed.js';

const rules: LockoutRules = {
  maxFailures: 3,
  countIntervalMs: 60_000,
  durationMs: 300_000,
  minDelayMs: 0,
  maxDelayMs: 0,
  recordedMax: 0,
};
const start = 1_800_000_000_000;

/** Failures at these times, one after the other. */
function failing(times: readonly number[], by: LockoutRules = rules): Lockout | undefined {
  let lockout: Lockout | undefined;
  for (const time of times) lockout = withFailure(lockout, by, start + time);
  return lockout;
}
const standing = (lockout: Lockout | undefined, atMs: number, by = rules) =>
  standingOf(lockout, by, start + atMs);

describe('too many failures', () => {
  test('lock from the last of them until the duration has passed, to the millisecond', () => {
    const lockout = failing([0, 1, 2]);
    expect(lockout?.lockedMs).toBe(start + 2);
    expect(standing(failing([0, 1]), 1)).toEqual({ kind: 'open' });
    expect(standing(lockout, 2)).toEqual({ kind: 'locked', untilMs: start + 300_002 });
    expect(standing(lockout, 300_001).kind).toBe('locked');
    expect(standing(lockout, 300_002)).toEqual({ kind: 'open' });
  });

  test('only count within the interval', () => {
    expect(failing([0, 59_999, 60_000])?.lockedMs).toBeUndefined();
    expect(failing([0, 59_998, 59_999])?.lockedMs).toBe(start + 59_999);
    expect(counting(failing([0, 50_000]), rules, start + 60_000)).toEqual([start + 50_000]);
  });

  test('count for ever where the interval is 0', () => {
    const forever = { ...rules, countIntervalMs: 0 };
    expect(failing([0, 1e9, 2e12], forever)?.lockedMs).toBe(start + 2e12);
  });

  test('lock until an unlocking where the duration is 0', () => {
    const forever = { ...rules, durationMs: 0 };
    const lockout = failing([0, 1, 2], forever);
    expect(standing(lockout, 1e13, forever)).toEqual({ kind: 'locked', untilMs: undefined });
  });

  test('start anew when a lock has ended', () => {
    const lockout = withFailure(failing([0, 1, 2]), rules, start + 300_002);
    expect(lockout).toEqual({ failures: [start + 300_002], lockedMs: undefined });
  });

  test('do nothing where none are too many, and a lock of before ends', () => {
    const never = { ...rules, maxFailures: 0 };
    expect(failing([0, 1, 2, 3, 4, 5], never)?.lockedMs).toBeUndefined();
    expect(standing(failing([0, 1, 2]), 3, never)).toEqual({ kind: 'open' });
  });

  test.each([
    ['as many as are of use', 0, 16],
    ['as many as the policy says', 5, 5],
    ['never thousands', 1_000_000, 1_000],
  ])('are kept where none lock: %s', (_what, recordedMax, kept) => {
    const keeping = { ...rules, maxFailures: 0, countIntervalMs: 0, recordedMax };
    const times = Array.from({ length: kept + 50 }, (_, i) => i);
    const failures = failing(times, keeping)?.failures;
    expect(failures).toEqual(times.slice(-kept).map((time) => start + time));
  });

  test('are kept as far as they are needed to lock, whatever shall be recorded', () => {
    const keeping = { ...rules, maxFailures: 18, countIntervalMs: 0, recordedMax: 2 };
    const times = Array.from({ length: 18 }, (_, i) => i);
    expect(failing(times.slice(1), keeping)?.lockedMs).toBeUndefined();
    expect(failing(times, keeping)?.lockedMs).toBe(start + 17);
  });

  test('follow the rules as they are now, not as they were', () => {
    const lockout = failing([0, 1, 2]);
    expect(standing(lockout, 61_000, { ...rules, durationMs: 60_000 })).toEqual({ kind: 'open' });
    expect(standing(lockout, 400_000, { ...rules, durationMs: 600_000 }).kind).toBe('locked');
  });
});

describe('a growing delay', () => {
  const slow = { ...rules, maxFailures: 0, minDelayMs: 1_000, maxDelayMs: 5_000 };

  test.each([
    [1, 1_000],
    [2, 2_000],
    [3, 4_000],
    [4, 5_000],
    [20, 5_000],
  ])('after %d failures is %d ms', (failures, delay) => {
    const lockout = failing(
      Array.from({ length: failures }, (_, i) => i),
      slow,
    );
    const last = failures - 1;
    expect(standing(lockout, last, slow)).toEqual({
      kind: 'delayed',
      untilMs: start + last + delay,
    });
    expect(standing(lockout, last + delay - 1, slow).kind).toBe('delayed');
    expect(standing(lockout, last + delay, slow).kind).toBe('open');
  });

  test('grows without a bound where none is set', () => {
    const unbound = { ...slow, maxDelayMs: 0 };
    expect(standing(failing([0, 1, 2, 3, 4, 5, 6], unbound), 6, unbound)).toEqual({
      kind: 'delayed',
      untilMs: start + 6 + 64_000,
    });
  });
});

describe('a failure that was none', () => {
  test('is taken back, and the lock that it made', () => {
    const lockout = failing([0, 1, 2]);
    const back = withoutFailure(lockout, rules, start + 1);
    expect(back).toEqual({ failures: [start, start + 2], lockedMs: undefined });
    expect(withoutFailure(failing([7]), rules, start + 7)).toBeUndefined();
    expect(withoutFailure(lockout, rules, start + 99)).toBe(lockout);
    expect(withoutFailure(undefined, rules, start)).toBeUndefined();
  });
});

test('the defaults end by themselves', () => {
  const { maxFailures, durationMs, countIntervalMs } = defaultLockoutRules;
  expect(maxFailures).toBeGreaterThan(3);
  expect(durationMs).toBeGreaterThan(0);
  expect(countIntervalMs).toBeGreaterThan(0);
});

test('whatever happens, what is kept is bounded, in order, and enough to lock', () => {
  const seed = Date.now() % 1e9;
  const gaps = fc.array(fc.integer({ min: 0, max: 100_000 }), { maxLength: 200 });
  const any = fc.record({
    maxFailures: fc.integer({ min: 0, max: 30 }),
    countIntervalMs: fc.constantFrom(0, 1_000, 60_000, 1e9),
    durationMs: fc.constantFrom(0, 1_000, 60_000),
    minDelayMs: fc.constantFrom(0, 100, 1_000),
    maxDelayMs: fc.constantFrom(0, 10_000),
    recordedMax: fc.constantFrom(0, 2, 40),
  });
  fc.assert(
    fc.property(gaps, any, (steps, by) => {
      let nowMs = start;
      let lockout: Lockout | undefined;
      for (const step of steps) {
        nowMs += step;
        // As the guard does it: who is locked does not count on.
        if (standingOf(lockout, by, nowMs).kind === 'locked') continue;
        lockout = withFailure(lockout, by, nowMs);
        expect(lockout.failures.length).toBeLessThanOrEqual(Math.max(16, by.maxFailures));
        expect([...lockout.failures].sort((a, b) => a - b)).toEqual(lockout.failures);
        const counted = counting(lockout, by, nowMs).length;
        const full = by.maxFailures > 0 && counted >= by.maxFailures;
        expect(standingOf(lockout, by, nowMs).kind === 'locked').toBe(full);
      }
    }),
    { seed, numRuns: 200 },
  );
});
