/**
 * Building and dropping indexes while the directory works: slices of a thousand entries, each in
 * the writer's transaction, with the place kept in `index_state.cursor`, so that a crash costs one
 * slice. Writes maintain an index from the moment its building starts.
 */
import type Database from 'better-sqlite3';
import type { EntryWrites } from './entry-writes.js';
import type { IndexSettings } from './index-settings.js';
import type { SubstringWrites } from './substring-index.js';

const SLICE = 1_000;

export class Reindexer {
  readonly #settings: IndexSettings;
  readonly #entries: EntryWrites;
  readonly #substring: SubstringWrites;
  readonly #page: Database.Statement;
  readonly #advance: Database.Statement;
  readonly #finish: Database.Statement;
  readonly #forget: Database.Statement;
  readonly #dropKeys: Database.Statement;

  constructor(
    db: Database.Database,
    settings: IndexSettings,
    entries: EntryWrites,
    substring: SubstringWrites,
  ) {
    this.#settings = settings;
    this.#entries = entries;
    this.#substring = substring;
    this.#page = db
      .prepare(`SELECT id, body FROM entry WHERE id > ? ORDER BY id LIMIT ${SLICE}`)
      .raw();
    const where = 'WHERE attr = ? AND use = ?';
    this.#advance = db.prepare(`UPDATE index_state SET cursor = ? ${where}`);
    this.#finish = db.prepare(`UPDATE index_state SET state = 'ready', cursor = 0 ${where}`);
    this.#forget = db.prepare(`DELETE FROM index_state ${where}`);
    this.#dropKeys = db.prepare(
      `DELETE FROM idx WHERE attr = @attr AND (attr, key, id) IN (
         SELECT attr, key, id FROM idx WHERE attr = @attr LIMIT ${SLICE * 4})`,
    );
  }

  /** One slice of the first index that is not finished; true while there is one. */
  step(): boolean {
    const row = this.#settings.rows().find(({ state }) => state !== 'ready');
    if (row === undefined) return false;
    const type = [...this.#settings.all()].find(
      (index) => index.type.name.toLowerCase() === row.attr,
    );
    if (type === undefined || (row.state === 'dropping' && row.use === 'eq')) {
      this.#dropSlice(row.attr, row.use, type?.number);
    } else {
      const page = this.#page.all(row.cursor) as [number, Buffer][];
      for (const [id, body] of page) {
        if (row.use === 'eq') this.#entries.addKeys(id, body, type);
        else this.#substring.rewrite(id, body);
      }
      const last = page.at(-1);
      if (last !== undefined) this.#advance.run(last[0], row.attr, row.use);
      else if (row.state === 'dropping') this.#forget.run(row.attr, row.use);
      else this.#finish.run(row.attr, row.use);
    }
    this.#settings.load();
    return true;
  }

  #dropSlice(attr: string, use: string, number: number | undefined): void {
    const dropped = number === undefined ? 0 : this.#dropKeys.run({ attr: number }).changes;
    if (dropped === 0) this.#forget.run(attr, use);
  }
}
