import { createHash } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import {
  decodeGrant,
  encodeGrant,
  generatedAtEnd,
  generatedId,
  isGenerated,
  makeGenerated,
} from '../../../src/credentials/index.js';
import { systemRandom } from '../../../src/runtime/random.js';

const random = systemRandom();

describe('a generated secret', () => {
  test('has a kind, a public id and at least 128 bits, and is kept as SHA-256', () => {
    const { text, id, digest } = makeGenerated('app', random);
    expect(text).toMatch(/^app(?:-[0-9a-hjkmnp-tv-z]{4}){8}$/);
    expect(text.startsWith(`app-${id}-`)).toBe(true);
    expect(text.slice(`app-${id}-`.length).replaceAll('-', '')).toHaveLength(28);
    expect(28 * Math.log2(32)).toBeGreaterThanOrEqual(128);
    expect(digest).toEqual(createHash('sha256').update(text).digest());
  });

  test('draws evenly: all 32 characters come, none much oftener', () => {
    const seen = new Map<string, number>();
    for (let i = 0; i < 400; i += 1) {
      for (const c of makeGenerated('app', random).text.slice(4).replaceAll('-', '')) {
        seen.set(c, (seen.get(c) ?? 0) + 1);
      }
    }
    // 400 of each are expected: ten standard deviations are 200.
    expect(seen.size).toBe(32);
    for (const count of seen.values()) expect(Math.abs(count - 400)).toBeLessThan(200);
  });

  test('is known by its shape; capitals are the same', () => {
    const { text, id, digest } = makeGenerated('first', random);
    for (const sent of [text, text.toUpperCase()].map((s) => Buffer.from(s))) {
      expect(generatedId('first', sent)).toBe(id);
      expect(isGenerated('first', sent, digest)).toBe(true);
    }
    for (const other of [`${text}x`, text.slice(1), ` ${text}`, text.replace('-', '_'), '']) {
      expect(generatedId('first', Buffer.from(other))).toBeUndefined();
    }
    expect(generatedId('app', Buffer.from(text))).toBeUndefined();
    const wrong = text.slice(0, -1) + (text.endsWith('0') ? '1' : '0');
    expect(isGenerated('first', Buffer.from(wrong), digest)).toBe(false);
    expect(generatedAtEnd('first', Buffer.from(`pass,${text}`))).toBe(text);
    expect(generatedAtEnd('first', Buffer.from(`${text},pass`))).toBeUndefined();
  });

  test('never has an id that is taken', () => {
    let calls = 0;
    const stuck = { bytes: (n: number) => Buffer.alloc(n, calls++ < 8 ? 0 : 1) };
    expect(makeGenerated('app', stuck, ['0000']).id).toBe('1111');
  });
});

describe('what is kept of it', () => {
  const digest = Buffer.alloc(32, 9);
  test('comes back, under its own name only', () => {
    const app = { id: '4k2h', label: 'mäil', service: undefined, madeMs: 1, endsMs: 2, digest };
    const bytes = encodeGrant('app', app);
    expect(decodeGrant('app', bytes)).toEqual(app);
    expect(decodeGrant('first', bytes)).toBeUndefined();
    expect(decodeGrant('first', Buffer.from('{ARGON2}$argon2id$v=19'))).toBeUndefined();
  });
});
