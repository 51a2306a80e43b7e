/**
 * Retention of the audit trail and the log: what is older than the policy keeps is forgotten in
 * slices. Of a batch the digest stays, and an event in the chain says up to which batch it was;
 * where everything at the beginning is forgotten, its batches go too and the chain begins later.
 */
import type Database from 'better-sqlite3';
import { nobody } from '../directory/model/audit.js';
import type { AuditWrites } from './audit.js';
import { type AuditSort, auditSorts, DAY_MS } from './audit-chain.js';
import { readMeta, writeMeta } from './meta.js';

/** Up to when what is kept; 0 ms: for ever. */
export interface Keeping {
  readonly seenBeforeMs: number;
  readonly doneBeforeMs: number;
}

/** Batches of one slice. */
const SLICE = 200;
const words = ['binds and refusals', 'everything'] as const;

/** One slice, inside a transaction; false where nothing was left to forget. */
export function forgetOld(
  db: Database.Database,
  audit: AuditWrites,
  { seenBeforeMs, doneBeforeMs }: Keeping,
  nowMs: number,
): boolean {
  const seen = forgetSort(db, audit, auditSorts.seen, seenBeforeMs, nowMs);
  const done = forgetSort(db, audit, auditSorts.done, doneBeforeMs, nowMs);
  return seen || done;
}

function forgetSort(
  db: Database.Database,
  audit: AuditWrites,
  sort: AuditSort,
  beforeMs: number,
  nowMs: number,
): boolean {
  // Whole days: names are remembered for the events of one day.
  const before = Math.floor(beforeMs / DAY_MS) * DAY_MS;
  const batches = db
    .prepare(
      `SELECT seq, first, last FROM audit_batch
         WHERE sort = ? AND salt IS NOT NULL AND at < ? ORDER BY seq LIMIT ?`,
    )
    .all(sort, before, SLICE) as { seq: number; first: number; last: number }[];
  if (batches.length === 0) return false;
  const forget = db.prepare('DELETE FROM audit_event WHERE id BETWEEN ? AND ?');
  const wipe = db.prepare('UPDATE audit_batch SET salt = NULL WHERE seq = ?');
  for (const { seq, first, last } of batches) {
    forget.run(first, last);
    wipe.run(seq);
  }
  const upTo = batches.at(-1)!.seq;
  forgetNames(db, sort, upTo);
  audit.note({
    kind: 'forgotten',
    atMs: nowMs,
    untilMs: nowMs,
    // The sort, from 1: verify looks for it, and names may be forgotten.
    count: sort + 1,
    who: nobody,
    by: nobody,
    from: '',
    through: nobody,
    what: `${words[sort]} up to batch ${upTo}`,
    why: 'the policy keeps them no longer',
    change: upTo,
    run: 0,
  });
  cutBeginning(db);
  return true;
}

/** Names whose day is over: no event that is kept has them. */
function forgetNames(db: Database.Database, sort: AuditSort, upTo: number): void {
  const last = db.prepare('SELECT max(id) FROM audit_name').pluck().get() as number | null;
  if (last !== null) writeMeta(db, 'audit_names', Math.max(last, readMeta(db, 'audit_names') ?? 0));
  const next = db
    .prepare('SELECT min(seq) FROM audit_batch WHERE sort = ? AND salt IS NOT NULL')
    .pluck()
    .get(sort) as number | null;
  const day = (seq: number) =>
    Math.floor(
      (db.prepare('SELECT at FROM audit_batch WHERE seq = ?').pluck().get(seq) as number) / DAY_MS,
    );
  // A day that is forgotten in several slices keeps its names until the last.
  const isOver = next === null || day(next) > day(upTo);
  const until = isOver ? upTo : firstOfDay(db, day(upTo)) - 1;
  db.prepare('DELETE FROM audit_name WHERE sort = ? AND batch <= ?').run(sort, until);
}

function firstOfDay(db: Database.Database, day: number): number {
  const sql = 'SELECT min(seq) FROM audit_batch WHERE at >= ?';
  return (
    (db
      .prepare(sql)
      .pluck()
      .get(day * DAY_MS) as number | null) ?? 0
  );
}

function cutBeginning(db: Database.Database): void {
  const kept = db.prepare('SELECT min(seq) FROM audit_batch WHERE salt IS NOT NULL').pluck().get();
  const row = db
    .prepare('SELECT seq, head, last FROM audit_batch WHERE seq < ? ORDER BY seq DESC LIMIT 1')
    .get(kept ?? 0) as { seq: number; head: Buffer; last: number } | undefined;
  if (row === undefined) return;
  writeMeta(db, 'audit_start', JSON.stringify([row.seq, row.head.toString('hex'), row.last]));
  db.prepare('DELETE FROM audit_batch WHERE seq <= ?').run(row.seq);
}
