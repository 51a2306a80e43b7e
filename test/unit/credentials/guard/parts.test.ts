/** Keyed digests, repeated passwords, and addresses. */
import { createHmac } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { PasswordMac } from '../../../../src/credentials/guard/mac.js';
import { Repeats } from '../../../../src/credentials/guard/repeats.js';
import { placeOf, Sources } from '../../../../src/credentials/guard/sources.js';
import { defaultLimits } from '../../../../src/runtime/limits.js';
import { seededRandom } from '../../../support/directory-fakes.js';

describe('keyed digests', () => {
  test('are HMAC-SHA-256 of the numbers and the password', () => {
    const key = seededRandom(7).bytes(32);
    const mac = new PasswordMac(seededRandom(7));
    for (const password of ['', 'secret', 'a longer one '.repeat(300), '\0\u00ff', 'ä€😀']) {
      const about = Buffer.alloc(16);
      about.writeDoubleBE(42, 0);
      about.writeDoubleBE(3, 8);
      const expected = createHmac('sha256', key).update(about).update(password).digest('binary');
      expect(mac.of(42, 3, Buffer.from(password))).toBe(expected);
    }
  });

  test('differ by whom they are about, by password, and by process', () => {
    const mac = new PasswordMac(seededRandom(1));
    const other = new PasswordMac(seededRandom(2));
    const p = Buffer.from('p');
    const digests = [mac.of(1, 0, p), mac.of(2, 0, p), mac.of(1, 1, p), other.of(1, 0, p)];
    digests.push(mac.of(1, 0, Buffer.from('q')), mac.of(1, 0, Buffer.from('p\0')));
    expect(new Set(digests).size).toBe(6);
  });

  test('look at no more of a password than one can have', () => {
    const mac = new PasswordMac(seededRandom(1));
    const long = Buffer.alloc(10_000_000, 'x');
    expect(mac.of(1, 0, long)).toBe(mac.of(1, 0, long.subarray(0, 4_096)));
  });
});

describe('the same wrong password', () => {
  test('counts once a minute, from its last use', () => {
    const repeats = new Repeats(10);
    expect(repeats.counts('a', 0)).toBe(true);
    expect(repeats.counts('b', 1)).toBe(true);
    expect(repeats.counts('a', 50_000)).toBe(false);
    expect(repeats.counts('a', 109_999)).toBe(false);
    expect(repeats.counts('a', 169_999)).toBe(true);
  });

  test('never counts where it was right before', () => {
    const repeats = new Repeats(10);
    expect(repeats.counts('old', 0)).toBe(true);
    repeats.former('old');
    expect(repeats.counts('old', 1e9)).toBe(false);
  });

  test('is forgotten when there are too many, the oldest first', () => {
    const repeats = new Repeats(2);
    for (const digest of ['a', 'b', 'c']) repeats.counts(digest, 0);
    expect(repeats.counts('c', 1)).toBe(false);
    expect(repeats.counts('a', 1)).toBe(true);
    for (const digest of ['x', 'y', 'z']) repeats.former(digest);
    expect(repeats.counts('z', 2)).toBe(false);
    expect(repeats.counts('x', 2)).toBe(true);
  });
});

describe('addresses', () => {
  test.each([
    ['127.0.0.1', undefined],
    ['127.9.9.9', undefined],
    ['::1', undefined],
    ['::ffff:127.0.0.1', undefined],
    ['local', undefined],
    ['control', undefined],
    ['', undefined],
    ['192.0.2.7', '192.0.2.7'],
    ['::ffff:192.0.2.7', '192.0.2.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:0DB8:0001:0002::9', '2001:db8:1:2::/64'],
    ['2001:db8::9', '2001:db8:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['not:an:address', undefined],
  ])('%s counts for %s', (address, place) => {
    expect(placeOf(address)).toBe(place);
  });

  const limits = {
    ...defaultLimits,
    sourceFailuresMax: 3,
    sourceFailureWindowMs: 1_000,
    sourceLockMs: 5_000,
    sourceTrustMs: 2_000,
    sourcesMax: 3,
  };
  const failing = (sources: Sources, times: readonly number[], place = 'a') =>
    times.map((time) => sources.failed(place, time));

  test('are locked by too many failures in a window, until the lock ends', () => {
    const sources = new Sources(limits, new Map());
    expect(failing(sources, [0, 1, 2])).toEqual([false, false, true]);
    expect([2, 5_001, 5_002].map((time) => sources.isLocked('a', time))).toEqual([
      true,
      true,
      false,
    ]);
    expect(sources.isLocked('b', 3)).toBe(false);
    expect(failing(sources, [5_002, 5_003])).toEqual([false, false]);
    expect(failing(sources, [5_004])).toEqual([true]);
  });

  test('count anew with each window', () => {
    const sources = new Sources(limits, new Map());
    expect(failing(sources, [0, 999, 1_000, 1_001])).toEqual([false, false, false, false]);
  });

  test('are never locked soon after somebody got in from there', () => {
    const sources = new Sources(limits, new Map());
    sources.succeeded('a', 0);
    expect(failing(sources, [1, 2, 3, 4, 5]).some(Boolean)).toBe(false);
    expect(failing(sources, [2_000, 2_001, 2_002])).toEqual([false, false, true]);
  });

  test('are never locked where the limit is 0', () => {
    const sources = new Sources({ ...limits, sourceFailuresMax: 0 }, new Map());
    expect(
      failing(
        sources,
        Array.from({ length: 100 }, (_, i) => i),
      ).some(Boolean),
    ).toBe(false);
  });

  test('survive as records, are bounded, and are swept when they mean nothing', () => {
    const sources = new Sources(limits, new Map());
    failing(sources, [0, 1, 2]);
    const again = new Sources(limits, new Map([['a', sources.record('a')]]));
    expect(again.isLocked('a', 3)).toBe(true);
    expect(again.sweep(5_001)).toEqual([]);
    expect(again.sweep(5_002)).toEqual(['a']);
    expect(again.record('a').failures).toBe(0);
    for (const place of ['w', 'x', 'y', 'z']) sources.failed(place, 10);
    expect([sources.record('a').failures, sources.record('z').failures]).toEqual([0, 1]);
  });
});
