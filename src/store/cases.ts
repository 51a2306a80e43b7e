/** Departure cases and their items (model/cases.ts says what they are); nothing is kept in memory. */
import type Database from 'better-sqlite3';
import type { CaseItem, DepartureCase } from '../directory/model/cases.js';
import type { CaseReader, CaseWriter } from '../directory/ports.js';

const CASE = 'id, uuid, login, opened, actor, closed, closed_by AS closedBy, closing';
const ITEM = 'key, text, owner, due, done, by, note';

export class CaseReads implements CaseReader {
  readonly #one: Database.Statement;
  readonly #open: Database.Statement;
  readonly #all: Database.Statement;
  readonly #openOf: Database.Statement;
  readonly #items: Database.Statement;

  constructor(db: Database.Database) {
    this.#one = db.prepare(`SELECT ${CASE} FROM departure_case WHERE id = ?`);
    this.#open = db.prepare(
      `SELECT ${CASE} FROM departure_case WHERE closed = 0 AND id > ? ORDER BY id LIMIT ?`,
    );
    this.#all = db.prepare(`SELECT ${CASE} FROM departure_case WHERE id > ? ORDER BY id LIMIT ?`);
    this.#openOf = db.prepare(`SELECT ${CASE} FROM departure_case WHERE uuid = ? AND closed = 0`);
    this.#items = db.prepare(`SELECT ${ITEM} FROM case_item WHERE "case" = ? ORDER BY key`);
  }

  one(id: number): DepartureCase | undefined {
    return this.#one.get(id) as DepartureCase | undefined;
  }

  open(afterId: number, limit: number): DepartureCase[] {
    return this.#open.all(afterId, limit) as DepartureCase[];
  }

  all(afterId: number, limit: number): DepartureCase[] {
    return this.#all.all(afterId, limit) as DepartureCase[];
  }

  openOf(uuid: string): DepartureCase | undefined {
    return this.#openOf.get(uuid) as DepartureCase | undefined;
  }

  items(id: number): CaseItem[] {
    return this.#items.all(id) as CaseItem[];
  }
}

export class CaseWrites extends CaseReads implements CaseWriter {
  readonly #add: Database.Statement;
  readonly #close: Database.Statement;
  readonly #keep: Database.Statement;
  readonly #tick: Database.Statement;

  constructor(db: Database.Database) {
    super(db);
    this.#add = db.prepare(
      `INSERT INTO departure_case(uuid, login, opened, actor, closed, closed_by, closing)
         VALUES (?, ?, ?, ?, 0, '', '')`,
    );
    this.#close = db.prepare(
      'UPDATE departure_case SET closed = ?, closed_by = ?, closing = ? WHERE id = ? AND closed = 0',
    );
    this.#keep = db.prepare(
      `INSERT INTO case_item("case", key, text, owner, due, done, by, note)
         VALUES (?, ?, ?, ?, ?, 0, '', '') ON CONFLICT DO UPDATE
         SET text = excluded.text, owner = excluded.owner, due = excluded.due WHERE done = 0`,
    );
    this.#tick = db.prepare(
      'UPDATE case_item SET done = ?, by = ?, note = ? WHERE "case" = ? AND key = ?',
    );
  }

  begin(uuid: string, login: string, actor: string, at: number): number {
    return Number(this.#add.run(uuid, login, at, actor).lastInsertRowid);
  }

  close(id: number, at: number, by: string, closing: string): boolean {
    return this.#close.run(at, by, closing, id).changes > 0;
  }

  keep(
    id: number,
    { key, text, owner, due }: Pick<CaseItem, 'key' | 'text' | 'owner' | 'due'>,
  ): void {
    this.#keep.run(id, key, text, owner, due);
  }

  tick(id: number, key: string, at: number, by: string, note: string): void {
    this.#tick.run(at, by, note, id, key);
  }
}

/** Each open case is about somebody who is, or was, or has left something to do. */
export function verifyCases(db: Database.Database, problem: (text: string) => void): number {
  const lost = db
    .prepare(
      `SELECT id, login FROM departure_case WHERE closed = 0
         AND uuid NOT IN (SELECT uuid FROM entry) AND uuid NOT IN (SELECT uuid FROM tombstone)
         AND id NOT IN (SELECT "case" FROM case_item)`,
    )
    .all() as { id: number; login: string }[];
  for (const { id, login } of lost) problem(`case ${id} is open and ${login} is nobody`);
  const stray = db
    .prepare('SELECT count(*) FROM case_item WHERE "case" NOT IN (SELECT id FROM departure_case)')
    .pluck()
    .get() as number;
  if (stray > 0) problem(`${stray} items belong to no case`);
  return db.prepare('SELECT count(*) FROM departure_case').pluck().get() as number;
}
