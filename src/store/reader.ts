/**
 * A read-only handle for the connection thread. The second read of a turn of the event loop begins a
 * snapshot (one alone is its own), so that many pay for the file's locks once; it ends with the
 * turn, and at once when the writer reports a commit. No snapshot outlives a turn.
 */
import type Database from 'better-sqlite3';
import type { Changes, IdSet, Secret } from '../directory/ports.js';
import type { AttributeType } from '../directory/schema/index.js';
import type { Committed } from './committed.js';
import { indexKey } from './index-keys.js';
import { KeptKeys } from './kept-keys.js';
import { KeptSecrets } from './kept-secrets.js';
import { openDatabase } from './open.js';
import { Reads } from './reads.js';

export interface ReaderOptions {
  /** Bytes of entries kept in memory. */
  readonly cacheBytes: number;
  /** Runs a task when the present turn is over (`setImmediate`). */
  readonly defer: (task: () => void) => void;
}

export class StoreReader extends Reads {
  readonly #defer: (task: () => void) => void;
  readonly #begin: Database.Statement;
  readonly #end: Database.Statement;
  readonly #placesAfter: Database.Statement;
  readonly #keysAfter: Database.Statement;
  readonly #endLater = () => {
    this.#deferred = false;
    this.endTurn();
  };
  #inTurn = false;
  /** One statement has been read by itself in this turn. */
  #readOnce = false;
  #deferred = false;
  readonly #equal: KeptKeys;
  readonly #secrets: KeptSecrets;
  readonly #listeners: ((changes: Changes) => void)[] = [];

  constructor(db: Database.Database, options: ReaderOptions) {
    super(db, options.cacheBytes);
    this.#defer = options.defer;
    this.#equal = new KeptKeys(this.keptMax);
    this.#secrets = new KeptSecrets(this.keptMax);
    this.timelines.keep();
    this.timedEdges.keep();
    this.#begin = db.prepare('BEGIN');
    this.#end = db.prepare('COMMIT');
    this.#placesAfter = db
      .prepare('SELECT parent, rdn_key, id FROM entry WHERE id > ? ORDER BY id LIMIT +?')
      .raw();
    this.#keysAfter = db
      .prepare('SELECT key, id FROM idx WHERE attr = ? AND key > ? ORDER BY key LIMIT +?')
      .raw();
  }

  protected override beginRead(): void {
    if (!this.#inTurn) this.#beginTurn();
  }

  #beginTurn(): void {
    // A turn with one read in it, such as a bind's, is its own snapshot.
    if (!this.#readOnce) {
      this.#readOnce = true;
      this.#endTurnLater();
      return;
    }
    this.#begin.run();
    this.#inTurn = true;
    this.#endTurnLater();
  }

  #endTurnLater(): void {
    if (this.#deferred) return;
    this.#deferred = true;
    this.#defer(this.#endLater);
  }

  /** Ends the snapshot; does nothing where none is held. */
  endTurn(): void {
    this.#readOnce = false;
    if (!this.#inTurn) return;
    this.#inTurn = false;
    if (this.db.open) this.#end.run();
  }

  override idsEqual(attribute: AttributeType, key: Buffer, limit: number): IdSet {
    const number = this.settings.of(attribute)?.number;
    if (number === undefined) return super.idsEqual(attribute, key, limit);
    const stored = indexKey(key);
    const known = this.#equal.get(number, stored);
    if (known !== undefined && known.ids.length <= limit) return known;
    const found = super.idsEqual(attribute, key, limit);
    this.#equal.keep(number, stored, found);
    return found;
  }

  /** Kept until a commit touches them: a bind needs nothing else from the database. */
  override secrets(owner: number): Secret[] {
    const known = this.#secrets.get(owner);
    if (known !== undefined) return known;
    const secrets = super.secrets(owner);
    this.#secrets.keep(owner, secrets);
    return secrets;
  }

  /**
   * Reads a page of entries, their groups and their places into memory; returns the last id, or 0
   * where nothing is left or the cache is full.
   */
  warmEntries(afterId: number, limit: number): number {
    if (this.cache.full) return 0;
    const page = this.entriesAfter(afterId, limit);
    if (page.length === 0) return 0;
    this.groupsOf(page.map((entry) => entry.id));
    const rows = this.#placesAfter.all(afterId, limit) as [number, string, number][];
    for (const [parent, key, id] of rows) this.places.add(parent, key, id);
    return page.at(-1)!.id;
  }

  /** The same for a page of equality keys; returns the last key, or undefined at the end. */
  warmKeys(attribute: AttributeType, after: Buffer, limit: number): Buffer | undefined {
    const index = this.settings.of(attribute);
    if (index?.equality !== 'ready' || !this.#equal.hasRoomFor(limit)) return undefined;
    this.beginRead();
    const rows = this.#keysAfter.all(index.number, after, limit) as [Buffer, number][];
    // A key whose entries run on behind the page is left for a search to read whole.
    for (let i = 0; i < rows.length; i += 1) {
      const [key, id] = rows[i]!;
      const alone = !rows[i - 1]?.[0].equals(key) && rows[i + 1] && !rows[i + 1]![0].equals(key);
      if (!alone || i === 0) continue;
      this.#equal.keepOne(index.number, key, id);
    }
    return rows.length < limit ? undefined : rows.at(-1)![0];
  }

  /** The same for the secrets of a page of owners; returns the last owner, or 0 at the end. */
  warmSecrets(afterOwner: number, limit: number): number {
    if (!this.#secrets.hasRoomFor(limit)) return 0;
    const page = this.secretsAfter(afterOwner, limit);
    for (const [owner, secrets] of page) this.#secrets.keep(owner, secrets);
    return [...page.keys()].at(-1) ?? 0;
  }

  /** After this the reader sees the commit, and nothing that it kept contradicts it. */
  applyCommitted(committed: Committed): void {
    this.endTurn();
    this.forget(committed);
    if (committed.all) this.#secrets.clear();
    else for (const owner of committed.secretOwners) this.#secrets.drop(owner);
    if (committed.all) this.timelines.keep();
    else this.timelines.renew(committed.timelines);
    if (committed.stamped) this.timelines.stamped();
    if (committed.all) this.timedEdges.keep();
    else this.timedEdges.renew(committed.timedEdges);
    if (committed.all || committed.schema || committed.indexes) this.#equal.clear();
    else for (const name of committed.keys) this.#equal.drop(name);
    for (const listener of this.#listeners) listener(committed);
  }

  watch(listener: (changes: Changes) => void): void {
    this.#listeners.push(listener);
  }

  close(): void {
    this.endTurn();
    this.db.close();
  }
}

/**
 * Opens a reader on the directory in `dir`.
 * @throws Error as openDatabase does.
 */
export function openReader(dir: string, options: ReaderOptions): StoreReader {
  const db = openDatabase(dir, 'read');
  try {
    return new StoreReader(db, options);
  } catch (error) {
    db.close();
    throw error;
  }
}
