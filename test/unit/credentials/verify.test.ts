import { createHash } from 'node:crypto';
import { afterAll, describe, expect, test } from '@jest/globals';
import { failureIsPaid, type HashPool, verifyPassword } from '../../../src/credentials/index.js';
import { realPool } from './support.js';
import { argon2, bcrypt, digests, pbkdf2, rfc6070, shaCrypt, type Vector } from './vectors.js';

const pool = realPool();
afterAll(() => pool.close());

function check(stored: string | Buffer, clear: string | Buffer): boolean | Promise<boolean> {
  return verifyPassword(stored, Buffer.from(clear), pool);
}

describe('digest schemes', () => {
  test.each(digests)('%s', (stored, password) => {
    expect(check(stored, password)).toBe(true);
    expect(check(Buffer.from(stored), password)).toBe(true);
    const lower = stored.replace(/^\{\w+/, (scheme) => scheme.toLowerCase());
    expect(check(lower, password)).toBe(true);
    expect(check(stored, `${password} `)).toBe(false);
    expect(check(stored, '')).toBe(false);
    expect(check(stored, 'x'.repeat(5000))).toBe(false);
  });

  test('without padding too', () => {
    expect(check('{MD5}Xr4ilOzQ4PCOq3aQ0qbuaQ', 'secret')).toBe(true);
  });

  test('a byte more or less of the digest, or no salt, matches nothing', () => {
    const sha = Buffer.from('5en6G6MezRroT3XKqkdPOmY/BfQ=', 'base64');
    expect(check(`{SHA}${sha.subarray(1).toString('base64')}`, 'secret')).toBe(false);
    expect(check(`{SHA}${Buffer.concat([sha, sha]).toString('base64')}`, 'secret')).toBe(false);
    expect(check(`{SSHA}${sha.toString('base64')}`, 'secret')).toBe(false);
    expect(check('{SSHA}', '')).toBe(false);
  });

  test('a password longer than the scratch buffer is hashed all the same', () => {
    const long = 'y'.repeat(6000);
    expect(check(`{SHA}${sha1Base64(long)}`, long)).toBe(true);
  });
});

describe('schemes of the pool', () => {
  const all: Vector[] = [
    ...argon2,
    ...argon2.map(([stored, password]): Vector => [`{ARGON2}${stored}`, password]),
    ...pbkdf2,
    ...shaCrypt.map(([stored, password]): Vector => [`{CRYPT}${stored}`, password]),
    ...bcrypt.map(([stored, password]): Vector => [`{crypt}${stored}`, password]),
    [`{BCRYPT}${bcrypt[0]?.[0]}`, 'U*U'],
    [`${bcrypt[0]?.[0]}`, 'U*U'],
  ];
  test.each(all)('%s', async (stored, password) => {
    expect(await check(Buffer.from(stored), password)).toBe(true);
    expect(await check(stored, `${password}.`)).toBe(false);
  });

  test.each(rfc6070)('RFC 6070: %d iterations of %s', async (iterations, password, salt, key) => {
    const encoded = [Buffer.from(salt), Buffer.from(key, 'hex')].map((bytes) =>
      bytes.toString('base64').replaceAll('+', '.').replaceAll('=', ''),
    );
    expect(await check(`{PBKDF2}${iterations}$${encoded.join('$')}`, password)).toBe(true);
  });

  test('bcrypt refuses passwords with NUL bytes, which it cannot tell apart', async () => {
    expect(await check(`{CRYPT}${bcrypt[0]?.[0]}`, 'U*U\0U*U')).toBe(false);
  });

  test('a long password goes through sha-crypt', async () => {
    expect(await check(`{CRYPT}${shaCrypt[0]?.[0]}`, 'z'.repeat(4096))).toBe(false);
  });
});

test('clear text is compared whole', () => {
  expect(check('secret', 'secret')).toBe(true);
  expect(check('{CLEARTEXT}secret', 'secret')).toBe(true);
  expect(check(Buffer.from('pässwörd'), 'pässwörd')).toBe(true);
  expect(check('pässwörd', 'pässwörd')).toBe(true);
  expect(check('secret', 'secre')).toBe(false);
  expect(check('', 'secret')).toBe(false);
});

test.each([
  '{NOPE}secret',
  '{CRYPT}secret',
  '{CRYPT}$6$salt$short',
  '{CRYPT}$2b$99$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW',
  '{ARGON2}secret',
  '$argon2id$secret',
  '{PBKDF2}0$c2FsdA$c2FsdA',
  '{PBKDF2-SHA256}secret',
])('a garbled value matches nothing, not even itself: %s', async (stored) => {
  expect(await check(stored, 'secret')).toBe(false);
  expect(await check(stored, stored)).toBe(false);
});

test('what a hostile import would have us compute is never started', async () => {
  const idle = { run: () => Promise.reject(new Error('started')) } as unknown as HashPool;
  for (const stored of [
    '{ARGON2}$argon2id$v=19$m=4194304,t=1,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc',
    '{PBKDF2}9999999999$c2FsdHNhbHQ$9.s98jwFJM.NXJK9ca/oJ5AyoAQ',
    '{CRYPT}$6$rounds=999999999$salt$svn8UoSVapNtMuq1ukKS4tPQd8iKwSMHWjl/O817G3uBnIFNjnQJuesI68u4OTLiBFdcbYEdFCoEOfaS35inz1',
    '{CRYPT}$2b$31$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW',
  ]) {
    expect(verifyPassword(stored, Buffer.from('x'), idle)).toBe(false);
  }
});

test('only a failed argon2id of the same cost has paid for itself', () => {
  expect(failureIsPaid(argon2[0]?.[0] ?? '')).toBe(false);
  expect(failureIsPaid('{SSHA}NZ2Itm3Hd7Sm8Sd1+ZZLDAO2REC1zv/6')).toBe(false);
  const params = { memoryKib: 65_536, passes: 2, lanes: 1 };
  expect(failureIsPaid(argon2[0]?.[0] ?? '', params)).toBe(true);
});

function sha1Base64(text: string): string {
  return createHash('sha1').update(text).digest('base64');
}
