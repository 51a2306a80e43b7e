/**
 * A read-only handle for the connection thread. The first read of a turn of the event loop begins a
 * snapshot, so that the reads of a turn agree and pay for the file's locks once; it ends with the
 * turn, and at once when the writer reports a commit. No snapshot outlives a turn.
 */
import type Database from 'better-sqlite3';
import type { Committed } from './committed.js';
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
  readonly #endLater = () => {
    this.#deferred = false;
    this.endTurn();
  };
  #inTurn = false;
  #deferred = false;

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

  /** After this the reader sees the commit, and nothing that it kept contradicts it. */
  applyCommitted(committed: Committed): void {
    this.endTurn();
    this.forget(committed);
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
