/** Verify names every kind of damage that raw SQL can do. */
import { closeSync, fstatSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import Database from 'better-sqlite3';
import { databasePath, verifyDatabase } from '../../../src/store/index.js';
import { personValues, Scene } from './support.js';

let scene: Scene;
let copy: string;

/** Ids: 1 suffix, 2 ou=people, 3 ada, 4 bob, 5 cn=g with ada and a name outside. */
beforeAll(() => {
  copy = mkdtempSync(join(tmpdir(), 'tenure-verify-'));
  scene = new Scene();
  scene.write(() => {
    const root = scene.suffix();
    const people = scene.unit(root, 'people');
    const ada = scene.person(people, 'ada');
    scene.person(people, 'bob');
    const group = scene.group(root, 'g');
    scene.addEdge(group, scene.edge('member', ada));
    scene.addEdge(group, scene.edge('member', 0, 'cn=x,dc=else'));
    scene.addSecret(ada, 'userPassword', 'secret');
    scene.writer.setAdministrator(ada);
  });
  scene.write(() => scene.modify(3, personValues('ada', { title: ['Countess'] })));
  while (scene.writer.maintain());
  scene.reader.close();
  scene.writer.close();
});

afterAll(() => {
  scene.close();
  rmSync(copy, { recursive: true, force: true });
});

/** Problems after `damage` was done to a copy. */
function problemsAfter(damage: string | ((db: Database.Database) => void)): string {
  const file = databasePath(copy);
  for (const end of ['', '-wal', '-shm']) rmSync(file + end, { force: true });
  const original = new Database(databasePath(scene.dir), { readonly: true });
  original.exec(`VACUUM INTO '${file}'`);
  original.close();
  const db = new Database(file);
  db.pragma('journal_mode = WAL');
  db.unsafeMode(true);
  if (typeof damage === 'string') db.exec(damage);
  else damage(db);
  db.close();
  return verifyDatabase(copy).problems.join('\n');
}

test('a sound database has no problems', () => {
  expect(problemsAfter('SELECT 1')).toBe('');
  expect(verifyDatabase(copy).checked).toMatchObject({ entries: 5, edges: 2, secrets: 1 });
});

describe('holders of references', () => {
  const grant = `INSERT INTO edge(src, attr, dst, text_key, text, source, spans)
    SELECT src, attr, dst, '', '', 2, '100..200' FROM edge WHERE dst = 3`;
  const instants = `INSERT INTO edge_instant(at, src, attr, dst, source)
    SELECT column1, src, attr, dst, source FROM edge, (VALUES (100), (200)) WHERE source = 2`;
  test.each([
    ['an instant that is missing', grant, 'of an edge is missing'],
    [
      'an instant too many',
      'INSERT INTO edge_instant VALUES (7, 5, 1, 3, 0)',
      'the instant 7,5,1,3,0 of an edge is of none',
    ],
    ['no spans', "UPDATE edge SET spans = '9..1' WHERE dst = 3", 'says of no time when it holds'],
    ['no known kind', 'UPDATE edge SET source = 7 WHERE dst = 3', 'a holder of no known kind'],
    [
      'a name outside the tree that a rule holds',
      'UPDATE edge SET source = 1 WHERE dst = 0',
      'is outside the tree and not held by hand',
    ],
    ['a holding that nobody logged', `${grant}; ${instants}`, 'more than what was added (member)'],
    [
      'another note',
      "UPDATE edge SET note = 'because=x' WHERE dst = 3",
      'a value of member that it added is not there',
    ],
  ])('%s', (_, damage, problem) => {
    expect(problemsAfter(damage)).toContain(problem);
  });
});

describe('entries', () => {
  test.each([
    [
      'a missing parent',
      'UPDATE entry SET parent = 99 WHERE id = 3',
      'entry 3: its parent 99 does not exist',
    ],
    ['a circle', 'UPDATE entry SET parent = 2 WHERE id = 2', 'is its own ancestor'],
    [
      'a wrong key',
      "UPDATE entry SET rdn_key = 'uid=eve' WHERE id = 3",
      'the key of its place is not that of "uid=ada"',
    ],
    ['no name', "UPDATE entry SET rdn = 'nonsense' WHERE id = 3", '"nonsense" is not a name'],
    [
      'a name it has no value of',
      "UPDATE entry SET rdn = 'uid=eve', rdn_key = 'uid=eve' WHERE id = 3",
      'does not hold the value "uid=eve" of its name',
    ],
    ['no UUID', "UPDATE entry SET uuid = 'x' WHERE id = 3", '"x" is not a UUID'],
    ['no CSN', "UPDATE entry SET csn = 'x' WHERE id = 3", '"x" is not a CSN'],
    ['no actor', 'UPDATE entry SET created_by = 99 WHERE id = 3', 'creator or modifier is not'],
    ['no kind', 'UPDATE entry SET kind = 99 WHERE id = 3', 'kind 99 does not exist'],
    [
      'another kind',
      'UPDATE entry SET kind = 1 WHERE id = 3',
      'its kind is not that of its object classes',
    ],
    [
      'a cut body',
      'UPDATE entry SET body = substr(body, 1, 40) WHERE id = 3',
      'entry 3: its body is',
    ],
    ['an empty body', "UPDATE entry SET body = x'' WHERE id = 3", 'not of a known version'],
    [
      'a wrong count of children',
      'UPDATE child_count SET n = 7 WHERE parent = 2',
      'entry 2 counts 7 children where there are 2',
    ],
    [
      'a lost count of children',
      'DELETE FROM child_count WHERE parent = 2',
      'entry 2 counts 0 children',
    ],
    [
      'a wrong count of a kind',
      'UPDATE kind SET entries = 9 WHERE id = 1',
      'kind 1 counts 9 entries',
    ],
    [
      'an id never given',
      "UPDATE counter SET value = 2 WHERE name = 'entry id'",
      'has an id that was never given out',
    ],
    [
      'a lost administrator',
      "UPDATE meta SET value = 99 WHERE key = 'administrator'",
      'the administrator, entry 99',
    ],
  ])('%s', (_, damage, expected) => {
    expect(problemsAfter(damage)).toContain(expected);
  });
});

describe('indexes', () => {
  test.each([
    [
      'a lost key',
      "DELETE FROM idx WHERE key = CAST('ada' AS BLOB)",
      'entry 3: the index of uid lacks a key',
    ],
    [
      'a stray key',
      "INSERT INTO idx SELECT attr, CAST('eve' AS BLOB), 3 FROM idx WHERE key = CAST('bob' AS BLOB) LIMIT 1",
      'has a key that entry 3 has no value of',
    ],
    [
      'a key of nobody',
      "INSERT INTO idx SELECT attr, CAST('eve' AS BLOB), 99 FROM idx LIMIT 1",
      'has a key of entry 99, which is gone',
    ],
    [
      'keys of what is not indexed',
      "INSERT INTO idx VALUES (999, x'00', 3)",
      'attribute 999, which is not indexed',
    ],
    [
      'an unknown state',
      "UPDATE index_state SET state = 'odd' WHERE attr = 'cn' AND use = 'eq'",
      'unknown state "odd"',
    ],
    [
      'a shared column',
      "UPDATE index_state SET slot = 0 WHERE use = 'sub'",
      'has no column of its own',
    ],
    [
      'a lost substring row',
      'DELETE FROM substring WHERE rowid = 3',
      'the substring index of cn lacks entries',
    ],
    [
      'a stray substring row',
      "INSERT INTO substring(rowid, c0) VALUES (99, 'stray')",
      'has wrong entries',
    ],
  ])('%s', (_, damage, expected) => {
    expect(problemsAfter(damage)).toContain(expected);
  });
});

describe('edges and secrets', () => {
  test.each([
    [
      'a target that is gone',
      'UPDATE edge SET dst = 99 WHERE dst = 3',
      'entry 5: a value of member names entry 99',
    ],
    [
      'a source that is gone',
      'UPDATE edge SET src = 99 WHERE dst = 3',
      'entry 99 has edges and does not exist',
    ],
    [
      'an attribute that names nobody',
      'UPDATE edge SET attr = (SELECT attr FROM idx LIMIT 1) WHERE dst = 3',
      'which names no entries',
    ],
    [
      'a text beside a target',
      "UPDATE edge SET text = 'x' WHERE dst = 3",
      'names entry 3 and a text',
    ],
    [
      'a wrong text key',
      "UPDATE edge SET text_key = 'x' WHERE dst = 0",
      'has a key that is not that of',
    ],
    ['no name', "UPDATE edge SET text = 'x' WHERE dst = 0", '"x", is not a name'],
    [
      'a lost mark',
      'UPDATE entry SET has_edges = 0 WHERE id = 5',
      'entry 5 has edges and is not marked',
    ],
    [
      'a wrong mark',
      'UPDATE entry SET has_edges = 1 WHERE id = 4',
      'entry 4 is marked to have edges',
    ],
    ['a secret of nobody', 'UPDATE secret SET owner = 99', 'belongs to entry 99'],
    ['no digest', "UPDATE secret SET digest = 'x'", 'has no proper digest'],
  ])('%s', (_, damage, expected) => {
    expect(problemsAfter(damage)).toContain(expected);
  });
});

describe('the log', () => {
  test.each([
    ['a lost change', 'DELETE FROM change WHERE seq = 3', 'the log lacks change 3'],
    [
      'a lost last change',
      'DELETE FROM change WHERE seq = (SELECT max(seq) FROM change)',
      'have no change',
    ],
    [
      'another actor',
      "UPDATE change SET actor = 'cn=eve' WHERE seq = 3",
      'change 3: the chain of the log is broken',
    ],
    [
      'another reason',
      "UPDATE change SET reason = 'x' WHERE seq = 3",
      'change 3: the chain of the log is broken',
    ],
    [
      'another payload',
      "UPDATE change_item SET payload = replace(payload, 'ada', 'eve') WHERE seq = 4",
      'change 4: item 0 was altered',
    ],
    [
      'another digest',
      "UPDATE change_item SET digest = x'00' WHERE seq = 4",
      'change 4: the chain of the log is broken',
    ],
    [
      'a lost item',
      'DELETE FROM change_item WHERE seq = 4',
      'change 4: the chain of the log is broken',
    ],
    ['half a wipe', 'UPDATE change_item SET salt = NULL WHERE seq = 4', 'item 0 is half wiped'],
    [
      'a wipe without a baseline',
      'UPDATE change_item SET salt = NULL, payload = NULL WHERE seq = 4',
      'was wiped, and no baseline follows',
    ],
    [
      'an old CSN',
      "UPDATE change SET csn = '20000101000000.000000Z#000000#001#000000' WHERE seq = 3",
      'does not follow',
    ],
    ['an unknown format', 'UPDATE change SET format = 77 WHERE seq = 3', 'unknown format 77'],
    [
      'another baseline',
      "UPDATE baseline SET digest = 'x'",
      'the baseline of change 1 is not what the log says',
    ],
    ['no baseline', 'DELETE FROM baseline', 'the log has no baseline'],
  ])('%s', (_, damage, expected) => {
    expect(problemsAfter(damage)).toContain(expected);
  });
});

describe('content that the log does not know of', () => {
  test.each([
    [
      'a moved time',
      'UPDATE entry SET modified_at = modified_at + 1 WHERE id = 4',
      'operational attributes are not what the change left',
    ],
    ['a renamed actor', "UPDATE name SET text = 'cn=eve'", 'operational attributes'],
    [
      'another secret',
      "UPDATE secret SET digest = '00000000000000000000000000000000'",
      'secret 1 that it added is not there',
    ],
    [
      'a lost edge',
      'DELETE FROM edge WHERE dst = 0',
      'a value of member that it added is not there',
    ],
    [
      'a name outside turned',
      "UPDATE edge SET text = 'CN=x,dc=else' WHERE dst = 0",
      'a value of member that it added is not there',
    ],
  ])('%s', (_, damage, expected) => {
    expect(problemsAfter(damage)).toContain(expected);
  });

  test('another place', () => {
    const damage = `UPDATE entry SET parent = 1 WHERE id = 4;
      UPDATE child_count SET n = n - 1 WHERE parent = 2;
      UPDATE child_count SET n = n + 1 WHERE parent = 1;`;
    expect(problemsAfter(damage)).toContain('it is not where the change left it');
  });
});

test('a page of zeros is a problem, not an exception', () => {
  let tables = new Set<unknown>();
  const pagesOfTables = "SELECT pageno FROM dbstat WHERE name = 'sqlite_schema'";
  const sound = problemsAfter((db) => {
    tables = new Set(db.prepare(pagesOfTables).pluck().all());
  });
  expect(sound).toBe('');
  const file = databasePath(copy);
  const handle = openSync(file, 'r+');
  const pages = fstatSync(handle).size / 4096;
  // Every page holds something that somebody needs; those of the tables' own text stop the opening.
  for (let page = 2; page < pages; page += 7) {
    if (!tables.has(page + 1)) writeSync(handle, Buffer.alloc(4096), 0, 4096, page * 4096);
  }
  closeSync(handle);
  expect(verifyDatabase(copy).ok).toBe(false);
});

test('tables that cannot be read are told in one sentence', () => {
  const damage = () =>
    problemsAfter((db) => {
      db.pragma('writable_schema = ON');
      db.exec("UPDATE sqlite_schema SET sql = replace(sql, 'rdn_key', 'k') WHERE name = 'entry'");
    });
  expect(damage).toThrow('is damaged: restore a backup');
});
