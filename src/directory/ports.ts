/**
 * What the directory asks of a store. The interfaces live here and the SQLite store implements
 * them; no SQL, statement or row crosses this line. Everything is synchronous: readers run on the
 * connection thread on read-only handles, the writer in its own thread inside a transaction.
 *
 * Numbers: an entry id is a positive integer that is never reused; 0 means "none". Keys are the
 * normal form of a matching rule as bytes that order by memcmp.
 */

import type { AuditReader, AuditWriter } from './model/audit.js';
import type { CaseItem, DepartureCase } from './model/cases.js';
import type { ChangeHeader, ChangeItem, EntryMeta, LoggedChange, RunHead } from './model/change.js';
import type { Holder } from './model/holder.js';
import type { ObservedReader, ObservedWriter } from './model/observed.js';
import type { RecordReader, RecordWriter } from './model/records.js';
import type { Timeline } from './model/timeline.js';
import type { Edge, EdgeWrite, HeldEdge, TimedEdgeReader } from './ports.edges.js';
import type { TimelineReader } from './ports.timelines.js';
import type { AttributeDescription, AttributeType, Kind, Schema } from './schema/index.js';

export type * from './ports.edges.js';
export type * from './ports.timelines.js';

/** An entry as stored. Immutable, shared through the entry cache: never write to its body. */
export interface EntryRecord extends EntryMeta {
  readonly id: number;
  /** 0 for a suffix. */
  readonly parentId: number;
  /** The relative name as written; for a suffix the whole suffix DN. */
  readonly rdn: string;
  /** 36 characters, lower case. */
  readonly uuid: string;
  readonly kind: Kind;
  /** See model/body.ts. Holds the user attributes that are neither edges nor secrets. */
  readonly body: Buffer;
  /** False where the entry certainly refers to no other entry: saves a lookup per read. */
  readonly hasEdges: boolean;
}

export interface Suffix {
  readonly id: number;
  /** As written. */
  readonly dn: string;
  /** NormalDn.key of the suffix DN. */
  readonly key: string;
}

export interface Secret {
  readonly id: number;
  readonly owner: number;
  /** Attribute name, such as `userPassword`. */
  readonly kind: string;
  readonly value: Buffer;
  /** Moves with each change of the value, a rehash included. */
  readonly revision: number;
}

/** When an SSH key came to its entry, and when its line last changed; whole seconds since 1970. */
export interface SshKeyTimes {
  /** SHA-256 of the key. */
  readonly print: Buffer;
  readonly addedAt: number;
  readonly changedAt: number;
}

/** Normalised pieces of a substring assertion. */
export interface SubstringPieces {
  readonly initial: Buffer | undefined;
  readonly any: readonly Buffer[];
  readonly final: Buffer | undefined;
}

/**
 * Ids found in an index, ascending and without repeats. `complete` is false where more than
 * `limit` would match; then the ids are of no use. An inexact answer may hold ids that do not
 * match (cut keys, trigrams), never miss one that does.
 */
export interface IdSet {
  readonly ids: readonly number[];
  readonly complete: boolean;
  readonly exact: boolean;
}

/** Which index a filter leaf can use now (an index being built is not usable yet). */
export type IndexUse = 'equality' | 'substring' | 'ordering';

/** What a commit changed, for those who keep something of what they read. */
export interface Changes {
  /** Entries whose row changed, came or went. */
  readonly entries: readonly number[];
  readonly secretOwners: readonly number[];
  readonly timelines: readonly number[];
  /** Entries named by others for a time only, where that changed. */
  readonly timedEdges: readonly number[];
  /** Entries came or went, or changed their classes. */
  readonly population: boolean;
  readonly schema: boolean;
  /** Everything that is kept is stale. */
  readonly all: boolean;
}

