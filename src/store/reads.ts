/**
 * The read half of the store over one database handle, with what is kept in memory. The reader and
 * the writer both are this; they differ in when a snapshot begins and how stale things are dropped.
 */
import type Database from 'better-sqlite3';
import type {
  DirectoryReader,
  Edge,
  EntryRecord,
  IdSet,
  IndexUse,
  Secret,
  SubstringPieces,
  Suffix,
} from '../directory/ports.js';
import type {
  AttributeDescription,
  AttributeType,
  Kind,
  Schema,
} from '../directory/schema/index.js';
import { Beside } from './beside.js';
import { readLogEnd } from './change-log.js';
import type { Committed } from './committed.js';
import { EdgeReads } from './edge-reads.js';
import { EntryCache } from './entry-cache.js';
import { EntryReads } from './entry-reads.js';
import { IndexReads, type TimeColumn } from './index-reads.js';
import { IndexSettings } from './index-settings.js';
import { Interned } from './interning.js';
import { KeptGroups, KeptPlaces } from './kept.js';
import { readMeta } from './meta.js';
import { countsByKind } from './population.js';
import { loadStoredSchema, readExtensions } from './schema-state.js';

/** Places, groups and keys kept however small the cache is. */
const KEPT_LEAST = 200_000;

export abstract class Reads extends Beside implements DirectoryReader {
  protected readonly interned: Interned;
  protected readonly settings: IndexSettings;
  protected readonly cache: EntryCache;
  protected readonly rows: EntryReads;
  readonly #indexes: IndexReads;
  readonly #edges: EdgeReads;
  readonly #population: Database.Statement;
  readonly #pending: Database.Statement;
  readonly #lastCsn: Database.Statement;
  protected readonly places: KeptPlaces;
  protected readonly keptMax: number;
  readonly #groups: KeptGroups;
  #suffixes: readonly Suffix[] | undefined;
  #populationNow: Map<number, number> | undefined;
  #entryCountNow = 0;
  #pendingNow: readonly number[] | undefined;
  #contextCsn: string | undefined;
  #administrator: number | undefined;
  #treeGeneration = 1;

