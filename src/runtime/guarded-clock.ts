/**
 * A clock that is not taken at its word. It never goes back, so that an end that has passed stays
 * passed; a step of more than ten minutes against the monotonic clock, or a start behind what is
 * stored already, makes it suspicious until somebody accepts it.
 *
 *   wall clock steps ahead   followed: ends come true, and deny           suspicious
 *   wall clock steps back    goes on from where it was, second by second  suspicious
 *   a little back            stands still until the wall clock is there
 *
 * The correction is shared with other threads (offsetClock), which follow this one.
 */
import { type Clock, clockSlots } from './clock.js';

/** A step that is no adjustment any more. */
export const STEP_MS_MAX = 10 * 60 * 1000;
/** After so long a slow drift between the two clocks is forgotten. */
const REFERENCE_MS = 60 * 60 * 1000;

export interface GuardOptions {
  readonly base: Clock;
  /** Made by {@link clockBuffer}: correction and offset of all threads. */
  readonly shared: SharedArrayBuffer;
  /** Called once for each step, with a sentence. */
  readonly onSuspicion: (why: string) => void;
}

const iso = (ms: number) => new Date(ms).toISOString().replace('.000', '');

export class GuardedClock {
  readonly #base: Clock;
  readonly #shared: Float64Array;
  readonly #onSuspicion: (why: string) => void;
  #wall: number;
  #wallThen: number;
  #monotonicThen: number;
  #last: number;
  /** Why the time is not to be trusted, or empty. */
  suspicion = '';

  constructor({ base, shared, onSuspicion }: GuardOptions) {
    this.#base = base;
    this.#shared = new Float64Array(shared);
    this.#onSuspicion = onSuspicion;
    this.#wall = base.nowMs();
    this.#wallThen = this.#wall;
    this.#monotonicThen = base.monotonicMs();
    this.#last = this.#wall;
  }

  get #correction(): number {
    return this.#shared[clockSlots.correction]!;
  }

  set #correction(ms: number) {
    this.#shared[clockSlots.correction] = ms;
  }

  /**
   * What is stored was written at `ms`: the clock goes on from there. `trusted`: somebody has moved
   * or accepted it before.
   */
  startAfter(ms: number, trusted: boolean): void {
    const behind = ms - this.nowMs();
    if (behind <= 0) return;
    if (behind > STEP_MS_MAX) {
      this.#correction += behind;
      if (!trusted) this.#suspect(`the clock is behind what was written at ${iso(ms)}`);
    }
    this.#last = ms;
  }

  /** Milliseconds since 1970; never less than before, until somebody accepts the wall clock. */
  nowMs(): number {
    const wall = this.#base.nowMs();
    if (wall < this.#wall || wall - this.#wall >= STEP_MS_MAX) this.#compare(wall);
    this.#wall = wall;
    const now = wall + this.#correction;
    if (now > this.#last) this.#last = now;
    return this.#last;
  }

  /** Compares the two clocks, however small the steps were; to be called once in a while. */
  look(): void {
    this.#compare(this.#base.nowMs());
  }

  #compare(wall: number): void {
    const monotonic = this.#base.monotonicMs();
    const elapsed = monotonic - this.#monotonicThen;
    const step = wall - this.#wallThen - elapsed;
    if (Math.abs(step) > STEP_MS_MAX) {
      const expected = this.#wallThen + elapsed;
      this.#correction = Math.max(0, this.#correction - step);
      this.#suspect(`the clock stepped from ${iso(expected)} to ${iso(wall)}`);
    } else if (elapsed < REFERENCE_MS) return;
    this.#wallThen = wall;
    this.#monotonicThen = monotonic;
  }

  #suspect(why: string): void {
    this.suspicion = why;
    this.#onSuspicion(why);
  }

  /** The wall clock is right: time may go back to it, and nothing is suspicious any more. */
  accept(): void {
    this.#wall = this.#base.nowMs();
    this.#wallThen = this.#wall;
    this.#monotonicThen = this.#base.monotonicMs();
    this.#correction = 0;
    this.#last = this.#wall;
    this.suspicion = '';
  }
}

/** As a clock among others: what a test clock adds comes on top. */
export function guarded(guard: GuardedClock, base: Clock, shared: SharedArrayBuffer): Clock {
  const slots = new Float64Array(shared);
  return { ...base, nowMs: () => guard.nowMs() + slots[clockSlots.offset]! };
}
