/**
 * {PBKDF2}, {PBKDF2-SHA1}, {PBKDF2-SHA256} and {PBKDF2-SHA512} (RFC 8018 §5.2) as directories store
 * them: `iterations$salt$key`, where base64 has `.` for `+` and no padding; ordinary base64 is
 * read too, because some servers write that. Verified for imported people, never made here.
 */
import { pbkdf2, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import type { Hasher } from './hash-pool.js';
import { type Parsed, parsed, refused } from './parsed.js';

export interface Pbkdf2Hash {
  readonly digest: string;
  readonly iterations: number;
  readonly salt: Buffer;
  readonly key: Buffer;
}

const digests = new Map([
  ['PBKDF2', 'sha1'],
  ['PBKDF2-SHA1', 'sha1'],
  ['PBKDF2-SHA256', 'sha256'],
  ['PBKDF2-SHA512', 'sha512'],
]);

export type Pbkdf2Scheme = 'PBKDF2' | 'PBKDF2-SHA1' | 'PBKDF2-SHA256' | 'PBKDF2-SHA512';

/** Whether `scheme`, in upper case, is one of this file's. */
export function isPbkdf2Scheme(scheme: string): scheme is Pbkdf2Scheme {
  return digests.has(scheme);
}

/** About a second of one core; the highest published advice is 1,400,000 (SHA-1). */
const ITERATIONS_MAX = 2_000_000;
const SALT_BYTES_MAX = 1024;
const KEY_BYTES_MIN = 16;
const KEY_BYTES_MAX = 64;

const shape = /^([1-9]\d{0,9})\$([A-Za-z0-9+./]+={0,2})\$([A-Za-z0-9+./]+={0,2})$/;

/** Reads the text after `{SCHEME}`. */
export function parsePbkdf2(scheme: Pbkdf2Scheme, encoded: string): Parsed<Pbkdf2Hash> {
  const match = shape.exec(encoded);
  if (match === null) return refused(`{${scheme}} is not followed by iterations$salt$hash`);
  const iterations = Number(match[1]);
  if (iterations > ITERATIONS_MAX) {
    return refused(`{${scheme}} has ${iterations} iterations; at most ${ITERATIONS_MAX} are run`);
  }
  const salt = fromAdaptedBase64(match[2]!);
  const key = fromAdaptedBase64(match[3]!);
  if (salt.length > SALT_BYTES_MAX) {
    return refused(`{${scheme}} has a salt of ${salt.length} bytes, more than ${SALT_BYTES_MAX}`);
  }
  if (key.length < KEY_BYTES_MIN || key.length > KEY_BYTES_MAX) {
    return refused(
      `{${scheme}} holds ${key.length} bytes of hash, not ${KEY_BYTES_MIN} to ${KEY_BYTES_MAX}`,
    );
  }
  return parsed({ digest: digests.get(scheme)!, iterations, salt, key });
}

const derive = promisify(pbkdf2);

/** Whether `clear` derives the stored key; one hash of the pool. */
export function verifyPbkdf2(stored: Pbkdf2Hash, clear: Buffer, pool: Hasher): Promise<boolean> {
  const { digest, iterations, salt, key } = stored;
  return pool.run(async () =>
    timingSafeEqual(await derive(clear, salt, iterations, key.length, digest), key),
  );
}

function fromAdaptedBase64(text: string): Buffer {
  return Buffer.from(text.replaceAll('.', '+'), 'base64');
}
