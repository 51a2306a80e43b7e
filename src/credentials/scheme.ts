/**
 * Which scheme a userPassword value is in (RFC 2307 §5.3, `{SCHEME}data`), and why not, if it is in
 * none that we verify. For values supplied by an administrator or an import: what a person types
 * as a new password is clear text whatever it looks like and never comes here.
 */
import { type Argon2Hash, parseArgon2 } from './argon2.js';
import { type CryptHash, looksLikeCrypt, parseCrypt } from './crypt.js';
import { type DigestScheme, digestProblem, isDigestScheme } from './digest.js';
import { isPbkdf2Scheme, type Pbkdf2Hash, type Pbkdf2Scheme, parsePbkdf2 } from './pbkdf2.js';

export type HashScheme = DigestScheme | Pbkdf2Scheme | 'ARGON2' | 'CRYPT' | 'BCRYPT';

/** A recognised value; of clear text also the password itself, which is then to be hashed. */
export type Recognised =
  | { readonly ok: true; readonly scheme: HashScheme }
  | { readonly ok: true; readonly scheme: 'CLEARTEXT'; readonly clear: Buffer }
  | { readonly ok: false; readonly reason: string };

/** A stored value, read. */
export type Stored =
  | { readonly kind: 'clear'; readonly clear: Buffer }
  | { readonly kind: 'digest'; readonly scheme: DigestScheme; readonly encoded: string }
  | { readonly kind: 'argon2'; readonly scheme: 'ARGON2'; readonly hash: Argon2Hash }
  | { readonly kind: 'pbkdf2'; readonly scheme: Pbkdf2Scheme; readonly hash: Pbkdf2Hash }
  | { readonly kind: 'crypt'; readonly scheme: 'CRYPT' | 'BCRYPT'; readonly hash: CryptHash }
  | { readonly kind: 'garbled'; readonly reason: string };

/** Longest value looked at; the longest hash is under a third of it. */
const STORED_BYTES_MAX = 8192;
const schemeName = /^[A-Za-z0-9._/-]+$/;

/**
 * Recognises `value`. Without a `{SCHEME}` it is clear text, except that a whole argon2, bcrypt,
 * `$5$` or `$6$` hash is taken for what it is: as clear text, who reads the hash could log in.
 */
export function recogniseScheme(value: Buffer | string): Recognised {
  if (value.length > STORED_BYTES_MAX) {
    return { ok: false, reason: `the value is longer than ${STORED_BYTES_MAX} bytes` };
  }
  const stored = readStored(value);
  if (stored.kind === 'garbled') return { ok: false, reason: stored.reason };
  if (stored.kind === 'clear') return { ok: true, scheme: 'CLEARTEXT', clear: stored.clear };
  if (stored.kind === 'digest') {
    const reason = digestProblem(stored.scheme, stored.encoded);
    if (reason !== undefined) return { ok: false, reason };
  }
  return { ok: true, scheme: stored.scheme };
}

/** Reads a stored value; of a digest only the scheme, the rest is the verifier's. */
export function readStored(value: Buffer | string): Stored {
  const text = typeof value === 'string' ? value : value.toString('latin1');
  const end = text.charCodeAt(0) === 0x7b /* { */ ? text.indexOf('}') : -1;
  if (end < 2) return readBare(value, text);
  const scheme = text.slice(1, end);
  if (isDigestScheme(scheme)) return { kind: 'digest', scheme, encoded: text.slice(end + 1) };
  return readNamed(value, text, scheme.toUpperCase(), end + 1);
}

function readBare(value: Buffer | string, text: string): Stored {
  if (text.startsWith('$argon2')) return readArgon2(text);
  if (looksLikeCrypt(text)) return readCrypt('CRYPT', text);
  return { kind: 'clear', clear: clearFrom(value, 0) };
}

function readNamed(value: Buffer | string, text: string, scheme: string, from: number): Stored {
  const data = text.slice(from);
  if (isDigestScheme(scheme)) return { kind: 'digest', scheme, encoded: data };
  if (scheme === 'ARGON2') return readArgon2(data);
  if (isPbkdf2Scheme(scheme)) {
    const hash = parsePbkdf2(scheme, data);
    return hash.ok
      ? { kind: 'pbkdf2', scheme, hash: hash.value }
      : { kind: 'garbled', reason: hash.reason };
  }
  if (scheme === 'CRYPT' || scheme === 'BCRYPT') return readCrypt(scheme, data);
  if (scheme === 'CLEARTEXT') return { kind: 'clear', clear: clearFrom(value, from) };
  if (scheme === 'SASL') {
    return { kind: 'garbled', reason: 'not supported: {SASL} asks another server' };
  }
  return { kind: 'garbled', reason: unknownScheme(scheme) };
}

function readArgon2(text: string): Stored {
  const hash = parseArgon2(text);
  return hash.ok
    ? { kind: 'argon2', scheme: 'ARGON2', hash: hash.value }
    : { kind: 'garbled', reason: hash.reason };
}

function readCrypt(scheme: 'CRYPT' | 'BCRYPT', text: string): Stored {
  const hash = parseCrypt(text);
  return hash.ok
    ? { kind: 'crypt', scheme, hash: hash.value }
    : { kind: 'garbled', reason: hash.reason };
}

function unknownScheme(scheme: string): string {
  // What stands between the braces may be part of somebody's password: only a name is repeated.
  const name = scheme.length <= 24 && schemeName.test(scheme) ? `{${scheme}}` : 'it';
  return `unknown password scheme: ${name} is none of ${knownSchemes.join(', ')}`;
}

const knownSchemes = [
  '{ARGON2}',
  '{PBKDF2-SHA1|256|512}',
  '{CRYPT}',
  '{SSHA}',
  '{SSHA256|384|512}',
  '{SHA}',
  '{SHA256|384|512}',
  '{SMD5}',
  '{MD5}',
  '{CLEARTEXT}',
];

function clearFrom(value: Buffer | string, from: number): Buffer {
  return typeof value === 'string' ? Buffer.from(value.slice(from)) : value.subarray(from);
}
