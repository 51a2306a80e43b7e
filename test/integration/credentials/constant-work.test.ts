/** What a refused bind costs over LDAP: exactly one hash of the default cost, whatever the reason. */
import { createHash } from 'node:crypto';
import { beforeEach, expect, test } from '@jest/globals';
import { codeAt, newFactor, readSeed } from '../../../src/credentials/otp/index.js';
import { ok } from '../../support/directory-expect.js';
import { manyPeople, person } from '../../support/directory-people.js';
import { factorsOf } from '../../support/factors.js';
import { eachServed } from '../../support/served-directory.js';

const OK = 0;
const INVALID = 49;
const STEP_MS = 30_000;
const by = 'tester';
const served = eachServed();
const d = () => served().directory;

function ssha(clear: string): string {
  const salt = Buffer.from('saltsalt');
  const digest = createHash('sha1').update(clear).update(salt).digest();
  return `{SSHA}${Buffer.concat([digest, salt]).toString('base64')}`;
}

/** Hashes of the default cost that a bind asks for which has to be refused. */
async function cost(name: string, password: string): Promise<number> {
  const { pool } = d();
  const count = () => pool.started.get('argon2id 64 1 1') ?? 0;
  const before = count();
  expect(await served().bind(name, password)).toBe(INVALID);
  return count() - before;
}

let wrongCode: string;

beforeEach(async () => {
  const people = ['argon', 'digest', 'locked', 'byhand', 'factor', 'ended', 'none'];
  d().seed(manyPeople(people));
  for (const uid of people.filter((one) => one !== 'none' && one !== 'digest')) {
    await ok(d().modify(person(uid), [['add', 'userPassword', 'pass']]));
  }
  await ok(d().modify(person('digest'), [['add', 'userPassword', ssha('pass')]]));
  await ok(d().modify(person('byhand'), [['add', 'pwdAccountLockedTime', '000001010000Z']]));
  await ok(d().modify(person('ended'), [['add', 'pwdEndTime', '20200101000000Z']]));
  const factors = factorsOf(d());
  const { secret } = await factors.enrol({ name: 'factor', by, type: 'totp', replace: false });
  const read = readSeed(secret);
  if (!read.ok) throw new Error(read.reason);
  const factor = newFactor('totp', read.seed, 0);
  const at = (steps: number) => codeAt(factor, Math.floor(d().clock.nowMs() / STEP_MS) + steps);
  await factors.confirm({ name: 'factor', by, code: at(0) });
  d().clock.advance(STEP_MS);
  wrongCode = at(1_000);
  for (let i = 0; i < 10; i += 1) await served().bind(person('locked'), `wrong ${i}`);
});

test.each([
  ['an unknown name', 'nobody', 'pass'],
  ['somebody without a password', 'none', 'pass'],
  ['argon2', 'argon', 'wrong'],
  ['{SSHA}', 'digest', 'wrong'],
  ['locked by failures, the right password', 'locked', 'pass'],
  ['locked by failures, a wrong one', 'locked', 'wrong'],
  ['locked by hand, the right password', 'byhand', 'pass'],
  ['locked by hand, a wrong one', 'byhand', 'wrong'],
  ['a password out of its time', 'ended', 'pass'],
  ['a second factor, no code', 'factor', 'pass'],
  ['a second factor, a wrong password', 'factor', 'wrong'],
  ['a password that is too long', 'argon', 'x'.repeat(100_000)],
])('%s', async (_, uid, password) => {
  expect(await cost(person(uid), password)).toBe(1);
});

test('a wrong code beside the right password, remembered or not', async () => {
  expect(await cost(person('factor'), `pass${wrongCode}`)).toBe(1);
  expect(await cost(person('factor'), `pass${wrongCode}`)).toBe(1);
  expect(await cost(person('factor'), `wrong${wrongCode}`)).toBe(1);
});

test('an imported digest is not hashed anew where the bind is refused in the end', async () => {
  await ok(d().modify(person('digest'), [['add', 'pwdEndTime', '20200101000000Z']]));
  expect(await cost(person('digest'), 'pass')).toBe(1);
  await ok(d().modify(person('digest'), [['delete', 'pwdEndTime']]));
  expect(await served().bind(person('digest'), 'pass')).toBe(OK);
});
