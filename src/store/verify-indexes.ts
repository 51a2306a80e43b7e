/**
 * Verify, the indexes: the equality index must hold exactly the keys of the stored values, and the
 * substring index the trigrams of their texts. An index that is being built may lack what lies
 * behind its cursor; one that is being dropped is not looked at.
 */
import type Database from 'better-sqlite3';
import { keysOfBody } from './entry-writes.js';
import type { Findings } from './findings.js';
import type { AttributeIndex, IndexSettings } from './index-settings.js';
import type { Interned } from './interning.js';
import { SUBSTRING_SLOTS, textOfBody } from './substring-text.js';

interface Context {
  readonly db: Database.Database;
  readonly interned: Interned;
  readonly settings: IndexSettings;
  readonly found: Findings;
}

export function verifyIndexes(
  db: Database.Database,
  interned: Interned,
  settings: IndexSettings,
  found: Findings,
): void {
  const context = { db, interned, settings, found };
  verifyStates(context);
  verifyKeys(context);
  const pending = db.prepare('SELECT count(*) FROM substring_pending').pluck().get() as number;
  // Rows of noted entries are stale by design: there is nothing to compare until they are flushed.
  if (pending > 0) found.count('entries waiting for the substring index', pending);
  else verifySubstring(context);
}

function verifyStates({ settings, found }: Context): void {
  const slots = new Set<number>();
  for (const { attr, use, state, slot } of settings.rows()) {
    if (!['building', 'ready', 'dropping'].includes(state)) {
      found.problem(`the ${use} index of ${attr} is in the unknown state "${state}"`);
    }
    if (use !== 'sub') continue;
    if (slot === null || slot < 0 || slot >= SUBSTRING_SLOTS || slots.has(slot)) {
      found.problem(`the substring index of ${attr} has no column of its own`);
    } else slots.add(slot);
  }
}

/** Keys that an entry must have, as `attr key` with the key in latin1. */
function expectedKeys(body: Buffer, indexes: readonly AttributeIndex[], interned: Interned) {
  const keys = new Map<string, { readonly index: AttributeIndex; readonly key: Buffer }>();
  for (const index of indexes) {
    for (const key of keysOfBody(body, index.type, interned)) {
      keys.set(`${index.number} ${key.latin1Slice(0, key.length)}`, { index, key });
    }
  }
  return keys;
}

function verifyKeys({ db, interned, settings, found }: Context): void {
  const maintained = [...settings.all()].filter(({ equality }) =>
    ['ready', 'building'].includes(equality),
  );
  const cursors = new Map(
    settings
      .rows()
      .filter(({ use, state }) => use === 'eq' && state === 'building')
      .map(({ attr, cursor }) => [attr, cursor]),
  );
  const has = db.prepare('SELECT 1 FROM idx WHERE attr = ? AND key = ? AND id = ?').pluck();
  let expected = 0;
  for (const row of db.prepare('SELECT id, body FROM entry').raw().iterate()) {
    const [id, body] = row as [number, Buffer];
    found.step();
    for (const { index, key } of expectedKeys(body, maintained, interned).values()) {
      if (has.get(index.number, key, id) !== undefined) expected += 1;
      else if (id <= (cursors.get(index.type.name.toLowerCase()) ?? Number.POSITIVE_INFINITY)) {
        found.problem(`entry ${id}: the index of ${index.type.name} lacks a key of it`);
      }
    }
  }
  found.count('index keys', expected);
  const numbers = maintained.map(({ number }) => number);
  const stored = db
    .prepare(`SELECT count(*) FROM idx WHERE attr IN (${numbers.join(', ')})`)
    .pluck()
    .get() as number;
  if (stored !== expected) findStrayKeys({ db, interned, settings, found }, maintained);
  const unknown = [...settings.all()].map(({ number }) => number);
  const orphans = db
    .prepare(`SELECT DISTINCT attr FROM idx WHERE attr NOT IN (${unknown.join(', ')})`)
    .pluck()
    .all();
  for (const attr of orphans) {
    found.problem(`the index has keys of attribute ${String(attr)}, which is not indexed`);
  }
}

