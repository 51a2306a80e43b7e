/** Rows of the access map before their flush, and lookups that logins follow from. */
import { expect, test } from '@jest/globals';
import { AccessRows, Lookups } from '../../../../src/credentials/guard/access.js';
import { accessIn } from '../../../../src/directory/model/access.js';

const address = '192.0.2.1';

test('one way is one row however often it is seen, with its first and last time', () => {
  const rows = new AccessRows();
  for (const atMs of [5, 3, 9]) rows.add(7, 2, address, 'password', atMs);
  rows.add(7, 2, address, 'lookup', 4);
  const before = new AccessRows();
  before.add(7, 2, address, 'password', 1);
  rows.takeOver(before);
  expect(rows.size).toBe(2);
  expect([...accessIn(rows.flat())]).toEqual([
    { person: 7, consumer: 2, address, method: 'password', firstMs: 1, lastMs: 9, count: 4 },
    { person: 7, consumer: 2, address, method: 'lookup', firstMs: 4, lastMs: 4, count: 1 },
  ]);
});

test('a login follows from a lookup at the same address, for a while', () => {
  const lookups = new Lookups(10, 1_000);
  lookups.note(7, 2, address, 0);
  expect(lookups.consumerFor(7, address, 1_000)).toBe(2);
  expect(lookups.consumerFor(7, address, 1_001)).toBe(0);
  expect(lookups.consumerFor(7, '192.0.2.2', 0)).toBe(0);
  expect(lookups.consumerFor(8, address, 0)).toBe(0);
});

test('a million people who are looked up take no more room than the bound', () => {
  const lookups = new Lookups(1_000, 1_000);
  for (let person = 1; person <= 1_000_000; person += 1) lookups.note(person, 2, address, 0);
  expect(lookups.size).toBeLessThanOrEqual(2_000);
  expect(lookups.consumerFor(1_000_000, address, 0)).toBe(2);
});
