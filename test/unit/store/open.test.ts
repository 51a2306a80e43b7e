/** Opening: PRAGMAs, the folder's lock, versions, and what is refused. */
import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import Database from 'better-sqlite3';
import { systemRandom } from '../../../src/runtime/random.js';
import { lockFolder } from '../../../src/store/folder-lock.js';
import {
  createDatabase,
  databasePath,
  openReader,
  openWriter,
  verifyDatabase,
} from '../../../src/store/index.js';
import { APPLICATION_ID, databaseVersion } from '../../../src/store/migrations.js';
import { openDatabase } from '../../../src/store/open.js';
import { tablesOfVersion1 } from '../../../src/store/tables.js';
import { Scene, steppingClock, temporaryFolder } from './support.js';
import { contentAsWritten, tablesAsReleased } from './version-1.js';

let dir: string;
const options = { clock: steppingClock(), random: systemRandom() };
const readerOptions = { cacheBytes: 1 << 20, defer: () => {} };

beforeEach(() => {
  dir = temporaryFolder();
});

afterEach(() => rmSync(dir, { recursive: true, force: true }));

function withRaw(work: (db: Database.Database) => void): void {
  const db = new Database(databasePath(dir));
  work(db);
  db.close();
}

describe('PRAGMAs', () => {
  test.each(['write', 'read'] as const)('hold on a handle to %s', (mode) => {
    createDatabase(dir, options);
    const db = openDatabase(dir, mode);
    const value = (name: string) => db.pragma(name, { simple: true }) as unknown;
    expect(value('journal_mode')).toBe('wal');
    expect(value('synchronous')).toBe(2);
    expect(value('temp_store')).toBe(2);
    expect(value('mmap_size')).toBe(0);
    expect(value('cache_size')).toBe(mode === 'write' ? -16_384 : -8_192);
    expect(value('wal_autocheckpoint')).toBe(mode === 'write' ? 4_000 : 0);
    db.close();
  });
});

describe('the lock of the folder', () => {
  test('lets one writer in, and readers beside it', () => {
    createDatabase(dir, options);
    const writer = openWriter(dir, options);
    expect(() => openWriter(dir, options)).toThrow(`another tenure is serving ${dir}`);
    const reader = openReader(dir, readerOptions);
    expect(reader.entryCount()).toBe(0);
    reader.close();
    writer.close();
    openWriter(dir, options).close();
  });

  test('is free again after a failed opening', () => {
    expect(() => openWriter(dir, options)).toThrow('there is no directory in');
    lockFolder(dir).release();
  });

  test('may be released twice', () => {
    const lock = lockFolder(dir);
    lock.release();
    lock.release();
  });
});

describe('versions', () => {
  test('a new database has this version and is for its owner alone', () => {
    createDatabase(dir, options);
    withRaw((db) => {
      expect(db.pragma('user_version', { simple: true })).toBe(databaseVersion);
      expect(db.pragma('application_id', { simple: true })).toBe(APPLICATION_ID);
    });
    expect(statSync(databasePath(dir)).mode & 0o777).toBe(0o600);
  });

  test('version 1 is as it was released', () => {
    expect(tablesOfVersion1).toBe(tablesAsReleased);
  });

  test('a database of version 1 is opened, found sound, and written to', () => {
    withRaw((db) => {
      db.pragma('journal_mode = WAL');
      db.exec(tablesAsReleased);
      db.exec(contentAsWritten);
      db.pragma(`application_id = ${APPLICATION_ID}`);
      db.pragma('user_version = 1');
    });
    const scene = new Scene(dir, false);
    const { reader } = scene;
    expect(reader.suffixes().map((suffix) => suffix.dn)).toEqual(['dc=example,dc=org']);
    const people = reader.childId(reader.suffixes()[0]!.id, 'ou=people');
    const ada = reader.childId(people, 'uid=ada');
    expect(scene.values(reader.entry(ada)!)).toMatchObject({ 'cn;lang-de': ['Gräfin Ada'] });
    expect(reader.groupsOf([ada]).get(ada)).toHaveLength(1);
    expect(scene.writer.retiredHolder('uidNumber', 10_000)).toBe('eve');
    while (scene.writer.maintain());
    scene.write(() => scene.person(people, 'new'));
    expect(scene.writer.verify().problems).toEqual([]);
    scene.close();
  });

  test('a database of version 1 becomes what a new one is, and only with its first writing', () => {
    const made = temporaryFolder();
    createDatabase(made, options);
    const shapeOf = (folder: string) => {
      const db = new Database(databasePath(folder), { readonly: true });
      const rows = db.prepare('SELECT type, name, sql FROM sqlite_master ORDER BY name').all();
      const version = db.pragma('user_version', { simple: true });
      db.close();
      return { rows, version };
    };
    withRaw((db) => {
      db.pragma('journal_mode = WAL');
      db.exec(tablesAsReleased);
      db.exec(contentAsWritten);
      db.pragma(`application_id = ${APPLICATION_ID}`);
      db.pragma('user_version = 1');
    });
    const old = shapeOf(dir);
    expect(old.rows).not.toEqual(shapeOf(made).rows);
    expect(() => openReader(dir, readerOptions)).toThrow('must be opened for writing once');
    expect(shapeOf(dir)).toEqual(old);
    openWriter(dir, options).close();
    expect(shapeOf(dir)).toEqual(shapeOf(made));
    rmSync(made, { recursive: true });
  });

  test('a newer one is refused by every handle and stays untouched', () => {
    createDatabase(dir, options);
    withRaw((db) => db.pragma(`user_version = ${databaseVersion + 1}`));
    const before = readFileSync(databasePath(dir));
    const sentence = 'was written by a newer tenure';
    expect(() => openWriter(dir, options)).toThrow(sentence);
    expect(() => openReader(dir, readerOptions)).toThrow(sentence);
    expect(readFileSync(databasePath(dir)).equals(before)).toBe(true);
  });
});

describe('what is refused, in one sentence', () => {
  test('making a directory where there is one', () => {
    createDatabase(dir, options);
    expect(() => createDatabase(dir, options)).toThrow('exists already');
    expect(verifyDatabase(dir).ok).toBe(true);
  });

  test('another program’s database', () => {
    withRaw((db) => db.exec('CREATE TABLE t(x)'));
    expect(() => openWriter(dir, options)).toThrow('is not a tenure database');
    expect(() => openReader(dir, readerOptions)).toThrow('is not a tenure database');
  });

  test('a file that is no database', () => {
    writeFileSync(databasePath(dir), 'x'.repeat(10_000));
    expect(() => openWriter(dir, options)).toThrow('is not a tenure database');
  });
});
