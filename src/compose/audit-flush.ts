/**
 * How what is seen reaches the audit trail: with the next flush of what was seen of binds, or with
 * one of its own, at most a second later. What could not be written is tried again.
 */
import type { AuditEvent } from '../directory/model/audit.js';
import { nothingSeen, type Observed } from '../directory/model/observed.js';
import { AuditBook, nameOfEntry } from '../directory/operations/audit/index.js';
import type { Names } from '../directory/operations/index.js';
import type { DirectoryReader } from '../directory/ports.js';
import type { Cancel, Clock } from '../runtime/clock.js';
import type { Limits } from '../runtime/limits.js';

export interface AuditFlushOptions {
  readonly reader: DirectoryReader;
  readonly names: Names;
  readonly clock: Clock;
  readonly limits: Limits;
  /** Makes a flush durable; false or a rejection where it could not. */
  readonly observe: (observed: Observed) => Promise<boolean>;
}

export class AuditFlush {
  readonly book: AuditBook;
  readonly #options: AuditFlushOptions;
  #timer: Cancel | undefined;
  /** Could not be written so far. */
  #left: readonly AuditEvent[] = [];
  /** Events that found no room while nothing could be written. */
  dropped = 0;

  constructor(options: AuditFlushOptions) {
    const { reader, names, clock, limits } = options;
    this.#options = options;
    this.book = new AuditBook({
      nowMs: () => clock.nowMs(),
      limits,
      nameOf: (id) => nameOfEntry(id, reader, names),
      onSeen: () => this.#schedule(),
    });
  }

  #schedule(): void {
    const { clock, limits } = this.#options;
    this.#timer ??= clock.later(limits.auditFlushMs, () => void this.flush());
  }

  /** A flush of what was seen of binds takes along what waits here. */
  readonly observe = async (observed: Observed, all = false): Promise<boolean> => {
    this.#timer?.();
    this.#timer = undefined;
    const audit = [...this.#left, ...this.book.take(all)];
    this.#left = [];
    // What is not due yet is asked for again, and the writer need not hear of that.
    if (audit.length === 0 && observed === nothingSeen) {
      if (this.book.waiting) this.#schedule();
      return true;
    }
    const durable = await this.#options
      .observe(audit.length === 0 ? observed : { ...observed, audit })
      .catch(() => false);
    if (!durable) this.#keep(audit);
    if (this.book.waiting || this.#left.length > 0) this.#schedule();
    return durable;
  };

  /** Everything that is due; `all`: everything. */
  async flush(all = false): Promise<boolean> {
    return this.observe(nothingSeen, all);
  }

  #keep(audit: readonly AuditEvent[]): void {
    const kept = [...audit, ...this.#left];
    const most = this.#options.limits.auditKeysMax;
    this.dropped += Math.max(0, kept.length - most);
    this.#left = kept.slice(0, most);
  }

  async stop(): Promise<void> {
    await this.flush(true);
    this.#timer?.();
    this.#timer = undefined;
  }
}
