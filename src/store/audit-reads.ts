/** The audit trail and the numbers of cn=changelog, read back. Nothing is kept in memory. */
import type Database from 'better-sqlite3';
import {
  type AuditAsk,
  type AuditName,
  type AuditReader,
  type AuditVerified,
  auditKinds,
  type NumberedItem,
  nobody,
  type StoredAuditEvent,
} from '../directory/model/audit.js';
import { timeOfCsn } from '../directory/model/csn.js';
import { firstHead } from './change-log.js';
import { readMeta } from './meta.js';
import { verifyAudit } from './verify-audit.js';

interface Row {
  readonly id: number;
  readonly kind: number;
  readonly at: number;
  readonly until: number;
  readonly count: number;
  readonly who: number;
  readonly by: number;
  readonly origin: number;
  readonly through: number;
  readonly what: number;
  readonly why: number;
  readonly change: number;
  readonly run: number;
}

/** No commit is so much later than the Changes in it. */
const COMMIT_MS = 600_000;

/** Stands for a name that was forgotten. */
const forgotten: AuditName = { uuid: '', text: '(forgotten)' };

export class AuditReads implements AuditReader {
  readonly #db: Database.Database;
  readonly #name: Database.Statement;
  readonly #numbered: Database.Statement;
  readonly #items: Database.Statement;
  readonly #why: Database.Statement;

  constructor(db: Database.Database) {
    this.#db = db;
    this.#name = db.prepare('SELECT uuid, text FROM audit_name WHERE id = ?');
    this.#numbered = db.prepare(
      `SELECT number, seq, csn, actor, payload FROM changelog JOIN change USING (seq)
         JOIN change_item USING (seq, n)
         WHERE number BETWEEN ? AND ? AND payload IS NOT NULL ORDER BY number LIMIT ?`,
    );
    this.#why = db
      .prepare(
        `SELECT text FROM audit_name WHERE text IS NOT NULL AND id = (SELECT why FROM audit_event
           WHERE who IN (SELECT id FROM audit_name WHERE uuid = ?)
             AND id > ? AND id <= ? AND change = ? ORDER BY id LIMIT 1)`,
      )
      .pluck();
    this.#items = db
      .prepare('SELECT payload FROM change_item WHERE seq = ? AND payload IS NOT NULL ORDER BY n')
      .pluck();
  }

  lastId(): number {
    return this.#number('SELECT max(last) FROM audit_batch');
  }

  idBefore(atMs: number): number {
    const sql = 'SELECT first FROM audit_batch WHERE at >= ? ORDER BY at, seq LIMIT 1';
    const first = this.#db.prepare(sql).pluck().get(atMs) as number | undefined;
    return first === undefined ? this.lastId() : first - 1;
  }

  #number(sql: string): number {
    return (this.#db.prepare(sql).pluck().get() as number | null | undefined) ?? 0;
  }

  page({ afterId, untilId, who, by, kinds, sinceMs, untilMs, run, limit }: AuditAsk) {
    const tests = ['id > ?', 'id <= ?'];
    const bound: (number | string)[] = [afterId, untilId];
    const named = (column: string, { uuid, text }: AuditName) => {
      const found = uuid === '' ? 'text = ?' : 'uuid = ?';
      tests.push(`${column} IN (SELECT id FROM audit_name WHERE ${found})`);
      bound.push(uuid === '' ? text : uuid);
    };
    if (who !== undefined) named('who', who);
    if (by !== undefined) named('by', by);
    if (kinds !== undefined) {
      tests.push(`kind IN (${kinds.map((kind) => auditKinds.indexOf(kind)).join(', ')})`);
    }
    if (sinceMs !== undefined) {
      tests.push('until >= ?');
      bound.push(sinceMs);
    }
    if (untilMs !== undefined) {
      tests.push('at < ?');
      bound.push(untilMs);
    }
    if (run !== undefined) {
      tests.push('run = ?');
      bound.push(run);
    }
    const sql = `SELECT * FROM audit_event WHERE ${tests.join(' AND ')} ORDER BY id LIMIT ?`;
    const rows = this.#db.prepare(sql).all(...bound, limit) as Row[];
    const names = new Map<number, AuditName>();
    return rows.map((row) => this.#event(row, names));
  }

  #event(row: Row, names: Map<number, AuditName>): StoredAuditEvent {
    const name = (id: number): AuditName => {
      if (id === 0) return nobody;
      let known = names.get(id);
      if (known === undefined) {
        const found = this.#name.get(id) as { uuid: string; text: string | null } | undefined;
        known = found?.text == null ? forgotten : { uuid: found.uuid, text: found.text };
        names.set(id, known);
      }
      return known;
    };
    const { id, at: atMs, until: untilMs, count, change, run } = row;
    return {
      id,
      kind: auditKinds[row.kind] ?? 'forgotten',
      atMs,
      untilMs,
      count,
      who: name(row.who),
      by: name(row.by),
      from: name(row.origin).text,
      through: name(row.through),
      what: name(row.what).text,
      why: name(row.why).text,
      change,
      run,
    };
  }

  head(): string {
    return (readMeta(this.#db, 'audit_head') ?? firstHead).toString('hex');
  }

  verify(head?: string): AuditVerified {
    return verifyAudit(this.#db, head);
  }

  numbers(): { readonly first: number; readonly last: number } | undefined {
    const last = this.#number('SELECT max(number) FROM changelog');
    if (last === 0) return undefined;
    return { first: this.#number('SELECT min(number) FROM changelog'), last };
  }

  numbered(from: number, until: number, limit: number): NumberedItem[] {
    return this.#numbered.all(from, until, limit) as NumberedItem[];
  }

  whyOf({ seq, csn }: NumberedItem, uuid: string): string | undefined {
    const atMs = timeOfCsn(csn);
    // Its event is in the commit of its own, which is hardly later.
    return this.#why.get(uuid, this.idBefore(atMs), this.idBefore(atMs + COMMIT_MS), seq) as
      | string
      | undefined;
  }

  itemsOf(seq: number): readonly string[] {
    return this.#items.all(seq) as string[];
  }
}
