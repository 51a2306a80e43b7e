/**
 * Verify: whether the whole database is what the directory relies on. It ends every test of store,
 * directory and integration, and is a command of the product. It changes nothing.
 */
import type Database from 'better-sqlite3';
import type { AuditVerified } from '../directory/model/audit.js';
import type { TimelinesOf } from '../directory/ports.js';
import { verifyCases } from './cases.js';
import { readLogEnd } from './change-log.js';
import { Findings, type VerifyProgress } from './findings.js';
import { IndexSettings } from './index-settings.js';
import { Interned } from './interning.js';
import { openDatabase } from './open.js';
import { verifyReplay } from './replay.js';
import { loadStoredSchema, readExtensions } from './schema-state.js';
import { verifyAudit } from './verify-audit.js';
import { verifyEdges } from './verify-edges.js';
import { verifyEntries } from './verify-entries.js';
import { verifyIndexes } from './verify-indexes.js';
import { verifyLog } from './verify-log.js';
import { verifyRecords } from './verify-records.js';
import { verifyTimelines } from './verify-timelines.js';

export interface VerifyReport {
  readonly ok: boolean;
  /** One sentence each; empty where ok. */
  readonly problems: readonly string[];
  readonly entries: number;
  readonly changes: number;
  /** Head of the chained log, hex. */
  readonly head: string;
  /** How many of what were looked at. */
  readonly checked: Readonly<Record<string, number>>;
}

type OnProgress = (progress: VerifyProgress) => void;

/** Checks everything through an open handle that is in no transaction. */
export function verifyHandle(
  db: Database.Database,
  timelinesOf: TimelinesOf | undefined,
  onProgress?: OnProgress,
): VerifyReport {
  const found = new Findings(onProgress);
  let head = '';
  try {
    db.exec('BEGIN');
    verifyAll(db, timelinesOf, found);
    head = readLogEnd(db).head.toString('hex');
  } catch (error) {
    found.problem(`it cannot be read: ${String(error)}`);
  }
  endSnapshot(db, found);
  const { checked } = found;
  const problems = found.told();
  return {
    ok: problems.length === 0,
    problems,
    entries: checked['entries'] ?? 0,
    changes: checked['changes'] ?? 0,
    head,
    checked,
  };
}

function verifyAll(
  db: Database.Database,
  timelinesOf: TimelinesOf | undefined,
  found: Findings,
): void {
  const rows = (table: string) =>
    db.prepare(`SELECT count(*) FROM ${table}`).pluck().get() as number;
  found.begin('file', 0);
  for (const row of db.pragma('integrity_check') as { integrity_check: string }[]) {
    if (row.integrity_check !== 'ok') found.problem(`SQLite: ${row.integrity_check}`);
  }
  const interned = new Interned(db, loadStoredSchema(readExtensions(db)));
  const settings = new IndexSettings(db, interned);
  const entries = rows('entry');
  found.begin('entries', entries);
  verifyEntries(db, interned, found);
  found.begin('references', rows('edge'));
  verifyEdges(db, interned, found);
  found.begin('log', rows('change'));
  verifyLog(db, found);
  verifyRecords(db, found);
  const trail = verifyAudit(db);
  for (const text of trail.problems) found.problem(text);
  found.count('audit events', trail.events);
  found.checked['cases'] = verifyCases(db, (text) => found.problem(text));
  // With bodies or names that cannot be read the rest would only repeat it.
  if (found.problems.length > 0) return;
  found.begin('indexes', entries);
  verifyIndexes(db, interned, settings, found);
  if (timelinesOf !== undefined) {
    found.begin('timelines', entries);
    verifyTimelines(db, timelinesOf, found);
  }
  found.begin('replay', entries);
  verifyReplay(db, interned, found);
}

function endSnapshot(db: Database.Database, found: Findings): void {
  try {
    if (db.inTransaction) db.exec('ROLLBACK');
  } catch (error) {
    // A database that is damaged at large refuses even this.
    found.problem(`it cannot be read: ${String(error)}`);
  }
}

/**
 * Checks the directory in `dir` through a read-only handle of its own; it may be in use. Timelines
 * are checked by whoever knows how facts fold.
 * @throws Error where it cannot be opened.
 */
export function verifyDatabase(
  dir: string,
  onProgress?: OnProgress,
  timelinesOf?: TimelinesOf,
): VerifyReport {
  const db = openDatabase(dir, 'read');
  try {
    return verifyHandle(db, timelinesOf, onProgress);
  } finally {
    db.close();
  }
}

/** The audit trail of the directory in `dir` alone. @throws Error where it cannot be opened */
export function verifyAuditOf(dir: string, head: string | undefined): AuditVerified {
  const db = openDatabase(dir, 'read');
  try {
    return verifyAudit(db, head);
  } finally {
    db.close();
  }
}
