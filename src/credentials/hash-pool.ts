/**
 * The only way to a computation that costs milliseconds. Owns how many run at once, how many wait
 * and for how long, and the thread for schemes without a native implementation. It refuses with
 * `busy` rather than let the queue grow, and never runs an expensive hash on the event loop.
 *
 *   run ──▶ free place? ──yes──▶ running ──▶ settled, its place goes to the oldest waiter
 *             │no
 *             ▼
 *           waiting ──▶ place freed ──▶ running
 *             └──▶ waited too long, or no room: LdapError busy (51);  closed: unavailable (52)
 */
import { availableParallelism } from 'node:os';
import type { Cancel, Clock } from '../runtime/clock.js';
import { LdapError } from '../runtime/errors.js';
import { defaultLimits, type Limits } from '../runtime/limits.js';
import type { Random } from '../runtime/random.js';
import { CryptThread } from './crypt-thread.js';
import type { ShaCryptSetting } from './sha-crypt.js';

/** The bounds that the pool keeps, named as in the limits of the server. */
export type HashLimits = Pick<Limits, 'hashesInFlight' | 'hashesQueuedMax' | 'hashWaitMaxMs'>;

export interface HashPoolOptions {
  readonly clock: Clock;
  /** Where salts come from. */
  readonly random: Random;
  readonly limits?: HashLimits;
  /**
   * Asked where somebody waits behind a hash: whether the place stays empty for as long as the hash
   * took, because everything else is short of processor time.
   */
  readonly mustRest?: () => boolean;
}

const never = (): boolean => false;

/** What checks of passwords need of a pool. */
export type Hasher = Pick<HashPool, 'run' | 'shaCrypt'>;

interface Idler {
  start(): void;
  refuse(error: LdapError): void;
}

/** Computations that wait for an idle pool. */
const IDLE_MAX = 64;

interface Waiter {
  start(): void;
  refuse(error: LdapError): void;
  readonly cancelTimeout: Cancel;
}

/** Bounds the password hashes in flight; `close()` ends its thread and everything that waits. */
export class HashPool {
  readonly random: Random;
  /** Hashes computed at once at most. */
  readonly inFlightMax: number;
  readonly #clock: Clock;
  readonly #queuedMax: number;
  readonly #waitMaxMs: number;
  readonly #mustRest: () => boolean;
  readonly #waiting = new Set<Waiter>();
  readonly #cryptThread = new CryptThread();
  readonly #idle: Idler[] = [];
  /** The same pool for what may wait until nobody else does, and is given up where it is long. */
  readonly whenIdle: Hasher = {
    run: (task) => this.#runIdle(task),
    shaCrypt: (clear, setting) => this.#runIdle(() => this.#cryptThread.compute(clear, setting)),
  };
  readonly #started = new Map<string, number>();
  /** Computations that were asked for when idle. */
  idled = 0;
  #inFlight = 0;
  #closed = false;

  constructor({ clock, random, limits = defaultLimits, mustRest = never }: HashPoolOptions) {
    this.#clock = clock;
    this.random = random;
    this.inFlightMax = limits.hashesInFlight || Math.max(1, availableParallelism() - 1);
    this.#queuedMax = limits.hashesQueuedMax;
    this.#waitMaxMs = limits.hashWaitMaxMs;
    this.#mustRest = mustRest;
  }

  /** Hashes being computed now. */
  get inFlight(): number {
    return this.#inFlight;
  }

  /** Hashes waiting for a place. */
  get queued(): number {
    return this.#waiting.size;
  }

  /** How many computations of each kind were asked for, such as `argon2id 19456 2 1`. */
  get started(): ReadonlyMap<string, number> {
    return this.#started;
  }

  /**
   * Runs `task` when a place is free; rejects with LdapError `busy` or, closed, `unavailable`.
   * `kind` is what it is counted as.
   */
  run<T>(task: () => Promise<T>, kind = 'other'): Promise<T> {
    this.#started.set(kind, (this.#started.get(kind) ?? 0) + 1);
    if (this.#closed) return Promise.reject(closedError());
    if (this.#inFlight < this.inFlightMax) return this.#start(task);
    if (this.#waiting.size >= this.#queuedMax) {
      return Promise.reject(
        new LdapError('busy', 'too many password checks are waiting; try again in a moment'),
      );
    }
    return this.#enqueue(task);
  }

  /** The sha-crypt text of `clear`, computed in the pool's thread and counted as one hash. */
  shaCrypt(clear: Buffer, setting: ShaCryptSetting): Promise<string> {
    return this.run(() => this.#cryptThread.compute(clear, setting), 'sha-crypt');
  }

  /** Refuses whatever waits and ends the thread; hashes already in flight elsewhere finish. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const waiter of this.#waiting) {
      waiter.cancelTimeout();
      waiter.refuse(closedError());
    }
    this.#waiting.clear();
    for (const idler of this.#idle.splice(0)) idler.refuse(closedError());
    await this.#cryptThread.close();
  }

  async #start<T>(task: () => Promise<T>): Promise<T> {
    this.#inFlight += 1;
    const startedMs = this.#clock.monotonicMs();
    try {
      return await task();
    } finally {
      const tookMs = this.#clock.monotonicMs() - startedMs;
      if (this.#waiting.size > 0 && this.#mustRest()) this.#clock.later(tookMs, () => this.#free());
      else this.#free();
    }
  }

  #free(): void {
    this.#inFlight -= 1;
    this.#next();
  }

  #enqueue<T>(task: () => Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const waiter: Waiter = {
        start: () => resolve(this.#start(task)),
        refuse: reject,
        cancelTimeout: this.#clock.later(this.#waitMaxMs, () => {
          if (!this.#waiting.delete(waiter)) return;
          reject(new LdapError('busy', 'the password check waited too long; try again'));
        }),
      };
      this.#waiting.add(waiter);
    });
  }

  #next(): void {
    for (const waiter of this.#waiting) {
      if (this.#inFlight >= this.inFlightMax) return;
      this.#waiting.delete(waiter);
      waiter.cancelTimeout();
      waiter.start();
    }
    // One at a time: who comes next finds at most this one before them.
    if (this.#inFlight === 0) this.#idle.shift()?.start();
  }

  #runIdle<T>(task: () => Promise<T>): Promise<T> {
    if (this.#closed) return Promise.reject(closedError());
    if (this.#idle.length >= IDLE_MAX) {
      return Promise.reject(new LdapError('busy', 'the password checks leave no time for this'));
    }
    this.idled += 1;
    return new Promise<T>((resolve, reject) => {
      this.#idle.push({ start: () => resolve(this.#start(task)), refuse: reject });
      if (this.#inFlight === 0) this.#next();
    });
  }
}

function closedError(): LdapError {
  return new LdapError('unavailable', 'the server is stopping');
}
