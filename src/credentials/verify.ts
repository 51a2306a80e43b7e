/**
 * Checks a password against a stored value of any scheme. Answers at once where that is cheap and
 * with a promise where it is not. It neither counts failures nor looks at anybody's state.
 */
import { hash, timingSafeEqual } from 'node:crypto';
import {
  type Argon2Hash,
  type Argon2Params,
  argon2Tag,
  defaultArgon2Params,
  needsRehash,
  verifyArgon2,
} from './argon2.js';
import { verifyCrypt } from './crypt.js';
import { verifyDigest } from './digest.js';
import type { Hasher } from './hash-pool.js';
import { verifyPbkdf2 } from './pbkdf2.js';
import { readStored } from './scheme.js';

/**
 * Whether `clear` is the password of `stored`. Digest schemes answer synchronously, the others with
 * a promise that may reject with LdapError `busy` or `unavailable`. Garbled values match nothing.
 */
export function verifyPassword(
  stored: Buffer | string,
  clear: Buffer,
  pool: Hasher,
): boolean | Promise<boolean> {
  const read = readStored(stored);
  switch (read.kind) {
    case 'digest':
      return verifyDigest(read.scheme, read.encoded, clear);
    case 'argon2':
      return verifyArgon2(read.hash, clear, pool);
    case 'pbkdf2':
      return verifyPbkdf2(read.hash, clear, pool);
    case 'crypt':
      return verifyCrypt(read.hash, clear, pool);
    case 'clear':
      return equalBytes(read.clear, clear);
    case 'garbled':
      return false;
  }
}

/** Which of several stored values a password matched, and how many were looked at. */
export interface Match {
  /** −1: none. */
  readonly index: number;
  readonly tried: number;
}

/**
 * Checks a password against several stored values, in order. Those of argon2 that share salt and
 * cost are one hash together. Rejects with LdapError `busy` or `unavailable`.
 */
export async function matchPassword(
  stored: readonly Buffer[],
  clear: Buffer,
  pool: Hasher,
): Promise<Match> {
  const tags = new Map<string, Buffer>();
  for (const [index, value] of stored.entries()) {
    const read = readStored(value);
    const matches =
      read.kind === 'argon2'
        ? await matchesArgon2(read.hash, clear, pool, tags)
        : await verifyPassword(value, clear, pool);
    if (matches) return { index, tried: index + 1 };
  }
  return { index: -1, tried: stored.length };
}

async function matchesArgon2(
  stored: Argon2Hash,
  clear: Buffer,
  pool: Hasher,
  tags: Map<string, Buffer>,
): Promise<boolean> {
  const { variant, version, memoryKib, passes, lanes, salt, tag } = stored;
  const setting = [variant, version, memoryKib, passes, lanes, tag.length, salt.toString('hex')];
  const key = setting.join(' ');
  const known = tags.get(key) ?? (await argon2Tag(stored, clear, pool));
  tags.set(key, known);
  return timingSafeEqual(known, tag);
}

/**
 * Whether a failed check against `stored` has already cost one hash of `params`. Where it has not,
 * the caller adds `verifyDummy`, so that every refusal of a bind costs the same.
 */
export function failureIsPaid(
  stored: Buffer | string,
  params: Argon2Params = defaultArgon2Params,
): boolean {
  return !needsRehash(stored, params);
}

/** Digests are compared instead of the bytes: equal length, and no early end to measure. */
function equalBytes(a: Buffer, b: Buffer): boolean {
  return timingSafeEqual(hash('sha256', a, 'buffer'), hash('sha256', b, 'buffer'));
}