/** The log, read back. Nothing of it is kept in memory. */
export interface HistoryReader {
  /** At most `limit` Changes of a run with seq > `afterSeq`, ascending. */
  ofRun(run: number, afterSeq: number, limit: number): LoggedChange[];
  /** Changes after `afterSeq` that concern the entry, ascending; others' items are left out. */
  touching(uuid: string, afterSeq: number): LoggedChange[];
  /** Changes that wrote a policy's text, ascending; of others in them nothing is said. */
  ofPolicy(): LoggedChange[];
  /** The run, or undefined. */
  run(id: number): RunHead | undefined;
  /** The newest first. */
  runs(limit: number): RunHead[];
}

/** Numbers under which Changes belong together. */
export interface RunWriter {
  open(head: Omit<RunHead, 'id'>): number;
  /** Forgets one under which nothing was done. */
  drop(run: number): void;
}

/** Departure cases (model/cases.ts). */
export interface CaseReader {
  one(id: number): DepartureCase | undefined;
  /** By id. */
  open(afterId: number, limit: number): DepartureCase[];
  all(afterId: number, limit: number): DepartureCase[];
  openOf(uuid: string): DepartureCase | undefined;
  /** Those that are kept, by key. */
  items(id: number): CaseItem[];
}

export interface CaseWriter extends CaseReader {
  begin(uuid: string, login: string, actor: string, atSeconds: number): number;
  /** False where it was closed already. */
  close(id: number, atSeconds: number, by: string, closing: string): boolean;
  /** One of that key that is open gets the new words; one that was ticked stays as it is. */
  keep(id: number, item: Pick<CaseItem, 'key' | 'text' | 'owner' | 'due'>): void;
  /** Of an item that is kept; 0 seconds: it is open again. */
  tick(id: number, key: string, atSeconds: number, by: string, note: string): void;
}

/** What stays of somebody who was purged. */
export interface Tombstone {
  readonly uuid: string;
  readonly login: string;
  /** 0 where there was none. */
  readonly uidNumber: number;
  /** Seconds since 1970. */
  readonly at: number;
}

export interface TombstoneReader {
  byLogin(login: string): Tombstone | undefined;
  byEmployeeNumber(number: string): readonly Tombstone[];
}

export interface DirectoryReader {
  /** The schema in force; a new object after each change of it. */
  schema(): Schema;
  suffixes(): readonly Suffix[];
  /** The entry's id under a parent (0: a suffix, then the key is NormalDn.key), or 0. */
  childId(parentId: number, rdnKey: string): number;
  entry(id: number): EntryRecord | undefined;
  /** The entries of `ids` that exist, in the same order: one statement a page. */
  entries(ids: readonly number[]): EntryRecord[];
  /** At most `limit` entries with id > `afterId`, ascending: the scan of the whole store. */
  entriesAfter(afterId: number, limit: number): EntryRecord[];
  idByUuid(uuid: string): number;
  /** Ids of direct children greater than `afterId`, ascending. */
  childIds(parentId: number, afterId: number, limit: number): number[];
  childCount(id: number): number;
  entryCount(): number;
  /** Moves with each rename: DNs held elsewhere are stale then. */
  treeGeneration(): number;

  /** The store's number of an attribute description (AttributeDescription.key), or 0. */
  attributeNumber(key: string): number;
  /**
   * Every attribute description in use, indexed by its number (holes are undefined). A new array
   * whenever one is added or the schema changes, so that it can key a cache.
   */
  descriptions(): readonly (AttributeDescription | undefined)[];
  /** All kinds in use. */
  kinds(): readonly Kind[];

  canUse(attribute: AttributeType, use: IndexUse): boolean;
  idsEqual(attribute: AttributeType, key: Buffer, limit: number): IdSet;
  /** low ≤ key < high; an undefined bound is open. */
  idsBetween(
    attribute: AttributeType,
    low: Buffer | undefined,
    high: Buffer | undefined,
    limit: number,
  ): IdSet;
  /** Entries with any value (equality-indexed attributes). */
  idsPresent(attribute: AttributeType, limit: number): IdSet;
  idsSubstring(attribute: AttributeType, pieces: SubstringPieces, limit: number): IdSet;
  idsOfKinds(kinds: readonly Kind[], limit: number): IdSet;
  /** By operational column; bounds are whole seconds, both inclusive. */
  idsByTime(
    column: 'createdAt' | 'modifiedAt',
    fromSeconds: number,
    toSeconds: number,
    limit: number,
  ): IdSet;

