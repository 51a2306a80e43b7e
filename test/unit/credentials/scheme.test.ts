import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { recogniseScheme } from '../../../src/credentials/index.js';
import { seed } from '../../support/seed.js';
import { argon2, bcrypt, digests, pbkdf2, shaCrypt } from './vectors.js';

test.each([
  ...[...digests, ...pbkdf2, ...argon2].map(([stored]) => stored),
  ...[...shaCrypt, ...bcrypt].map(([stored]) => `{CRYPT}${stored}`),
])('recognised: %s', (stored) => {
  const named = /^\{([^}]+)\}/.exec(stored)?.[1] ?? 'ARGON2';
  expect(recogniseScheme(stored)).toEqual({ ok: true, scheme: named });
  expect(recogniseScheme(Buffer.from(stored))).toEqual({ ok: true, scheme: named });
});

test.each([
  ['secret', 'secret'],
  ['{CLEARTEXT}secret', 'secret'],
  ['{cleartext}', ''],
  ['', ''],
  ['{', '{'],
  ['{}secret', '{}secret'],
  ['{no end', '{no end'],
  ['$6$ for lunch', '$6$ for lunch'],
  ['pässwörd', 'pässwörd'],
])('clear text: %s', (value, clear) => {
  const expected = { ok: true, scheme: 'CLEARTEXT', clear: Buffer.from(clear) };
  expect(recogniseScheme(value)).toEqual(expected);
  expect(recogniseScheme(Buffer.from(value))).toEqual(expected);
});

test('a whole modular hash without a scheme is not clear text', () => {
  expect(recogniseScheme(bcrypt[0]?.[0] ?? '')).toEqual({ ok: true, scheme: 'CRYPT' });
  expect(recogniseScheme(shaCrypt[0]?.[0] ?? '')).toEqual({ ok: true, scheme: 'CRYPT' });
});

const digest43 = 'CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc';
test.each([
  ['{NOPE}x', 'unknown password scheme: {NOPE} is none of'],
  ['{my secret}x', 'unknown password scheme: it is none of'],
  ['{SASL}me@example.com', 'not supported: {SASL} asks another server'],
  ['{CRYPT}$1$salt$Aul2g/J4edgga3WE/03cN/', 'not supported: {CRYPT} with MD5-crypt'],
  ['{CRYPT}rl.3StKT.4T8M', 'not supported: {CRYPT} with DES'],
  ['{CRYPT}_J9..rasmBYk8r9AiWNc', 'not supported: {CRYPT} with extended DES'],
  ['{CRYPT}$y$j9T$abc$def', 'not supported: {CRYPT} with yescrypt'],
  ['{CRYPT}$7$abc', 'not supported: {CRYPT} with scrypt'],
  ['{CRYPT}!', 'a lock mark'],
  ['{CRYPT}', 'not followed by a hash of a known form'],
  ['{CRYPT}$6$salt$abc', 'the $6$ hash is garbled'],
  [`{CRYPT}$5$rounds=999$salt$${'a'.repeat(43)}`, 'rounds=999 is not 1000 to 1000000'],
  [`{CRYPT}$5$rounds=1000001$salt$${'a'.repeat(43)}`, 'rounds=1000001 is not'],
  [`{CRYPT}$2b$16$${'a'.repeat(53)}`, 'the bcrypt cost 16 is not 4 to 15'],
  ['{SSHA}not base64!', '{SSHA} is not followed by base64'],
  ['{SSHA}5en6G6MezRroT3XKqkdPOmY/BfQ=', '{SSHA} holds 20 bytes, not 20 and a salt'],
  ['{SHA}NZ2Itm3Hd7Sm8Sd1+ZZLDAO2REC1zv/6', '{SHA} holds 24 bytes, not 20'],
  ['{PBKDF2}secret', '{PBKDF2} is not followed by iterations$salt$hash'],
  ['{PBKDF2}2000001$c2FsdA$c2FsdHNhbHRzYWx0c2FsdA', 'at most 2000000 are run'],
  ['{PBKDF2}1000$c2FsdA$c2FsdA', '{PBKDF2} holds 4 bytes of hash, not 16 to 64'],
  ['{ARGON2}secret', 'not of the form $argon2id$'],
  ['$argon2id$v=19$garbled', 'not of the form $argon2id$'],
  [`$argon2id$v=18$m=256,t=1,p=1$c29tZXNhbHQ$${digest43}`, 'argon2 version 18 is unknown'],
  [`$argon2id$v=19$m=262145,t=1,p=1$c29tZXNhbHQ$${digest43}`, 'm=262145 is not 8 to 262144 KiB'],
  [`$argon2id$v=19$m=262144,t=5,p=1$c29tZXNhbHQ$${digest43}`, 'in all passes'],
  [`$argon2id$v=19$m=256,t=0,p=1$c29tZXNhbHQ$${digest43}`, 'is not 1 pass'],
  [`$argon2id$v=19$m=256,t=1,p=17$c29tZXNhbHQ$${digest43}`, 'p=17 is not 1 to 16'],
  [`$argon2id$v=19$m=256,t=1,p=1$c29t$${digest43}`, 'the argon2 salt has 3 bytes'],
  ['$argon2id$v=19$m=256,t=1,p=1$c29tZXNhbHQ$c29tZXNhbHQ', 'the argon2 hash has 8 bytes'],
  ['x'.repeat(8193), 'longer than 8192 bytes'],
])('refused with a reason: %s', (value, reason) => {
  expect(recogniseScheme(value)).toEqual({ ok: false, reason: expect.stringContaining(reason) });
});

test('anything at all is answered, never thrown', () => {
  const starts = ['', '{', '{CRYPT}', '{CRYPT}$6$', '{SSHA}', '{ARGON2}$argon2id$', '{PBKDF2}1$'];
  fc.assert(
    fc.property(fc.constantFrom(...starts), fc.string({ unit: 'binary' }), (start, rest) => {
      const text = recogniseScheme(start + rest);
      const bytes = recogniseScheme(Buffer.from(start + rest));
      return typeof text.ok === 'boolean' && text.ok === bytes.ok;
    }),
    { seed: seed(), numRuns: 2000 },
  );
});
