import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { makeGenerated } from '../../../../src/credentials/index.js';
import { otpSeparators, splitCode } from '../../../../src/credentials/otp/index.js';
import { systemRandom } from '../../../../src/runtime/random.js';
import { seed } from '../../../support/seed.js';

const split = (sent: string, separators: readonly (typeof otpSeparators)[number][] = ['']) => {
  const parts = splitCode(Buffer.from(sent), 6, separators);
  return parts && [parts.password.toString(), parts.code];
};

describe('a code at the end of a password', () => {
  test.each([
    ['pass123456', ['pass', '123456']],
    ['pass99123456', ['pass99', '123456']],
    ['pass,123456', ['pass,', '123456']],
    ['123456', ['', '123456']],
    ['pass12345', undefined],
    ['12345', undefined],
    ['', undefined],
    ['pass12345x', undefined],
    ['pässwörd000000', ['pässwörd', '000000']],
  ])('%j with nothing between', (sent, parts) => expect(split(sent)).toEqual(parts));

  test.each([
    ['pass,123456', ['pass', '123456']],
    ['pass,,123456', ['pass,', '123456']],
    [',123456', ['', '123456']],
    ['pass123456', undefined],
    ['pass;123456', undefined],
  ])('%j with a comma, which must be there', (sent, parts) =>
    expect(split(sent, [','])).toEqual(parts),
  );

  test('all spellings at once: a separator is one, the rest is the password', () => {
    for (const separator of otpSeparators) {
      expect(split(`pass${separator}123456`, otpSeparators)).toEqual(['pass', '123456']);
    }
    expect(split('pass;:123456', otpSeparators)).toEqual(['pass;', '123456']);
  });

  test('may be a recovery code, as it was made or in capitals', () => {
    const { text } = makeGenerated('recovery', systemRandom());
    expect(split(`pass${text}`)).toEqual(['pass', text]);
    expect(split(`pass${text.toUpperCase()}`)).toEqual(['pass', text]);
    expect(split(`pass;${text}`, [';'])).toEqual(['pass', text]);
    expect(split(`pass${text}`, [';'])).toBeUndefined();
  });

  test('whatever is sent, what splits is what was put together', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 40 }),
        fc.stringMatching(/^[0-9]{6}$/),
        fc.constantFrom(',', ';', ':'),
        (bytes, code, separator) => {
          const password = Buffer.from(bytes);
          const sent = Buffer.concat([password, Buffer.from(separator + code)]);
          expect(splitCode(sent, 6, [separator as ','])).toEqual({ password, code });
        },
      ),
      { seed: seed() },
    );
  });
});