function findStrayKeys(
  { db, interned, found }: Context,
  maintained: readonly AttributeIndex[],
): void {
  const byNumber = new Map(maintained.map((index) => [index.number, index]));
  const bodyOf = db.prepare('SELECT body FROM entry WHERE id = ?').pluck();
  for (const row of db.prepare('SELECT attr, key, id FROM idx').raw().iterate()) {
    const [attr, key, id] = row as [number, Buffer, number];
    const index = byNumber.get(attr);
    if (index === undefined) continue;
    const body = bodyOf.get(id) as Buffer | undefined;
    if (body === undefined) {
      found.problem(`the index of ${index.type.name} has a key of entry ${id}, which is gone`);
    } else if (!keysOfBody(body, index.type, interned).some((other) => other.equals(key))) {
      found.problem(`the index of ${index.type.name} has a key that entry ${id} has no value of`);
    }
  }
}

/** Makes the whole index again in a temporary table and compares terms column by column. */
function verifySubstring({ db, interned, settings, found }: Context): void {
  if ([...settings.all()].some(({ substring }) => substring === 'building')) return;
  const indexes = [...settings.all()].filter(
    ({ slot, substring }) => slot >= 0 && substring === 'ready',
  );
  const columns = Array.from({ length: SUBSTRING_SLOTS }, (_, slot) => `c${slot}`);
  db.exec(`
    CREATE VIRTUAL TABLE temp.substring_anew USING fts5(${columns.join(', ')}, content='',
      contentless_delete=1, detail=column, tokenize='trigram case_sensitive 1');
    CREATE VIRTUAL TABLE temp.terms_anew USING fts5vocab(temp, substring_anew, col);
    CREATE VIRTUAL TABLE temp.terms_stored USING fts5vocab(main, substring, col);`);
  try {
    const insert = db.prepare(
      `INSERT INTO temp.substring_anew(rowid, ${columns.join(', ')})
         VALUES (?${', ?'.repeat(SUBSTRING_SLOTS)})`,
    );
    const descriptions = interned.descriptions();
    for (const row of db.prepare('SELECT id, body FROM entry').raw().all()) {
      const [id, body] = row as [number, Buffer];
      const values: (number | string | null)[] = new Array(SUBSTRING_SLOTS + 1).fill(null);
      values[0] = id;
      for (const { slot, type } of indexes) {
        values[slot + 1] = textOfBody(body, type, descriptions) || null;
      }
      if (values.some((value, i) => i > 0 && value !== null)) insert.run(values);
    }
    compareTerms(db, indexes, found);
  } finally {
    db.exec(`DROP TABLE temp.terms_stored; DROP TABLE temp.terms_anew;
      DROP TABLE temp.substring_anew;`);
  }
}

function compareTerms(
  db: Database.Database,
  indexes: readonly AttributeIndex[],
  found: Findings,
): void {
  const nameOf = (column: string) =>
    indexes.find(({ slot }) => `c${slot}` === column)?.type.name ?? column;
  // Columns of indexes that are being dropped still hold what they held.
  const columns = indexes.map(({ slot }) => `'c${slot}'`).join(', ');
  const difference = (one: string, other: string) =>
    db
      .prepare(
        `SELECT col, count(*) AS n FROM (
           SELECT term, col, doc FROM temp.${one} WHERE col IN (${columns})
           EXCEPT SELECT term, col, doc FROM temp.${other}) GROUP BY col`,
      )
      .all() as { col: string; n: number }[];
  for (const { col, n } of difference('terms_anew', 'terms_stored')) {
    found.problem(`the substring index of ${nameOf(col)} lacks entries for ${n} terms`);
  }
  for (const { col, n } of difference('terms_stored', 'terms_anew')) {
    found.problem(`the substring index of ${nameOf(col)} has wrong entries for ${n} terms`);
  }
}
