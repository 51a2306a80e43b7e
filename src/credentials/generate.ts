/**
 * Secrets made by us: passwords that a person reads once and types, and tokens for programs. All
 * draws are uniform; none is ever derived from a name, a time or a counter.
 */
import type { Random } from '../runtime/random.js';
import { words } from './words.js';

const WORDS = 5;

/**
 * A password such as `maple-otter-1907-quartz-lantern-river`: five of at least 1,200 words
 * (51.1 bits) and four digits (13.3 bits), so at least 64 bits of entropy.
 */
export function generatePassword(random: Random): string {
  const parts: string[] = [];
  for (let i = 0; i < WORDS; i++) parts.push(words[below(random, words.length)]!);
  parts.splice(2, 0, String(below(random, 10_000)).padStart(4, '0'));
  return parts.join('-');
}

/** `bytes` random bytes as base64url without padding: 16 bytes or more for anything that lasts. */
export function generateSecret(random: Random, bytes: number): string {
  return random.bytes(bytes).toString('base64url');
}

/** A uniform integer in [0, limit), limit ≤ 65,536; draws past its last multiple are redone. */
function below(random: Random, limit: number): number {
  const fair = 0x10000 - (0x10000 % limit);
  for (;;) {
    const drawn = random.bytes(2).readUInt16BE(0);
    if (drawn < fair) return drawn % limit;
  }
}
