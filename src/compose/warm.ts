/**
 * Fills the reader's caches after a start: who is not active, then entries with their groups and places,
 * then the keys of login names, then password hashes. A slice of 2 ms at a time with pauses between, so that the first minutes are as fast
 * as the rest. Stops when a cache is full or everything is in it; nothing depends on it.
 */
import { warmTurned } from '../directory/operations/lifecycle/index.js';
import type { Cancel, Clock } from '../runtime/clock.js';
import type { StoreReader } from '../store/index.js';

/** Let the first clients in before. */
const START_AFTER_MS = 250;
const PAGE = 64;
const SLICE_MS = 2;
/** Between two slices while others want the thread: a fifth of a core at most. */
const PAUSE_MS = 8;
/** The same while nobody does. */
const IDLE_PAUSE_MS = 1;
/** A timer that fires later than that had to wait for somebody. */
const LATE_MS = 1;

/** Starts warming; what it returns ends it. */
export function warmCaches(reader: StoreReader, clock: Clock): Cancel {
  let cancel: Cancel | undefined;
  let dueMs = 0;
  let resting = false;
  let stopped = false;
  let statesLeft = true;
  let entriesLeft = true;
  let lastId = 0;
  let lastKey: Buffer | undefined = Buffer.alloc(0);
  let lastOwner = 0;
  const uid = reader.schema().attribute('uid');

  /** One page; false where nothing is left. */
  function page(): boolean {
    if (statesLeft) {
      statesLeft = warmTurned(reader, Math.floor(clock.nowMs() / 1000), PAGE);
      return true;
    }
    if (entriesLeft) {
      lastId = reader.warmEntries(lastId, PAGE);
      entriesLeft = lastId > 0;
      return true;
    }
    if (uid !== undefined && lastKey !== undefined) {
      lastKey = reader.warmKeys(uid, lastKey, PAGE);
      return true;
    }
    lastOwner = reader.warmSecrets(lastOwner, PAGE);
    return lastOwner > 0;
  }

  function slice(): void {
    const startsMs = clock.monotonicMs();
    const idle = startsMs - dueMs < LATE_MS;
    while (clock.monotonicMs() < startsMs + SLICE_MS) {
      resting = !page();
      if (resting) return;
    }
    schedule(idle ? IDLE_PAUSE_MS : PAUSE_MS);
  }

  function schedule(delayMs: number): void {
    dueMs = clock.monotonicMs() + delayMs;
    cancel = clock.later(delayMs, slice);
  }

  // An import makes all that was found stale; who is not active is asked by every search for a state.
  reader.watch(({ all }) => {
    if (!all) return;
    statesLeft = true;
    if (resting && !stopped) schedule(IDLE_PAUSE_MS);
    resting = false;
  });
  schedule(START_AFTER_MS);
  return () => {
    stopped = true;
    cancel?.();
  };
}
