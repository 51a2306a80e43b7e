/** The clock of a playground, which may be moved: one offset for all threads. */
import type { MovableClock } from '../admin/index.js';

/** `moved` acts at once on what became due. */
export function movableClock(
  clock: { nowMs(): number },
  offset: SharedArrayBuffer,
  moved: () => void,
): MovableClock {
  const ahead = new Float64Array(offset);
  return {
    nowMs: () => clock.nowMs(),
    advance(ms) {
      ahead[0] = ahead[0]! + ms;
      moved();
    },
  };
}
