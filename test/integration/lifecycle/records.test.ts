/** What the engine keeps beside the entries is part of verify, and goes with its entries. */

import { beforeEach, describe, expect, test } from '@jest/globals';
import Database from 'better-sqlite3';
import { databasePath, verifyDatabase } from '../../../src/store/index.js';
import { eachDirectory } from '../../support/directory-each.js';
import { ok } from '../../support/directory-expect.js';
import { manyPeople, person } from '../../support/directory-people.js';

const at = eachDirectory();

beforeEach(() => {
  at().seed(manyPeople(['ada']));
  const entry = at().names.idOf(person('ada'));
  const base = { context: at().admin, reason: 'test' };
  const message = { key: 'k', channel: 'mail', to: 'a@x', subject: 's', body: 'b' } as const;
  const decision = {
    kind: 'task',
    key: 'k',
    who: 'ada',
    text: 't',
    about: entry,
    detail: '{}',
  } as const;
  const outcomes = at().apply([
    { ...base, op: 'openRun' },
    {
      ...base,
      op: 'together',
      run: 1,
      writes: [{ ...base, op: 'unlock', owner: entry }],
      marks: [{ entry, key: 'done' }],
      decisions: [decision],
      messages: [message],
    },
  ]);
  expect(outcomes.every((outcome) => outcome.ok)).toBe(true);
});

/** Spoils the database for a moment, and says what verify finds. */
function spoiled(sql: string, back: string): readonly string[] {
  const db = new Database(databasePath(at().dir));
  try {
    db.exec(sql);
    return verifyDatabase(at().dir).problems;
  } finally {
    db.exec(back);
    db.close();
  }
}

describe('verify', () => {
  test.each([
    [
      'UPDATE mark SET entry = 9999',
      'UPDATE mark SET entry = ID',
      /entry 9999, which does not exist/,
    ],
    ['DELETE FROM run', "INSERT INTO run VALUES (1, 0, '', '', 0)", /is of run 1, which does not/],
    ['UPDATE run SET undoes = 7', 'UPDATE run SET undoes = 0', /run 1 undoes run 7/],
    [
      "UPDATE decision SET kind = 'x'",
      "UPDATE decision SET kind = 'task'",
      /decision 1 is of kind x/,
    ],
    ["UPDATE decision SET detail = '{'", "UPDATE decision SET detail = '{}'", /decision 1/],
    ["UPDATE outbox SET state = 'x'", "UPDATE outbox SET state = 'waiting'", /message 1 is x/],
    [
      "INSERT INTO tombstone SELECT uuid, 'ada', 0, '', 0 FROM entry LIMIT 1",
      'DELETE FROM tombstone',
      /ada was purged, and the entry is still there/,
    ],
  ])('%s', (sql, back, problem) => {
    const id = String(at().names.idOf(person('ada')));
    expect(spoiled(sql, back.replace('ID', id)).join('\n')).toMatch(problem);
    at().verify();
  });
});

test('marks go with their entry', async () => {
  await ok(at().delete(person('ada')));
  expect(at().sql('SELECT * FROM mark')).toEqual([]);
});

test('what stands together falls together', () => {
  const base = { context: at().admin, reason: 'test' };
  const entry = at().names.idOf(person('ada'));
  const message = { key: 'other', channel: 'mail', to: 'a@x', subject: 's', body: 'b' } as const;
  const [outcome] = at().apply([
    {
      ...base,
      op: 'together',
      writes: [
        { ...base, op: 'unlock', owner: entry },
        { ...base, op: 'unlock', owner: 9_999 },
      ],
      messages: [message],
    },
  ]);
  expect(outcome).toMatchObject({ ok: false, error: { code: 'noSuchObject' } });
  expect(
    at()
      .reader.records.messages(0, 10)
      .map(({ key }) => key),
  ).toEqual(['k']);
});
