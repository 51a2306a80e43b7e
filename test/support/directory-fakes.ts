/** What a directory under test has instead of the machine's: time, randomness, a counted pool. */
import { createHash } from 'node:crypto';
import { HashPool } from '../../src/credentials/index.js';
import { type Clock, systemClock } from '../../src/runtime/clock.js';
import { defaultLimits } from '../../src/runtime/limits.js';
import type { Random } from '../../src/runtime/random.js';

/** A clock that stands still until it is moved; its timers are the machine's. */
export interface HandClock extends Clock {
  advance(ms: number): void;
}

/** Starts at 2026-01-05T09:00:00Z, a Monday. */
export function handClock(startMs = Date.UTC(2026, 0, 5, 9)): HandClock {
  let nowMs = startMs;
  return {
    nowMs: () => nowMs,
    monotonicMs: () => nowMs - startMs,
    later: (delayMs, task) => systemClock.later(delayMs, task),
    advance(ms) {
      nowMs += ms;
    },
  };
}

/** The same bytes in each run for the same seed. */
export interface SeededRandom extends Random {
  /** Blocks of it used so far. */
  drawn: number;
}

export function seededRandom(seed: number): SeededRandom {
  return {
    drawn: 0,
    bytes(length) {
      const parts: Buffer[] = [];
      for (let made = 0; made < length; made += 32) {
        parts.push(
          createHash('sha256')
            .update(`${seed} ${this.drawn++}`)
            .digest(),
        );
      }
      return Buffer.concat(parts).subarray(0, length);
    },
  };
}

/** A pool that says how many hashes were computed in it. */
export class CountedPool extends HashPool {
  runs = 0;

  constructor(random: Random) {
    super({
      clock: systemClock,
      random,
      limits: { ...defaultLimits, hashesInFlight: 2, hashWaitMaxMs: 60_000 },
    });
  }

  override run<T>(task: () => Promise<T>, kind?: string): Promise<T> {
    this.runs += 1;
    return super.run(task, kind);
  }
}
