/**
 * Opening the database: where its file is, and every PRAGMA, set on each open and read back. The
 * build reopens WAL databases at synchronous=NORMAL, so nothing here is left to a default.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { prepareLate } from './late-statements.js';
import { migrate, refuseForeign, refuseNewer } from './migrations.js';
import { hasSqliteCode } from './sqlite-errors.js';

/** `create` makes the file, `write` is the one read-write handle, `read` any number of others. */
export type OpenMode = 'create' | 'write' | 'read';

const BUSY_TIMEOUT_MS = 5_000;
/** Page cache of the writer, KiB. */
export const CACHE_KIB = 16 * 1024;
/** The same of a handle to read: what is read often is kept as entries, not as pages. */
const READ_CACHE_KIB = 8 * 1024;
/** Pages of log after which a commit of the writer moves them into the database. */
const AUTOCHECKPOINT_PAGES = 4_000;

/** The database file of a folder. */
export function databasePath(dir: string): string {
  return join(dir, 'tenure.db');
}

/**
 * Opens the database of `dir`; `write` migrates it to this version first.
 * @throws Error with one sentence where it is missing, foreign, damaged or from a newer version.
 */
export function openDatabase(dir: string, mode: OpenMode): Database.Database {
  const file = databasePath(dir);
  if (mode === 'create' && existsSync(file)) throw new Error(`${file} exists already`);
  if (mode !== 'create' && !existsSync(file)) {
    throw new Error(`there is no directory in ${dir} (${file} is missing)`);
  }
  const db = new Database(file, { readonly: mode === 'read', timeout: BUSY_TIMEOUT_MS });
  try {
    if (mode !== 'create') refuseForeign(db, file);
    setPragmas(db, mode);
    if (mode === 'read') refuseNewer(db, file);
    else migrate(db, file);
    prepareLate(db);
    return db;
  } catch (error) {
    db.close();
    if (hasSqliteCode(error, 'SQLITE_NOTADB')) {
      throw new Error(`${file} is not a tenure database`, { cause: error });
    }
    if (hasSqliteCode(error, 'SQLITE_CORRUPT') || isMalformed(error)) {
      throw new Error(`${file} is damaged: restore a backup`, { cause: error });
    }
    throw error;
  }
}

/** SQLite has no code of its own for a schema that it cannot parse. */
function isMalformed(error: unknown): boolean {
  return (
    hasSqliteCode(error, 'SQLITE_ERROR') && String(error).includes('malformed database schema')
  );
}

function setPragmas(db: Database.Database, mode: OpenMode): void {
  if (mode === 'read') expect(db, 'journal_mode', 'wal');
  else set(db, 'journal_mode', 'WAL', 'wal');
  set(db, 'synchronous', 'FULL', 2);
  set(db, 'temp_store', 'MEMORY', 2);
  set(db, 'mmap_size', '0', 0);
  // Negative means KiB to SQLite, not pages.
  const cacheKib = mode === 'read' ? READ_CACHE_KIB : CACHE_KIB;
  set(db, 'cache_size', `-${cacheKib}`, -cacheKib);
  // References are the directory's own business; it never relies on SQLite to enforce them.
  set(db, 'foreign_keys', 'OFF', 0);
  set(db, 'trusted_schema', 'OFF', 0);
  const checkpoint = mode === 'read' ? 0 : AUTOCHECKPOINT_PAGES;
  set(db, 'wal_autocheckpoint', String(checkpoint), checkpoint);
  expect(db, 'busy_timeout', BUSY_TIMEOUT_MS);
}

function set(db: Database.Database, name: string, value: string, expected: unknown): void {
  db.pragma(`${name} = ${value}`);
  expect(db, name, expected);
}

function expect(db: Database.Database, name: string, expected: unknown): void {
  const actual = db.pragma(name, { simple: true }) as unknown;
  // SQLite builds without memory mapping answer nothing for mmap_size.
  if (actual === expected || (name === 'mmap_size' && actual === undefined)) return;
  throw new Error(`PRAGMA ${name} is ${String(actual)} where ${String(expected)} was set`);
}
