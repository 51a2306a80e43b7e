import { afterAll, expect, test } from '@jest/globals';
import {
  HashPool,
  hashPassword,
  needsRehash,
  recogniseScheme,
  verifyDummy,
  verifyPassword,
} from '../../../src/credentials/index.js';
import { systemRandom } from '../../../src/runtime/random.js';
import { handClock, realPool } from './support.js';

const pool = realPool();
afterAll(() => pool.close());
const cheap = { memoryKib: 256, passes: 1, lanes: 1 };

test('a new hash is argon2id with the default cost and verifies', async () => {
  const clear = Buffer.from('corr\0ect hörse');
  const stored = await hashPassword(pool, clear);
  expect(stored).toMatch(
    /^\{ARGON2\}\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/,
  );
  expect(recogniseScheme(stored)).toEqual({ ok: true, scheme: 'ARGON2' });
  expect(await verifyPassword(stored, clear, pool)).toBe(true);
  expect(await verifyPassword(stored, Buffer.from('corr'), pool)).toBe(false);
  expect(needsRehash(stored)).toBe(false);
  expect(needsRehash(Buffer.from(stored), cheap)).toBe(true);
});

test('the salt is fresh each time', async () => {
  const clear = Buffer.from('x');
  const [a, b] = [await hashPassword(pool, clear, cheap), await hashPassword(pool, clear, cheap)];
  expect(a).not.toBe(b);
});

test('every other scheme needs a rehash', () => {
  expect(needsRehash('{SSHA}NZ2Itm3Hd7Sm8Sd1+ZZLDAO2REC1zv/6')).toBe(true);
  expect(needsRehash('clear')).toBe(true);
  expect(needsRehash('{ARGON2}garbled')).toBe(true);
  const argon2i =
    '$argon2i$v=19$m=256,t=1,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4';
  expect(needsRehash(argon2i, cheap)).toBe(true);
  expect(needsRehash(argon2i.replace('argon2i', 'argon2id'), cheap)).toBe(false);
});

test('the dummy takes one place of the pool and answers false', async () => {
  const dummy = verifyDummy(pool, Buffer.from('anything'));
  expect(pool.inFlight).toBe(1);
  expect(await dummy).toBe(false);
  expect(pool.inFlight).toBe(0);
});

test('the dummy, too, is refused when the pool is full', async () => {
  const small = new HashPool({
    clock: handClock(),
    random: systemRandom(),
    limits: { hashesInFlight: 1, hashesQueuedMax: 0, hashWaitMaxMs: 10 },
  });
  const first = verifyDummy(small, Buffer.from('x'), cheap);
  await expect(verifyDummy(small, Buffer.from('x'), cheap)).rejects.toMatchObject({ code: 'busy' });
  expect(await first).toBe(false);
  await small.close();
});