  constructor(db: Database.Database, cacheBytes: number) {
    super(db);
    this.interned = new Interned(db, loadStoredSchema(readExtensions(db)));
    this.settings = new IndexSettings(db, this.interned);
    this.cache = new EntryCache(cacheBytes);
    this.rows = new EntryReads(db, this.interned);
    this.#edges = new EdgeReads(db, this.interned);
    // Of each of the small things beside the entries: about as many as entries in the cache.
    this.keptMax = Math.max(KEPT_LEAST, Math.floor(cacheBytes / 1_000));
    this.places = new KeptPlaces(this.keptMax);
    this.#groups = new KeptGroups(this.#edges, this.keptMax);
    this.#indexes = new IndexReads(db, this.settings, this.interned, {
      entry: (id) => this.entry(id),
      entryCount: () => this.entryCount(),
      population: () => this.population(),
      pending: () => this.pending(),
    });
    this.#population = db.prepare('SELECT id, entries FROM kind').raw();
    this.#pending = db.prepare('SELECT id FROM substring_pending ORDER BY id').pluck();
    this.#lastCsn = db.prepare('SELECT csn FROM change ORDER BY seq DESC LIMIT 1').pluck();
  }

  /** Called before each read of the database. */
  protected abstract beginRead(): void;

  // ---- what is kept -----------------------------------------------------------------------------

  /** Drops what a commit made stale; `all` drops everything. */
  protected forget(committed: Committed): void {
    const { all } = committed;
    if (committed.schema || all) {
      this.interned.setSchema(loadStoredSchema(readExtensions(this.db)));
      this.settings.load();
    } else {
      if (committed.interned) this.interned.catchUp();
      if (committed.indexes) this.settings.load();
    }
    if (committed.schema || all) this.cache.clear();
    else for (const id of committed.entries) this.cache.drop(id);
    if (all) this.#groups.clear();
    else for (const id of committed.edgeTargets) this.#groups.drop(id);
    if (committed.places || committed.tree || all) this.forgetPlaces();
    if (committed.tree || all) this.moveTree();
    if (committed.population || all) this.#populationNow = undefined;
    if (committed.substring || all) this.#pendingNow = undefined;
    this.#contextCsn = undefined;
    this.#administrator = undefined;
  }

  protected forgetPlaces(): void {
    this.places.clear();
  }

  protected moveTree(): void {
    this.#treeGeneration += 1;
    this.#suffixes = undefined;
  }

  protected forgetGroups(target: number): void {
    this.#groups.drop(target);
  }

  /** Drops everything but schema and numbers. */
  protected forgetRows(): void {
    this.cache.clear();
    this.#groups.clear();
    this.forgetPlaces();
    this.moveTree();
    this.#populationNow = undefined;
    this.#pendingNow = undefined;
    this.#contextCsn = undefined;
    this.#administrator = undefined;
  }

  protected population(): ReadonlyMap<number, number> {
    if (this.#populationNow === undefined) {
      this.beginRead();
      this.#populationNow = new Map(this.#population.all() as [number, number][]);
      this.#entryCountNow = 0;
      for (const entries of this.#populationNow.values()) this.#entryCountNow += entries;
    }
    return this.#populationNow;
  }

  protected pending(): readonly number[] {
    if (this.#pendingNow === undefined) {
      this.beginRead();
      this.#pendingNow = this.#pending.all() as number[];
    }
    return this.#pendingNow;
  }

  // ---- DirectoryReader --------------------------------------------------------------------------

  schema(): Schema {
    return this.interned.schema;
  }

  suffixes(): readonly Suffix[] {
    if (this.#suffixes === undefined) {
      this.beginRead();
      this.#suffixes = this.rows.suffixes();
    }
    return this.#suffixes;
  }

  childId(parentId: number, rdnKey: string): number {
    const known = this.places.get(parentId, rdnKey);
    if (known !== undefined) return known;
    this.beginRead();
    const id = this.rows.childId(parentId, rdnKey);
    if (id !== 0) this.places.add(parentId, rdnKey, id);
    return id;
  }

  entry(id: number): EntryRecord | undefined {
    const known = this.cache.get(id);
    if (known !== undefined) return known;
    this.beginRead();
    const record = this.rows.entry(id);
    if (record !== undefined) this.cache.add(record);
    return record;
  }

  entries(ids: readonly number[]): EntryRecord[] {
    const records: EntryRecord[] = [];
    for (const id of ids) {
      const record = this.entry(id);
      if (record !== undefined) records.push(record);
    }
    return records;
  }

  entriesAfter(afterId: number, limit: number): EntryRecord[] {
    this.beginRead();
    const ids = this.rows.idsAfter(afterId, limit);
    const records: EntryRecord[] = [];
    // Past this many that are not at hand, reading the page again whole is cheaper.
    let patience = ids.length >> 3;
    for (const id of ids) {
      let record = this.cache.get(id);
      if (record === undefined) {
        if (patience === 0) return this.#readPage(afterId, limit);
        patience -= 1;
        record = this.rows.entry(id);
        if (record === undefined) continue;
        this.cache.addIfRoom(record);
      }
      records.push(record);
    }
    return records;
  }

  #readPage(afterId: number, limit: number): EntryRecord[] {
    const records = this.rows.entriesAfter(afterId, limit);
    for (const record of records) this.cache.addIfRoom(record);
    return records;
  }

  idByUuid(uuid: string): number {
    this.beginRead();
    return this.rows.idByUuid(uuid);
  }

  childIds(parentId: number, afterId: number, limit: number): number[] {
    this.beginRead();
    return this.rows.childIds(parentId, afterId, limit);
  }

  childCount(id: number): number {
    this.beginRead();
    return this.rows.childCount(id);
  }

  entryCount(): number {
    this.population();
    return this.#entryCountNow;
  }

  treeGeneration(): number {
    return this.#treeGeneration;
  }

  attributeNumber(key: string): number {
    return this.interned.attributeNumber(key);
  }

  descriptions(): readonly (AttributeDescription | undefined)[] {
    return this.interned.descriptions();
  }

  kinds(): readonly Kind[] {
    return this.interned.kinds();
  }

  canUse(attribute: AttributeType, use: IndexUse): boolean {
    return this.settings.canUse(attribute, use);
  }

  idsEqual(attribute: AttributeType, key: Buffer, limit: number): IdSet {
    this.beginRead();
    return this.#indexes.equal(attribute, key, limit);
  }

  idsBetween(
    attribute: AttributeType,
    low: Buffer | undefined,
    high: Buffer | undefined,
    limit: number,
  ): IdSet {
    this.beginRead();
    return this.#indexes.between(attribute, low, high, limit);
  }

  idsPresent(attribute: AttributeType, limit: number): IdSet {
    this.beginRead();
    return this.#indexes.between(attribute, undefined, undefined, limit);
  }

  idsSubstring(attribute: AttributeType, pieces: SubstringPieces, limit: number): IdSet {
    this.beginRead();
    return this.#indexes.substring(attribute, pieces, limit);
  }

  idsOfKinds(kinds: readonly Kind[], limit: number): IdSet {
    this.beginRead();
    return this.#indexes.ofKinds(kinds, limit);
  }

  idsByTime(column: TimeColumn, fromSeconds: number, toSeconds: number, limit: number): IdSet {
    this.beginRead();
    return this.#indexes.byTime(column, fromSeconds, toSeconds, limit);
  }

  edgesFrom(source: number, attribute?: AttributeType): Edge[] {
    this.beginRead();
    return this.#edges.from(source, attribute);
  }

  sourcesOf(target: number, attributes: readonly AttributeType[]): number[] {
    this.beginRead();
    return this.#edges.sourcesOf(target, attributes);
  }

  sourcesOfSubtree(root: number): number[] {
    this.beginRead();
    return this.#edges.sourcesOfSubtree(root);
  }

  sourcesOfText(key: string, attributes: readonly AttributeType[]): number[] {
    this.beginRead();
    return this.#edges.sourcesOfText(key, attributes);
  }

  hasEdge(source: number, attribute: AttributeType, target: number, textKey: string): boolean {
    this.beginRead();
    return this.#edges.has(source, attribute, target, textKey);
  }

  edgeCount(source: number, attribute: AttributeType): number {
    this.beginRead();
    return this.#edges.count(source, attribute);
  }

  directGroups(member: number): readonly number[] {
    const known = this.#groups.known(member);
    if (known !== undefined) return known;
    this.beginRead();
    return this.#groups.read(member);
  }

  groupsOf(members: readonly number[]): ReadonlyMap<number, readonly number[]> {
    const found = new Map<number, readonly number[]>();
    const missing: number[] = [];
    for (const member of members) {
      const known = this.#groups.known(member);
      if (known === undefined) missing.push(member);
      else found.set(member, known);
    }
    if (missing.length > 0) {
      this.beginRead();
      this.#groups.readAll(missing, found);
    }
    return found;
  }

  secrets(owner: number): Secret[] {
    this.beginRead();
    return this.secretRows.of(owner);
  }

  /** The secrets of the next owners, each owner's whole; about `limit` in all. */
  protected secretsAfter(owner: number, limit: number): Map<number, Secret[]> {
    this.beginRead();
    return this.secretRows.after(owner, limit);
  }

  administratorId(): number {
    if (this.#administrator === undefined) {
      this.beginRead();
      this.#administrator = readMeta(this.db, 'administrator') ?? 0;
    }
    return this.#administrator;
  }

  /** The last change's number and the head of the chain (hex). */
  logEnd(): { seq: number; head: string } {
    this.beginRead();
    const { seq, head } = readLogEnd(this.db);
    return { seq, head: head.toString('hex') };
  }

  /** Whether the directory was made with sample people: its clock may be moved. */
  isPlayground(): boolean {
    return readMeta(this.db, 'playground') === 1;
  }

  /** Numbers of entries by Kind.key. */
  kindCounts(): ReadonlyMap<string, number> {
    return countsByKind(this.population(), (id) => this.interned.kind(id).key);
  }

  contextCsn(): string {
    if (this.#contextCsn !== undefined) return this.#contextCsn;
    this.beginRead();
    this.#contextCsn = (this.#lastCsn.get() as string | undefined) ?? '';
    return this.#contextCsn;
  }
}
