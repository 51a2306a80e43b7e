/**
 * Writing the substring index: one contentless FTS5 table of trigrams, a column per attribute. A
 * write only notes the entry in `substring_pending`; many are brought in at once, because a row
 * alone costs as much as the whole write. Readers add the noted entries to what the table finds.
 */
import type Database from 'better-sqlite3';
import type { IndexSettings } from './index-settings.js';
import type { Interned } from './interning.js';
import { SUBSTRING_SLOTS, textOfBody } from './substring-text.js';

/** Noted entries past which a commit brings them in. */
export const PENDING_MAX = 2_000;

export class SubstringWrites {
  readonly #db: Database.Database;
  readonly #interned: Interned;
  readonly #settings: IndexSettings;
  readonly #note: Database.Statement;
  readonly #noted: Database.Statement;
  readonly #clear: Database.Statement;
  readonly #delete: Database.Statement;
  readonly #replace: Database.Statement;
  readonly #body: Database.Statement;
  /** Ids in the table, as this handle sees it. */
  #pending: Set<number>;

  constructor(db: Database.Database, interned: Interned, settings: IndexSettings) {
    this.#db = db;
    this.#interned = interned;
    this.#settings = settings;
    this.#note = db.prepare('INSERT OR IGNORE INTO substring_pending(id) VALUES (?)');
    this.#noted = db.prepare('SELECT id FROM substring_pending ORDER BY id').pluck();
    this.#clear = db.prepare('DELETE FROM substring_pending');
    this.#delete = db.prepare('DELETE FROM substring WHERE rowid = ?');
    const columns = Array.from({ length: SUBSTRING_SLOTS }, (_, slot) => `c${slot}`);
    this.#replace = db.prepare(
      `INSERT OR REPLACE INTO substring(rowid, ${columns.join(', ')})
         VALUES (?${', ?'.repeat(SUBSTRING_SLOTS)})`,
    );
    this.#body = db.prepare('SELECT body FROM entry WHERE id = ?').pluck();
    this.#pending = new Set(this.#noted.all() as number[]);
  }

  get pendingCount(): number {
    return this.#pending.size;
  }

  pendingIds(): readonly number[] {
    return [...this.#pending].sort((a, b) => a - b);
  }

  /** Notes that the entry's text changed; true where it was not noted before. */
  note(id: number): boolean {
    if (this.#pending.has(id)) return false;
    this.#note.run(id);
    this.#pending.add(id);
    return true;
  }

  /** After a rollback. */
  reload(): void {
    this.#pending = new Set(this.#noted.all() as number[]);
  }

  /** Brings all noted entries in; inside the caller's transaction. */
  flush(): void {
    if (this.#pending.size === 0) return;
    for (const id of this.pendingIds()) {
      this.rewrite(id, this.#body.get(id) as Buffer | undefined);
    }
    this.#clear.run();
    this.#pending = new Set();
  }

  /** Makes the entry's row anew; without a body it goes. */
  rewrite(id: number, body: Buffer | undefined): void {
    const row = body === undefined ? undefined : this.#row(id, body);
    if (row === undefined) this.#delete.run(id);
    else this.#replace.run(row);
  }

  #row(id: number, body: Buffer): (number | string | null)[] | undefined {
    const row: (number | string | null)[] = new Array(SUBSTRING_SLOTS + 1).fill(null);
    row[0] = id;
    const descriptions = this.#interned.descriptions();
    let empty = true;
    for (const index of this.#settings.all()) {
      if (index.slot < 0 || index.substring === 'none' || index.substring === 'dropping') continue;
      const text = textOfBody(body, index.type, descriptions);
      if (text === '') continue;
      row[index.slot + 1] = text;
      empty = false;
    }
    return empty ? undefined : row;
  }

  /** Empties the table and makes every row anew. */
  rebuild(): void {
    this.#db.prepare("INSERT INTO substring(substring) VALUES ('delete-all')").run();
    this.#clear.run();
    this.#pending = new Set();
    const page = this.#db.prepare('SELECT id, body FROM entry WHERE id > ? ORDER BY id LIMIT 1000');
    for (let after = 0; ; ) {
      const rows = page.raw().all(after) as [number, Buffer][];
      for (const [id, body] of rows) this.rewrite(id, body);
      const last = rows.at(-1);
      if (last === undefined) return;
      after = last[0];
    }
  }
}
