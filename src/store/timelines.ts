/**
 * Timelines and the instants in them. A reader keeps all timelines in memory, because a group asks
 * for that of each of its members; most entries have none.
 */
import type Database from 'better-sqlite3';
import {
  type Employed,
  formatTimeline,
  parseTimeline,
  type Timeline,
} from '../directory/model/timeline.js';
import type { IdSet, TimelineReader } from '../directory/ports.js';
import { IdMap } from './id-map.js';
import { ascending } from './id-sets.js';
import { readMeta } from './meta.js';
import { QuietSpans } from './quiet-spans.js';

export class TimelineReads implements TimelineReader {
  readonly #one: Database.Statement;
  readonly #all: Database.Statement;
  readonly #ids: Database.Statement;
  readonly #between: Database.Statement;
  readonly #next: Database.Statement;
  readonly #employed: Readonly<Record<keyof Employed, Database.Statement>>;
  /** Undefined in a handle that keeps none: the writer's. */
  #kept: IdMap<Timeline> | undefined;
  #stampedTo: number | undefined;
  #foldedTo: number | undefined;
  readonly #db: Database.Database;
  readonly #quiet = new QuietSpans((id) => this.of(id));

  constructor(db: Database.Database) {
    this.#db = db;
    this.#one = db.prepare('SELECT text FROM timeline WHERE entry = ?').pluck();
    this.#all = db.prepare('SELECT entry, text FROM timeline').raw();
    this.#ids = db.prepare('SELECT entry FROM timeline ORDER BY entry').pluck();
    this.#between = db
      .prepare('SELECT DISTINCT entry FROM instant WHERE at BETWEEN ? AND ? LIMIT ?')
      .pluck();
    this.#next = db.prepare('SELECT min(at) FROM instant WHERE at > ?').pluck();
    const employed = (side: keyof Employed) =>
      db.prepare(`SELECT entry FROM employment WHERE ${side} BETWEEN ? AND ? LIMIT ?`).pluck();
    this.#employed = { start: employed('start'), until: employed('until') };
  }

  get stampedTo(): number {
    return this.#stampedTo ?? readMeta(this.#db, 'stamped_to') ?? Number.NEGATIVE_INFINITY;
  }

  get foldedTo(): number | undefined {
    return this.#kept === undefined ? readMeta(this.#db, 'folded_to') : this.#foldedTo;
  }

  /** A commit moved one of them. */
  stamped(): void {
    if (this.#kept === undefined) return;
    this.#stampedTo = readMeta(this.#db, 'stamped_to');
    this.#foldedTo = readMeta(this.#db, 'folded_to');
  }

  of(id: number): Timeline | undefined {
    return this.#kept === undefined ? this.#read(id) : this.#kept.get(id);
  }

  isQuiet(id: number, seconds: number): boolean {
    return this.#kept !== undefined && this.#quiet.holds(id, seconds);
  }

  ids(): readonly number[] {
    return this.#kept?.ids() ?? (this.#ids.all() as number[]);
  }

  get any(): boolean {
    return this.#kept === undefined || this.#kept.size > 0 || this.#foldedTo !== undefined;
  }

  #read(id: number): Timeline | undefined {
    const text = this.#one.get(id) as string | undefined;
    return text === undefined ? undefined : parseTimeline(text);
  }

  /** Keeps all of them in memory from now on. */
  keep(): void {
    this.#kept = new IdMap<Timeline>();
    this.#quiet.clear();
    this.stamped();
    for (const row of this.#all.iterate()) {
      const [id, text] = row as [number, string];
      this.#kept.set(id, parseTimeline(text));
    }
  }

  /** Reads those that a commit changed again. */
  renew(ids: readonly number[]): void {
    for (const id of ids) {
      const timeline = this.#read(id);
      this.#quiet.forget(id);
      if (timeline === undefined) this.#kept?.delete(id);
      else this.#kept?.set(id, timeline);
    }
  }

  /** Entries with an instant from `from` to `to`, both inclusive. */
  idsBetween(from: number, to: number, limit: number): IdSet {
    const ids = this.#between.all(from, to, limit + 1) as number[];
    return { ids: ascending(ids.slice(0, limit)), complete: ids.length <= limit, exact: true };
  }

  /** Entries whose employment begins, or is over, from `from` to `to`, both inclusive. */
  idsEmployed(side: keyof Employed, from: number, to: number, limit: number): IdSet {
    const ids = this.#employed[side].all(from, to, limit + 1) as number[];
    return { ids: ascending(ids.slice(0, limit)), complete: ids.length <= limit, exact: true };
  }

  next(after: number): number | undefined {
    return (this.#next.get(after) as number | null) ?? undefined;
  }
}

export class TimelineWrites {
  readonly #remove: Database.Statement;
  readonly #removeInstants: Database.Statement;
  readonly #put: Database.Statement;
  readonly #addInstant: Database.Statement;
  readonly #removeEmployment: Database.Statement;
  readonly #putEmployment: Database.Statement;

  constructor(db: Database.Database) {
    this.#remove = db.prepare('DELETE FROM timeline WHERE entry = ?');
    this.#removeInstants = db.prepare('DELETE FROM instant WHERE entry = ?');
    this.#put = db.prepare('INSERT OR REPLACE INTO timeline(entry, text) VALUES (?, ?)');
    this.#addInstant = db.prepare('INSERT INTO instant(at, entry) VALUES (?, ?)');
    this.#removeEmployment = db.prepare('DELETE FROM employment WHERE entry = ?');
    this.#putEmployment = db.prepare(
      'INSERT OR REPLACE INTO employment(entry, start, until) VALUES (?, ?, ?)',
    );
  }

  set(id: number, timeline: Timeline | undefined): void {
    this.#removeInstants.run(id);
    if (timeline === undefined) {
      this.#remove.run(id);
      this.#removeEmployment.run(id);
      return;
    }
    this.#put.run(id, formatTimeline(timeline));
    for (const at of timeline.at) this.#addInstant.run(at, id);
    const { employed } = timeline;
    if (employed === undefined) this.#removeEmployment.run(id);
    else this.#putEmployment.run(id, employed.start, employed.until);
  }
}
