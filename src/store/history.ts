/**
 * The log read back, and the runs that bind Changes together. Reads what change-log.ts wrote; a
 * payload that was wiped has no item any more. Nothing here is kept in memory.
 */
import type Database from 'better-sqlite3';
import type { ChangeItem, LoggedChange, RunHead } from '../directory/model/change.js';
import type { HistoryReader } from '../directory/ports.js';
import { changeFormats } from './change-log.js';

interface Row {
  readonly seq: number;
  readonly csn: string;
  readonly actor: string;
  readonly reason: string;
  readonly run: string;
}

const COLUMNS = 'seq, csn, actor, reason, run';
const RUN_COLUMNS = 'id, at, actor, reason, undoes';

export class HistoryReads implements HistoryReader {
  readonly #ofRun: Database.Statement;
  readonly #touching: Database.Statement;
  readonly #ofPolicy: Database.Statement;
  readonly #items: Database.Statement;
  readonly #run: Database.Statement;
  readonly #runs: Database.Statement;

  constructor(db: Database.Database) {
    const items = `format = ${changeFormats.items}`;
    this.#ofRun = db.prepare(
      `SELECT ${COLUMNS} FROM change WHERE run <> '' AND run = ? AND seq > ? AND ${items}
         ORDER BY seq LIMIT ?`,
    );
    // A range of the log, which is as long as what was written since.
    this.#touching = db.prepare(
      `SELECT ${COLUMNS}, payload FROM change_item JOIN change USING (seq)
         WHERE seq > ? AND uuid = ? AND payload IS NOT NULL AND ${items} ORDER BY seq, n`,
    );
    this.#ofPolicy = db.prepare(
      `SELECT ${COLUMNS}, payload FROM change_item JOIN change USING (seq)
         WHERE instr(payload, 'tenurePolicyText') > 0 AND ${items} ORDER BY seq, n`,
    );
    this.#items = db
      .prepare('SELECT payload FROM change_item WHERE seq = ? AND payload IS NOT NULL ORDER BY n')
      .pluck();
    this.#run = db.prepare(`SELECT ${RUN_COLUMNS} FROM run WHERE id = ?`);
    this.#runs = db.prepare(`SELECT ${RUN_COLUMNS} FROM run ORDER BY id DESC LIMIT ?`);
  }

  ofRun(run: number, afterSeq: number, limit: number): LoggedChange[] {
    const rows = this.#ofRun.all(String(run), afterSeq, limit) as Row[];
    return rows.map((row) => {
      const payloads = this.#items.all(row.seq) as string[];
      return { ...row, items: payloads.map((text) => JSON.parse(text) as ChangeItem) };
    });
  }

  touching(uuid: string, afterSeq: number): LoggedChange[] {
    return withItems(this.#touching.all(afterSeq, uuid));
  }

  ofPolicy(): LoggedChange[] {
    return withItems(this.#ofPolicy.all());
  }

  run(id: number): RunHead | undefined {
    return this.#run.get(id) as RunHead | undefined;
  }

  runs(limit: number): RunHead[] {
    return this.#runs.all(limit) as RunHead[];
  }
}

function withItems(rows: readonly unknown[]): LoggedChange[] {
  return (rows as readonly (Row & { payload: string })[]).map(({ payload, ...row }) => {
    return { ...row, items: [JSON.parse(payload) as ChangeItem] };
  });
}

export class RunWrites {
  readonly #open: Database.Statement;
  readonly #drop: Database.Statement;

  constructor(db: Database.Database) {
    this.#drop = db.prepare(
      `DELETE FROM run WHERE id = ?
         AND NOT EXISTS (SELECT 1 FROM change WHERE change.run = CAST(run.id AS TEXT))
         AND NOT EXISTS (SELECT 1 FROM mark WHERE mark.run = run.id)
         AND NOT EXISTS (SELECT 1 FROM outbox WHERE outbox.run = run.id)
         AND NOT EXISTS (SELECT 1 FROM run AS other WHERE other.undoes = run.id)`,
    );
    this.#open = db.prepare('INSERT INTO run(at, actor, reason, undoes) VALUES (?, ?, ?, ?)');
  }

  open({ at, actor, reason, undoes }: Omit<RunHead, 'id'>): number {
    return Number(this.#open.run(at, actor, reason, undoes).lastInsertRowid);
  }

  /** Where nothing came of it. */
  drop(id: number): void {
    this.#drop.run(id);
  }
}
