/**
 * A read-only handle for the connection thread. The first read of a turn of the event loop begins a
 * snapshot, so that the reads of a turn agree and pay for the file's locks once; it ends with the
 * turn, and at once when the writer reports a commit. No snapshot outlives a turn.
 */
import type Database from 'better-sqlite3';
import type { IdSet } from '../directory/ports.js';
import type { AttributeType } from '../directory/schema/index.js';
import { type Committed, keyName } from './committed.js';
import { indexKey } from './index-keys.js';
import { openDatabase } from './open.js';
import { Reads } from './reads.js';

export interface ReaderOptions {
  /** Bytes of entries kept in memory. */
  readonly cacheBytes: number;
  /** Runs a task when the present turn is over (`setImmediate`). */
  readonly defer: (task: () => void) => void;
}

/** Equality keys kept with their ids: a few tens of megabytes at most. */
const KEYS_MAX = 131_072;
/** Longer lists are read again each time. */
const IDS_MAX = 8;

export class StoreReader extends Reads {
  readonly #defer: (task: () => void) => void;
  readonly #begin: Database.Statement;
  readonly #end: Database.Statement;
  readonly #endLater = () => {
    this.#deferred = false;
    this.endTurn();
  };
  #inTurn = false;
  #deferred = false;
  /** Short answers of the equality index by `keyName`; a commit says which are stale. */
  readonly #equal = new Map<string, IdSet>();

  constructor(db: Database.Database, options: ReaderOptions) {
    super(db, options.cacheBytes);
    this.#defer = options.defer;
    this.#begin = db.prepare('BEGIN');
    this.#end = db.prepare('COMMIT');
  }

  protected override beginRead(): void {
    if (!this.#inTurn) this.#beginTurn();
  }

  #beginTurn(): void {
    this.#begin.run();
    this.#inTurn = true;
    if (this.#deferred) return;
    this.#deferred = true;
    this.#defer(this.#endLater);
  }

  /** Ends the snapshot; does nothing where none is held. */
  endTurn(): void {
    if (!this.#inTurn) return;
    this.#inTurn = false;
    if (this.db.open) this.#end.run();
  }

  override idsEqual(attribute: AttributeType, key: Buffer, limit: number): IdSet {
    const number = this.settings.of(attribute)?.number;
    if (number === undefined) return super.idsEqual(attribute, key, limit);
    const name = keyName(number, indexKey(key));
    const known = this.#equal.get(name);
    if (known !== undefined && known.ids.length <= limit) return known;
    const found = super.idsEqual(attribute, key, limit);
    if (found.complete && found.ids.length <= IDS_MAX) {
      if (this.#equal.size >= KEYS_MAX) this.#equal.clear();
      this.#equal.set(name, found);
    }
    return found;
  }

  /** After this the reader sees the commit, and nothing that it kept contradicts it. */
  applyCommitted(committed: Committed): void {
    this.endTurn();
    this.forget(committed);
    if (committed.all || committed.schema || committed.indexes) this.#equal.clear();
    else for (const name of committed.keys) this.#equal.delete(name);
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
