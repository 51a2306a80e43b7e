/**
 * Verify, the rows of the policy engine: marks of entries that exist, Changes of runs that exist,
 * words that are known, and nobody purged who is still there.
 */
import type Database from 'better-sqlite3';
import { decisionKinds } from '../directory/model/records.js';
import type { Findings } from './findings.js';

const quoted = (words: readonly string[]) => words.map((word) => `'${word}'`).join(', ');

/** A statement whose rows are each a mistake, and what is wrong with a row. */
const mistakes: readonly (readonly [sql: string, text: (row: readonly unknown[]) => string])[] = [
  [
    'SELECT entry, key FROM mark WHERE entry NOT IN (SELECT id FROM entry)',
    ([entry, key]) => `a mark (${String(key)}) is of entry ${String(entry)}, which does not exist`,
  ],
  [
    `SELECT seq, run FROM change WHERE run <> ''
       AND run NOT IN (SELECT CAST(id AS TEXT) FROM run)`,
    ([seq, run]) => `change ${String(seq)} is of run ${String(run)}, which does not exist`,
  ],
  [
    'SELECT id, undoes FROM run WHERE undoes <> 0 AND undoes NOT IN (SELECT id FROM run)',
    ([id, undoes]) => `run ${String(id)} undoes run ${String(undoes)}, which does not exist`,
  ],
  [
    `SELECT id, kind, state FROM decision WHERE kind NOT IN (${quoted(decisionKinds)})
       OR state NOT IN ('open', 'yes', 'no', 'done', 'gone') OR NOT json_valid(detail)`,
    ([id, kind, state]) => `decision ${String(id)} is of kind ${String(kind)}, ${String(state)}`,
  ],
  [
    `SELECT id, state FROM outbox WHERE state NOT IN ('waiting', 'sent', 'given up')
       OR channel NOT IN ('mail', 'hook')`,
    ([id, state]) => `message ${String(id)} is ${String(state)}`,
  ],
  [
    'SELECT login FROM tombstone WHERE uuid IN (SELECT uuid FROM entry)',
    ([login]) => `${String(login)} was purged, and the entry is still there`,
  ],
];

export function verifyRecords(db: Database.Database, found: Findings): void {
  for (const [sql, text] of mistakes) {
    for (const row of db.prepare(sql).raw().iterate()) {
      found.problem(text(row as readonly unknown[]));
    }
  }
}
