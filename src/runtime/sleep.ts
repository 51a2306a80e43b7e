/** A delay that keeps the process alive, for commands that wait; servers use the Clock. */
import { setTimeout as timeout } from 'node:timers/promises';

/** Resolves after `delayMs`. */
export async function sleep(delayMs: number): Promise<void> {
  await timeout(delayMs);
}
