/**
 * Fills the reader's caches after a start: entries with their groups and places, then the keys of
 * login names. A slice of 2 ms at a time with pauses between, so that the first minutes are as fast
 * as the rest. Stops when a cache is full or everything is in it; nothing depends on it.
 */
import type { Cancel, Clock } from '../runtime/clock.js';
import type { StoreReader } from '../store/index.js';

/** Let the first clients in before. */
const START_AFTER_MS = 250;
const PAGE = 64;
const SLICE_MS = 2;
/** One slice in five turns of this length: a fifth of a core at most. */
const PAUSE_MS = 8;

/** Starts warming; what it returns ends it. */
export function warmCaches(reader: StoreReader, clock: Clock): Cancel {
  let cancel: Cancel | undefined;
  let entriesLeft = true;
  let lastId = 0;
  let lastKey: Buffer | undefined = Buffer.alloc(0);
  const uid = reader.schema().attribute('uid');

  /** One page; false where nothing is left. */
  function page(): boolean {
    if (entriesLeft) {
      lastId = reader.warmEntries(lastId, PAGE);
      entriesLeft = lastId > 0;
      return true;
    }
    if (uid !== undefined && lastKey !== undefined) lastKey = reader.warmKeys(uid, lastKey, PAGE);
    return lastKey !== undefined;
  }

  function slice(): void {
    const endsMs = clock.monotonicMs() + SLICE_MS;
    while (clock.monotonicMs() < endsMs) if (!page()) return;
    cancel = clock.later(PAUSE_MS, slice);
  }

  cancel = clock.later(START_AFTER_MS, slice);
  return () => cancel?.();
}
