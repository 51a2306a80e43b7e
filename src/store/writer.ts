/**
 * The write half of the directory over the one read-write handle. Every write happens inside the
 * caller's savepoint; what was written is durable when `commit` returns, and `takeCommitted` says
 * what readers must drop. Holds the folder's lock. Decides nothing: no access, no schema, no hooks.
 */
import type Database from 'better-sqlite3';
import type { ChangeHeader, ChangeItem, EntryMeta } from '../directory/model/change.js';
import { type CsnClock, csnClock } from '../directory/model/csn.js';
import type { Timeline } from '../directory/model/timeline.js';
import type {
  DirectoryWriter,
  EdgeWrite,
  EntryRecord,
  EntryUpdate,
  EntryWrite,
  SchemaExtension,
  TimelinesOf,
  Tombstone,
} from '../directory/ports.js';
import type { AttributeType } from '../directory/schema/index.js';
import type { Clock } from '../runtime/clock.js';
import { type Random, uuidFrom } from '../runtime/random.js';
import { noteBaseline, noteChange } from './audit-changes.js';
import { CaseWrites } from './cases.js';
import { EdgeWrites } from './edge-writes.js';
import { isRename } from './entry-writes.js';
import { contentDigest } from './export.js';
import type { FolderLock } from './folder-lock.js';
import { RunWrites } from './history.js';
import { Importing } from './importing.js';
import { readMeta, writeMeta } from './meta.js';
import { NumberRanges } from './numbers.js';
import { ObservedWrites } from './observed.js';
import { RecordWrites } from './records.js';
import { Reindexer } from './reindex.js';
import { applyExtensions } from './schema-change.js';
import { readExtensions } from './schema-state.js';
import { SealedValues } from './sealed.js';
import { SshKeyWrites } from './ssh-keys.js';
import { TimelineWrites } from './timelines.js';
import { TombstoneWrites } from './tombstones.js';
import { type VerifyReport, verifyHandle } from './verify.js';

export interface WriterOptions {
  readonly clock: Clock;
  readonly random: Random;
  /** Bytes of entries kept in memory. */
  readonly cacheBytes?: number;
  /** What `verify` holds timelines against. */
  readonly timelinesOf?: TimelinesOf;
}

const WRITER_CACHE_BYTES = 16 * 1024 * 1024;

export class StoreWriter extends Importing implements DirectoryWriter {
  readonly observations: ObservedWrites;
  declare readonly records: RecordWrites;
  declare readonly cases: CaseWrites;
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #timelinesOf: TimelinesOf | undefined;
  readonly #lock: FolderLock;
  readonly #csns: CsnClock;
  readonly #edges: EdgeWrites;
  readonly #sshKeys: SshKeyWrites;
  readonly #timelines: TimelineWrites;
  readonly runs: RunWrites;
  readonly #tombstones: TombstoneWrites;
  /** What the keys of the secret box open. */
  readonly sealed: SealedValues;
  readonly #ranges: NumberRanges;
  readonly #reindexer: Reindexer;

