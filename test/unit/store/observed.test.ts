/** What was seen of binds: written late, beside the entries, and gone with them. */
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import Database from 'better-sqlite3';
import type { Observed } from '../../../src/directory/model/observed.js';
import { databasePath } from '../../../src/store/index.js';
import { Scene } from './support.js';

let scene: Scene;
let ada: number;
let bob: number;
const nothing: Observed = {
  successes: [],
  failures: [],
  secrets: [],
  lockouts: [],
  sources: [],
};

beforeEach(() => {
  scene = new Scene();
  const top = scene.write(() => scene.suffix());
  ada = scene.write(() => scene.person(top, 'ada'));
  bob = scene.write(() => scene.person(top, 'bob'));
});

afterEach(() => {
  try {
    expect(scene.writer.verify().problems).toEqual([]);
  } finally {
    scene.close();
  }
});

const observe = (observed: Partial<Observed>) =>
  scene.write(() => scene.writer.observations.write({ ...nothing, ...observed }));
const seen = (atMs: number, from = '192.0.2.1', service = 0) => ({ atMs, from, service });
const row = (owner: number, { atMs, from, service }: ReturnType<typeof seen>) => [
  owner,
  atMs,
  from,
  service,
];

test('last success and last failure are kept apart, and survive a restart', () => {
  const { reader } = scene;
  expect(reader.observed.lastUse(ada)).toEqual({ success: undefined, failure: undefined });
  observe({ successes: row(ada, seen(1_000, 'local', bob)) });
  observe({ failures: row(ada, seen(2_000)) });
  const both = { success: seen(1_000, 'local', bob), failure: seen(2_000) };
  expect(reader.observed.lastUse(ada)).toEqual(both);
  scene.reopen();
  expect(scene.reader.observed.lastUse(ada)).toEqual(both);
  observe({ successes: row(ada, seen(3_000)), failures: row(ada, seen(4_000)) });
  expect(scene.reader.observed.lastUse(ada)).toEqual({
    success: seen(3_000),
    failure: seen(4_000),
  });
});

test('lockouts and addresses come and go', () => {
  observe({
    lockouts: [
      { owner: ada, lockout: { failures: [1, 2, 3], lockedMs: 3 } },
      { owner: bob, lockout: { failures: [7], lockedMs: undefined } },
    ],
    sources: [
      {
        address: '192.0.2.1',
        record: { failures: 2, sinceMs: 5, lockedMs: undefined, successMs: 9 },
      },
    ],
  });
  scene.reopen();
  expect([...scene.reader.observed.lockouts()]).toEqual([
    [ada, { failures: [1, 2, 3], lockedMs: 3 }],
    [bob, { failures: [7], lockedMs: undefined }],
  ]);
  expect([...scene.reader.observed.sources()]).toEqual([
    ['192.0.2.1', { failures: 2, sinceMs: 5, lockedMs: undefined, successMs: 9 }],
  ]);
  const forgotten = { failures: 0, sinceMs: 0, lockedMs: undefined, successMs: undefined };
  observe({
    lockouts: [{ owner: bob, lockout: undefined }],
    sources: [{ address: '192.0.2.1', record: forgotten }],
  });
  expect([...scene.reader.observed.lockouts().keys()]).toEqual([ada]);
  expect(scene.reader.observed.sources().size).toBe(0);
  expect(scene.write(() => scene.writer.observations.unlock(ada))).toBe(true);
  expect(scene.write(() => scene.writer.observations.unlock(ada))).toBe(false);
  expect(scene.reader.observed.lockouts().size).toBe(0);
});

test('rows go with their entry or secret, and are not made for one that is gone', () => {
  const secret = scene.write(() => scene.addSecret(ada, 'userPassword', '{SSHA}x'));
  const about = (owner: number): Partial<Observed> => ({
    successes: row(owner, seen(1)),
    secrets: [{ secret, used: seen(1) }],
    lockouts: [{ owner, lockout: { failures: [1], lockedMs: undefined } }],
  });
  observe(about(ada));
  expect(scene.reader.observed.secretUse(secret)).toEqual(seen(1));
  scene.write(() => scene.remove(ada));
  observe(about(ada));
  const db = new Database(databasePath(scene.dir), { readonly: true });
  for (const table of ['last_use', 'secret_use', 'lockout']) {
    expect(db.prepare(`SELECT count(*) FROM ${table}`).pluck().get()).toBe(0);
  }
  db.close();
});

test('nothing of it is in the log or on the row', () => {
  const before = scene.reader.entry(ada);
  const { seq } = scene.writer.logEnd();
  observe({
    successes: row(ada, seen(1)),
    failures: row(ada, seen(2)),
    lockouts: [{ owner: ada, lockout: { failures: [2], lockedMs: 2 } }],
  });
  scene.reopen();
  expect(scene.reader.entry(ada)).toEqual(before);
  expect(scene.writer.logEnd().seq).toBe(seq);
});

test('verify names rows of an entry that does not exist', () => {
  scene.close();
  scene = new Scene();
  const db = new Database(databasePath(scene.dir));
  db.exec("INSERT INTO lockout VALUES (99, '[]', NULL)");
  expect(scene.writer.verify().problems).toEqual(['lockout: entry 99 does not exist']);
  db.exec('DELETE FROM lockout');
  db.close();
});
