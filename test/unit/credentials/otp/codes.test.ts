import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  checkCode,
  codeAt,
  decodeFactor,
  encodeFactor,
  makeSeed,
  newFactor,
  type OtpAlgorithm,
  type OtpFactor,
  otpAlgorithms,
  otpauthUri,
  readSeed,
  seedText,
  stepAt,
} from '../../../../src/credentials/otp/index.js';
import { systemRandom } from '../../../../src/runtime/random.js';
import { seed as testSeed } from '../../../support/seed.js';

const random = systemRandom();
const factor = (more: Partial<OtpFactor> = {}): OtpFactor => ({
  ...newFactor('totp', makeSeed(random), 1_000),
  confirmed: true,
  ...more,
});
const nowMs = Date.UTC(2026, 0, 5, 9);

describe('published vectors', () => {
  const digitsOf = (length: number) => Buffer.from('1234567890'.repeat(7).slice(0, length));
  /** RFC 6238, Appendix B: seconds, then the codes of SHA-1, SHA-256, SHA-512. */
  const totp: readonly (readonly [number, string, string, string])[] = [
    [59, '94287082', '46119246', '90693936'],
    [1111111109, '07081804', '68084774', '25091201'],
    [1111111111, '14050471', '67062674', '99943326'],
    [1234567890, '89005924', '91819424', '93441116'],
    [2000000000, '69279037', '90698825', '38618901'],
    [20000000000, '65353130', '77737706', '47863826'],
  ];
  test.each(totp)('RFC 6238 at %d', (seconds, ...codes) => {
    for (const [i, algorithm] of otpAlgorithms.entries()) {
      const seed = digitsOf([20, 32, 64][i]!);
      const one = factor({ algorithm, digits: 8, seed });
      expect(codeAt(one, stepAt(one, seconds * 1000))).toBe(codes[i]);
      expect(checkCode(one, codes[i]!, seconds * 1000)).toMatchObject({ ok: true });
    }
  });

  test('RFC 4226, Appendix D', () => {
    const codes = [755224, 287082, 359152, 969429, 338314, 254676, 287922, 162583, 399871, 520489];
    const one = factor({ type: 'hotp', seed: digitsOf(20) });
    expect(codes.map((_, counter) => Number(codeAt(one, counter)))).toEqual(codes);
  });

  test('RFC 4648 §10 names the base32 that seeds are written in', () => {
    const long = 'foobar'.repeat(4);
    expect(seedText(Buffer.from('foobar'))).toBe('MZXW6YTBOI');
    expect(readSeed(seedText(Buffer.from(long)))).toEqual({ ok: true, seed: Buffer.from(long) });
  });
});

describe('a code', () => {
  test('is good in its step and one to each side, and no further', () => {
    const one = factor();
    const step = stepAt(one, nowMs);
    for (const [off, ok] of [
      [-2, false],
      [-1, true],
      [0, true],
      [1, true],
      [2, false],
    ] as const) {
      const verdict = checkCode(one, codeAt(one, step + off), nowMs);
      expect(verdict).toEqual(ok ? { ok, at: step + off } : { ok, used: false });
    }
    expect(checkCode(one, codeAt(one, step + 2), nowMs, { drift: 2, lookAhead: 0 }).ok).toBe(true);
    expect(checkCode(one, codeAt(one, step - 1), nowMs, { drift: 0, lookAhead: 0 }).ok).toBe(false);
  });

  test('that was used is not good again, nor is any before it', () => {
    const one = factor();
    const step = stepAt(one, nowMs);
    const after = { ...one, next: step + 1 };
    expect(checkCode(after, codeAt(one, step), nowMs)).toEqual({ ok: false, used: true });
    expect(checkCode(after, codeAt(one, step - 1), nowMs)).toEqual({ ok: false, used: true });
    expect(checkCode(after, codeAt(one, step + 1), nowMs)).toEqual({ ok: true, at: step + 1 });
  });

  test('of a counter may be ten ahead, never behind', () => {
    const one = factor({ type: 'hotp', next: 5 });
    expect(checkCode(one, codeAt(one, 5), 0)).toEqual({ ok: true, at: 5 });
    expect(checkCode(one, codeAt(one, 15), 0)).toEqual({ ok: true, at: 15 });
    expect(checkCode(one, codeAt(one, 16), 0).ok).toBe(false);
    expect(checkCode(one, codeAt(one, 4), 0).ok).toBe(false);
  });

  test.each(['', '12345', '1234567', 'abcdef', '12345x', '１２３４５６', ' 12345', '-12345'])(
    '%j is none',
    (code) => expect(checkCode(factor(), code, nowMs)).toEqual({ ok: false, used: false }),
  );
});

describe('what is kept', () => {
  test('comes back as it was', () => {
    fc.assert(
      fc.property(
        fc.constantFrom<OtpAlgorithm>(...otpAlgorithms),
        fc.constantFrom(6 as const, 7 as const, 8 as const),
        fc.nat(65_535),
        fc.maxSafeNat(),
        fc.boolean(),
        fc.uint8Array({ minLength: 16, maxLength: 64 }),
        (algorithm, digits, period, next, confirmed, bytes) => {
          const seed = Buffer.from(bytes);
          const given = factor({ algorithm, digits, period, next, confirmed, seed });
          expect(decodeFactor('totp', encodeFactor(given))).toEqual(given);
        },
      ),
      { seed: testSeed() },
    );
  });

  test('is refused where it is none', () => {
    for (const bytes of [Buffer.alloc(0), Buffer.alloc(60), Buffer.from('{ARGON2}$argon2id')]) {
      expect(() => decodeFactor('totp', bytes)).toThrow('not one that this version knows');
    }
    expect(() => encodeFactor(factor({ seed: Buffer.alloc(15) }))).toThrow('15 bytes');
  });
});

describe('a seed', () => {
  test.each([
    ['MZXW 6YTB-OI', 'the secret has 6 bytes, not 16 to 64'],
    [seedText(Buffer.alloc(15)), 'the secret has 15 bytes, not 16 to 64'],
    [seedText(Buffer.alloc(65)), 'the secret has 65 bytes, not 16 to 64'],
    ['', 'the secret is not base32 (letters A to Z and digits 2 to 7)'],
    ['MZXW6YTB0I', 'the secret is not base32'],
    ['ä'.repeat(32), 'the secret is not base32'],
  ])('%j is refused', (text, reason) => {
    expect(readSeed(text)).toEqual({ ok: false, reason: expect.stringContaining(reason) });
  });

  test('may be written small, in groups, with padding', () => {
    const seed = makeSeed(random);
    const text = seedText(seed).toLowerCase().replace(/.{4}/g, '$& ');
    expect(readSeed(text)).toEqual({ ok: true, seed });
    expect(readSeed(`${seedText(Buffer.alloc(16, 1))}======`).ok).toBe(true);
  });

  test('is in the URI that apps read', () => {
    const one = factor();
    const uri = new URL(otpauthUri(one, 'Example: Org', 'ada'));
    expect([uri.protocol, uri.host]).toEqual(['otpauth:', 'totp']);
    expect(decodeURIComponent(uri.pathname)).toBe('/Example  Org:ada');
    expect(uri.searchParams.get('secret')).toBe(seedText(one.seed));
    expect(uri.searchParams.get('issuer')).toBe('Example  Org');
    const counted = new URL(otpauthUri(factor({ type: 'hotp', next: 7 }), 'Org', 'ada'));
    expect([counted.host, counted.searchParams.get('counter')]).toEqual(['hotp', '7']);
  });
});
