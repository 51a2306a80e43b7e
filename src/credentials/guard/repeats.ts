/**
 * Wrong passwords that say nothing new: a device that tries the same wrong one again and again, or
 * the one that was right until it was changed. Such a device guesses nothing, and must not lock its
 * owner out. Knows passwords by their keyed digests (mac.ts) and forgets all with the process.
 */

/** How long the very same wrong password counts only once, from its last use. */
const REPEAT_MS = 60_000;

export class Repeats {
  readonly #max: number;
  /** When each was last sent. */
  readonly #wrong = new Map<string, number>();
  /** Digests of passwords that were right before. */
  readonly #former = new Set<string>();

  /** `max` bounds either list; the oldest goes first. */
  constructor(max: number) {
    this.#max = max;
  }

  /** Whether a wrong password with this digest counts; notes that it was sent. */
  counts(digest: string, nowMs: number): boolean {
    if (this.#former.has(digest)) return false;
    const lastMs = this.#wrong.get(digest);
    this.#wrong.delete(digest);
    if (this.#wrong.size >= this.#max) {
      const [oldest] = this.#wrong.keys();
      this.#wrong.delete(oldest!);
    }
    this.#wrong.set(digest, nowMs);
    return lastMs === undefined || nowMs - lastMs >= REPEAT_MS;
  }

  /** The password with this digest was right before it was changed. */
  former(digest: string): void {
    this.#wrong.delete(digest);
    if (this.#former.size >= this.#max) {
      const [oldest] = this.#former;
      this.#former.delete(oldest!);
    }
    this.#former.add(digest);
  }
}
