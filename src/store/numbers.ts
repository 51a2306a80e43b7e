/**
 * Numbers that are handed out once for ever: entry and secret ids, and the ranges of uidNumber and
 * gidNumber. A number that somebody had is remembered with who it was, and never given to another.
 */
import type Database from 'better-sqlite3';
import { LdapError } from '../runtime/errors.js';

/** Where a range starts unless the database was made with another number. */
export const RANGE_START = 10_000;
/** The largest number that clients keep in a signed 32-bit integer. */
const RANGE_END = 0x7fffffff;

export class NumberRanges {
  readonly #read: Database.Statement;
  readonly #write: Database.Statement;
  readonly #holder: Database.Statement;
  readonly #retire: Database.Statement;
  /** False where certainly nobody gave up a number: most directories, most of the time. */
  #anyRetired: boolean;

  constructor(db: Database.Database) {
    this.#read = db.prepare('SELECT value FROM counter WHERE name = ?').pluck();
    this.#write = db.prepare('INSERT OR REPLACE INTO counter(name, value) VALUES (?, ?)');
    this.#holder = db
      .prepare('SELECT holder FROM retired_number WHERE counter = ? AND value = ?')
      .pluck();
    this.#retire = db.prepare(
      'INSERT OR REPLACE INTO retired_number(counter, value, holder) VALUES (?, ?, ?)',
    );
    const any = db.prepare('SELECT 1 FROM retired_number LIMIT 1').get();
    this.#anyRetired = any !== undefined;
  }

  retire(counter: string, value: number, holder: string): void {
    this.#anyRetired = true;
    this.#retire.run(counter, value, holder);
  }

  holder(counter: string, value: number): string | undefined {
    if (!this.#anyRetired) return undefined;
    return this.#holder.get(counter, value) as string | undefined;
  }

  /**
   * The next number that nobody has (`inUse`) or had.
   * @throws LdapError unwillingToPerform where the range is used up.
   */
  next(counter: string, inUse: (value: number) => boolean): number {
    let value = (this.#read.get(counter) as number | undefined) ?? RANGE_START;
    while (this.holder(counter, value) !== undefined || inUse(value)) value += 1;
    if (value > RANGE_END) {
      throw new LdapError('unwillingToPerform', `there is no free ${counter} left`);
    }
    this.#write.run(counter, value + 1);
    return value;
  }
}

/** Ids of rows: counted in memory, written once a commit, never given back by a rollback. */
export class RowIds {
  readonly #name: string;
  readonly #write: Database.Statement;
  #last: number;
  #saved: number;

  constructor(db: Database.Database, name: 'entry' | 'secret') {
    this.#name = `${name} id`;
    this.#write = db.prepare('INSERT OR REPLACE INTO counter(name, value) VALUES (?, ?)');
    const saved = db.prepare('SELECT value FROM counter WHERE name = ?').pluck().get(this.#name);
    this.#saved = (saved as number | undefined) ?? 0;
    this.#last = this.#saved;
  }

  next(): number {
    this.#last += 1;
    return this.#last;
  }

  /** Part of every commit; until it is durable the ids after the last one do not count as given. */
  save(): void {
    if (this.#last === this.#saved) return;
    this.#write.run(this.#name, this.#last);
    this.#saved = this.#last;
  }

  /** After a rollback of the whole transaction what was saved in it has to be saved again. */
  unsave(): void {
    this.#saved = -1;
  }
}
