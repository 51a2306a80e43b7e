/**
 * Writes down the instants that have passed: the time stamps of whatever looks different since. In
 * slices, one after the other; what is cut off begins anew, and no reader can tell either way.
 */
import type { Identity } from '../directory/model/identity.js';
import {
  type PreparedWrite,
  pendingStamps,
  type WriteOutcome,
} from '../directory/operations/index.js';
import type { DirectoryReader } from '../directory/ports.js';
import type { Cancel, Clock } from '../runtime/clock.js';

export interface StampingParts {
  readonly reader: DirectoryReader;
  readonly clock: Clock;
  readonly write: (request: PreparedWrite) => Promise<WriteOutcome>;
  readonly administrator: () => Identity;
}

/** Entries in one write. */
const SLICE = 500;
/** After a write that failed, ms. */
const AGAIN_MS = 1_000;

export class Stamping {
  readonly #parts: StampingParts;
  #running: Promise<void> | undefined;
  #again = false;
  #stopped = false;
  #cancel: Cancel | undefined;

  constructor(parts: StampingParts) {
    this.#parts = parts;
  }

  /** Something has passed. */
  due(): void {
    this.#again = true;
    this.#running ??= this.#run().finally(() => {
      this.#running = undefined;
    });
  }

  async #run(): Promise<void> {
    while (this.#again && !this.#stopped) {
      this.#again = false;
      if (await this.#stampAll()) continue;
      this.#cancel = this.#parts.clock.later(AGAIN_MS, () => this.due());
      return;
    }
  }

  async #stampAll(): Promise<boolean> {
    const { reader, clock, write, administrator } = this.#parts;
    const now = Math.floor(clock.nowMs() / 1000);
    const entries = [...pendingStamps(reader, now)].map(([id, at]) => ({ id, at }));
    const context = {
      identity: administrator(),
      origin: { address: 'server', connection: 0, confidential: true },
    };
    for (let from = 0; from < entries.length; from += SLICE) {
      if (this.#stopped) return true;
      const last = from + SLICE >= entries.length;
      const outcome = await write({
        op: 'stamp',
        context,
        reason: 'an instant has passed',
        entries: entries.slice(from, from + SLICE),
        ...(last && { until: now }),
      });
      if (!outcome.ok) return false;
    }
    return true;
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#cancel?.();
    await this.#running;
  }
}