  constructor(db: Database.Database, lock: FolderLock, options: WriterOptions) {
    super(db, options.random, options.cacheBytes ?? WRITER_CACHE_BYTES);
    this.#clock = options.clock;
    this.#random = options.random;
    this.#timelinesOf = options.timelinesOf;
    this.#lock = lock;
    this.#csns = csnClock(readMeta(db, 'server_id') ?? 1, this.log.end.csn);
    this.#edges = new EdgeWrites(db, this.interned, (source, target, timed) => {
      this.touched(source);
      if (timed) this.committed.timedEdge(target);
      if (target !== 0) this.targetTouched(target);
    });
    this.observations = new ObservedWrites(db);
    this.#sshKeys = new SshKeyWrites(db);
    this.#timelines = new TimelineWrites(db);
    this.runs = new RunWrites(db);
    this.#tombstones = new TombstoneWrites(db);
    this.sealed = new SealedValues(db);
    this.#ranges = new NumberRanges(db);
    this.#reindexer = new Reindexer(db, this.settings, this.entryWrites, this.substring);
  }

  protected override recordsOf(db: Database.Database): RecordWrites {
    return new RecordWrites(db, (id) => this.committed.entry(id));
  }

  protected override casesOf(db: Database.Database): CaseWrites {
    return new CaseWrites(db);
  }

  // ---- entries ----------------------------------------------------------------------------------

  nextCsn(): { csn: string; nowMs: number } {
    const nowMs = this.#clock.nowMs();
    return { csn: this.#csns.next(nowMs), nowMs };
  }

  newUuid(): string {
    return uuidFrom(this.#random);
  }

  /** @throws LdapError entryAlreadyExists where the place or the UUID is taken. */
  insertEntry(entry: EntryWrite): number {
    const id = this.entryIds.next();
    this.touched(id);
    this.insertRow(id, entry);
    this.counts.count(this.interned.kindNumber(entry.kind), 1);
    this.counts.countChild(entry.parentId, 1);
    if (entry.parentId === 0) this.treeTouched();
    return id;
  }

  /** @throws LdapError entryAlreadyExists where the new place is taken. */
  updateEntry(before: EntryRecord, update: EntryUpdate): void {
    this.updateRow(before, update);
    this.touched(before.id);
    if (update.kind !== undefined && update.kind !== before.kind) {
      this.counts.count(this.interned.kindNumber(before.kind), -1);
      this.counts.count(this.interned.kindNumber(update.kind), 1);
    }
    if (!isRename(update)) return;
    const parentId = update.parentId ?? before.parentId;
    if (parentId !== before.parentId) {
      this.counts.countChild(before.parentId, -1);
      this.counts.countChild(parentId, 1);
    }
    this.placeTouched();
    this.treeTouched();
  }

  /** @throws Error where something still hangs on the entry: the caller's defect. */
  deleteEntry(before: EntryRecord): void {
    const { id } = before;
    this.flushKeys();
    if (this.childCount(id) > 0) throw new Error(`entry ${id} still has children`);
    this.#edges.removeOf(id);
    if (this.#edges.isNamed(id)) throw new Error(`entry ${id} is still named by others`);
    this.secretWrites.removeOf(id);
    this.observations.entryDeleted(id);
    this.committed.secretOwner(id);
    this.deleteRow(before);
    this.committed.timeline(id);
    this.counts.count(this.interned.kindNumber(before.kind), -1);
    this.counts.countChild(before.parentId, -1);
    this.touched(id);
    this.placeTouched();
    if (before.parentId === 0) this.treeTouched();
  }

  setTimeline(id: number, timeline: Timeline | undefined): void {
    this.#timelines.set(id, timeline);
    this.committed.timeline(id);
  }

  setStampedTo(seconds: number): void {
    writeMeta(this.db, 'stamped_to', seconds);
    this.committed.stamped = true;
  }

  setClock(suspicion: string, acceptedMs?: number): void {
    writeMeta(this.db, 'clock_suspicion', suspicion);
    if (acceptedMs === undefined) return;
    writeMeta(this.db, 'clock_accepted', acceptedMs);
    // Instants up to the wrong time are to come once more.
    const now = Math.floor(this.#clock.nowMs() / 1000);
    if (this.timelines.stampedTo > now) this.setStampedTo(now);
  }

  touchEntries(
    ids: readonly number[],
    meta: Pick<EntryMeta, 'csn' | 'modifiedAt' | 'modifiedBy'>,
  ): void {
    if (ids.length === 0) return;
    this.entryWrites.touch(ids, meta.csn, meta.modifiedAt, meta.modifiedBy);
    for (const id of ids) this.touched(id);
  }

  override rollback(): void {
    this.#edges.forgetMark();
    super.rollback();
  }

  override savepoint<T>(operation: () => T): T {
    try {
      return super.savepoint(operation);
    } catch (error) {
      this.#edges.forgetMark();
      throw error;
    }
  }

  // ---- edges, secrets, numbers ------------------------------------------------------------------

  addEdge(source: number, edge: EdgeWrite): boolean {
    return this.#edges.add(source, edge);
  }

  removeEdge(source: number, edge: EdgeWrite): boolean {
    return this.#edges.remove(source, edge);
  }

  removeEdges(source: number, attribute: AttributeType): number {
    return this.#edges.removeAttribute(source, attribute);
  }

  addSecret(
    owner: number,
    kind: string,
    value: Buffer | ((id: number) => Buffer),
  ): { id: number; digest: string } {
    const id = this.secretIds.next();
    this.committed.secretOwner(owner);
    const bytes = typeof value === 'function' ? value(id) : value;
    const digest = this.secretWrites.add(id, owner, kind, bytes);
    this.secretAdded(id, owner, kind, digest);
    return { id, digest };
  }

  removeSecret(id: number): void {
    const owner = this.secretWrites.remove(id);
    this.committed.secretOwner(owner);
    this.secretRemoved(owner);
  }

  noteSshKeys(
    owner: number,
    prints: readonly Buffer[],
    changed: readonly Buffer[],
    nowSeconds: number,
  ): void {
    this.#sshKeys.note(owner, prints, changed, nowSeconds);
  }

  secretDigest(id: number): string {
    return this.secretWrites.digest(id);
  }

  replaceSecretValue(id: number, revision: number, value: Buffer): boolean {
    const owner = this.secretWrites.replaceValue(id, revision, value);
    if (owner === 0) return false;
    this.committed.secretOwner(owner);
    return true;
  }

  nextNumber(counter: string): number {
    const type = this.schema().attribute(counter);
    return this.#ranges.next(counter, (value) => {
      const key = type?.equality?.normalize(Buffer.from(String(value)));
      return type !== undefined && key !== undefined && this.#holds(type, key);
    });
  }

  #holds(type: AttributeType, key: Buffer): boolean {
    const found = this.idsEqual(type, key, 1);
    // Incomplete where the index is usable means more than one; where it is not, nobody knows.
    return found.ids.length > 0 || (!found.complete && this.canUse(type, 'equality'));
  }

  retireNumber(counter: string, value: number, holder: string): void {
    this.#ranges.retire(counter, value, holder);
  }

  retiredHolder(counter: string, value: number): string | undefined {
    return this.#ranges.holder(counter, value);
  }

  // ---- the log, the schema, single facts --------------------------------------------------------

  putTombstone(tombstone: Tombstone, employeeNumber: string | undefined): void {
    this.#tombstones.put(tombstone, employeeNumber);
  }

  forgetHistory(uuids: ReadonlySet<string>, actor: string): void {
    this.#tombstones.wipe(uuids);
    this.audit.forgetNames(uuids);
    this.writeBaseline({ csn: this.nextCsn().csn, actor, reason: 'purge' });
  }

  appendChange(header: ChangeHeader, items: readonly ChangeItem[]): void {
    this.log.append(header, items);
    noteChange(this.audit, header, items, this.log.end.seq);
  }

  /** A point to replay the log from; an import writes one instead of a Change an entry. */
  writeBaseline(header: ChangeHeader): { digest: string; entries: number } {
    const content = this.takeDigest() ?? contentDigest(this.db, this.interned);
    this.log.appendBaseline(header, content.digest, content.entries);
    noteBaseline(this.audit, header, content.entries, this.log.end.seq);
    return content;
  }

  schemaExtensions(): readonly SchemaExtension[] {
    return readExtensions(this.db);
  }

  /** @throws LdapError where a definition is wrong, or one that is gone was in use. */
  setSchemaExtensions(definitions: SchemaExtension[]): void {
    this.schemaTouched();
    applyExtensions(this.db, this.interned, this.settings, definitions);
    this.cache.clear();
  }

  setAdministrator(id: number): void {
    writeMeta(this.db, 'administrator', id);
    this.forgetRows();
    this.committed.all = true;
  }

  /** Marks the directory as one to play with. */
  markPlayground(): void {
    writeMeta(this.db, 'playground', 1);
  }

  /** Whether an index is being built or dropped: `maintain` has work. */
  get indexing(): boolean {
    return this.settings.unfinished;
  }

  /** Marks entries as the first setup made them, so that an import may replace them. */
  setInitial(ids: readonly number[]): void {
    const insert = this.db.prepare(
      'INSERT OR REPLACE INTO initial(id, csn) SELECT id, csn FROM entry WHERE id = ?',
    );
    for (const id of ids) insert.run(id);
  }

  isInitial(entry: EntryRecord): boolean {
    const csn = this.db.prepare('SELECT csn FROM initial WHERE id = ?').pluck().get(entry.id);
    return csn === entry.csn;
  }

  // ---- idle work --------------------------------------------------------------------------------

  /**
   * Work for when nothing waits: one slice of an index that is being built, the substring index,
   * the log file. Outside a transaction; at most a few thousand rows. True where more is left; what
   * changed is in `takeCommitted`.
   */
  maintain(): boolean {
    if (this.settings.unfinished) {
      this.begin();
      this.savepoint(() => this.#reindexer.step());
      this.committed.indexes = true;
      this.commit();
      return true;
    }
    if (this.substring.pendingCount > 0) {
      this.begin();
      this.flushSubstring();
      this.commit();
      return true;
    }
    this.db.pragma('wal_checkpoint(PASSIVE)');
    return false;
  }

  /** Checks the whole database (see verify.ts); outside a transaction. */
  verify(): VerifyReport {
    this.begin();
    this.flushSubstring();
    this.commit();
    return verifyHandle(this.db, this.#timelinesOf);
  }

  /** Adds and drops indexes as the schema asks; part of every opening. */
  reconcileIndexes(): void {
    this.begin();
    this.settings.reconcile();
    // A directory of before there were instants: those of the past are not news.
    if (readMeta(this.db, 'stamped_to') === undefined) {
      this.setStampedTo(Math.floor(this.#clock.nowMs() / 1000));
    }
    this.commit();
  }

  close(): void {
    if (!this.db.open) return;
    if (this.db.inTransaction) this.rollback();
    this.db.pragma('wal_checkpoint(TRUNCATE)');
    this.db.close();
    this.#lock.release();
  }
}
