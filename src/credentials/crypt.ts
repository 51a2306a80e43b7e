/**
 * {CRYPT}: the modular formats of crypt(3) that are still worth taking over, `$5$` and `$6$` (in
 * the pool's thread) and bcrypt (native). DES, MD5-crypt and formats without an implementation
 * here are refused by name, so that an import says whose password must be set anew.
 */
import { timingSafeEqual } from 'node:crypto';
import { verify as verifyBcrypt } from '@node-rs/bcrypt';
import type { Hasher } from './hash-pool.js';
import { type Parsed, parsed, refused } from './parsed.js';
import {
  parseShaCrypt,
  type ShaCryptSetting,
  shaCryptRoundsMax,
  shaCryptRoundsMin,
} from './sha-crypt.js';

export type CryptHash =
  | { readonly kind: 'sha'; readonly text: string; readonly setting: ShaCryptSetting }
  | { readonly kind: 'bcrypt'; readonly text: string };

/** 2^15 expansions are about two seconds of one core. */
const BCRYPT_COST_MIN = 4;
const BCRYPT_COST_MAX = 15;

const bcryptShape = /^\$2[aby]\$(\d\d)\$[./A-Za-z0-9]{53}$/;

const unsupported: readonly (readonly [RegExp, string])[] = [
  [/^\$1\$|^\$apr1\$/, 'MD5-crypt'],
  [/^\$2x?\$/, 'the flawed first versions of bcrypt'],
  [/^\$3\$/, 'the NT hash'],
  [/^\$7\$/, 'scrypt'],
  [/^\$g?y\$/, 'yescrypt'],
  [/^\$md5/, 'SunMD5'],
  [/^\$sha1\$/, 'SHA1-crypt'],
  [/^_[./0-9A-Za-z]{19}$/, 'extended DES'],
  [/^[./0-9A-Za-z]{13}$/, 'DES'],
];

/** Whether a text without any `{SCHEME}` has the whole shape of a hash that we verify. */
export function looksLikeCrypt(text: string): boolean {
  return bcryptShape.test(text) || parseShaCrypt(text) !== undefined;
}

/** Reads the text after `{CRYPT}`. */
export function parseCrypt(text: string): Parsed<CryptHash> {
  if (text.startsWith('$5$') || text.startsWith('$6$')) return parseSha(text);
  const bcrypt = bcryptShape.exec(text);
  if (bcrypt !== null) {
    const cost = Number(bcrypt[1]);
    if (cost >= BCRYPT_COST_MIN && cost <= BCRYPT_COST_MAX) return parsed({ kind: 'bcrypt', text });
    return refused(`the bcrypt cost ${cost} is not ${BCRYPT_COST_MIN} to ${BCRYPT_COST_MAX}`);
  }
  for (const [pattern, name] of unsupported) {
    if (pattern.test(text)) return refused(`not supported: {CRYPT} with ${name}`);
  }
  if (/^[!*]/.test(text)) return refused('{CRYPT} is followed by a lock mark, not by a hash');
  return refused('{CRYPT} is not followed by a hash of a known form');
}

function parseSha(text: string): Parsed<CryptHash> {
  const setting = parseShaCrypt(text);
  if (setting === undefined) return refused(`the ${text.slice(0, 3)} hash is garbled`);
  const { rounds } = setting;
  if (rounds < shaCryptRoundsMin || rounds > shaCryptRoundsMax) {
    return refused(`rounds=${rounds} is not ${shaCryptRoundsMin} to ${shaCryptRoundsMax}`);
  }
  return parsed({ kind: 'sha', text, setting });
}

/** Whether `clear` is the password of the stored text; one hash of the pool. */
export async function verifyCrypt(
  stored: CryptHash,
  clear: Buffer,
  pool: Hasher,
): Promise<boolean> {
  if (stored.kind === 'sha') {
    const text = await pool.shaCrypt(clear, stored.setting);
    return text.length === stored.text.length && equalText(text, stored.text);
  }
  // bcrypt repeats the password with a NUL between, so `x` and `x NUL x` would both be right.
  if (clear.includes(0)) return false;
  return pool.run(() => verifyBcrypt(clear, stored.text));
}

function equalText(a: string, b: string): boolean {
  return timingSafeEqual(Buffer.from(a, 'latin1'), Buffer.from(b, 'latin1'));
}
