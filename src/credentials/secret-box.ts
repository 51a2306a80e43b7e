/**
 * The secret box: what the server must be able to read back (seeds of one-time codes, NT hashes,
 * tokens) is kept under AES-256-GCM with keys that are not in the database. Each value is bound to
 * its owner, kind and number, so that one moved elsewhere does not open. Password hashes are never
 * in it: a lost key file must not end every login.
 *
 *   sealed = version (1) ‖ key id (4) ‖ nonce (12) ‖ tag (16) ‖ ciphertext
 *
 * Several keys can be held: all of them open, the last one seals. Owns no file and no clock; where
 * a key is not known, whoever made the box is asked once for the keys of now.
 */
import { createCipheriv, createDecipheriv } from 'node:crypto';
import type { Random } from '../runtime/random.js';

/** What a sealed value belongs to; a value opens under its own name only. */
export interface SealedName {
  /** The entry's number, 0 for what belongs to the directory itself. */
  readonly owner: number;
  readonly kind: string;
  /** Of the secret. */
  readonly id: number;
}

export interface BoxKey {
  /** Eight hexadecimal digits, chosen at random: not a secret. */
  readonly id: string;
  /** 32 bytes. */
  readonly key: Buffer;
}

/** Kinds of secrets that are sealed; everything else in the secret table is a hash. */
export const sealedKinds = [
  'totp',
  'hotp',
  'ntHash',
  'wifiHash',
  'fileHash',
  'proofKey',
  'firstMail',
] as const;
export type SealedKind = (typeof sealedKinds)[number];

export function isSealedKind(kind: string): kind is SealedKind {
  return (sealedKinds as readonly string[]).includes(kind);
}

/** A value that does not open: of another key, moved, or altered. Names it, never shows it. */
export class SealedError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'SealedError';
  }
}

const VERSION = 1;
const KEY_BYTES = 32;
const KEY_ID_BYTES = 4;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const NONCE_AT = 1 + KEY_ID_BYTES;
const TAG_AT = NONCE_AT + NONCE_BYTES;
const TEXT_AT = TAG_AT + TAG_BYTES;
const CIPHER = 'aes-256-gcm';

/** A fresh key. */
export function makeBoxKey(random: Random): BoxKey {
  return { id: random.bytes(KEY_ID_BYTES).toString('hex'), key: random.bytes(KEY_BYTES) };
}

/** The id of the key that a value was sealed with, or undefined where it is no sealed value. */
export function sealedWith(sealed: Buffer): string | undefined {
  if (sealed.length < TEXT_AT || sealed[0] !== VERSION) return undefined;
  return sealed.toString('hex', 1, NONCE_AT);
}

export class SecretBox {
  readonly #random: Random;
  readonly #reload: (() => readonly BoxKey[]) | undefined;
  #keys: readonly BoxKey[];

  /**
   * `reload` gives the keys of now: another thread may have changed them.
   * @throws Error without a key
   */
  constructor(keys: readonly BoxKey[], random: Random, reload?: () => readonly BoxKey[]) {
    if (keys.length === 0) throw new Error('a secret box needs a key');
    this.#keys = keys;
    this.#random = random;
    this.#reload = reload;
  }

  /** Ids, the one that seals last. */
  get keyIds(): readonly string[] {
    return this.#keys.map(({ id }) => id);
  }

  /** Other keys from now on; in a rotation first the old ones with a new one, then that alone. */
  replaceKeys(keys: readonly BoxKey[]): void {
    if (keys.length === 0) throw new Error('a secret box needs a key');
    this.#keys = keys;
  }

  /** Whether a value is under the key that seals now. */
  isCurrent(sealed: Buffer): boolean {
    return sealedWith(sealed) === this.#keys.at(-1)!.id;
  }

  seal(clear: Buffer, name: SealedName): Buffer {
    const { id, key } = this.#keys.at(-1)!;
    const nonce = this.#random.bytes(NONCE_BYTES);
    const cipher = createCipheriv(CIPHER, key, nonce).setAAD(boundTo(name));
    const text = Buffer.concat([cipher.update(clear), cipher.final()]);
    const head = Buffer.concat([Buffer.of(VERSION), Buffer.from(id, 'hex')]);
    return Buffer.concat([head, nonce, cipher.getAuthTag(), text]);
  }

  /** @throws SealedError */
  open(sealed: Buffer, name: SealedName): Buffer {
    const id = sealedWith(sealed);
    if (id === undefined) throw new SealedError(`${textOf(name)} is not a sealed value`);
    const found = this.#key(id);
    if (found === undefined) {
      throw new SealedError(`${textOf(name)} is sealed with key ${id}, which is not in the file`);
    }
    const nonce = sealed.subarray(NONCE_AT, TAG_AT);
    const decipher = createDecipheriv(CIPHER, found.key, nonce, { authTagLength: TAG_BYTES });
    decipher.setAAD(boundTo(name)).setAuthTag(sealed.subarray(TAG_AT, TEXT_AT));
    try {
      return Buffer.concat([decipher.update(sealed.subarray(TEXT_AT)), decipher.final()]);
    } catch {
      throw new SealedError(`${textOf(name)} does not open with key ${id}: altered, or moved here`);
    }
  }

  #key(id: string): BoxKey | undefined {
    const known = this.#keys.find((key) => key.id === id);
    if (known !== undefined || this.#reload === undefined) return known;
    this.replaceKeys(this.#reload());
    return this.#keys.find((key) => key.id === id);
  }
}

function boundTo({ owner, kind, id }: SealedName): Buffer {
  return Buffer.from(`tenure secret\0${owner}\0${kind}\0${id}`, 'utf8');
}

const textOf = ({ owner, kind, id }: SealedName) => `secret ${id} (${kind} of entry ${owner})`;
