/**
 * Passwords that were verified a moment ago. Knowing one replaces the computation of its hash and
 * nothing else: the entry is read and every gate is asked at each bind. A password is known by the
 * number and revision of the secret that it matched and a keyed digest (mac.ts); it is forgotten
 * after a short while, when there are too many, and in the same turn as anything about its owner
 * moves. Neither password nor hash is in here.
 */
import type { Clock } from '../../runtime/clock.js';
import type { Limits } from '../../runtime/limits.js';
import type { Random } from '../../runtime/random.js';
import { PasswordMac } from './mac.js';

export interface VerifiedOptions {
  readonly clock: Pick<Clock, 'monotonicMs'>;
  readonly random: Random;
  readonly limits: Pick<Limits, 'verifiedPasswordsMax' | 'verifiedPasswordMs'>;
}

/** The secret that a password matched. */
export interface MatchedSecret {
  readonly id: number;
  readonly owner: number;
  readonly revision: number;
}

interface Verified {
  readonly id: number;
  readonly revision: number;
  readonly digest: string;
  readonly untilMs: number;
}

/** One owner has no more passwords than this at hand. */
const PER_OWNER_MAX = 8;

export class VerifiedPasswords {
  readonly #clock: Pick<Clock, 'monotonicMs'>;
  readonly #ownersMax: number;
  readonly #lifeMs: number;
  readonly #mac: PasswordMac;
  readonly #byOwner = new Map<number, Verified[]>();

  constructor({ clock, random, limits }: VerifiedOptions) {
    this.#clock = clock;
    this.#ownersMax = limits.verifiedPasswordsMax;
    this.#lifeMs = limits.verifiedPasswordMs;
    this.#mac = new PasswordMac(random);
  }

  /** Owners of whom a password is known. */
  get size(): number {
    return this.#byOwner.size;
  }

  /** Whether this very password matched this very secret a moment ago. */
  has({ id, owner, revision }: MatchedSecret, password: Buffer): boolean {
    const known = this.#byOwner.get(owner)?.find((v) => v.id === id && v.revision === revision);
    if (known === undefined) return false;
    if (this.#clock.monotonicMs() >= known.untilMs) {
      this.drop(owner);
      return false;
    }
    return this.#mac.of(id, revision, password) === known.digest;
  }

  /** The password matched the secret. */
  add({ id, owner, revision }: MatchedSecret, password: Buffer): void {
    const others = this.#byOwner.get(owner)?.filter((v) => v.id !== id) ?? [];
    // At its end again: what is first is what was verified longest ago.
    this.drop(owner);
    if (this.#byOwner.size >= this.#ownersMax) {
      const [oldest] = this.#byOwner.keys();
      this.drop(oldest!);
    }
    const digest = this.#mac.of(id, revision, password);
    const untilMs = this.#clock.monotonicMs() + this.#lifeMs;
    const known = [...others, { id, revision, digest, untilMs }];
    this.#byOwner.set(owner, known.slice(-PER_OWNER_MAX));
  }

  /** Something about the owner moved. */
  drop(owner: number): void {
    this.#byOwner.delete(owner);
  }

  /** Something moved that may be about anybody. */
  clear(): void {
    this.#byOwner.clear();
  }
}
