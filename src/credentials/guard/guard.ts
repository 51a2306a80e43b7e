/**
 * The guard at the door: remembers who failed and who got in, and says who may try now. Owns what
 * counts against people and addresses, in memory; the disk hears of it through the journal, at once
 * where somebody is locked. It sees no hash and decides no bind: the steps of a bind ask it.
 *
 * Lives in the connection thread. Of those against whom nothing counts it knows nothing, so that
 * asking about them costs one look into a map.
 */
import type { AccessMethod } from '../../directory/model/access.js';
import type {
  LastUse,
  Lockout,
  Observed,
  ObservedReader,
  Sighting,
} from '../../directory/model/observed.js';
import type { Clock } from '../../runtime/clock.js';
import type { Limits } from '../../runtime/limits.js';
import type { Random } from '../../runtime/random.js';
import { Lookups } from './access.js';
import { Journal } from './journal.js';
import {
  countingFailures,
  type LockoutRules,
  type Standing,
  standingOf,
  withFailure,
  withoutFailure,
} from './lockout.js';
import { PasswordMac } from './mac.js';
import { Repeats } from './repeats.js';
import { placeOf, Sources } from './sources.js';

export interface GuardOptions {
  readonly stored: ObservedReader;
  readonly clock: Clock;
  readonly random: Random;
  readonly limits: Limits;
  /** Makes a flush durable; false or a rejection where it could not. */
  readonly observe: (observed: Observed) => Promise<boolean>;
  /** Somebody was locked or unlocked: whatever is kept about them is stale. */
  readonly onMoved?: (owner: number) => void;
  /** Days that the access map is kept; absent: none is. */
  readonly accessDays?: number | undefined;
}

/** One attempt, as far as the guard is concerned. */
export interface GuardedAttempt {
  /** The entry, 0 where the name is nobody's. */
  readonly owner: number;
  /** The address, and the service account through which it came (0: none). */
  readonly from: string;
  readonly service: number;
  /** The address that failures count for; undefined where none is to blame. */
  readonly source: string | undefined;
}

export interface FailedAttempt extends GuardedAttempt {
  /** All that was sent as a secret, a code included. */
  readonly secret: Buffer;
  readonly rules: LockoutRules;
}

/** What became of a failure. */
export interface Noted {
  /** When it was counted, undefined where it was not. */
  readonly countedMs: number | undefined;
  /**
   * Present where it locked somebody: the refusal waits for it, so that the lock is on the disk
   * before anybody can know of it.
   */
  readonly durable: Promise<void> | undefined;
}

const DAY_MS = 86_400_000;
const uncounted: Noted = { countedMs: undefined, durable: undefined };

export class Guard {
  readonly #options: GuardOptions;
  readonly #mac: PasswordMac;
  readonly #repeats: Repeats;
  readonly #journal: Journal;
  readonly #lookups: Lookups;
  /** Read at the first question: few have one, and nobody else costs anything. */
  #lockouts: Map<number, Lockout> | undefined;
  #sources: Sources | undefined;

