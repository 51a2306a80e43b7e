/**
 * Statements that SQLite is asked to prepare when they first run. A handle names a good two hundred,
 * a command or a quiet server needs a few dozen, and each costs as much as many reads with it.
 */
import type Database from 'better-sqlite3';

/** From now on `db.prepare` answers at once; a mistake in the text shows in the first run. */
export function prepareLate(db: Database.Database): void {
  const prepare = db.prepare.bind(db);
  const late = (sql: string) => new LateStatement(() => prepare(sql));
  db.prepare = late as unknown as Database.Database['prepare'];
}

/** As much of a statement as the store asks for. */
class LateStatement {
  readonly #prepare: () => Database.Statement;
  #statement: Database.Statement | undefined;
  #rows: 'object' | 'raw' | 'pluck' = 'object';

  constructor(prepare: () => Database.Statement) {
    this.#prepare = prepare;
  }

  raw(): this {
    this.#rows = 'raw';
    return this;
  }

  pluck(): this {
    this.#rows = 'pluck';
    return this;
  }

  get(...values: unknown[]): unknown {
    return (this.#statement ?? this.#ready()).get(...values);
  }

  all(...values: unknown[]): unknown[] {
    return (this.#statement ?? this.#ready()).all(...values);
  }

  run(...values: unknown[]): Database.RunResult {
    return (this.#statement ?? this.#ready()).run(...values);
  }

  iterate(...values: unknown[]): IterableIterator<unknown> {
    return (this.#statement ?? this.#ready()).iterate(...values);
  }

  #ready(): Database.Statement {
    const statement = this.#prepare();
    if (this.#rows === 'raw') statement.raw();
    if (this.#rows === 'pluck') statement.pluck();
    this.#statement = statement;
    return statement;
  }
}
