/**
 * Writing the substring index: one contentless FTS5 table of trigrams, a column per attribute. A
 * write only notes the entry in `substring_pending`; many are brought in at once, because a row
 * alone costs as much as the whole write. Readers add the noted entries to what the table finds.
 */
import type Database from 'better-sqlite3';
import { bodyCount, bodyNumberAt, bodyValuesAt } from '../directory/model/body.js';
import type { BodyValues } from '../directory/ports.js';
import { BulkTexts } from './bulk-texts.js';
import { ascending } from './id-sets.js';
import type { AttributeIndex, IndexSettings } from './index-settings.js';
import type { Interned } from './interning.js';
import { SUBSTRING_SLOTS, textOfValues } from './substring-text.js';

/** Noted entries past which a commit brings them in. */
export const PENDING_MAX = 2_000;

const emptyColumns: readonly null[] = new Array(SUBSTRING_SLOTS).fill(null);

function isKept({ slot, substring }: AttributeIndex): boolean {
  return slot >= 0 && (substring === 'ready' || substring === 'building');
}

export class SubstringWrites {
  readonly #db: Database.Database;
  readonly #interned: Interned;
  readonly #settings: IndexSettings;
  readonly #note: Database.Statement;
  readonly #noted: Database.Statement;
  readonly #clear: Database.Statement;
  readonly #delete: Database.Statement;
  readonly #insert: Database.Statement;
  readonly #replace: Database.Statement;
  readonly #body: Database.Statement;
  readonly #lastRow: Database.Statement;
  /** Ids in the table, as this handle sees it; inside an import, ids that are in none. */
  #pending: Set<number>;
  #inMemory = false;
  /** By column; empty between uses. */
  readonly #texts: string[] = new Array(SUBSTRING_SLOTS).fill('');
  /** Inside an import: rows of entries that were added. */
  #held: BulkTexts | undefined;

  constructor(db: Database.Database, interned: Interned, settings: IndexSettings) {
    this.#db = db;
    this.#interned = interned;
    this.#settings = settings;
    this.#note = db.prepare('INSERT OR IGNORE INTO substring_pending(id) VALUES (?)');
    this.#noted = db.prepare('SELECT id FROM substring_pending ORDER BY id').pluck();
    this.#clear = db.prepare('DELETE FROM substring_pending');
    this.#delete = db.prepare('DELETE FROM substring WHERE rowid = ?');
    const columns = Array.from({ length: SUBSTRING_SLOTS }, (_, slot) => `c${slot}`);
    const row = `INTO substring(rowid, ${columns.join(', ')})
      VALUES (?${', ?'.repeat(SUBSTRING_SLOTS)})`;
    this.#insert = db.prepare(`INSERT ${row}`);
    this.#replace = db.prepare(`INSERT OR REPLACE ${row}`);
    this.#lastRow = db.prepare('SELECT max(id) FROM substring_docsize').pluck();
    this.#body = db.prepare('SELECT body FROM entry WHERE id = ?').pluck();
    this.#pending = new Set(this.#noted.all() as number[]);
  }

  get pendingCount(): number {
    return this.#pending.size + (this.#held?.count ?? 0);
  }

  pendingIds(): readonly number[] {
    return ascending([...this.#pending, ...(this.#held?.ids() ?? [])]);
  }

  /** Notes that the entry's text changed; true where it was not noted before. */
  note(id: number): boolean {
    if (this.#pending.has(id)) return false;
    if (!this.#inMemory) this.#note.run(id);
    this.#pending.add(id);
    return true;
  }

  /** Whether notes stay in memory: an import ends with a flush, before its commit. */
  set inMemory(yes: boolean) {
    this.#inMemory = yes;
    this.#held = yes ? new BulkTexts() : undefined;
  }

  /** After a rollback; what is noted in memory only stays noted, which costs nothing but work. */
  reload(): void {
    if (!this.#inMemory) this.#pending = new Set(this.#noted.all() as number[]);
  }

  /** Brings all noted entries in; inside the caller's transaction. */
  flush(): void {
    this.#writeHeld();
    if (this.#pending.size === 0) return;
    const last = this.#last();
    for (const id of this.pendingIds()) {
      this.#write(id, this.#body.get(id) as Buffer | undefined, last);
    }
    this.#clear.run();
    this.#pending = new Set();
  }

  /** Inside an import: keeps the row of an entry that was added until the next flush. */
  hold(id: number, attributes: readonly BodyValues[]): void {
    const texts = this.#texts;
    for (const { type, values } of attributes) {
      const index = this.#settings.of(type);
      if (index === undefined || !isKept(index)) continue;
      texts[index.slot] = textOfValues(type, values, texts[index.slot]);
    }
    this.#held!.add(id, texts);
    texts.fill('');
  }

  #writeHeld(): void {
    if (this.#held === undefined) return;
    const inserts = new Map<string, Database.Statement>();
    this.#held.each((columns, texts, id) => {
      const names = columns.map((column) => `, c${column}`).join('');
      let insert = inserts.get(names);
      if (insert === undefined) {
        const values = '?, '.repeat(columns.length);
        insert = this.#db.prepare(`INSERT INTO substring(rowid${names}) VALUES (${values}?)`);
        inserts.set(names, insert);
      }
      insert.run(id, ...texts);
    });
    this.#held = new BulkTexts();
  }

  /** The largest id that has, or had, a row. */
  #last(): number {
    return (this.#lastRow.get() as number | null) ?? 0;
  }

  /** Makes the entry's row anew; without a body it goes. */
  rewrite(id: number, body: Buffer | undefined): void {
    this.#write(id, body, Number.POSITIVE_INFINITY);
  }

  #write(id: number, body: Buffer | undefined, last: number): void {
    const row = body === undefined ? undefined : this.#row(id, body);
    if (row === undefined) {
      if (id <= last) this.#delete.run(id);
    } else if (id > last) this.#insert.run(row);
    else this.#replace.run(row);
  }

  #row(id: number, body: Buffer): (number | string | null)[] | undefined {
    let row: (number | string | null)[] | undefined;
    const descriptions = this.#interned.descriptions();
    const count = bodyCount(body);
    for (let i = 0; i < count; i += 1) {
      const type = descriptions[bodyNumberAt(body, i)]?.type;
      const index = type === undefined ? undefined : this.#settings.of(type);
      if (index === undefined || !isKept(index)) continue;
      row ??= [id, ...emptyColumns];
      const before = row[index.slot + 1];
      const text = textOfValues(index.type, bodyValuesAt(body, i), (before as string | null) ?? '');
      if (text !== '') row[index.slot + 1] = text;
    }
    return row;
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
