/**
 * Secrets: password hashes and what else proves who somebody is. They live in this one table, never
 * in an entry's body, the log or a cache; the log names them by id and a keyed digest, which a
 * rehash keeps. The key of the digests is made with the database and never leaves it.
 */
import { hash } from 'node:crypto';
import type Database from 'better-sqlite3';
import type { Secret } from '../directory/ports.js';
import { readMeta } from './meta.js';

const DIGEST_BYTES = 16;
const BLOCK_BYTES = 64;

/** HMAC-SHA-256 (RFC 2104) out of one-shot hashes: an Hmac object costs four times as much. */
export function keyedDigest(key: Buffer, kind: string, value: Buffer): string {
  const label = Buffer.from(`${kind}\0`, 'utf8');
  const inner = hash('sha256', Buffer.concat([padded(key, 0x36), label, value]), 'buffer');
  const mac = hash('sha256', Buffer.concat([padded(key, 0x5c), inner]), 'buffer');
  return mac.toString('hex', 0, DIGEST_BYTES);
}

/** The key as one block, each byte XORed; keys are shorter than a block. */
function padded(key: Buffer, mask: number): Buffer {
  const block = Buffer.alloc(BLOCK_BYTES, mask);
  for (let i = 0; i < key.length; i += 1) block[i] = key[i]! ^ mask;
  return block;
}

export class SecretReads {
  readonly #of: Database.Statement;

  constructor(db: Database.Database) {
    this.#of = db.prepare(
      'SELECT id, owner, kind, value, revision FROM secret WHERE owner = ? ORDER BY id',
    );
  }

  of(owner: number): Secret[] {
    return this.#of.all(owner) as Secret[];
  }
}

export class SecretWrites {
  readonly #key: Buffer;
  readonly #insert: Database.Statement;
  readonly #remove: Database.Statement;
  readonly #removeOf: Database.Statement;
  readonly #digest: Database.Statement;
  readonly #replace: Database.Statement;

  constructor(db: Database.Database) {
    const key = readMeta(db, 'secret_key');
    if (key === undefined) throw new Error('the database has no key for the digests of secrets');
    this.#key = key;
    this.#insert = db.prepare(
      'INSERT INTO secret(id, owner, kind, value, revision, digest) VALUES (?, ?, ?, ?, 1, ?)',
    );
    this.#remove = db.prepare('DELETE FROM secret WHERE id = ?');
    this.#removeOf = db.prepare('DELETE FROM secret WHERE owner = ?');
    this.#digest = db.prepare('SELECT digest FROM secret WHERE id = ?').pluck();
    this.#replace = db.prepare(
      'UPDATE secret SET value = ?, revision = revision + 1 WHERE id = ? AND revision = ?',
    );
  }

  /** Stores a secret under an id that was never used; returns its digest as hex. */
  add(id: number, owner: number, kind: string, value: Buffer): string {
    const digest = keyedDigest(this.#key, kind, value);
    this.#insert.run(id, owner, kind, value, digest);
    return digest;
  }

  remove(id: number): void {
    this.#remove.run(id);
  }

  removeOf(owner: number): void {
    this.#removeOf.run(owner);
  }

  digest(id: number): string {
    const digest = this.#digest.get(id) as string | undefined;
    if (digest === undefined) throw new Error(`secret ${id} does not exist`);
    return digest;
  }

  replaceValue(id: number, revision: number, value: Buffer): boolean {
    return this.#replace.run(value, id, revision).changes === 1;
  }
}
