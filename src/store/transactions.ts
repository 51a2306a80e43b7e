/**
 * Transactions of the one read-write handle: begin and commit bracket a batch, savepoint brackets
 * an operation. Everything the writer keeps in memory follows the database back when something
 * fails. Gathers what a commit means to readers. Writes nothing of its own accord.
 */
import type Database from 'better-sqlite3';
import type { Random } from '../runtime/random.js';
import { AuditWrites } from './audit.js';
import { forgetOld, type Keeping } from './audit-retention.js';
import { ChangeLog, type LogEnd } from './change-log.js';
import { type Committed, CommittedCollector } from './committed.js';
import { readMeta, removeMeta, writeMeta } from './meta.js';
import { RowIds } from './numbers.js';
import { CACHE_KIB } from './open.js';
import { Population } from './population.js';
import { Reads } from './reads.js';
import { loadStoredSchema, readExtensions } from './schema-state.js';
import { PENDING_MAX, SubstringWrites } from './substring-index.js';
import {
  createEntryIndexes,
  createUniqueIndexes,
  dropEntryIndexes,
  dropUniqueIndexes,
} from './tables.js';

/** Page cache while an import runs: random places in every index stay in memory. */
const BULK_CACHE_KIB = 1024 * 1024;
/** The same where indexes are made at the end: pages fill one after the other and may go. */
const REBUILD_CACHE_KIB = 64 * 1024;

/** Where a savepoint began. */
interface Mark {
  readonly log: LogEnd;
  readonly audit: number;
  readonly counts: readonly [number, number];
  readonly touched: number;
  readonly additions: number;
  readonly schemaMoves: number;
  readonly treeMoves: number;
}

/** Entries below which an import leaves these indexes to its end. */
const REBUILD_BELOW = 5_000;

export abstract class Transactions extends Reads {
  protected readonly log: ChangeLog;
  declare readonly audit: AuditWrites;
  protected readonly counts: Population;
  protected readonly substring: SubstringWrites;
  protected readonly entryIds: RowIds;
  protected readonly secretIds: RowIds;
  protected readonly committed = new CommittedCollector();
  readonly #begin: Database.Statement;
  readonly #commit: Database.Statement;
  readonly #rollback: Database.Statement;
  readonly #save: Database.Statement;
  readonly #release: Database.Statement;
  readonly #back: Database.Statement;
  /** Ids whose kept rows or memberships are wrong if the present savepoint fails. */
  #touched: number[] = [];
  #schemaMoves = 0;
  #treeMoves = 0;
  #additionsSettled = 0;
  #bulk = false;
  /** Indexes of the entry table that an import makes at its end. */
  #rebuild = false;

  constructor(db: Database.Database, random: Random, cacheBytes: number) {
    super(db, cacheBytes);
    this.log = new ChangeLog(db, random);
    this.audit = new AuditWrites(db, random);
    this.counts = new Population(db);
    this.substring = new SubstringWrites(db, this.interned, this.settings);
    this.entryIds = new RowIds(db, 'entry');
    this.secretIds = new RowIds(db, 'secret');
    this.#begin = db.prepare('BEGIN IMMEDIATE');
    this.#commit = db.prepare('COMMIT');
    this.#rollback = db.prepare('ROLLBACK');
    this.#save = db.prepare('SAVEPOINT operation');
    this.#release = db.prepare('RELEASE operation');
    this.#back = db.prepare('ROLLBACK TO operation');
  }

  /** The writer reads its own uncommitted state: its snapshot is its transaction. */
  protected override beginRead(): void {}

  begin(): void {
    this.#begin.run();
  }

