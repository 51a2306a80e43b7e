/**
 * The lock on a directory's folder: an exclusive transaction that stays open on a tiny database in
 * it. The kernel frees it when the process ends, however it ends, so there is nothing stale to
 * clean up. Never writes a process id, never waits.
 */
import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { hasSqliteCode } from './sqlite-errors.js';

export interface FolderLock {
  /** Frees the folder; calling it twice does nothing. */
  release(): void;
}

/**
 * Takes the folder for this process.
 * @throws Error `another tenure is serving DIR` while somebody else holds it.
 */
export function lockFolder(dir: string): FolderLock {
  const db = new Database(join(dir, 'lock.db'), { timeout: 0 });
  try {
    db.pragma('journal_mode = DELETE');
    db.exec('BEGIN EXCLUSIVE');
    chmodSync(join(dir, 'lock.db'), 0o600);
  } catch (error) {
    db.close();
    if (hasSqliteCode(error, 'SQLITE_BUSY')) {
      throw new Error(`another tenure is serving ${dir}`, { cause: error });
    }
    throw error;
  }
  return {
    release() {
      if (db.open) db.close();
    },
  };
}