  /** Values of the entry's DN-valued attributes (of one, or of all where undefined), by id. */
  edgesFrom(source: number, attribute?: AttributeType): Edge[];
  /** The same of all attributes with each of their holders: a value held twice comes twice. */
  heldEdgesFrom(source: number): HeldEdge[];
  /** Every value of others that names the entry, with each of its holders. */
  heldEdgesTo(target: number): HeldEdge[];
  /** Who holds one value (target 0: textKey decides); none where it is not there. */
  holdersOf(
    source: number,
    attribute: AttributeType,
    target: number,
    textKey: string,
  ): readonly Holder[];
  /** Ids of entries that name `target` in one of the attributes, ascending. */
  sourcesOf(target: number, attributes: readonly AttributeType[]): number[];
  /** Ids of entries that name the entry or anything below it, ascending. */
  sourcesOfSubtree(root: number): number[];
  /** The same for a name outside the tree: `key` is NormalDn.key, or the value for memberUid. */
  sourcesOfText(key: string, attributes: readonly AttributeType[]): number[];
  /** True where such an edge exists (target 0: textKey decides). */
  hasEdge(source: number, attribute: AttributeType, target: number, textKey: string): boolean;
  edgeCount(source: number, attribute: AttributeType): number;
  /** Ids of groups that name the member directly. */
  directGroups(member: number): readonly number[];
  /** For many members at once: member id → ids of groups that name it, memberships only. */
  groupsOf(members: readonly number[]): ReadonlyMap<number, readonly number[]>;

  secrets(owner: number): Secret[];
  /** When the entry's SSH keys came and changed; those that were imported are not among them. */
  sshKeyTimes(owner: number): SshKeyTimes[];
  /** What was seen of binds, as far as it was flushed. */
  readonly observed: ObservedReader;
  /** How the states of entries change. */
  readonly timelines: TimelineReader;
  readonly history: HistoryReader;
  readonly audit: AuditReader;
  readonly tombstones: TombstoneReader;
  readonly records: RecordReader;
  /** References that do not hold all the time; every other answer here is regardless of time. */
  readonly timedEdges: TimedEdgeReader;
  readonly cases: CaseReader;
  /** The entry that `tenure init` made the administrator. */
  administratorId(): number;
  /** CSN of the last committed change. */
  contextCsn(): string;
  /** Tells of each commit as soon as it is seen here; the writer's reads tell nobody. */
  watch?(listener: (changes: Changes) => void): void;
}

export interface BodyValues {
  /** AttributeDescription.key */
  readonly key: string;
  /** AttributeDescription.text */
  readonly name: string;
  readonly type: AttributeType;
  readonly values: readonly Buffer[];
}

export interface EntryWrite {
  readonly meta: EntryMeta;
  readonly parentId: number;
  readonly rdn: string;
  readonly rdnKey: string;
  readonly uuid: string;
  readonly kind: Kind;
  /** In display order, objectClass first. */
  readonly attributes: readonly BodyValues[];
}

export interface EntryUpdate {
  readonly meta: EntryMeta;
  /** Only where an import replaces an entry that is still as `tenure init` made it. */
  readonly uuid?: string;
  /** Absent: unchanged. */
  readonly kind?: Kind;
  readonly attributes?: readonly BodyValues[];
  /** A new place: both, or neither. */
  readonly parentId?: number;
  readonly rdn?: string;
  readonly rdnKey?: string;
}

