/**
 * The SHA-256 and SHA-512 password hashes of crypt(3), `$5$` and `$6$`, written from "Unix crypt
 * using SHA-256 and SHA-512" (U. Drepper, public domain specification, version 0.6); the numbered
 * comments are its steps. Pure and slow: only the thread of sha-crypt-worker.ts calls it.
 */
import { createHash, hash } from 'node:crypto';

/** What a stored hash says about how it was made. */
export interface ShaCryptSetting {
  readonly variant: '5' | '6';
  readonly rounds: number;
  /** Whether the text spells `rounds=`; 5,000 may be written or implied. */
  readonly roundsWritten: boolean;
  /** At most 16 bytes, as latin-1 text. */
  readonly salt: string;
}

export const shaCryptDefaultRounds = 5_000;
export const shaCryptRoundsMin = 1_000;
/** The specification ends at 999,999,999, which is a quarter of an hour; a million is a second. */
export const shaCryptRoundsMax = 1_000_000;

const ALPHABET = './0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

const shape = /^\$([56])\$(?:rounds=(\d{1,10})\$)?([^$:\n]{0,16})\$([./0-9A-Za-z]+)$/;

/** Splits a stored `$5$` or `$6$` text; undefined when it is garbled. Rounds are not judged. */
export function parseShaCrypt(text: string): ShaCryptSetting | undefined {
  const match = shape.exec(text);
  if (match === null) return undefined;
  const [, variant, rounds, salt = '', digest = ''] = match;
  if (digest.length !== (variant === '5' ? 43 : 86)) return undefined;
  return {
    variant: variant === '5' ? '5' : '6',
    rounds: rounds === undefined ? shaCryptDefaultRounds : Number(rounds),
    roundsWritten: rounds !== undefined,
    salt,
  };
}

/** The whole text, `$6$rounds=…$salt$hash`, of `clear` under `setting`. */
export function shaCrypt(clear: Uint8Array, setting: ShaCryptSetting): string {
  const algorithm = setting.variant === '5' ? 'sha256' : 'sha512';
  const salt = Buffer.from(setting.salt, 'latin1');
  const first = firstDigest(algorithm, clear, salt);
  const digest = stretch(
    algorithm,
    first,
    repeatedDigest(algorithm, clear, clear.length, clear.length),
    repeatedDigest(algorithm, salt, 16 + first[0]!, salt.length),
    setting.rounds,
  );
  const rounds = setting.roundsWritten ? `rounds=${setting.rounds}$` : '';
  return `$${setting.variant}$${rounds}${setting.salt}$${encode(digest)}`;
}

/** Steps 1–12: digest A, which mixes key and salt with digest B as the bits of the length say. */
function firstDigest(algorithm: string, key: Uint8Array, salt: Uint8Array): Buffer {
  const b = createHash(algorithm).update(key).update(salt).update(key).digest();
  const a = createHash(algorithm).update(key).update(salt);
  for (let left = key.length; left > 0; left -= b.length) {
    a.update(left >= b.length ? b : b.subarray(0, left));
  }
  for (let bits = key.length; bits > 0; bits >>>= 1) {
    a.update((bits & 1) === 1 ? b : key);
  }
  return a.digest();
}

/** Steps 13–16 and 17–20: `data` hashed `times` over, then drawn out to `lengthBytes`. */
function repeatedDigest(
  algorithm: string,
  data: Uint8Array,
  times: number,
  lengthBytes: number,
): Buffer {
  const hasher = createHash(algorithm);
  for (let i = 0; i < times; i++) hasher.update(data);
  const digest = hasher.digest();
  const drawn = Buffer.alloc(lengthBytes);
  for (let at = 0; at < lengthBytes; at += digest.length) digest.copy(drawn, at);
  return drawn;
}

/**
 * Step 21. What a round hashes depends on its number modulo 2, 3 and 7 only, so the 42 inputs are
 * laid out once and a round just drops the previous digest into its place.
 */
function stretch(algorithm: string, first: Buffer, p: Buffer, s: Buffer, rounds: number): Buffer {
  const inputs: Buffer[] = [];
  const places: number[] = [];
  for (let i = 0; i < 42; i++) {
    const odd = (i & 1) === 1;
    const parts = [odd ? p : first];
    if (i % 3 !== 0) parts.push(s);
    if (i % 7 !== 0) parts.push(p);
    parts.push(odd ? first : p);
    const input = Buffer.concat(parts);
    inputs.push(input);
    places.push(odd ? input.length - first.length : 0);
  }
  let digest = first;
  for (let i = 0; i < rounds; i++) {
    const input = inputs[i % 42]!;
    digest.copy(input, places[i % 42]!);
    digest = hash(algorithm, input, 'buffer');
  }
  return digest;
}

/** Step 22: the digest in its shuffled order, three bytes to four characters, low bits first. */
function encode(digest: Buffer): string {
  const wide = digest.length === 64;
  const third = wide ? 21 : 10;
  let [a, b, c] = [0, third, 2 * third];
  let text = '';
  for (let group = 0; group < third; group++) {
    text += encodeBits((digest[a]! << 16) | (digest[b]! << 8) | digest[c]!, 4);
    [a, b, c] = wide ? [b + 1, c + 1, a + 1] : [c + 1, a + 1, b + 1];
  }
  return (
    text + (wide ? encodeBits(digest[63]!, 2) : encodeBits((digest[31]! << 8) | digest[30]!, 3))
  );
}

function encodeBits(bits: number, characters: number): string {
  let text = '';
  for (let i = 0; i < characters; i++) text += ALPHABET[(bits >>> (6 * i)) & 63];
  return text;
}
