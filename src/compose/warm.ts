/**
 * Fills the reader's caches after a start, a slice of 2 ms at a time and only while nothing else
 * wants the thread, so that the first minutes are as fast as the rest. Stops when the cache is full
 * or everything is in it; nothing depends on it.
 */
import type { DirectoryReader } from '../directory/ports.js';
import type { Cancel, Clock } from '../runtime/clock.js';

/** Let the first clients in before. */
const START_AFTER_MS = 250;
const PAGE = 64;
const SLICE_MS = 2;
/** One slice in five turns of this length: a fifth of a core at most. */
const PAUSE_MS = 8;

export interface Warmable extends DirectoryReader {
  /** Whether another page of entries would push something out. */
  readonly cacheFull: boolean;
}

/** Starts warming; what it returns ends it. */
export function warmCaches(reader: Warmable, clock: Clock): Cancel {
  let cancel: Cancel | undefined;
  let after = 0;

  function slice(): void {
    const endsMs = clock.monotonicMs() + SLICE_MS;
    while (clock.monotonicMs() < endsMs) {
      if (reader.cacheFull) return;
      const page = reader.entriesAfter(after, PAGE);
      const last = page.at(-1);
      if (last === undefined) return;
      reader.groupsOf(page.map((entry) => entry.id));
      after = last.id;
    }
    cancel = clock.later(PAUSE_MS, slice);
  }

  cancel = clock.later(START_AFTER_MS, slice);
  return () => cancel?.();
}
