/** Opening the write half: the folder's lock first, then the database, both given back on failure. */
import type Database from 'better-sqlite3';
import { lockFolder } from './folder-lock.js';
import { openDatabase } from './open.js';
import { StoreWriter, type WriterOptions } from './writer.js';

/**
 * Opens the directory in `dir` for writing, migrates it and takes its lock.
 * @throws Error with one sentence where somebody else has it, or as openDatabase does.
 */
export function openWriter(dir: string, options: WriterOptions): StoreWriter {
  const lock = lockFolder(dir);
  let db: Database.Database | undefined;
  try {
    db = openDatabase(dir, 'write');
    const writer = new StoreWriter(db, lock, options);
    writer.reconcileIndexes();
    return writer;
  } catch (error) {
    db?.close();
    lock.release();
    throw error;
  }
}
