/**
 * Passwords that have to be recognised without being kept: HMAC-SHA-256 (RFC 2104) under a key that
 * is made when the process starts and never leaves it. What it answers is worth nothing anywhere
 * else, and is still kept in memory only.
 */
import { hash } from 'node:crypto';
import type { Random } from '../../runtime/random.js';

const BLOCK_BYTES = 64;
const KEY_BYTES = 32;
const DIGEST_BYTES = 32;
/** Two numbers of 8 octets that say what the password was for. */
const ABOUT_BYTES = 16;
/** No password is longer; what a client sends beyond it is not looked at. */
const PASSWORD_BYTES_MAX = 4_096;

/** Recognises passwords by their keyed digests. */
export class PasswordMac {
  /** Key ⊕ ipad, then the message: reused, for a bind must not allocate pages. */
  readonly #inner = Buffer.alloc(BLOCK_BYTES + ABOUT_BYTES + PASSWORD_BYTES_MAX);
  readonly #outer = Buffer.alloc(BLOCK_BYTES + DIGEST_BYTES);

  constructor(random: Random) {
    this.setKey(random.bytes(KEY_BYTES));
  }

  private setKey(key: Buffer): void {
    for (let i = 0; i < BLOCK_BYTES; i += 1) {
      this.#inner[i] = 0x36 ^ (key[i] ?? 0);
      this.#outer[i] = 0x5c ^ (key[i] ?? 0);
    }
    key.fill(0);
  }

  /** The digest of a password in connection with two numbers; one character an octet. */
  of(about: number, more: number, password: Buffer): string {
    const inner = this.#inner;
    inner.writeDoubleBE(about, BLOCK_BYTES);
    inner.writeDoubleBE(more, BLOCK_BYTES + 8);
    const from = BLOCK_BYTES + ABOUT_BYTES;
    const end = from + password.copy(inner, from, 0, PASSWORD_BYTES_MAX);
    this.#outer.latin1Write(hash('sha256', inner.subarray(0, end), 'binary'), BLOCK_BYTES);
    inner.fill(0, from, end);
    return hash('sha256', this.#outer, 'binary');
  }
}
