/**
 * Secrets of an import, held back and written many in one statement. What was written is wiped:
 * a secret stays in the secret table and nowhere else.
 *
 *   a row   id in decimal digits, digest in hex, value; its number is the owner
 */
import type Database from 'better-sqlite3';
import { JsonbRows } from './jsonb.js';

/** Digits of an id in a held row. */
const ID_CHARS = 16;
/** Half a SHA-256, in hex. */
export const SECRET_DIGEST_CHARS = 32;
/** One statement's secrets: about this many bytes. */
const HELD_BYTES = 256 * 1024;

/** Secrets of one kind that an import holds back, as the statement below takes them apart. */
export class HeldSecrets {
  readonly #insert: Database.Statement;
  readonly #kind: string;
  readonly #rows = new JsonbRows();
  #row = Buffer.allocUnsafeSlow(1024);

  constructor(db: Database.Database, kind: string) {
    this.#kind = kind;
    const value = `substr(CAST(key AS BLOB), ${ID_CHARS + SECRET_DIGEST_CHARS + 1})`;
    const id = `CAST(substr(key, 1, ${ID_CHARS}) AS INTEGER)`;
    this.#insert = db.prepare(
      `INSERT INTO secret(id, owner, kind, value, revision, digest)
         SELECT ${id}, value, ?, ${value}, 1, substr(key, ${ID_CHARS + 1}, ${SECRET_DIGEST_CHARS})
           FROM json_each(?)`,
    );
  }

  add(id: number, owner: number, value: Buffer, digest: string): void {
    const length = ID_CHARS + digest.length + value.length;
    if (length > this.#row.length) this.#row = Buffer.allocUnsafeSlow(2 * length);
    const at = this.#row.latin1Write(String(id).padStart(ID_CHARS, '0') + digest, 0);
    this.#row.set(value, at);
    this.#rows.add(this.#row, 0, length, owner);
    if (this.#rows.size > HELD_BYTES) this.flush();
  }

  flush(): void {
    if (this.#rows.empty) return;
    const rows = this.#rows.take();
    this.#insert.run(this.#kind, rows);
    rows.fill(0);
    this.#row.fill(0);
  }
}
