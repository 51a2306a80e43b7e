/**
 * The audit trail on disk (tables-5.ts). Events of a commit are gathered in memory, follow its
 * savepoints, and are written with it, at one hash a batch and one for each name that is new:
 *
 *   digest_b = SHA-256(salt_b ‖ JSON of [events, new names with their digests])
 *   head_b   = SHA-256(head_{b−1} ‖ JSON of [seq, at, sort, first, last] ‖ digest_b)
 *
 * What lies outside of the rows, in `meta`, is the last head: a tail that was cut off is missed.
 * Names are remembered by number for a day, so that they can go when the day's events go.
 */
import type Database from 'better-sqlite3';
import {
  type AuditEvent,
  type AuditName,
  type AuditWriter,
  auditKinds,
} from '../directory/model/audit.js';
import type { Random } from '../runtime/random.js';
import {
  type AuditSort,
  auditSorts,
  type BatchFields,
  batchDigest,
  batchHead,
  DAY_MS,
  nameDigest,
} from './audit-chain.js';
import { AuditReads } from './audit-reads.js';
import { firstHead } from './change-log.js';
import { readMeta, writeMeta } from './meta.js';

const SALT_BYTES = 16;
/** Names that are remembered; past it they begin anew. */
const NAMES_MAX = 50_000;

const seenKinds: readonly string[] = ['bind', 'refusal'];

/** Names by number; each sort has its own, for each is kept for its own time. */
class Names {
  readonly #known = new Map<string, number>();
  #day = -1;

  begin(day: number): void {
    if (this.#day === day && this.#known.size < NAMES_MAX) return;
    this.#known.clear();
    this.#day = day;
  }

  get({ uuid, text }: AuditName): number | undefined {
    return this.#known.get(`${uuid} ${text}`);
  }

  set({ uuid, text }: AuditName, id: number): void {
    this.#known.set(`${uuid} ${text}`, id);
  }

  clear(): void {
    this.#known.clear();
    this.#day = -1;
  }
}

export class AuditWrites extends AuditReads implements AuditWriter {
  readonly #db: Database.Database;
  readonly #random: Random;
  readonly #batch: Database.Statement;
  readonly #event: Database.Statement;
  readonly #name: Database.Statement;
  readonly #pending: AuditEvent[] = [];
  readonly #names = [new Names(), new Names()] as const;
  #head!: Buffer;
  #seq = 0;
  #eventId = 0;
  #nameId = 0;

