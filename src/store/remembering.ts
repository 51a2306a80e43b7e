/**
 * What a handle keeps of what it has read, and what it drops when a commit makes it stale. The read
 * half of the store (reads.ts) answers from this and fills it.
 */
import type Database from 'better-sqlite3';
import type { Suffix } from '../directory/ports.js';
import { Beside } from './beside.js';
import type { Committed } from './committed.js';
import { EdgeReads } from './edge-reads.js';
import { EntryCache } from './entry-cache.js';
import { EntryReads } from './entry-reads.js';
import { IndexSettings } from './index-settings.js';
import { Interned } from './interning.js';
import { KeptGroups, KeptPlaces } from './kept.js';
import { loadStoredSchema, readExtensions } from './schema-state.js';
import { TimedEdgeReads } from './timed-edges.js';

/** Places, groups and keys kept however small the cache is. */
const KEPT_LEAST = 200_000;

export abstract class Remembering extends Beside {
  protected readonly interned: Interned;
  protected readonly settings: IndexSettings;
  protected readonly cache: EntryCache;
  protected readonly rows: EntryReads;
  protected readonly edgeRows: EdgeReads;
  protected readonly places: KeptPlaces;
  protected readonly keptMax: number;
  protected readonly groups: KeptGroups;
  readonly timedEdges: TimedEdgeReads;
  readonly #population: Database.Statement;
  readonly #pending: Database.Statement;
  protected suffixesNow: readonly Suffix[] | undefined;
  #populationNow: Map<number, number> | undefined;
  protected entryCountNow = 0;
  #pendingNow: readonly number[] | undefined;
  protected contextCsnNow: string | undefined;
  protected administratorNow: number | undefined;
  #treeGeneration = 1;

  constructor(db: Database.Database, cacheBytes: number) {
    super(db);
    this.interned = new Interned(db, loadStoredSchema(readExtensions(db)));
    this.settings = new IndexSettings(db, this.interned);
    this.cache = new EntryCache(cacheBytes);
    this.rows = new EntryReads(db, this.interned);
    this.edgeRows = new EdgeReads(db, this.interned);
    // Of each of the small things beside the entries: about as many as entries in the cache.
    this.keptMax = Math.max(KEPT_LEAST, Math.floor(cacheBytes / 1_000));
    this.places = new KeptPlaces(this.keptMax);
    this.groups = new KeptGroups(this.edgeRows, this.keptMax);
    this.timedEdges = new TimedEdgeReads(db, this.interned);
    this.#population = db.prepare('SELECT id, entries FROM kind').raw();
    this.#pending = db.prepare('SELECT id FROM substring_pending ORDER BY id').pluck();
  }

  /** Called before each read of the database. */
  protected abstract beginRead(): void;

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
    if (all) this.groups.clear();
    else for (const id of committed.edgeTargets) this.groups.drop(id);
    if (committed.places || committed.tree || all) this.forgetPlaces();
    if (committed.tree || all) this.moveTree();
    if (committed.population || all) this.#populationNow = undefined;
    if (committed.substring || all) this.#pendingNow = undefined;
    this.contextCsnNow = undefined;
    this.administratorNow = undefined;
  }

  protected forgetPlaces(): void {
    this.places.clear();
  }

  protected moveTree(): void {
    this.#treeGeneration += 1;
    this.suffixesNow = undefined;
  }

  protected forgetGroups(target: number): void {
    this.groups.drop(target);
  }

  /** Drops everything but schema and numbers. */
  protected forgetRows(): void {
    this.cache.clear();
    this.groups.clear();
    this.forgetPlaces();
    this.moveTree();
    this.#populationNow = undefined;
    this.#pendingNow = undefined;
    this.contextCsnNow = undefined;
    this.administratorNow = undefined;
  }

  protected population(): ReadonlyMap<number, number> {
    if (this.#populationNow === undefined) {
      this.beginRead();
      this.#populationNow = new Map(this.#population.all() as [number, number][]);
      this.entryCountNow = 0;
      for (const entries of this.#populationNow.values()) this.entryCountNow += entries;
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

  treeGeneration(): number {
    return this.#treeGeneration;
  }
}
