/** How long applications go by what they have read: what is set, what is known, what is guessed. */
import { expect, test } from '@jest/globals';
import { cacheOf, knownCaches, readCache } from '../../../src/directory/model/caches.js';

test('a value is a program or a length of time', () => {
  expect(readCache('90m')?.seconds).toBe(5_400);
  expect(readCache('600 s')?.seconds).toBe(600);
  expect(readCache('2h')?.seconds).toBe(7_200);
  expect(readCache('none')?.seconds).toBe(0);
  for (const { product, seconds } of knownCaches) {
    expect(readCache(product.toUpperCase())?.seconds).toBe(seconds);
  }
  for (const bad of ['', '5', 'm', '-1s', '1.5h', '367d', '1h 30m', '99999999999s']) {
    expect(readCache(bad)).toBeUndefined();
  }
});

test('what is set wins over the name, and the name over what machines run', () => {
  const named = { set: undefined, name: 'nextcloud', isHost: false };
  expect(cacheOf(named)).toMatchObject({ seconds: 600, because: 'name' });
  expect(cacheOf({ ...named, set: '2h' })).toEqual({ seconds: 7_200, because: 'set' });
  expect(cacheOf({ set: undefined, name: 'web1', isHost: true })).toMatchObject({
    seconds: 5_400,
    because: 'host',
  });
  expect(cacheOf({ set: undefined, name: 'app', isHost: false })).toBeUndefined();
});