/** The write half. Every call happens inside the caller's savepoint. */
export interface DirectoryWriter extends DirectoryReader {
  /** A part that may fail by itself: what throws has changed nothing, and goes on to the caller. */
  savepoint<T>(operation: () => T): T;
  readonly observations: ObservedWriter;
  readonly audit: AuditWriter;
  readonly records: RecordWriter;
  readonly cases: CaseWriter;
  /** Next change sequence number and its time; the same for all items of one Change. */
  nextCsn(): { csn: string; nowMs: number };
  newUuid(): string;
  /** Inserts the row, its index keys and the parent's child count; returns the id. */
  insertEntry(entry: EntryWrite): number;
  /** `before` is the entry as read in this savepoint; index keys are moved by difference. */
  updateEntry(before: EntryRecord, update: EntryUpdate): void;
  /** Removes the row, its index keys, its edges out and its secrets. Edges in must be gone. */
  deleteEntry(before: EntryRecord): void;
  /** Up to this second, passed instants are in the time stamps of entries from now on. */
  setStampedTo(seconds: number): void;
  /** Entries behind this one wait to be folded anew; undefined: nobody. */
  setFoldedTo(id: number | undefined): void;
  /** Remembers whether the clock is to be trusted; where it is, time may have gone back. */
  setClock(suspicion: string, acceptedMs?: number): void;
  /** Replaces the entry's timeline; undefined where it is active for ever. */
  setTimeline(id: number, timeline: Timeline | undefined): void;
  /** Sets the operational columns of many entries (referrers of a renamed one) in one statement. */
  touchEntries(
    ids: readonly number[],
    meta: Pick<EntryMeta, 'csn' | 'modifiedAt' | 'modifiedBy'>,
  ): void;
  /** False where a holder of that kind holds the value already. */
  addEdge(source: number, edge: EdgeWrite): boolean;
  /** Ends the holding of the holder's kind; false where there was none. */
  removeEdge(source: number, edge: EdgeWrite): boolean;
  /** All values of one attribute, whoever holds them; returns how many there were. */
  removeEdges(source: number, attribute: AttributeType): number;
  /** A function makes the value where that depends on the number: a sealed one is bound to it. */
  addSecret(
    owner: number,
    kind: string,
    value: Buffer | ((id: number) => Buffer),
  ): { id: number; digest: string };
  removeSecret(id: number): void;
  /** Notes the SSH keys that an entry has now, and those of them that this write brought. */
  noteSshKeys(
    owner: number,
    prints: readonly Buffer[],
    changed: readonly Buffer[],
    nowSeconds: number,
  ): void;
  /** Keyed digest of a secret as the log names it. */
  secretDigest(id: number): string;
  /** A rehash: new value and revision, same digest, no Change. False where `revision` has moved. */
  replaceSecretValue(id: number, revision: number, value: Buffer): boolean;
  /** Up to which entry groups follow the policy in force; undefined: every entry. */
  readonly placedTo: number | undefined;
  /** The run that brought the policy, which what is left to do is part of. */
  readonly placedBy: number | undefined;
  setPlacedTo(id: number | undefined, by?: number): void;
  /** Next free number of a range (`uidNumber`, `gidNumber`); never one that anybody had. */
  nextNumber(counter: string): number;
  /** Remembers for ever that `holder` (a login name) had the number, when it is given up. */
  retireNumber(counter: string, value: number, holder: string): void;
  /** Who had the number and gave it up, or undefined. */
  retiredHolder(counter: string, value: number): string | undefined;
  /** True where the entry is still as `tenure init` made it. */
  isInitial(entry: EntryRecord): boolean;
  putTombstone(tombstone: Tombstone, employeeNumber: string | undefined): void;
  /** Wipes what the log says about entries that are gone, and begins to replay from here. */
  forgetHistory(uuids: ReadonlySet<string>, actor: string): void;
  readonly runs: RunWriter;
  appendChange(header: ChangeHeader, items: readonly ChangeItem[]): void;
  /** Stores schema definitions (RFC 4512 text) beside the built-in ones; schema() is new after. */
  setSchemaExtensions(definitions: SchemaExtension[]): void;
  schemaExtensions(): readonly SchemaExtension[];
}

/** A definition added online, or an index setting for an attribute. */
export interface SchemaExtension {
  readonly kind: 'attributeTypes' | 'objectClasses' | 'index';
  /** OID for definitions; attribute name for index settings. */
  readonly id: string;
  /** RFC 4512 definition, or the index words (`eq sub ord`). */
  readonly text: string;
}
