/** The entry cache at its edges: bounds larger than 31 bits, large entries, second chances. */
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { EntryRecord } from '../../../src/directory/ports.js';
import { EntryCache } from '../../../src/store/entry-cache.js';
import { IdMap } from '../../../src/store/id-map.js';
import { seed } from '../../support/seed.js';

const record = (id: number, bodyBytes: number) =>
  ({ id, body: Buffer.alloc(bodyBytes, id) }) as unknown as EntryRecord;

test('a cache of gigabytes keeps entries', () => {
  const cache = new EntryCache(2 * 1024 * 1024 * 1024);
  cache.add(record(1, 600));
  expect(cache.get(1)?.id).toBe(1);
  expect(cache.full).toBe(false);
});

test('an entry of more than an eighth of it is not kept', () => {
  const cache = new EntryCache(80_000);
  cache.add(record(1, 20_000));
  expect(cache.get(1)).toBeUndefined();
  expect(cache.bytes).toBe(0);
});

test('what was used stays when others make room', () => {
  const cache = new EntryCache(80_000);
  for (let id = 1; id <= 8; id++) cache.add(record(id, 8_000));
  const first = cache.get(1);
  expect(first).toBeDefined();
  for (let id = 9; id <= 12; id++) cache.add(record(id, 8_000));
  expect(cache.get(1)).toBe(first);
  expect(cache.get(2)).toBeUndefined();
  expect(cache.bytes).toBeLessThanOrEqual(80_000);
});

test('a body that was read stays as it was when its place is given up', () => {
  const cache = new EntryCache(80_000);
  cache.add(record(1, 500));
  const { body } = cache.get(1)!;
  for (let id = 2; id <= 400; id++) cache.add(record(id, 500));
  cache.drop(1);
  expect(body.equals(Buffer.alloc(500, 1))).toBe(true);
});

test('what is dropped gives its memory back', () => {
  const cache = new EntryCache(10 * 1024 * 1024);
  for (let id = 1; id <= 4_000; id++) cache.add(record(id, 600));
  const full = cache.bytes;
  for (let id = 1; id <= 4_000; id++) cache.drop(id);
  expect(cache.size).toBe(0);
  // At most the slab that is being filled is left.
  expect(cache.bytes).toBeLessThanOrEqual(256 * 1024);
  expect(full).toBeGreaterThan(4_000 * 600);
});

test('whatever is added, used and dropped: bodies are right and the bound holds', () => {
  const step = fc.record({
    id: fc.integer({ min: 1, max: 3_000 }),
    bytes: fc.integer({ min: 0, max: 3_000 }),
    act: fc.constantFrom('add', 'add', 'get', 'drop', 'scan'),
  });
  const property = fc.property(fc.array(step, { maxLength: 600 }), (steps) => {
    const bytesMax = 160_000;
    const cache = new EntryCache(bytesMax);
    const latest = new Map<number, number>();
    for (const { id, bytes, act } of steps) {
      if (act === 'drop') {
        cache.drop(id);
        latest.delete(id);
      } else if (act === 'get') {
        const kept = cache.get(id);
        if (kept === undefined) continue;
        expect(kept.body.equals(Buffer.alloc(latest.get(id)!, id))).toBe(true);
      } else if (act === 'scan') {
        if (cache.get(id) !== undefined) continue;
        cache.addIfRoom(record(id, bytes));
        latest.set(id, bytes);
      } else {
        cache.add(record(id, bytes));
        latest.set(id, bytes);
      }
      // A slab more than the bound: what was used moves before what was not is found.
      expect(cache.bytes).toBeLessThanOrEqual(bytesMax * 1.25);
    }
  });
  fc.assert(property, { seed: seed(), numRuns: 60 });
});

test('a map by id holds what was set, far apart too', () => {
  const map = new IdMap<{ n: number }>();
  const ids = [0, 1, 1_023, 1_024, 5_000_000];
  expect(map.get(7_000_000)).toBeUndefined();
  for (const id of ids) map.set(id, { n: id });
  for (const id of ids) expect(map.get(id)?.n).toBe(id);
  expect(map.size).toBe(5);
  map.set(1, { n: -1 });
  expect(map.size).toBe(5);
  map.delete(1);
  map.delete(1);
  map.delete(999_999_999);
  expect(map.get(1)).toBeUndefined();
  expect(map.size).toBe(4);
  map.clear();
  expect(map.size).toBe(0);
  expect(map.get(1_024)).toBeUndefined();
});
