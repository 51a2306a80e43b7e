/**
 * Verify, the audit trail: batches and events without a gap, each batch what its digest says, each
 * head what the batches before it give, and the last head the one that is noted outside of the rows.
 * What was forgotten is vouched for by an event of the chain: rows cannot be emptied unseen.
 */
import type Database from 'better-sqlite3';
import { type AuditVerified, auditKinds } from '../directory/model/audit.js';
import { type BatchFields, batchDigest, batchHead, nameDigest } from './audit-chain.js';
import { firstHead } from './change-log.js';
import { readMeta } from './meta.js';

interface Batch {
  readonly seq: number;
  readonly at: number;
  readonly sort: number;
  readonly first: number;
  readonly last: number;
  readonly salt: Buffer | null;
  readonly digest: Buffer;
  readonly head: Buffer;
}

interface Name {
  readonly id: number;
  readonly uuid: string;
  readonly salt: Buffer | null;
  readonly digest: Buffer;
  readonly text: string | null;
}

const PROBLEMS_MAX = 100;

export function verifyAudit(db: Database.Database, noted?: string): AuditVerified {
  const problems: string[] = [];
  const problem = (text: string) => {
    if (problems.length < PROBLEMS_MAX) problems.push(text);
  };
  const counts = { events: 0, batches: 0, forgotten: 0, namesForgotten: 0 };
  const vouched = vouchedFor(db);
  const events = db.prepare('SELECT * FROM audit_event WHERE id BETWEEN ? AND ? ORDER BY id').raw();
  const names = db.prepare(
    'SELECT id, uuid, salt, digest, text FROM audit_name WHERE batch = ? ORDER BY id',
  );
  const start = startOf(db);
  let { seq, head, last } = start;
  let met = noted === undefined || head.toString('hex').startsWith(noted);
  for (const row of db.prepare('SELECT * FROM audit_batch ORDER BY seq').iterate()) {
    const batch = row as Batch;
    counts.batches += 1;
    seq += 1;
    if (batch.seq !== seq) {
      problem(`the audit trail lacks batch ${seq}`);
      seq = batch.seq;
    }
    if (batch.first !== last + 1 || batch.last < batch.first) {
      problem(`batch ${seq} of the audit trail does not follow event ${last}`);
    }
    last = batch.last;
    if (batch.salt === null) {
      counts.forgotten += 1;
      if (seq > (vouched.get(batch.sort) ?? 0)) {
        problem(`batch ${seq} of the audit trail was emptied, and no retention says so`);
      }
    } else {
      const rows = events.all(batch.first, batch.last) as unknown[][];
      counts.events += rows.length;
      const made = (names.all(seq) as Name[]).map((name) => {
        if (name.text === null || name.salt === null) counts.namesForgotten += 1;
        else if (!nameDigest(name.salt, name.uuid, name.text).equals(name.digest)) {
          problem(`name ${name.id} of the audit trail was altered`);
        }
        return [name.id, name.digest.toString('hex')];
      });
      const missing = batch.last - batch.first + 1 - rows.length;
      if (missing > 0) {
        problem(`the audit trail lacks ${missing} of the events ${batch.first}–${batch.last}`);
      } else if (!batchDigest(batch.salt, rows, made).equals(batch.digest)) {
        problem(`an event of ${batch.first}–${batch.last} of the audit trail was altered`);
      }
    }
    const fields: BatchFields = [batch.seq, batch.at, batch.sort, batch.first, batch.last];
    head = batchHead(head, fields, batch.digest);
    if (!head.equals(batch.head)) {
      problem(`batch ${seq}: the chain of the audit trail is broken; altered here or before`);
      // Go on from what is there, so that one alteration is told once.
      head = batch.head;
    }
    if (noted !== undefined && head.toString('hex').startsWith(noted)) met = true;
  }
  const end = readMeta(db, 'audit_head') ?? firstHead;
  if (!end.equals(head)) problem('the end of the audit trail was cut off, or its head was altered');
  const beyond = db
    .prepare('SELECT count(*) FROM audit_event WHERE id > ? OR id <= ?')
    .pluck()
    .get(last, start.last) as number;
  if (beyond > 0) problem(`${beyond} events of the audit trail are in no batch`);
  if (!met) problem(`the head ${noted} is not in the audit trail: it was cut off or made anew`);
  return { problems, ...counts, head: end.toString('hex') };
}

/** Where the chain begins: at nothing, or behind what was forgotten with its batches. */
function startOf(db: Database.Database): { seq: number; head: Buffer; last: number } {
  const text = readMeta(db, 'audit_start');
  if (text === undefined) return { seq: 0, head: firstHead, last: 0 };
  const [seq, head, last] = JSON.parse(text) as [number, string, number];
  return { seq, head: Buffer.from(head, 'hex'), last };
}

/** Up to which batch each sort was forgotten, as the chain itself says. */
function vouchedFor(db: Database.Database): ReadonlyMap<number, number> {
  const rows = db
    .prepare('SELECT count, max(change) FROM audit_event WHERE kind = ? GROUP BY count')
    .raw()
    .all(auditKinds.indexOf('forgotten')) as [number, number][];
  // Of such an event the count is the sort, from 1.
  return new Map(rows.map(([count, upTo]) => [count - 1, upTo]));
}
