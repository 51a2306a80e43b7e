/**
 * The password in `userPassword`, in any scheme. Imported digests are checked at once; everything
 * that costs more goes to the pool. A match whose hash is not as wanted is hashed anew behind the
 * answer, once all other steps agreed: a refusal costs the same whether the password was right.
 */
import {
  type Argon2Params,
  failureIsPaid,
  type HashPool,
  hashPassword,
  needsRehash,
  verifyPassword,
} from '../../../credentials/index.js';
import { LdapError } from '../../../runtime/errors.js';
import type { Secret } from '../../ports.js';
import type { Authenticator, BindObserver, KnownAttempt, Proof } from './types.js';

export interface PasswordTools {
  readonly pool: HashPool;
  readonly argon2: Argon2Params;
}

export interface RehashTools extends PasswordTools {
  /** Stores a new hash of the same password; nobody waits for it. */
  readonly rehash: (secret: Secret, value: Buffer) => void;
}

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
        if (secret.kind !== 'userPassword' || !isCheap(secret.value)) continue;
        if (verifyPassword(secret.value, password, tools.pool) === true) return proved(secret);
      }
      return undefined;
    },
    async slow(attempt) {
      const secret = await matching(attempt, tools);
      return secret === undefined ? undefined : proved(secret);
    },
  };
}

/** Hashes anew what opened and is not of the wanted scheme and cost. */
export function rehashing(tools: RehashTools): BindObserver {
  return {
    succeeded({ password }, { by, secret }) {
      if (by !== 'password' || secret === undefined) return;
      if (needsRehash(secret.value, tools.argon2)) {
        // The request's bytes are gone when the hash is computed.
        void upgrade(secret, Buffer.from(password), tools);
      }
    },
    failed: () => undefined,
  };
}

async function matching(attempt: KnownAttempt, tools: PasswordTools): Promise<Secret | undefined> {
  for (const secret of attempt.secrets) {
    if (secret.kind !== 'userPassword' || isCheap(secret.value)) continue;
    const matches = await verifyPassword(secret.value, attempt.password, tools.pool);
    attempt.paid ||= failureIsPaid(secret.value, tools.argon2);
    if (matches) return secret;
  }
  return undefined;
}

/** Best effort: a full pool means that the next bind tries again. */
async function upgrade(secret: Secret, password: Buffer, tools: RehashTools): Promise<void> {
  try {
    tools.rehash(secret, Buffer.from(await hashPassword(tools.pool, password, tools.argon2)));
  } catch (error) {
    if (!(error instanceof LdapError)) throw error;
  }
}
