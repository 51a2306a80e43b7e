/** What the tests of this room share: a clock moved by hand and pools that are always closed. */
import { HashPool } from '../../../src/credentials/index.js';
import type { Clock } from '../../../src/runtime/clock.js';
import { systemClock } from '../../../src/runtime/clock.js';
import { systemRandom } from '../../../src/runtime/random.js';

export interface HandClock extends Clock {
  advance(ms: number): void;
  readonly pending: number;
}

export function handClock(startMs = 0): HandClock {
  let nowMs = startMs;
  const timers = new Set<{ readonly atMs: number; readonly task: () => void }>();
  return {
    nowMs: () => nowMs,
    monotonicMs: () => nowMs,
    later(delayMs, task) {
      const timer = { atMs: nowMs + delayMs, task };
      timers.add(timer);
      return () => void timers.delete(timer);
    },
    advance(ms) {
      nowMs += ms;
      for (const timer of [...timers].sort((a, b) => a.atMs - b.atMs)) {
        if (timer.atMs <= nowMs && timers.delete(timer)) timer.task();
      }
    },
    get pending() {
      return timers.size;
    },
  };
}

export function realPool(): HashPool {
  return new HashPool({ clock: systemClock, random: systemRandom() });
}
