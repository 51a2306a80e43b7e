/**
 * The change log: every committed Change, chained by hashes so that a row cannot be altered, left
 * out or put in unseen.
 *
 *   digest_i = SHA-256(salt_i ‖ payload_i)           payload: the ChangeItem as JSON
 *   head_n   = SHA-256(head_{n−1} ‖ fields_n ‖ digest_1 ‖ … ‖ digest_k)
 *
 * where fields is the JSON array [seq, csn, format, actor, reason, run] and head_0 is 32 zero
 * bytes. A payload may be wiped later together with its salt: the digest stays and the chain holds.
 */
import { hash } from 'node:crypto';
import type Database from 'better-sqlite3';
import type { ChangeHeader, ChangeItem } from '../directory/model/change.js';
import type { Random } from '../runtime/random.js';

/** How the payload of a row's items is written. */
export const changeFormats = { items: 1, baseline: 2 } as const;

const SALT_BYTES = 16;
export const HEAD_BYTES = 32;
export const firstHead: Buffer = Buffer.alloc(HEAD_BYTES);

export interface ChangeFields {
  readonly seq: number;
  readonly csn: string;
  readonly format: number;
  readonly actor: string;
  readonly reason: string;
  readonly run: string;
}

/** Digest of one payload. */
export function payloadDigest(salt: Buffer, payload: string): Buffer {
  const length = Buffer.byteLength(payload, 'utf8');
  const bytes = Buffer.allocUnsafe(SALT_BYTES + length);
  salt.copy(bytes, 0, 0, SALT_BYTES);
  bytes.utf8Write(payload, SALT_BYTES);
  return hash('sha256', bytes, 'buffer');
}

/** The head after a row. */
export function nextHead(before: Buffer, fields: ChangeFields, digests: readonly Buffer[]): Buffer {
  const { seq, csn, format, actor, reason, run } = fields;
  const text = Buffer.from(JSON.stringify([seq, csn, format, actor, reason, run]), 'utf8');
  return hash('sha256', Buffer.concat([before, text, ...digests]), 'buffer');
}

/** Where the log ends. */
export interface LogEnd {
  readonly seq: number;
  readonly head: Buffer;
  readonly csn: string;
}

/** Reads the end of the log from the database. */
export function readLogEnd(db: Database.Database): LogEnd {
  const row = db.prepare('SELECT seq, head, csn FROM change ORDER BY seq DESC LIMIT 1').get();
  return (row as LogEnd | undefined) ?? { seq: 0, head: firstHead, csn: '' };
}

export class ChangeLog {
  readonly #db: Database.Database;
  readonly #random: Random;
  readonly #insert: Database.Statement;
  readonly #insertItem: Database.Statement;
  readonly #insertBaseline: Database.Statement;
  readonly #insertNumber: Database.Statement;
  #end: LogEnd;

  constructor(db: Database.Database, random: Random) {
    this.#db = db;
    this.#random = random;
    this.#insert = db.prepare(
      'INSERT INTO change(seq, csn, format, actor, reason, run, head) VALUES (?, ?, ?, ?, ?, ?, ?)',
    );
    this.#insertItem = db.prepare(
      'INSERT INTO change_item(seq, n, uuid, salt, digest, payload) VALUES (?, ?, ?, ?, ?, ?)',
    );
    this.#insertBaseline = db.prepare(
      'INSERT INTO baseline(seq, digest, entries) VALUES (?, ?, ?)',
    );
    this.#insertNumber = db.prepare('INSERT INTO changelog(seq, n) VALUES (?, ?)');
    this.#end = readLogEnd(db);
  }

  /** The last change, the uncommitted ones of this handle included. */
  get end(): LogEnd {
    return this.#end;
  }

  /** Back to where a savepoint began. */
  rewind(end: LogEnd): void {
    this.#end = end;
  }

  /** Back to what the database says, after a rollback. */
  reload(): void {
    this.#end = readLogEnd(this.#db);
  }

  append(header: ChangeHeader, items: readonly ChangeItem[]): void {
    const { csn, actor, reason, run = '' } = header;
    const seq = this.#end.seq + 1;
    const fields = { seq, csn, format: changeFormats.items, actor, reason, run };
    const digests: Buffer[] = [];
    for (let n = 0; n < items.length; n += 1) {
      const item = items[n]!;
      digests.push(this.#item(seq, n, item.uuid, JSON.stringify(item)));
      // What only moved a time stamp is no line of cn=changelog.
      if (item.op !== 'touch') this.#insertNumber.run(seq, n);
    }
    this.#close(fields, digests);
  }

  /** A point from which the log can be replayed: the digest of the canonical export as of now. */
  appendBaseline(header: ChangeHeader, digest: string, entries: number): void {
    const { csn, actor, reason } = header;
    const seq = this.#end.seq + 1;
    const fields = { seq, csn, format: changeFormats.baseline, actor, reason, run: '' };
    const payload = JSON.stringify({ digest, entries });
    const itemDigest = this.#item(seq, 0, '', payload);
    this.#close(fields, [itemDigest]);
    this.#insertBaseline.run(seq, digest, entries);
  }

  #item(seq: number, n: number, uuid: string, payload: string): Buffer {
    const salt = this.#random.bytes(SALT_BYTES);
    const digest = payloadDigest(salt, payload);
    this.#insertItem.run(seq, n, uuid, salt, digest, payload);
    return digest;
  }

  #close(fields: ChangeFields, digests: readonly Buffer[]): void {
    const { seq, csn, format, actor, reason, run } = fields;
    const head = nextHead(this.#end.head, fields, digests);
    this.#insert.run(seq, csn, format, actor, reason, run, head);
    this.#end = { seq, head, csn };
  }
}
