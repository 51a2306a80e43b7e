/** The server's clock: reading it, and moving it where the directory is a playground. */
import { AdminError } from '../errors.js';
import type { ClockTrust, MovableClock } from '../ports.js';
import type { ClockResult } from './types.js';

/** A hundred years, milliseconds: dates beyond have no four-digit year for long. */
const ADVANCE_MS_MAX = 100 * 366 * 24 * 60 * 60 * 1000;

/** Moves the clock by `advanceMs` if that is not 0; rejects with `refused` without a test clock. */
export async function moveClock(
  clock: MovableClock | undefined,
  nowMs: number,
  advanceMs: number,
  suspicion = '',
): Promise<ClockResult> {
  if (advanceMs !== 0) {
    if (clock === undefined) {
      throw new AdminError('refused', 'this clock is real; serve a playground with --test-clock');
    }
    if (!Number.isSafeInteger(advanceMs) || advanceMs < 0 || advanceMs > ADVANCE_MS_MAX) {
      throw new AdminError('usage', 'a clock moves forward only, by at most 100 years at a time');
    }
    clock.advance(advanceMs);
  }
  const shownMs = clock === undefined ? nowMs : clock.nowMs();
  return {
    now: isoTime(shownMs),
    movable: clock !== undefined,
    ...(suspicion !== '' && { suspicion }),
  };
}

/** The clock is right from now on; rejects with `refused` where nobody guards it. */
export async function acceptClock(
  trust: ClockTrust | undefined,
  nowMs: () => number,
): Promise<ClockResult> {
  if (trust === undefined) throw new AdminError('refused', 'this server does not guard its clock');
  await trust.accept();
  return { now: isoTime(nowMs()), movable: false };
}

/** ISO 8601 in UTC with milliseconds. */
export function isoTime(ms: number): string {
  return new Date(ms).toISOString();
}
