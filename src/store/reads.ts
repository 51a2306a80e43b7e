/**
 * The read half of the store over one database handle, with what is kept in memory (remembering.ts).
 * The reader and the writer both are this; they differ in when a snapshot begins and how stale
 * things are dropped.
 */
import type Database from 'better-sqlite3';
import type { Holder } from '../directory/model/holder.js';
import type {
  DirectoryReader,
  Edge,
  EntryRecord,
  HeldEdge,
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
import { readLogEnd } from './change-log.js';
import { IndexReads, type TimeColumn } from './index-reads.js';
import { readMeta } from './meta.js';
import { countsByKind } from './population.js';
import { Remembering } from './remembering.js';

export abstract class Reads extends Remembering implements DirectoryReader {
  readonly #indexes: IndexReads;
  readonly #lastCsn: Database.Statement;

  constructor(db: Database.Database, cacheBytes: number) {
    super(db, cacheBytes);
    this.#indexes = new IndexReads(db, this.settings, this.interned, {
      entry: (id) => this.entry(id),
      entryCount: () => this.entryCount(),
      population: () => this.population(),
      pending: () => this.pending(),
    });
    this.#lastCsn = db.prepare('SELECT csn FROM change ORDER BY seq DESC LIMIT 1').pluck();
  }

  schema(): Schema {
    return this.interned.schema;
  }

  suffixes(): readonly Suffix[] {
    if (this.suffixesNow === undefined) {
      this.beginRead();
      this.suffixesNow = this.rows.suffixes();
    }
    return this.suffixesNow;
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
    return this.entryCountNow;
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
    return this.edgeRows.from(source, attribute);
  }

  heldEdgesFrom(source: number): HeldEdge[] {
    this.beginRead();
    return this.edgeRows.heldFrom(source);
  }

  heldEdgesTo(target: number): HeldEdge[] {
    this.beginRead();
    return this.edgeRows.heldTo(target);
  }

  holdersOf(
    source: number,
    attribute: AttributeType,
    target: number,
    textKey: string,
  ): readonly Holder[] {
    this.beginRead();
    return this.edgeRows.holdersOf(source, attribute, target, textKey);
  }

  sourcesOf(target: number, attributes: readonly AttributeType[]): number[] {
    this.beginRead();
    return this.edgeRows.sourcesOf(target, attributes);
  }

  sourcesOfSubtree(root: number): number[] {
    this.beginRead();
    return this.edgeRows.sourcesOfSubtree(root);
  }

  sourcesOfText(key: string, attributes: readonly AttributeType[]): number[] {
    this.beginRead();
    return this.edgeRows.sourcesOfText(key, attributes);
  }

  hasEdge(source: number, attribute: AttributeType, target: number, textKey: string): boolean {
    this.beginRead();
    return this.edgeRows.has(source, attribute, target, textKey);
  }

  edgeCount(source: number, attribute: AttributeType): number {
    this.beginRead();
    return this.edgeRows.count(source, attribute);
  }

  directGroups(member: number): readonly number[] {
    const known = this.groups.known(member);
    if (known !== undefined) return known;
    this.beginRead();
    return this.groups.read(member);
  }

  groupsOf(members: readonly number[]): ReadonlyMap<number, readonly number[]> {
    const found = new Map<number, readonly number[]>();
    const missing: number[] = [];
    for (const member of members) {
      const known = this.groups.known(member);
      if (known === undefined) missing.push(member);
      else found.set(member, known);
    }
    if (missing.length > 0) {
      this.beginRead();
      this.groups.readAll(missing, found);
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
    if (this.administratorNow === undefined) {
      this.beginRead();
      this.administratorNow = readMeta(this.db, 'administrator') ?? 0;
    }
    return this.administratorNow;
  }

  /** The last change's number and the head of the chain (hex). */
  logEnd(): { seq: number; head: string } {
    this.beginRead();
    const { seq, head } = readLogEnd(this.db);
    return { seq, head: head.toString('hex') };
  }

  /** What is remembered of the clock. */
  clockMarks(): { readonly suspicion: string; readonly acceptedMs: number } {
    this.beginRead();
    return {
      suspicion: readMeta(this.db, 'clock_suspicion') ?? '',
      acceptedMs: readMeta(this.db, 'clock_accepted') ?? 0,
    };
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
    if (this.contextCsnNow !== undefined) return this.contextCsnNow;
    this.beginRead();
    this.contextCsnNow = (this.#lastCsn.get() as string | undefined) ?? '';
    return this.contextCsnNow;
  }
}
