/**
 * The table of the access map (tables-4.ts). Bounded by person: a row more than that, and the one that
 * was seen longest ago goes. What is too old is left out of every answer, and swept a piece with each
 * flush.
 */
import type Database from 'better-sqlite3';
import {
  type Access,
  type AccessNews,
  type AccessReader,
  type AccessSeen,
  accessIn,
  isAfterwards,
  isLogin,
  personal,
} from '../directory/model/access.js';

const ROW = `person, consumer, address, method, first_ms AS firstMs, last_ms AS lastMs, count`;
/** Rows that are looked at for their age with each flush. */
const SWEPT_ROWS = 512;

export class AccessReads implements AccessReader {
  readonly #of: Database.Statement;
  readonly #through: Database.Statement;
  readonly #lastPersonal: Database.Statement;
  readonly #lastThrough: Database.Statement;

  constructor(db: Database.Database) {
    this.#of = db.prepare(
      `SELECT ${ROW} FROM access_map WHERE person = ? AND last_ms >= ? ORDER BY last_ms DESC`,
    );
    this.#through = db.prepare(
      `SELECT ${ROW} FROM access_map WHERE consumer = ? AND last_ms >= ?
         ORDER BY last_ms DESC LIMIT ?`,
    );
    const words = personal.map((word) => `'${word}'`).join(', ');
    this.#lastPersonal = db
      .prepare(`SELECT max(last_ms) FROM access_map WHERE person = ? AND method IN (${words})`)
      .pluck();
    this.#lastThrough = db
      .prepare('SELECT consumer, max(last_ms) FROM access_map WHERE last_ms >= ? GROUP BY consumer')
      .raw();
  }

  of(person: number, sinceMs: number): readonly Access[] {
    return this.#of.all(person, sinceMs) as Access[];
  }

  through(consumer: number, sinceMs: number, limit: number): readonly Access[] {
    return this.#through.all(consumer, sinceMs, limit) as Access[];
  }

  lastPersonal(person: number): number | undefined {
    return (this.#lastPersonal.get(person) as number | null) ?? undefined;
  }

  lastThrough(sinceMs: number): ReadonlyMap<number, number> {
    return new Map(this.#lastThrough.all(sinceMs) as [number, number][]);
  }
}

type Place = readonly [person: number, consumer: number, address: string, method: string];

export class AccessWrites {
  readonly #db: Database.Database;
  readonly #again: Database.Statement;
  readonly #known: Database.Statement;
  readonly #insert: Database.Statement;
  readonly #delete: Database.Statement;
  readonly #sweep: Database.Statement;
  #sweptTo: Place = [0, 0, '', ''];

  constructor(db: Database.Database) {
    this.#db = db;
    this.#again = db.prepare(
      `UPDATE access_map SET last_ms = max(last_ms, ?), count = count + ?
         WHERE person = ? AND consumer = ? AND address = ? AND method = ?`,
    );
    this.#known = db.prepare(`SELECT ${ROW} FROM access_map WHERE person = ?`);
    this.#insert = db.prepare(
      `INSERT INTO access_map(person, consumer, address, method, first_ms, last_ms, count)
         VALUES (?, ?, ?, ?, ?, ?, ?)`,
    );
    this.#delete = db.prepare(
      `DELETE FROM access_map WHERE person = ? AND consumer = ? AND address = ? AND method = ?`,
    );
    this.#sweep = db
      .prepare(
        `SELECT person, consumer, address, method, last_ms FROM access_map
           WHERE (person, consumer, address, method) > (?, ?, ?, ?)
           ORDER BY person, consumer, address, method LIMIT ${SWEPT_ROWS}`,
      )
      .raw();
  }

  /** `isThere`: whether an entry that was seen is still one. */
  write(seen: AccessSeen, isThere: (entry: number) => boolean): AccessNews[] {
    const news: AccessNews[] = [];
    for (const row of accessIn(seen.rows)) {
      const { person, consumer, address, method, lastMs, count } = row;
      if (isAfterwards(method)) news.push({ kind: 'leaver', row });
      if (this.#again.run(lastMs, count, person, consumer, address, method).changes > 0) continue;
      if (!isThere(person) || (consumer !== 0 && !isThere(consumer))) continue;
      const known = this.#known.all(person) as Access[];
      this.#insert.run(person, consumer, address, method, row.firstMs, lastMs, count);
      if (known.length >= seen.perPersonMax) this.#drop(known);
      if (isNewClient(row, known)) news.push({ kind: 'client', row });
    }
    this.#sweepSome(seen.forgetBeforeMs);
    return news;
  }

  /** The one that was seen longest ago. */
  #drop(known: readonly Access[]): void {
    const oldest = known.reduce((a, b) => (b.lastMs < a.lastMs ? b : a));
    this.#delete.run(oldest.person, oldest.consumer, oldest.address, oldest.method);
  }

  #sweepSome(beforeMs: number): void {
    const rows = this.#sweep.all(...this.#sweptTo) as [...Place, number][];
    const last = rows.at(-1);
    const more = last !== undefined && rows.length === SWEPT_ROWS;
    this.#sweptTo = more ? [last[0], last[1], last[2], last[3]] : [0, 0, '', ''];
    for (const [person, consumer, address, method, lastMs] of rows) {
      if (lastMs < beforeMs) this.#delete.run(person, consumer, address, method);
    }
  }

  /** Everything is forgotten. */
  clear(): void {
    this.#db.exec('DELETE FROM access_map');
  }
}

/** Somebody who has logged in before does so through what they never logged in through. */
function isNewClient({ method, consumer }: Access, known: readonly Access[]): boolean {
  if (!isLogin(method) || consumer === 0) return false;
  const before = known.filter((one) => isLogin(one.method));
  return before.length > 0 && before.every((one) => one.consumer !== consumer);
}
