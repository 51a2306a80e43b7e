/** What an import holds in memory, packed: order, look-ups, and the rows that SQLite gets of it. */
import { createHash } from 'node:crypto';
import { expect, test } from '@jest/globals';
import Database from 'better-sqlite3';
import fc from 'fast-check';
import { BulkTexts } from '../../../src/store/bulk-texts.js';
import { exportDigest } from '../../../src/store/canonical.js';
import { DigestList } from '../../../src/store/digest-list.js';
import { JsonbRows } from '../../../src/store/jsonb.js';
import { PackedKeys } from '../../../src/store/packed-keys.js';

/** Few different bytes, so that strings have beginnings in common and repeat. */
const bytes = fc.array(fc.constantFrom(0, 1, 0x61, 0x62, 0xff), { maxLength: 12 });
const strings = fc.array(bytes, { maxLength: 400 });

function packed(keys: readonly (readonly number[])[], lookedUp = false): PackedKeys {
  const list = new PackedKeys({ lookedUp });
  for (const [i, key] of keys.entries()) list.add(Uint8Array.from(key), 1_000 + i);
  return list;
}

test('keys come in the order of their bytes, equal ones in that of their coming', () => {
  fc.assert(
    fc.property(strings, (keys) => {
      const expected = keys
        .map((key, i) => ({ key: Buffer.from(key), i }))
        .sort((a, b) => a.key.compare(b.key) || a.i - b.i)
        .map(({ i }) => i);
      expect([...packed(keys).order()]).toEqual(expected);
    }),
  );
});

test('thousands of long equal and almost equal keys are sorted without deep recursion', () => {
  const keys = Array.from({ length: 20_000 }, (_, i) => [
    ...new Array<number>(150).fill(0x61),
    i % 3,
    (i * 7_919) % 251,
  ]);
  const list = packed(keys);
  const order = list.order();
  const at = (i: number) => Buffer.from(keys[order[i]!]!);
  for (let i = 1; i < order.length; i += 1) {
    const difference = at(i - 1).compare(at(i));
    if (difference > 0 || (difference === 0 && order[i - 1]! > order[i]!)) throw new Error(`${i}`);
  }
  list.clear();
  expect(list.count).toBe(0);
  list.add(Uint8Array.of(1), 5);
  expect([list.idAt(0), ...list.order()]).toEqual([5, 0]);
});

test('keys are found by their bytes, however many there are', () => {
  const list = packed([], true);
  expect(list.find(Uint8Array.of(1))).toBeUndefined();
  for (let i = 0; i < 5_000; i += 1) list.add(Buffer.from(`key ${i % 4_999}`), i);
  expect(list.find(Buffer.from('key 17'))).toEqual([17]);
  expect(list.find(Buffer.from('key 0'))?.sort()).toEqual([0, 4_999]);
  expect(list.find(Buffer.from('key'))).toBeUndefined();
  list.clear();
  expect(list.find(Buffer.from('key 17'))).toBeUndefined();
  expect(() => packed([]).find(Uint8Array.of(1))).toThrow('not looked up');
});

test('SQLite reads rows of any bytes and lengths as they were put in', () => {
  const db = new Database(':memory:');
  const read = db.prepare('SELECT CAST(key AS BLOB), value FROM json_each(?)').raw();
  const number = fc.oneof(fc.nat(), fc.maxSafeNat());
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.uint8Array({ maxLength: 300 }), number)), (given) => {
      const rows = new JsonbRows(8);
      for (const [key, value] of given) rows.add(key, 0, key.length, value);
      expect(rows.empty).toBe(given.length === 0);
      const expected = given.map(([key, value]) => [Buffer.from(key), value]);
      expect(read.all(rows.take())).toEqual(expected);
      expect(rows.empty).toBe(true);
    }),
  );
  const rows = new JsonbRows();
  const long = Buffer.alloc(70_000, '"\\');
  rows.add(long, 0, long.length, 1);
  rows.add(Buffer.from('"a\0b"'), 1, 4, 2);
  expect(read.all(rows.take())).toEqual([
    [long, 1],
    [Buffer.from('a\0b'), 2],
  ]);
  db.close();
});

test('a list of digests has the digest of the same export', () => {
  const hex = (text: string) => createHash('sha256').update(text).digest('hex');
  const uuid = (i: number) =>
    hex(`${i}`).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, '$1-$2-$3-$4-$5');
  for (const count of [0, 1, 2, 300, 4_096, 4_097, 9_000]) {
    const list = new DigestList();
    const map = new Map<string, string>();
    for (let i = 0; i < count; i += 1) {
      expect(list.add(uuid(i), hex('before'))).toBe(i);
      list.replace(i, hex(`entry ${i}`));
      map.set(uuid(i), hex(`entry ${i}`));
    }
    expect(list.count).toBe(count);
    expect(list.digest()).toBe(exportDigest(map));
    if (count > 0) expect(list.uuidAt(count - 1)).toBe(uuid(count - 1));
  }
});

test('texts come back by row and column; rows without any are left out', () => {
  const text = fc.oneof(fc.constant(''), fc.string({ unit: 'grapheme', maxLength: 40 }));
  fc.assert(
    fc.property(fc.array(fc.array(text, { maxLength: 5 }), { maxLength: 3_000 }), (rows) => {
      const held = new BulkTexts();
      for (const [i, texts] of rows.entries()) held.add(i + 7, texts);
      const expected = rows
        .map((texts, i) => ({ id: i + 7, parts: texts.map((t, c) => ({ t, c })) }))
        .map(({ id, parts }) => ({ id, parts: parts.filter(({ t }) => t !== '') }))
        .filter(({ parts }) => parts.length > 0);
      const got: { id: number; parts: { t: string; c: number }[] }[] = [];
      held.each((columns, texts, id) => {
        got.push({ id, parts: texts.map((t, i) => ({ t, c: columns[i]! })) });
      });
      expect(got).toEqual(expected);
      expect(held.ids()).toEqual(expected.map(({ id }) => id));
    }),
    { numRuns: 20 },
  );
});
