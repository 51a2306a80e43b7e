/**
 * The steps that bring a database to this version. Append-only: a step that was released is never
 * edited, moved or removed. Each runs in one transaction together with its version number.
 */
import type Database from 'better-sqlite3';
import { tablesOfVersion1 } from './tables.js';
import { tablesOfVersion2 } from './tables-2.js';
import { tablesOfVersion3 } from './tables-3.js';
import { tablesOfVersion4 } from './tables-4.js';
import { tablesOfVersion5 } from './tables-5.js';
import { tablesOfVersion6 } from './tables-6.js';

/** `TENU` as the file header's application id. */
export const APPLICATION_ID = 0x54454e55;

/** Step i brings version i to version i + 1. */
const steps: readonly ((db: Database.Database) => void)[] = [
  (db) => db.exec(tablesOfVersion1),
  (db) => db.exec(tablesOfVersion2),
  (db) => db.exec(tablesOfVersion3),
  (db) => db.exec(tablesOfVersion4),
  (db) => db.exec(tablesOfVersion5),
  (db) => db.exec(tablesOfVersion6),
];

/** The version that this program writes. */
export const databaseVersion = steps.length;

function versionOf(db: Database.Database): number {
  return db.pragma('user_version', { simple: true }) as number;
}

/** @throws Error where the file is another program's database. */
export function refuseForeign(db: Database.Database, file: string): void {
  if (db.pragma('application_id', { simple: true }) !== APPLICATION_ID) {
    throw new Error(`${file} is not a tenure database`);
  }
}

/** @throws Error where the database is of another version than this program's. */
export function refuseNewer(db: Database.Database, file: string): void {
  const version = versionOf(db);
  if (version > databaseVersion) throw newer(file, version);
  if (version < databaseVersion) {
    throw new Error(
      `${file} has database version ${version} and must be opened for writing once, ` +
        `which brings it to version ${databaseVersion}`,
    );
  }
}

function newer(file: string, version: number): Error {
  return new Error(
    `${file} was written by a newer tenure (database version ${version}; this one knows ` +
      `${databaseVersion}): install that version or restore a backup`,
  );
}

/**
 * Brings the database to this version.
 * @throws Error where it is newer; then it was not touched.
 */
export function migrate(db: Database.Database, file: string): void {
  const from = versionOf(db);
  if (from > databaseVersion) throw newer(file, from);
  for (let version = from; version < databaseVersion; version += 1) {
    const step = db.transaction(() => {
      steps[version]!(db);
      db.pragma(`application_id = ${APPLICATION_ID}`);
      db.pragma(`user_version = ${version + 1}`);
    });
    step.immediate();
  }
}
