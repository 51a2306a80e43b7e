/** The entry cache at its edges: bounds larger than 31 bits, large entries, second chances. */
import { expect, test } from '@jest/globals';
import type { EntryRecord } from '../../../src/directory/ports.js';
import { EntryCache } from '../../../src/store/entry-cache.js';

const record = (id: number, bodyBytes: number) =>
  ({ id, body: Buffer.alloc(bodyBytes) }) as unknown as EntryRecord;

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