  /**
   * Makes the batch durable.
   * @throws the database's error after taking the whole batch back.
   */
  commit(): void {
    try {
      if (this.#bulk) this.bulkEnd();
      if (this.substring.pendingCount > PENDING_MAX) this.flushSubstring();
      this.audit.flush();
      this.entryIds.save();
      this.secretIds.save();
      if (this.counts.changed) this.committed.population = true;
      this.counts.save();
      this.#commit.run();
    } catch (error) {
      this.rollback();
      throw error;
    }
    this.counts.settle();
    this.#touched = [];
    if (this.interned.additions !== this.#additionsSettled) {
      this.#additionsSettled = this.interned.additions;
      this.committed.interned = true;
    }
  }

  /** Takes the batch back, and everything that was kept of it. */
  rollback(): void {
    if (this.db.inTransaction) this.#rollback.run();
    if (this.#bulk) this.#leaveBulk();
    this.reloadSchema();
    this.#additionsSettled = this.interned.additions;
    this.log.reload();
    this.audit.reload();
    this.counts.reload();
    this.substring.reload();
    this.entryIds.unsave();
    this.secretIds.unsave();
    this.forgetRows();
    this.#touched = [];
    this.committed.clear();
  }

  /** Runs one operation; if it throws, what it wrote is taken back and the error goes on. */
  savepoint<T>(operation: () => T): T {
    const mark = this.#mark();
    this.#save.run();
    let result: T;
    try {
      result = operation();
      if (result instanceof Promise) throw new TypeError('an operation cannot wait');
    } catch (error) {
      // A full disk ends the whole transaction; then there is no savepoint to go back to.
      if (this.db.inTransaction) {
        this.#back.run();
        this.#release.run();
        this.#rewind(mark);
      }
      throw error;
    }
    this.#release.run();
    return result;
  }

  #mark(): Mark {
    return {
      log: this.log.end,
      audit: this.audit.pending,
      counts: this.counts.mark(),
      touched: this.#touched.length,
      additions: this.interned.additions,
      schemaMoves: this.#schemaMoves,
      treeMoves: this.#treeMoves,
    };
  }

  #rewind(mark: Mark): void {
    this.log.rewind(mark.log);
    this.audit.rewind(mark.audit);
    this.counts.rewind(mark.counts);
    if (this.#schemaMoves !== mark.schemaMoves) {
      this.reloadSchema();
      this.forgetRows();
    } else if (this.interned.additions !== mark.additions) this.interned.reload();
    if (this.#treeMoves !== mark.treeMoves) this.moveTree();
    if (this.#touched.length === mark.touched) return;
    for (const id of this.#touched.slice(mark.touched)) {
      this.cache.drop(id);
      this.forgetGroups(id);
    }
    this.#touched.length = mark.touched;
    this.forgetPlaces();
    this.substring.reload();
  }

  protected reloadSchema(): void {
    this.interned.setSchema(loadStoredSchema(readExtensions(this.db)));
    this.settings.load();
  }

  /** What the commits since the last call changed. */
  takeCommitted(): Committed {
    return this.committed.take();
  }

  // ---- what changes -----------------------------------------------------------------------------

  /** A row came, went or changed. */
  protected touched(id: number): void {
    this.#touched.push(id);
    this.cache.drop(id);
    this.committed.entry(id);
  }

  /** An entry became, or ceased to be, the target of an edge. */
  protected targetTouched(id: number): void {
    this.#touched.push(id);
    this.forgetGroups(id);
    this.committed.edgeTarget(id);
  }

  /** An entry is no longer where it was. */
  protected placeTouched(): void {
    this.forgetPlaces();
    this.committed.places = true;
  }

  protected treeTouched(): void {
    this.#treeMoves += 1;
    this.committed.tree = true;
    this.moveTree();
  }

  /** Counted before the schema changes: a failure half-way must load the old one again. */
  protected schemaTouched(): void {
    this.#schemaMoves += 1;
    this.committed.schema = true;
    this.committed.indexes = true;
  }

  protected noteSubstring(id: number): void {
    if (this.substring.note(id)) this.committed.substring = true;
  }

  protected flushSubstring(): void {
    this.substring.flush();
    this.committed.substring = true;
  }

  /** Up to which entry groups follow the policy in force; undefined: every entry. */
  get placedTo(): number | undefined {
    return readMeta(this.db, 'placed_to');
  }

  get placedBy(): number | undefined {
    return readMeta(this.db, 'placed_by');
  }

  setPlacedTo(id: number | undefined, by?: number): void {
    if (id === undefined) removeMeta(this.db, 'placed_to');
    else writeMeta(this.db, 'placed_to', id);
    if (id === undefined || by === undefined) removeMeta(this.db, 'placed_by');
    else writeMeta(this.db, 'placed_by', by);
  }

  /** Up to which entry timelines follow it; readers hear of it with the commit. */
  setFoldedTo(id: number | undefined): void {
    if (id === undefined) removeMeta(this.db, 'folded_to');
    else writeMeta(this.db, 'folded_to', id);
    this.committed.stamped = true;
  }

  /** Forgets a slice of what the audit trail keeps no longer; false where nothing was left. */
  forgetOld(keeping: Keeping, nowMs: number): boolean {
    this.begin();
    const more = this.savepoint(() => forgetOld(this.db, this.audit, keeping, nowMs));
    this.commit();
    return more;
  }

  // ---- imports ----------------------------------------------------------------------------------

  /** Inside a transaction: many entries follow, and readers will drop everything. */
  bulkBegin(): void {
    this.#bulk = true;
    this.committed.all = true;
    // Few entries so far: building these anew at the end is a third of the work of keeping them.
    this.#rebuild = this.counts.total < REBUILD_BELOW;
    this.db.pragma(`cache_size = -${this.#rebuild ? REBUILD_CACHE_KIB : BULK_CACHE_KIB}`);
    if (!this.#rebuild) this.db.pragma('cache_spill = OFF');
    this.counts.beginBulk();
    this.substring.inMemory = true;
    if (this.#rebuild) this.db.exec(`${dropUniqueIndexes} ${dropEntryIndexes}`);
  }

  /** Whether the indexes of the entry table are put off. */
  protected get rebuilding(): boolean {
    return this.#rebuild;
  }

  /** Everything that was put off is in place, and what follows is ordinary again; part of the commit at the latest. */
  bulkEnd(): void {
    if (!this.#bulk) return;
    this.counts.endBulk();
    if (this.#rebuild) this.db.exec(`${createUniqueIndexes} ${createEntryIndexes}`);
    this.#rebuild = false;
    this.flushSubstring();
    this.#leaveBulk();
  }

  #leaveBulk(): void {
    this.#bulk = false;
    this.#rebuild = false;
    this.substring.inMemory = false;
    this.db.pragma(`cache_size = -${CACHE_KIB}`);
    this.db.pragma('cache_spill = ON');
  }

  // ---- reads that see what is not committed -----------------------------------------------------

  protected override population(): ReadonlyMap<number, number> {
    return this.counts.byKind;
  }

  protected override pending(): readonly number[] {
    return this.substring.pendingIds();
  }

  override entryCount(): number {
    return this.counts.total;
  }

  override childCount(id: number): number {
    return super.childCount(id) + this.counts.unsavedChildren(id);
  }

  override contextCsn(): string {
    return this.log.end.csn;
  }
}
