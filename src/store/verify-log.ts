/**
 * Verify, the change log: rows without a gap, CSNs that only grow, each payload what its digest
 * says, and each head what the rows before it give.
 */
import type Database from 'better-sqlite3';
import { isCsn } from '../directory/model/csn.js';
import {
  type ChangeFields,
  changeFormats,
  firstHead,
  nextHead,
  payloadDigest,
} from './change-log.js';
import type { Findings } from './findings.js';

interface ChangeRow extends ChangeFields {
  readonly head: Buffer;
}

interface ItemRow {
  readonly n: number;
  readonly salt: Buffer | null;
  readonly digest: Buffer;
  readonly payload: string | null;
}

const formats: readonly number[] = Object.values(changeFormats);

export function verifyLog(db: Database.Database, found: Findings): void {
  let head = firstHead;
  let seq = 0;
  let csn = '';
  const items = db.prepare(
    'SELECT n, salt, digest, payload FROM change_item WHERE seq = ? ORDER BY n',
  );
  const rows = db.prepare(
    'SELECT seq, csn, format, actor, reason, run, head FROM change ORDER BY seq',
  );
  for (const row of rows.iterate() as IterableIterator<ChangeRow>) {
    found.count('changes');
    found.step();
    seq += 1;
    if (row.seq !== seq) {
      found.problem(`the log lacks change ${seq}`);
      seq = row.seq;
    }
    if (!isCsn(row.csn) || row.csn <= csn) {
      found.problem(`change ${seq}: its CSN "${row.csn}" does not follow "${csn}"`);
    }
    csn = row.csn;
    if (!formats.includes(row.format)) {
      found.problem(`change ${seq} is in the unknown format ${row.format}`);
    }
    const digests = verifyItems(seq, items.all(seq) as ItemRow[], found);
    head = nextHead(head, row, digests);
    if (!head.equals(row.head)) {
      found.problem(`change ${seq}: the chain of the log is broken; it was altered here or before`);
      // Go on from what is there, so that one alteration is told once.
      head = row.head;
    }
  }
  verifyBaselines(db, found);
}

function verifyItems(seq: number, items: readonly ItemRow[], found: Findings): Buffer[] {
  items.forEach(({ n, salt, digest, payload }, i) => {
    found.count('change items');
    if (n !== i) found.problem(`change ${seq} lacks item ${i}`);
    if (payload === null || salt === null) {
      if (payload !== salt) found.problem(`change ${seq}: item ${n} is half wiped`);
    } else if (!payloadDigest(salt, payload).equals(digest)) {
      found.problem(`change ${seq}: item ${n} was altered`);
    }
  });
  return items.map(({ digest }) => digest);
}

function verifyBaselines(db: Database.Database, found: Findings): void {
  const orphans = db
    .prepare('SELECT DISTINCT seq FROM change_item WHERE seq NOT IN (SELECT seq FROM change)')
    .pluck()
    .all();
  for (const seq of orphans) found.problem(`items of change ${String(seq)} have no change`);
  const rows = db
    .prepare(
      `SELECT baseline.seq, baseline.digest, baseline.entries, change_item.payload
         FROM baseline LEFT JOIN change_item
           ON change_item.seq = baseline.seq AND change_item.n = 0`,
    )
    .raw()
    .all() as [number, string, number, string | null][];
  for (const [seq, digest, entries, payload] of rows) {
    if (payload !== JSON.stringify({ digest, entries })) {
      found.problem(`the baseline of change ${seq} is not what the log says`);
    }
  }
  if (rows.length === 0) found.problem('the log has no baseline to be replayed from');
}
