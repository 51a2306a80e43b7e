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

/** What all threads of a server share about their clock: numbers of milliseconds (Float64). */
export const clockSlots = {
  /** By which a test clock was moved. */
  offset: 0,
  /** By which the guard of the clock corrects the machine's. */
  correction: 1,
} as const;

export function clockBuffer(): SharedArrayBuffer {
  return new SharedArrayBuffer(2 * Float64Array.BYTES_PER_ELEMENT);
}

/** `base` as the guard of another thread corrects it, with what a test clock adds. */
export function offsetClock(base: Clock, shared: SharedArrayBuffer): Clock {
  const slots = new Float64Array(shared);
  return {
    ...base,
    nowMs: () => base.nowMs() + slots[clockSlots.offset]! + slots[clockSlots.correction]!,
  };
}
