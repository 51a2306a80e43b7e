/**
 * What was seen and is not on the disk yet. Gathers each row once however often it moves, hands
 * everything to the writer in one flush a little later, and answers for what the database does not
 * know yet. A flush that fails is kept and tried again. Bounded: beyond it sightings are dropped,
 * never what locks somebody out.
 */
import type { AccessMethod, AccessSeen } from '../../directory/model/access.js';
import type {
  LastUse,
  Observed,
  ObservedReader,
  Sighting,
} from '../../directory/model/observed.js';
import type { Cancel, Clock } from '../../runtime/clock.js';
import { AccessRows } from './access.js';
import { Sightings } from './sightings.js';

export interface JournalOptions {
  readonly stored: Omit<ObservedReader, 'access'>;
  readonly clock: Clock;
  /** From something seen to its flush. */
  readonly flushMs: number;
  /** Rows that may wait. */
  readonly queuedMax: number;
  /** Makes a flush durable; false or a rejection where it could not. */
  readonly observe: (observed: Observed) => Promise<boolean>;
  /** The rows of those whose lockout or address moved, as they are now. */
  readonly lockouts: (owners: Iterable<number>) => Observed['lockouts'];
  readonly sources: (places: Iterable<string>) => Observed['sources'];
  /** What goes with the rows of the access map. */
  readonly access: () => Omit<AccessSeen, 'rows'>;
}

/**
 * Rows that are sent without waiting for more: some 30 ms of the writer. Fewer would write the same
 * pages of the table again and again.
 */
const PAGE_ROWS = 10_000;

/** One flush's worth. */
class Page {
  readonly successes = new Sightings();
  readonly failures = new Sightings();
  readonly secrets = new Map<number, Sighting>();
  readonly lockouts = new Set<number>();
  readonly sources = new Set<string>();
  readonly access = new AccessRows();

  get size(): number {
    const { successes, failures, secrets, lockouts, sources, access } = this;
    const seen = successes.size + failures.size + secrets.size + access.size;
    return seen + lockouts.size + sources.size;
  }

  /** Takes in what an earlier page could not deliver; what is here is newer. */
  takeOver(earlier: Page): void {
    this.successes.takeOver(earlier.successes);
    this.failures.takeOver(earlier.failures);
    this.access.takeOver(earlier.access);
    for (const [secret, used] of earlier.secrets) {
      if (!this.secrets.has(secret)) this.secrets.set(secret, used);
    }
    for (const owner of earlier.lockouts) this.lockouts.add(owner);
    for (const place of earlier.sources) this.sources.add(place);
  }
}

export class Journal {
  readonly #options: JournalOptions;
  #page = new Page();
  /** On its way to the disk. */
  #sent: Page | undefined;
  #sending: Promise<boolean> | undefined;
  #timer: Cancel | undefined;
  /** Sightings that found no room. */
  dropped = 0;

  constructor(options: JournalOptions) {
    this.#options = options;
  }

  succeeded(owner: number, atMs: number, from: string, service: number): void {
    this.#note('successes', owner, atMs, from, service);
  }

  failed(owner: number, atMs: number, from: string, service: number): void {
    this.#note('failures', owner, atMs, from, service);
  }

  #note(
    what: 'successes' | 'failures',
    owner: number,
    atMs: number,
    from: string,
    service: number,
  ): void {
    if (!this.#page[what].has(owner)) {
      if (!this.#room()) return;
      this.#schedule();
    }
    // Making room may have turned the page.
    this.#page[what].set(owner, atMs, from, service);
  }

  usedSecret(secret: number, seen: Sighting): void {
    if (!this.#page.secrets.has(secret) && !this.#room()) return;
    this.#page.secrets.set(secret, seen);
    this.#schedule();
  }

  /** A row of the access map. */
  seen(
    person: number,
    consumer: number,
    address: string,
    method: AccessMethod,
    atMs: number,
  ): void {
    if (this.#page.access.again(person, consumer, address, method, atMs)) return;
    if (!this.#room()) return;
    this.#schedule();
    this.#page.access.add(person, consumer, address, method, atMs);
  }

  /** The lockout of an entry moved. */
  lockoutMoved(owner: number): void {
    this.#page.lockouts.add(owner);
    this.#schedule();
  }

  sourceMoved(place: string): void {
    this.#page.sources.add(place);
    this.#schedule();
  }

  #room(): boolean {
    // Many at once would hold up both threads: neither a turn nor a commit may get long by it.
    const { queuedMax } = this.#options;
    const full = this.#page.size >= Math.min(PAGE_ROWS, queuedMax);
    if (full && this.#sending === undefined) void this.flush();
    if (this.#page.size < queuedMax) return true;
    this.dropped += 1;
    return false;
  }

  #schedule(): void {
    if (this.#timer !== undefined || this.#sending !== undefined) return;
    this.#timer = this.#options.clock.later(this.#options.flushMs, () => void this.flush());
  }

  lastUse(owner: number): LastUse {
    let success = this.#page.successes.get(owner) ?? this.#sent?.successes.get(owner);
    let failure = this.#page.failures.get(owner) ?? this.#sent?.failures.get(owner);
    if (success === undefined || failure === undefined) {
      const stored = this.#options.stored.lastUse(owner);
      success ??= stored.success;
      failure ??= stored.failure;
    }
    return { success, failure };
  }

  secretUse(secret: number): Sighting | undefined {
    return (
      this.#page.secrets.get(secret) ??
      this.#sent?.secrets.get(secret) ??
      this.#options.stored.secretUse(secret)
    );
  }

  /** Sends everything; true once all that was seen before this call is durable. */
  async flush(): Promise<boolean> {
    if (this.#sending !== undefined) await this.#sending;
    // Whoever waited beside us may have sent it.
    if (this.#sending !== undefined) return this.#sending;
    this.#timer?.();
    this.#timer = undefined;
    if (this.#page.size === 0) return true;
    const page = this.#page;
    this.#page = new Page();
    this.#sent = page;
    this.#sending = this.#send(page);
    return this.#sending;
  }

  async #send(page: Page): Promise<boolean> {
    const { observe, lockouts, sources, access } = this.#options;
    const durable = await observe({
      successes: page.successes.flat(),
      failures: page.failures.flat(),
      secrets: Array.from(page.secrets, ([secret, used]) => ({ secret, used })),
      lockouts: lockouts(page.lockouts),
      sources: sources(page.sources),
      ...(page.access.size > 0 && { access: { rows: page.access.flat(), ...access() } }),
    }).catch(() => false);
    this.#sent = undefined;
    this.#sending = undefined;
    if (!durable) this.#page.takeOver(page);
    if (this.#page.size > 0) this.#schedule();
    return durable;
  }

  stop(): void {
    this.#timer?.();
    this.#timer = undefined;
  }
}
