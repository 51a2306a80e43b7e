/**
 * Rows of the policy engine: marks, decisions, the outbox, closings (model/records.ts says what they
 * are). Nothing of it is kept in memory.
 */
import type Database from 'better-sqlite3';
import type {
  Decision,
  Mark,
  Message,
  NewDecision,
  NewMessage,
  RecordReader,
  RecordWriter,
  Sending,
} from '../directory/model/records.js';

const DECISION = `id, at, kind, key, who, actor, text, about, detail, state, by,
  answered_at AS answeredAt, told_at AS toldAt`;
const MESSAGE = `id, key, run, at, channel, recipient AS "to", subject, body, state, tries,
  next_at AS nextAt, error`;

export class RecordReads implements RecordReader {
  readonly #marks: Database.Statement;
  readonly #marked: Database.Statement;
  readonly #open: Database.Statement;
  readonly #decision: Database.Statement;
  readonly #openByKey: Database.Statement;
  readonly #waiting: Database.Statement;
  readonly #message: Database.Statement;
  readonly #nextMessage: Database.Statement;
  readonly #messages: Database.Statement;
  readonly #ofRun: Database.Statement;
  readonly #closings: Database.Statement;

  constructor(db: Database.Database) {
    this.#marks = db.prepare('SELECT key, at FROM mark WHERE entry = ?').raw();
    this.#marked = db.prepare('SELECT DISTINCT entry FROM mark').pluck();
    this.#open = db.prepare(
      `SELECT ${DECISION} FROM decision WHERE state = 'open' AND id > ? ORDER BY id LIMIT ?`,
    );
    this.#decision = db.prepare(`SELECT ${DECISION} FROM decision WHERE id = ?`);
    this.#openByKey = db.prepare(
      `SELECT ${DECISION} FROM decision WHERE state = 'open' AND key = ?`,
    );
    this.#waiting = db.prepare(
      `SELECT ${MESSAGE} FROM outbox WHERE state = 'waiting' AND next_at <= ?
         ORDER BY next_at, id LIMIT ?`,
    );
    this.#message = db.prepare('SELECT 1 FROM outbox WHERE key = ?');
    this.#nextMessage = db
      .prepare("SELECT min(next_at) FROM outbox WHERE state = 'waiting'")
      .pluck();
    this.#messages = db.prepare(`SELECT ${MESSAGE} FROM outbox WHERE id > ? ORDER BY id LIMIT ?`);
    this.#ofRun = db.prepare(`SELECT ${MESSAGE} FROM outbox WHERE run = ? ORDER BY id`);
    this.#closings = db
      .prepare(
        'SELECT count(DISTINCT entry) FROM closing WHERE actor = ? AND at > ? AND entry <> ?',
      )
      .pluck();
  }

  marksOf(entry: number): ReadonlyMap<string, number> {
    return new Map(this.#marks.all(entry) as [string, number][]);
  }

  marked(): ReadonlySet<number> {
    return new Set(this.#marked.all() as number[]);
  }

  openDecisions(afterId: number, limit: number): Decision[] {
    return this.#open.all(afterId, limit) as Decision[];
  }

  decision(id: number): Decision | undefined {
    return this.#decision.get(id) as Decision | undefined;
  }

  openDecisionOf(key: string): Decision | undefined {
    return this.#openByKey.get(key) as Decision | undefined;
  }

  waitingMessages(nowSeconds: number, limit: number): Message[] {
    return this.#waiting.all(nowSeconds, limit) as Message[];
  }

  hasMessage(key: string): boolean {
    return this.#message.get(key) !== undefined;
  }

  nextMessageAt(): number | undefined {
    return (this.#nextMessage.get() as number | null) ?? undefined;
  }

  messages(afterId: number, limit: number): Message[] {
    return this.#messages.all(afterId, limit) as Message[];
  }

  messagesOfRun(run: number): Message[] {
    return this.#ofRun.all(run) as Message[];
  }

  closings(actor: string, afterSeconds: number, butEntry: number): number {
    return this.#closings.get(actor, afterSeconds, butEntry) as number;
  }
}

export class RecordWrites extends RecordReads implements RecordWriter {
  readonly #mark: Database.Statement;
  readonly #decide: Database.Statement;
  readonly #answer: Database.Statement;
  readonly #tell: Database.Statement;
  readonly #send: Database.Statement;
  readonly #sent: Database.Statement;
  readonly #close: Database.Statement;
  readonly #forget: Database.Statement;

  readonly #touched: (entry: number) => void;

  /** `touched` hears of entries that a decision is about. */
  constructor(db: Database.Database, touched: (entry: number) => void) {
    super(db);
    this.#touched = touched;
    this.#mark = db.prepare('INSERT OR REPLACE INTO mark(entry, key, at, run) VALUES (?, ?, ?, ?)');
    this.#decide = db.prepare(
      `INSERT INTO decision(at, kind, key, who, actor, text, about, detail, state, by, answered_at,
         told_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'open', '', 0, ?) ON CONFLICT(key)
         WHERE state = 'open' DO UPDATE SET text = excluded.text, detail = excluded.detail
         RETURNING id`,
    );
    this.#answer = db.prepare(
      "UPDATE decision SET state = ?, by = ?, answered_at = ? WHERE id = ? AND state = 'open'",
    );
    // Later than the decision itself: it was told.
    this.#tell = db.prepare('UPDATE decision SET told_at = max(?, at + 1) WHERE id = ?');
    this.#send = db.prepare(
      `INSERT OR IGNORE INTO outbox(key, run, at, channel, recipient, subject, body, state, tries,
         next_at, error) VALUES (?, ?, ?, ?, ?, ?, ?, 'waiting', 0, ?, '')`,
    );
    this.#sent = db.prepare(
      `UPDATE outbox SET state = ?, next_at = ?, error = ?, tries = tries + 1
         WHERE id = ? AND state = 'waiting'`,
    );
    this.#close = db.prepare('INSERT INTO closing(at, actor, entry) VALUES (?, ?, ?)');
    this.#forget = db.prepare('DELETE FROM closing WHERE at < ?');
  }

  mark({ entry, key, at, run }: Mark): void {
    this.#mark.run(entry, key, at, run);
  }

  decide({ at, kind, key, who, actor, text, about, detail }: NewDecision): number {
    if (about !== 0) this.#touched(about);
    const row = this.#decide.get(at, kind, key, who, actor, text, about, detail, at);
    return (row as { id: number }).id;
  }

  answer(id: number, state: Decision['state'], by: string, at: number): boolean {
    return this.#answer.run(state, by, at, id).changes > 0;
  }

  told(id: number, at: number): void {
    this.#tell.run(at, id);
  }

  send({ key, run, at, channel, to, subject, body }: NewMessage, about = 0): void {
    const { changes } = this.#send.run(key, run, at, channel, to, subject, body, at);
    // Whoever sends what waits looks again at once.
    if (about !== 0 && changes > 0) this.#touched(about);
  }

  sent({ id, state, nextAt, error }: Sending): void {
    this.#sent.run(state, nextAt, error, id);
  }

  close(entry: number, actor: string, at: number, forgetBefore: number): void {
    this.#forget.run(forgetBefore);
    this.#close.run(at, actor, entry);
  }
}
