/**
 * The clock of a server, guarded: what makes it suspicious is told and remembered across restarts;
 * while it is, nothing is destroyed. Whoever accepts it says that the machine's clock is right.
 */
import type { ClockTrust } from '../admin/index.js';
import { timeOfCsn } from '../directory/model/csn.js';
import type { Identity } from '../directory/model/identity.js';
import type { PreparedWrite, WriteOutcome } from '../directory/operations/index.js';
import type { Cancel, Clock } from '../runtime/clock.js';
import { errorFromShape } from '../runtime/errors.js';
import { GuardedClock } from '../runtime/guarded-clock.js';
import type { Log } from '../runtime/log.js';
import type { StoreReader } from '../store/index.js';

/** What the database knows of the clock. */
export interface ClockMarks {
  /** When the last commit was, ms. */
  readonly lastMs: number;
  /** Why the time was not to be trusted when it was last open, or empty. */
  readonly suspicion: string;
  /** Commits up to here were made by a clock that somebody has put right since, ms. */
  readonly acceptedMs: number;
  /** Its clock may be moved by hand. */
  readonly playground: boolean;
}

export interface ClockGuardParts {
  readonly base: Clock;
  readonly shared: SharedArrayBuffer;
  readonly log: Log;
}

/** Of an open reader. */
export function clockMarksOf(reader: StoreReader): ClockMarks {
  const csn = reader.contextCsn();
  const lastMs = csn === '' ? 0 : timeOfCsn(csn);
  return { lastMs, ...reader.clockMarks(), playground: reader.isPlayground() };
}

/** A count within a millisecond may carry over. */
const CARRY_MS = 1_000;
/** Between two comparisons with the monotonic clock, ms. */
const LOOK_MS = 1_000;

export class ClockGuard implements ClockTrust {
  readonly clock: GuardedClock;
  readonly #parts: ClockGuardParts;
  #write: ((suspicion: string, acceptedMs?: number) => Promise<void>) | undefined;
  #lastMs: () => number = () => 0;
  #accepted: () => void = () => undefined;
  #kept = '';
  #cancel: Cancel | undefined;

  constructor(parts: ClockGuardParts) {
    this.#parts = parts;
    const { base, shared } = parts;
    const onSuspicion = (why: string) => this.#suspected(why);
    this.clock = new GuardedClock({ base, shared, onSuspicion });
  }

  /** Why the time is not to be trusted, or empty. */
  get suspicion(): string {
    return this.clock.suspicion || this.#kept;
  }

  /** From here on it is compared once a second, and what happens is remembered. */
  start(options: {
    readonly marks: () => ClockMarks;
    readonly write: (request: PreparedWrite) => Promise<WriteOutcome>;
    readonly administrator: () => Identity;
    /** The time may have gone back. */
    readonly accepted: () => void;
  }): void {
    const { marks, write, administrator } = options;
    const { lastMs, acceptedMs, suspicion, playground } = marks();
    this.#kept = suspicion;
    this.#lastMs = () => marks().lastMs;
    this.#accepted = options.accepted;
    this.#write = async (why, upToMs) => {
      const outcome = await write({
        op: 'clock',
        context: {
          identity: administrator(),
          origin: { address: 'server', connection: 0, confidential: true },
        },
        reason: why === '' ? 'clock accepted' : why,
        suspicion: why,
        ...(upToMs !== undefined && { acceptedMs: upToMs }),
      });
      if (!outcome.ok) throw errorFromShape(outcome.error);
    };
    if (lastMs > acceptedMs + CARRY_MS) this.clock.startAfter(lastMs, playground);
    this.#look();
  }

  #look(): void {
    this.clock.look();
    this.#cancel = this.#parts.base.later(LOOK_MS, () => this.#look());
  }

  #suspected(why: string): void {
    const { log } = this.#parts;
    log.error({ why }, 'CLOCK NOT TRUSTED: nothing is destroyed until "tenure clock accept"');
    this.#write?.(why).catch((error: unknown) => log.error({ err: error }, 'defect'));
  }

  /** The machine's clock is right. */
  async accept(): Promise<void> {
    await this.#write?.('', this.#lastMs());
    this.#kept = '';
    this.clock.accept();
    this.#accepted();
    this.#parts.log.warn('clock accepted');
  }

  stop(): void {
    this.#cancel?.();
  }
}
