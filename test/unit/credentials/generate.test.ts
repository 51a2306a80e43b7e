import { expect, test } from '@jest/globals';
import { generatePassword, generateSecret } from '../../../src/credentials/index.js';
import { words } from '../../../src/credentials/words.js';
import { systemRandom } from '../../../src/runtime/random.js';

test('the words keep the promised entropy', () => {
  expect(new Set(words).size).toBe(words.length);
  expect(words.filter((word) => !/^[a-z]{2,12}$/.test(word))).toEqual([]);
  expect(5 * Math.log2(words.length) + Math.log2(10_000)).toBeGreaterThanOrEqual(64);
});

test('a password is five words and four digits', () => {
  const random = systemRandom();
  const made = Array.from({ length: 200 }, () => generatePassword(random));
  for (const password of made) expect(password).toMatch(/^[a-z]+-[a-z]+-\d{4}(-[a-z]+){3}$/);
  expect(new Set(made).size).toBe(made.length);
});

test('draws past the last whole multiple are redone', () => {
  const draws = [0xffff, 0, 0, 0, 0, 0, 0xfffe, 7];
  const random = {
    bytes(length: number) {
      const bytes = Buffer.alloc(length);
      bytes.writeUInt16BE(draws.shift() ?? 0);
      return bytes;
    },
  };
  const first = words[0];
  expect(generatePassword(random)).toBe(`${first}-${first}-0007-${first}-${first}-${first}`);
});

test('a secret is base64url of the bytes asked for', () => {
  expect(generateSecret({ bytes: (length) => Buffer.alloc(length, 0xff) }, 16)).toBe(
    '_____________________w',
  );
});