  constructor(db: Database.Database, random: Random) {
    super(db);
    this.#db = db;
    this.#random = random;
    this.#batch = db.prepare(
      `INSERT INTO audit_batch(seq, at, sort, first, last, salt, digest, head)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    );
    this.#event = db.prepare(
      `INSERT INTO audit_event(id, kind, at, until, count, who, by, origin, through, what, why,
         change, run) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    );
    this.#name = db.prepare(
      'INSERT INTO audit_name(id, batch, sort, uuid, salt, digest, text) VALUES (?, ?, ?, ?, ?, ?, ?)',
    );
    this.reload();
  }

  /** What waits for the commit: where a savepoint begins. */
  get pending(): number {
    return this.#pending.length;
  }

  rewind(pending: number): void {
    this.#pending.length = pending;
  }

  /** As the database has it, after a rollback. */
  reload(): void {
    this.#pending.length = 0;
    for (const names of this.#names) names.clear();
    const one = (sql: string) => (this.#db.prepare(sql).pluck().get() as number | null) ?? 0;
    this.#head = readMeta(this.#db, 'audit_head') ?? firstHead;
    this.#seq = one('SELECT max(seq) FROM audit_batch');
    this.#eventId = one('SELECT max(last) FROM audit_batch');
    this.#nameId = Math.max(
      one('SELECT max(id) FROM audit_name'),
      readMeta(this.#db, 'audit_names') ?? 0,
    );
  }

  note(event: AuditEvent): void {
    this.#pending.push(event);
  }

  /** Part of a commit. */
  flush(): void {
    if (this.#pending.length === 0) return;
    const nowMs = this.#pending.reduce((at, { untilMs }) => Math.max(at, untilMs), 0);
    const isSeen = ({ kind }: AuditEvent) => seenKinds.includes(kind);
    const seen = this.#pending.filter(isSeen);
    const done = this.#pending.filter((event) => !isSeen(event));
    this.#write(auditSorts.seen, seen, nowMs);
    this.#write(auditSorts.done, done, nowMs);
    writeMeta(this.#db, 'audit_head', this.#head);
    this.#pending.length = 0;
  }

  #write(sort: AuditSort, events: readonly AuditEvent[], nowMs: number): void {
    if (events.length === 0) return;
    const seq = this.#seq + 1;
    const first = this.#eventId + 1;
    this.#names[sort].begin(Math.floor(nowMs / DAY_MS));
    const made: [number, string][] = [];
    const number = (name: AuditName) => this.#number(name, sort, seq, made);
    const text = (words: string) => number({ uuid: '', text: words });
    const rows = events.map((event) => {
      const { who, by, from, through, what, why, kind, atMs, untilMs, count } = event;
      this.#eventId += 1;
      const row = [
        this.#eventId,
        auditKinds.indexOf(kind),
        Math.floor(atMs),
        Math.floor(untilMs),
        count,
        number(who),
        number(by),
        text(from),
        number(through),
        text(what),
        text(why),
        event.change,
        event.run,
      ];
      this.#event.run(row);
      return row;
    });
    const salt = this.#random.bytes(SALT_BYTES);
    const fields: BatchFields = [seq, Math.floor(nowMs), sort, first, this.#eventId];
    const digest = batchDigest(salt, rows, made);
    this.#head = batchHead(this.#head, fields, digest);
    this.#batch.run([...fields, salt, digest, this.#head]);
    this.#seq = seq;
  }

  #number(name: AuditName, sort: AuditSort, batch: number, made: [number, string][]): number {
    if (name.text === '') return 0;
    const known = this.#names[sort].get(name);
    if (known !== undefined) return known;
    this.#nameId += 1;
    const salt = this.#random.bytes(SALT_BYTES);
    // Half of a character, as clients may send it, would not be read back as it was written.
    const text = name.text.replace(/\p{Cs}/gu, '\ufffd');
    const digest = nameDigest(salt, name.uuid, text);
    this.#name.run(this.#nameId, batch, sort, name.uuid, salt, digest, text);
    made.push([this.#nameId, digest.toString('hex')]);
    this.#names[sort].set(name, this.#nameId);
    return this.#nameId;
  }

  /**
   * Forgets what names say of entries that were purged: their own, and texts that name them. The
   * digests stay, and with them the chain.
   */
  forgetNames(uuids: ReadonlySet<string>): void {
    const ofUuid = this.#db.prepare(
      'SELECT DISTINCT text FROM audit_name WHERE uuid = ? AND text IS NOT NULL',
    );
    const wipe = this.#db.prepare('UPDATE audit_name SET text = NULL, salt = NULL WHERE uuid = ?');
    const wipeText = this.#db.prepare(
      `UPDATE audit_name SET text = NULL, salt = NULL
         WHERE text IS NOT NULL AND instr(lower(text), lower(?)) > 0`,
    );
    for (const uuid of uuids) {
      const texts = ofUuid.pluck().all(uuid) as string[];
      wipe.run(uuid);
      for (const text of texts) wipeText.run(text);
    }
    for (const names of this.#names) names.clear();
    for (let i = 0; i < this.#pending.length; i += 1) {
      this.#pending[i] = withoutNames(this.#pending[i]!, uuids);
    }
  }
}

const forgotten: AuditName = { uuid: '', text: '(forgotten)' };

function withoutNames(event: AuditEvent, uuids: ReadonlySet<string>): AuditEvent {
  const one = (name: AuditName) => (uuids.has(name.uuid) ? forgotten : name);
  return { ...event, who: one(event.who), by: one(event.by), through: one(event.through) };
}
