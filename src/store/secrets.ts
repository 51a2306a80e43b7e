/**
 * Secrets: password hashes and what else proves who somebody is. They live in this one table, never
 * in an entry's body, the log or a cache key; the log names them by id and a keyed digest, which a
 * rehash keeps. The key of the digests is made with the database and never leaves it.
 */
import { hash } from 'node:crypto';
import type Database from 'better-sqlite3';
import type { Secret } from '../directory/ports.js';
import { HeldSecrets, SECRET_DIGEST_CHARS } from './bulk-secrets.js';
import { readMeta } from './meta.js';

/** What is hashed, put together; a secret does not stay in it. */
let scratch = Buffer.allocUnsafeSlow(1024);

/**
 * SHA-256 of key, kind and value, cut to half: what is cut off keeps anybody from continuing the
 * hash, so the plain construction is as good as HMAC here and costs a quarter.
 */
export function keyedDigest(key: Buffer, kind: string, value: Buffer): string {
  const most = key.length + 3 * kind.length + 1 + value.length;
  if (scratch.length < most) scratch = Buffer.allocUnsafeSlow(2 * most);
  scratch.set(key);
  let at = key.length + scratch.utf8Write(kind, key.length);
  scratch[at++] = 0;
  scratch.set(value, at);
  at += value.length;
  const digest = hash('sha256', scratch.subarray(0, at), 'hex').slice(0, SECRET_DIGEST_CHARS);
  scratch.fill(0, key.length, at);
  return digest;
}

/** How many secrets of a kind there are. */
export interface KindCount {
  readonly kind: string;
  readonly secrets: number;
  /** Entries that have any. */
  readonly owners: number;
}

export class SecretReads {
  readonly #db: Database.Database;
  readonly #of: Database.Statement;
  readonly #after: Database.Statement;

  constructor(db: Database.Database) {
    this.#db = db;
    this.#of = db
      .prepare('SELECT id, kind, value, revision FROM secret WHERE owner = ? ORDER BY id')
      .raw();
    this.#after = db
      .prepare(
        `SELECT owner, id, kind, value, revision FROM secret
           WHERE owner > ? ORDER BY owner, id LIMIT +?`,
      )
      .raw();
  }

  /**
   * The secrets of the owners behind one, whole owners only: those of the last in a full page of
   * `limit` rows are left to the next page, unless they are all there is in it.
   */
  after(owner: number, limit: number): Map<number, Secret[]> {
    const rows = this.#after.all(owner, limit) as [number, number, string, Buffer, number][];
    const found = new Map<number, Secret[]>();
    for (const [of, id, kind, value, revision] of rows) {
      const secret = { id, owner: of, kind, value, revision };
      const list = found.get(of);
      if (list === undefined) found.set(of, [secret]);
      else list.push(secret);
    }
    const last = rows.at(-1)?.[0];
    if (rows.length === limit && last !== undefined) {
      if (found.size > 1) found.delete(last);
      else found.set(last, this.of(last));
    }
    return found;
  }

  of(owner: number): Secret[] {
    const rows = this.#of.all(owner) as [number, string, Buffer, number][];
    return rows.map(([id, kind, value, revision]) => ({ id, owner, kind, value, revision }));
  }

  /** By kind; looks at every secret. */
  counts(kinds: readonly string[]): KindCount[] {
    const rows = this.#db.prepare(
      `SELECT kind, count(*) AS secrets, count(DISTINCT owner) AS owners FROM secret
         WHERE kind IN (SELECT value FROM json_each(?)) GROUP BY kind ORDER BY kind`,
    );
    return rows.all(JSON.stringify(kinds)) as KindCount[];
  }
}

export class SecretWrites {
  readonly #db: Database.Database;
  /** Inside an import, by kind. */
  #held: Map<string, HeldSecrets> | undefined;
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
    this.#db = db;
    this.#insert = db.prepare(
      'INSERT INTO secret(id, owner, kind, value, revision, digest) VALUES (?, ?, ?, ?, 1, ?)',
    );
    this.#remove = db.prepare('DELETE FROM secret WHERE id = ? RETURNING owner').pluck();
    this.#removeOf = db.prepare('DELETE FROM secret WHERE owner = ?');
    this.#digest = db.prepare('SELECT digest FROM secret WHERE id = ?').pluck();
    this.#replace = db
      .prepare(
        `UPDATE secret SET value = ?, revision = revision + 1
           WHERE id = ? AND revision = ? RETURNING owner`,
      )
      .pluck();
  }

  /** From here on what is added may wait for `flush`; what is there is not looked at before. */
  set holding(yes: boolean) {
    this.flush();
    this.#held = yes ? new Map() : undefined;
  }

  /** Forgets what waits: everything is taken back. */
  drop(): void {
    this.#held = undefined;
  }

  /** Writes what waits. */
  flush(): void {
    for (const held of this.#held?.values() ?? []) held.flush();
  }

  #hold(kind: string, held: Map<string, HeldSecrets>): HeldSecrets {
    let secrets = held.get(kind);
    if (secrets === undefined) {
      secrets = new HeldSecrets(this.#db, kind);
      held.set(kind, secrets);
    }
    return secrets;
  }

  /** Stores a secret under an id that was never used; returns its digest as hex. */
  add(id: number, owner: number, kind: string, value: Buffer): string {
    const digest = keyedDigest(this.#key, kind, value);
    if (this.#held !== undefined) this.#hold(kind, this.#held).add(id, owner, value, digest);
    else this.#insert.run(id, owner, kind, value, digest);
    return digest;
  }

  /** Whose it was, or 0. */
  remove(id: number): number {
    this.flush();
    return (this.#remove.get(id) as number | undefined) ?? 0;
  }

  removeOf(owner: number): void {
    this.flush();
    this.#removeOf.run(owner);
  }

  digest(id: number): string {
    this.flush();
    const digest = this.#digest.get(id) as string | undefined;
    if (digest === undefined) throw new Error(`secret ${id} does not exist`);
    return digest;
  }

  /** Whose it is, or 0 where the revision has moved. */
  replaceValue(id: number, revision: number, value: Buffer): number {
    this.flush();
    return (this.#replace.get(value, id, revision) as number | undefined) ?? 0;
  }
}
