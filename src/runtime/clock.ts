/**
 * Time as an argument. Everything that needs the time or a delay takes a Clock; only this file
 * reads the machine's. A test clock is moved by hand and fires its timers when moved.
 */

/** Cancels a timer; calling it twice, or after it fired, does nothing. */
export type Cancel = () => void;

export interface Clock {
  /** Wall clock, milliseconds since 1970-01-01T00:00:00Z. */
  nowMs(): number;
  /** A clock that never goes back, milliseconds from an arbitrary origin. */
  monotonicMs(): number;
  /** Runs `task` once after `delayMs`; a pending timer never keeps the process alive. */
  later(delayMs: number, task: () => void): Cancel;
}

/** The machine's clock. */
export const systemClock: Clock = {
  nowMs: () => Date.now(),
  monotonicMs: () => performance.now(),
  later(delayMs, task) {
    const timer = setTimeout(task, delayMs);
    timer.unref();
    return () => clearTimeout(timer);
  },
};

/** `base`, ahead by the milliseconds in `offset` (a Float64): one test clock for all threads. */
export function offsetClock(base: Clock, offset: SharedArrayBuffer): Clock {
  const ahead = new Float64Array(offset);
  return { ...base, nowMs: () => base.nowMs() + ahead[0]! };
}
