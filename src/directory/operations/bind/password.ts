/**
 * The password in `userPassword`, in any scheme. Imported digests are checked at once; everything
 * that costs more goes to the pool. A match whose hash is not as wanted is hashed anew behind the
 * answer, once all other steps agreed: a refusal costs the same whether the password was right.
 */
import type { VerifiedPasswords } from '../../../credentials/guard/index.js';
import {
  type Argon2Params,
  failureIsPaid,
  type HashPool,
  hashPassword,
  matchPassword,
  needsRehash,
  saltOf,
  verifyPassword,
} from '../../../credentials/index.js';
import { LdapError } from '../../../runtime/errors.js';
import type { EntryRecord, Secret } from '../../ports.js';
import type { Authenticator, BindObserver, KnownAttempt, Proof } from './types.js';

export interface PasswordTools {
  readonly pool: HashPool;
  readonly argon2: Argon2Params;
  /** What was verified a moment ago; absent where every bind computes its hash. */
  readonly verified?: VerifiedPasswords | undefined;
}

export interface RehashTools extends PasswordTools {
  /** What the hashes of an entry shall cost. */
  readonly costOf: (entry: EntryRecord) => Argon2Params;
  /** Stores a new hash of the same password; nobody waits for it. */
  readonly rehash: (secret: Secret, value: Buffer) => void;
}

const USER_PASSWORD = 'userPassword';

/** Digest schemes start like this: `{SSHA}`, `{SHA256}`, `{MD5}` … */
function isCheap(value: Buffer): boolean {
  if (value[0] !== 0x7b) return false;
  const second = value[1]! | 0x20;
  const third = value[2]! | 0x20;
  return second === 0x73 || (second === 0x6d && third === 0x64);
}

const proved = (secret: Secret): Proof => ({ by: 'password', secret, skipsSecondFactor: false });

export function passwordAuthenticator(tools: PasswordTools): Authenticator {
  return {
    quick({ secrets, password }) {
      for (const secret of secrets) {
        if (secret.kind !== USER_PASSWORD) continue;
        if (!isCheap(secret.value)) {
          if (tools.verified?.has(secret, password)) return { ...proved(secret), remembered: true };
        } else if (verifyPassword(secret.value, password, tools.pool) === true) {
          return proved(secret);
        }
      }
      return undefined;
    },
    async slow(attempt) {
      const secret = await matching(attempt, tools);
      return secret === undefined ? undefined : proved(secret);
    },
  };
}

async function matching(attempt: KnownAttempt, tools: PasswordTools): Promise<Secret | undefined> {
  const { secrets, password } = attempt;
  const slow = secrets.filter(({ kind, value }) => kind === USER_PASSWORD && !isCheap(value));
  if (slow.length === 0) return undefined;
  const values = slow.map(({ value }) => value);
  const { index, tried } = await matchPassword(values, password, tools.pool);
  attempt.paid ||= values.slice(0, tried).some((value) => failureIsPaid(value, tools.argon2));
  const secret = slow[index];
  if (secret !== undefined) tools.verified?.add(secret, password);
  return secret;
}

/** Hashes anew what opened and is not as new passwords are made. */
export function rehashing(tools: RehashTools): BindObserver {
  return {
    succeeded({ entry, secrets, password }, { by, secret, remembered }) {
      if (by !== 'password' || secret === undefined || remembered === true) return;
      const others = secrets.filter((s) => s.kind === USER_PASSWORD && s.id !== secret.id);
      const cost = tools.costOf(entry);
      if (!needsRehash(secret.value, cost) && !isOddOne(secret, others, cost)) return;
      const beside = others.map(({ value }) => value);
      // The request's bytes are gone when the hash is computed.
      void upgrade(secret, Buffer.from(password), { ...tools, argon2: cost }, beside);
    },
    failed: () => undefined,
  };
}

/** Whether it has not the salt of those before it: one hash shall check them all. */
function isOddOne(secret: Secret, others: readonly Secret[], argon2: Argon2Params): boolean {
  const before = others.filter(({ id }) => id < secret.id).map(({ value }) => value);
  const salt = before.length === 0 ? undefined : saltOf(before, argon2);
  return salt !== undefined && !salt.equals(saltOf([secret.value], argon2) ?? Buffer.alloc(0));
}

/** Best effort: a full pool means that the next bind tries again. */
async function upgrade(
  secret: Secret,
  password: Buffer,
  tools: RehashTools,
  beside: readonly Buffer[],
): Promise<void> {
  try {
    const value = await hashPassword(tools.pool, password, tools.argon2, beside);
    tools.rehash(secret, Buffer.from(value));
  } catch (error) {
    if (!(error instanceof LdapError)) throw error;
  }
}
