/** Statements that are prepared when they first run, and that all of those of the store can be. */
import { rmSync } from 'node:fs';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import Database from 'better-sqlite3';
import { systemRandom } from '../../../src/runtime/random.js';
import { lockFolder } from '../../../src/store/folder-lock.js';
import { createDatabase, databasePath } from '../../../src/store/index.js';
import { prepareLate } from '../../../src/store/late-statements.js';
import { openDatabase } from '../../../src/store/open.js';
import { StoreReader } from '../../../src/store/reader.js';
import { StoreWriter } from '../../../src/store/writer.js';
import { steppingClock, temporaryFolder } from './support.js';

const options = { clock: steppingClock(), random: systemRandom() };
let dir: string;

beforeEach(() => {
  dir = temporaryFolder();
});

afterEach(() => rmSync(dir, { recursive: true, force: true }));

/** Has `db` say which statements are asked for. */
function watched(db: Database.Database): string[] {
  const texts: string[] = [];
  const prepare = db.prepare.bind(db);
  db.prepare = ((text: string) => {
    texts.push(text);
    return prepare(text);
  }) as typeof db.prepare;
  return texts;
}

test('a statement is prepared by its first run, once', () => {
  const db = new Database(':memory:');
  db.exec('CREATE TABLE t (a, b)');
  const prepared = watched(db);
  prepareLate(db);
  const insert = db.prepare('INSERT INTO t VALUES (?, ?)');
  const rows = db.prepare('SELECT a, b FROM t ORDER BY a');
  const raw = db.prepare('SELECT a, b FROM t ORDER BY a').raw();
  const first = db.prepare('SELECT a, b FROM t WHERE a = ?').pluck();
  const wrong = db.prepare('SELECT c FROM t');
  expect(prepared).toEqual([]);
  expect([insert.run(1, 'x').changes, insert.run(2, 'y').changes]).toEqual([1, 1]);
  expect(rows.all()).toEqual([
    { a: 1, b: 'x' },
    { a: 2, b: 'y' },
  ]);
  expect([...raw.iterate()]).toEqual([
    [1, 'x'],
    [2, 'y'],
  ]);
  expect([first.get(2), first.get(3)]).toEqual([2, undefined]);
  expect(() => wrong.get()).toThrow('no such column: c');
  expect(prepared).toHaveLength(5);
  db.close();
});

test('what the handles of a directory name can be prepared', () => {
  createDatabase(dir, options);
  const lock = lockFolder(dir);
  const handles = [openDatabase(dir, 'write'), openDatabase(dir, 'read')] as const;
  const texts = handles.map(watched);
  const writer = new StoreWriter(handles[0], lock, options);
  const reader = new StoreReader(handles[1], { cacheBytes: 1 << 20, defer: () => undefined });
  const plain = new Database(databasePath(dir));
  expect(texts[0]!.length).toBeGreaterThan(100);
  for (const text of texts.flat()) expect(() => plain.prepare(text)).not.toThrow();
  plain.close();
  reader.close();
  writer.close();
});
