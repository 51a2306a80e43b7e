import { createDecipheriv } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  isSealedKind,
  makeBoxKey,
  SealedError,
  SecretBox,
  sealedKinds,
  sealedWith,
} from '../../../src/credentials/index.js';
import { systemRandom } from '../../../src/runtime/random.js';
import { seed } from '../../support/seed.js';

const random = systemRandom();
const name = { owner: 7, kind: 'totp', id: 41 };
const box = () => new SecretBox([makeBoxKey(random)], random);

describe('the secret box', () => {
  test('gives back what was put in, under its own name only', () => {
    const one = box();
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 300 }),
        fc.record({ owner: fc.nat(), kind: fc.string(), id: fc.nat() }),
        (bytes, given) => {
          const clear = Buffer.from(bytes);
          const sealed = one.seal(clear, given);
          expect(one.open(sealed, given)).toEqual(clear);
          for (const other of [
            { ...given, owner: given.owner + 1 },
            { ...given, kind: `${given.kind}x` },
            { ...given, id: given.id + 1 },
          ]) {
            expect(() => one.open(sealed, other)).toThrow(SealedError);
          }
        },
      ),
      { seed: seed() },
    );
  });

  test('the same value is never the same sealed', () => {
    const one = box();
    const clear = Buffer.from('same');
    expect(one.seal(clear, name)).not.toEqual(one.seal(clear, name));
  });

  test('every changed bit is found', () => {
    const one = box();
    const sealed = one.seal(Buffer.from('twenty bytes of seed'), name);
    for (let at = 0; at < sealed.length * 8; at += 1) {
      const other = Buffer.from(sealed);
      other[at >> 3]! ^= 1 << (at & 7);
      expect(() => one.open(other, name)).toThrow(SealedError);
    }
    for (let length = 0; length < sealed.length; length += 1) {
      expect(() => one.open(sealed.subarray(0, length), name)).toThrow(SealedError);
    }
  });

  test('is plain AES-256-GCM, so that another program can open it with the key', () => {
    const key = makeBoxKey(random);
    const sealed = new SecretBox([key], random).seal(Buffer.from('seed'), name);
    const decipher = createDecipheriv('aes-256-gcm', key.key, sealed.subarray(5, 17));
    decipher
      .setAAD(Buffer.from('tenure secret\x007\0totp\x0041'))
      .setAuthTag(sealed.subarray(17, 33));
    const clear = Buffer.concat([decipher.update(sealed.subarray(33)), decipher.final()]);
    expect(clear.toString()).toBe('seed');
  });

  test('old keys open, the last one seals, a key that is gone is named', () => {
    const [old, now] = [makeBoxKey(random), makeBoxKey(random)];
    const before = new SecretBox([old], random);
    const sealed = before.seal(Buffer.from('seed'), name);
    before.replaceKeys([old, now]);
    expect(before.keyIds).toEqual([old.id, now.id]);
    expect(before.open(sealed, name).toString()).toBe('seed');
    expect(before.isCurrent(sealed)).toBe(false);
    const again = before.seal(Buffer.from('seed'), name);
    expect(sealedWith(again)).toBe(now.id);
    expect(before.isCurrent(again)).toBe(true);
    before.replaceKeys([now]);
    expect(() => before.open(sealed, name)).toThrow(
      `secret 41 (totp of entry 7) is sealed with key ${old.id}, which is not in the file`,
    );
  });

  test('another key under the same id opens nothing', () => {
    const key = makeBoxKey(random);
    const sealed = new SecretBox([key], random).seal(Buffer.from('seed'), name);
    const other = new SecretBox([{ ...makeBoxKey(random), id: key.id }], random);
    expect(() => other.open(sealed, name)).toThrow('altered, or moved here');
  });

  test('knows which kinds are sealed; password hashes never are', () => {
    for (const kind of sealedKinds) expect(isSealedKind(kind)).toBe(true);
    for (const kind of ['userPassword', 'oneTimePassword', 'appPassword', 'recoveryCode']) {
      expect(isSealedKind(kind)).toBe(false);
    }
    expect(
      sealedWith(Buffer.from('{ARGON2}$argon2id$v=19$m=64,t=1,p=1$aaaa$bbbb')),
    ).toBeUndefined();
  });
});