  constructor(options: GuardOptions) {
    const { stored, clock, random, limits, observe } = options;
    this.#options = options;
    this.#mac = new PasswordMac(random);
    this.#repeats = new Repeats(limits.repeatedPasswordsMax);
    this.#lookups = new Lookups(limits.lookupsRememberedMax, limits.lookupToLoginMs);
    this.#journal = new Journal({
      stored,
      clock,
      flushMs: limits.observationFlushMs,
      queuedMax: limits.observationsQueuedMax,
      observe,
      lockouts: (owners) =>
        Array.from(owners, (owner) => ({ owner, lockout: this.#of().get(owner) })),
      sources: (places) =>
        Array.from(places, (address) => ({ address, record: this.#places().record(address) })),
      access: () => ({
        forgetBeforeMs: this.accessSinceMs,
        perPersonMax: limits.accessRowsPerPersonMax,
      }),
    });
  }

  #of(): Map<number, Lockout> {
    this.#lockouts ??= new Map(this.#options.stored.lockouts());
    return this.#lockouts;
  }

  #places(): Sources {
    if (this.#sources === undefined) {
      const { limits, stored, clock } = this.#options;
      this.#sources = new Sources(limits, stored.sources());
      for (const place of this.#sources.sweep(clock.nowMs())) this.#journal.sourceMoved(place);
    }
    return this.#sources;
  }

  // ---- before ----------------------------------------------------------------------------------

  /** Whether anything counts against the entry: where not, it stands open whatever the rules. */
  concerns(owner: number): boolean {
    return this.#of().has(owner);
  }

  standing(owner: number, rules: LockoutRules): Standing {
    return standingOf(this.#of().get(owner), rules, this.#options.clock.nowMs());
  }

  isSourceLocked(address: string): boolean {
    const place = placeOf(address);
    return place !== undefined && this.#places().isLocked(place, this.#options.clock.nowMs());
  }

  // ---- after -----------------------------------------------------------------------------------

  /**
   * Somebody got in. With the password nothing counts against them any more; with something that
   * nobody can guess, guesses at the password go on counting.
   */
  succeeded({ owner, from, service, source }: GuardedAttempt, withPassword = true): void {
    const atMs = this.#options.clock.nowMs();
    this.#journal.succeeded(owner, atMs, from, service);
    if (withPassword && this.#of().delete(owner)) this.#journal.lockoutMoved(owner);
    const place = source === undefined ? undefined : placeOf(source);
    if (place !== undefined && this.#places().succeeded(place, atMs)) {
      this.#journal.sourceMoved(place);
    }
  }

  /** Somebody who got in earlier goes on with that session. */
  stillUsed(owner: number, from: string): void {
    this.#journal.succeeded(owner, this.#options.clock.nowMs(), from, 0);
  }

  /** Somebody was refused for another reason than what they sent: seen, and not counted. */
  refused({ owner, from, service }: GuardedAttempt): void {
    if (owner === 0) return;
    this.#journal.failed(owner, this.#options.clock.nowMs(), from, service);
  }

  /** What was sent was wrong. */
  failed(attempt: FailedAttempt): Noted {
    const { owner, secret, rules, source } = attempt;
    this.refused(attempt);
    const nowMs = this.#options.clock.nowMs();
    if (owner !== 0 && this.standing(owner, rules).kind === 'locked') return uncounted;
    if (!this.#repeats.counts(this.#mac.of(owner, 0, secret), nowMs)) return uncounted;
    const locked = owner !== 0 && this.#count(owner, rules, nowMs);
    const place = source === undefined ? undefined : placeOf(source);
    const closed = place !== undefined && this.#places().failed(place, nowMs);
    if (place !== undefined) this.#journal.sourceMoved(place);
    return { countedMs: nowMs, durable: locked || closed ? this.#durable() : undefined };
  }

  #count(owner: number, rules: LockoutRules, nowMs: number): boolean {
    const lockout = withFailure(this.#of().get(owner), rules, nowMs);
    this.#of().set(owner, lockout);
    this.#journal.lockoutMoved(owner);
    if (lockout.lockedMs === undefined) return false;
    this.#options.onMoved?.(owner);
    return true;
  }

  async #durable(): Promise<void> {
    // A disk that takes nothing now gets it with a later flush; the lock holds in memory.
    await this.#journal.flush();
  }

  /** A secret of the entry was wrong only because it is the one before: it guesses nothing. */
  wasFormer(attempt: FailedAttempt, atMs: number): void {
    const { owner, secret, rules } = attempt;
    this.#repeats.former(this.#mac.of(owner, 0, secret));
    const before = this.#of().get(owner);
    const after = withoutFailure(before, rules, atMs);
    if (after === before) return;
    if (after === undefined) this.#of().delete(owner);
    else this.#of().set(owner, after);
    this.#journal.lockoutMoved(owner);
    this.#options.onMoved?.(owner);
  }

  /** A secret that is listed with its last use, such as an app password, was used. */
  usedSecret(secret: number, from: string, service: number): void {
    this.#journal.usedSecret(secret, { atMs: this.#options.clock.nowMs(), from, service });
  }

  /** Somebody was unlocked, durably. */
  unlocked(owner: number): void {
    this.#of().delete(owner);
    this.#journal.lockoutMoved(owner);
    this.#options.onMoved?.(owner);
  }

  // ---- the access map -----------------------------------------------------------------------------

  /** Whether an access map is kept. */
  get mapsAccess(): boolean {
    return this.#options.accessDays !== undefined;
  }

  /** Rows last seen before are forgotten, ms. */
  get accessSinceMs(): number {
    return this.#options.clock.nowMs() - (this.#options.accessDays ?? 0) * DAY_MS;
  }

  /** Somebody who exists came in, was looked up, or is asked for though they have left. */
  accessed(person: number, consumer: number, address: string, method: AccessMethod): void {
    this.#journal.seen(person, consumer, address, method, this.#options.clock.nowMs());
  }

  /** An application searched for exactly this person: a login may follow on another connection. */
  lookedUp(person: number, consumer: number, address: string): void {
    this.#lookups.note(person, consumer, address, this.#options.clock.nowMs());
  }

  /** Who looked the person up from that address a moment ago, 0 where nobody did. */
  lookedUpBy(person: number, address: string): number {
    return this.#lookups.consumerFor(person, address, this.#options.clock.nowMs());
  }

  // ---- for whom it may concern --------------------------------------------------------------------

  lastUse(owner: number): LastUse {
    return this.#journal.lastUse(owner);
  }

  secretUse(secret: number): Sighting | undefined {
    return this.#journal.secretUse(secret);
  }

  /** What counts against an entry; lockout.ts says what follows from it. */
  lockout(owner: number): Lockout | undefined {
    return this.#of().get(owner);
  }

  /** Times of the failures that count, oldest first. */
  failures(owner: number, rules: LockoutRules): readonly number[] {
    return countingFailures(this.#of().get(owner), rules, this.#options.clock.nowMs());
  }

  /** Since when the entry is locked, undefined where it is not. */
  lockedSince(owner: number, rules: LockoutRules): number | undefined {
    const { kind } = this.standing(owner, rules);
    return kind === 'locked' ? this.#of().get(owner)?.lockedMs : undefined;
  }

  /** Entries against whom anything counts. */
  concerned(): readonly number[] {
    return [...this.#of().keys()];
  }

  /** Everything seen so far, durable. */
  flush(): Promise<boolean> {
    return this.#journal.flush();
  }

  /** The last flush; nothing is timed after it. */
  async stop(): Promise<void> {
    await this.#journal.flush();
    this.#journal.stop();
  }
}
