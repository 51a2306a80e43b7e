/**
 * The sealed secrets as a whole: walking over all of them, and the values that say which keys they
 * are under. Seals and opens nothing; keys never come here.
 */
import type Database from 'better-sqlite3';
import type { Secret } from '../directory/ports.js';
import { readMeta, writeMeta } from './meta.js';

export class SealedValues {
  readonly #db: Database.Database;

  constructor(db: Database.Database) {
    this.#db = db;
  }

  /** Secrets of some kinds whose number is greater than `afterId`, ascending. */
  after(kinds: readonly string[], afterId: number, limit: number): Secret[] {
    const rows = this.#db.prepare(
      `SELECT id, owner, kind, value, revision FROM secret
         WHERE id > ? AND kind IN (SELECT value FROM json_each(?)) ORDER BY id LIMIT ?`,
    );
    return rows.all(afterId, JSON.stringify(kinds), limit) as Secret[];
  }

  /** Values that the keys in use must open; none where nothing can have been sealed yet. */
  checks(): readonly Buffer[] {
    const text = readMeta(this.#db, 'box_checks') ?? '';
    return text.split(' ').flatMap((part) => (part === '' ? [] : [Buffer.from(part, 'base64')]));
  }

  /** Inside a transaction. */
  setChecks(sealed: readonly Buffer[]): void {
    const text = sealed.map((value) => value.toString('base64')).join(' ');
    writeMeta(this.#db, 'box_checks', text);
  }
}
