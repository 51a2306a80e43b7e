/**
 * How long refused binds take, and how much of the processor, with hashes as they are in earnest: nobody learns from the clock why
 * one was refused, or whether there is such a person. Rounds through all kinds, so that whatever
 * else the machine does meets them alike; the median of each is held against that of all.
 */
import { createHash } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { defaultArgon2Params } from '../../src/credentials/index.js';
import { codeAt, newFactor, readSeed } from '../../src/credentials/otp/index.js';
import { ok } from '../support/directory-expect.js';
import { manyPeople, person } from '../support/directory-people.js';
import { factorsOf } from '../support/factors.js';
import { policyDn, policyValues, setDefault } from '../support/policy-entries.js';
import { ServedDirectory } from '../support/served-directory.js';
import type { WireClient } from '../support/wire-client.js';

const ROUNDS = 300;
const APART_MAX = 0.1;
const INVALID = 49;
const STEP_MS = 30_000;
const by = 'tester';
let served: ServedDirectory;
let client: WireClient;

/** Who is tried with what. */
const kinds: readonly (readonly [kind: string, uid: string, password: string])[] = [
  ['unknown', 'nobody', 'wrong'],
  ['argon2', 'argon', 'wrong'],
  ['{SSHA}', 'digest', 'wrong'],
  ['suspended, right', 'suspended', 'pass'],
  ['locked, right', 'locked', 'pass'],
  ['locked, wrong', 'locked', 'wrong'],
  ['factor, no code', 'factor', 'pass'],
  ['factor, wrong', 'factor', 'wrong'],
];

beforeAll(async () => {
  served = await ServedDirectory.open({ argon2: defaultArgon2Params });
  const d = served.directory;
  // Hundreds of wrong passwords in a row: nobody but the one who shall be is locked by them.
  await setDefault(d, { pwdLockout: 'FALSE' });
  d.seed({
    [policyDn('strict')]: policyValues('strict', {
      tenurePolicyFilter: '(uid=locked)',
      tenurePolicyOrder: '1',
      pwdLockout: 'TRUE',
      pwdMaxFailure: '1',
    }),
  });
  const people = ['argon', 'digest', 'suspended', 'locked', 'factor'];
  d.seed(manyPeople(people));
  for (const uid of people) await ok(d.modify(person(uid), [['add', 'userPassword', 'pass']]));
  const salt = Buffer.from('saltsalt');
  const digest = createHash('sha1').update('pass').update(salt).digest();
  const hash = `{SSHA}${Buffer.concat([digest, salt]).toString('base64')}`;
  await ok(d.modify(person('digest'), [['replace', 'userPassword', hash]]));
  const forEver = ['add', 'pwdAccountLockedTime', '000001010000Z'] as const;
  await ok(d.modify(person('suspended'), [forEver]));
  const factors = factorsOf(d);
  const { secret } = await factors.enrol({ name: 'factor', by, type: 'totp', replace: false });
  const read = readSeed(secret);
  if (!read.ok) throw new Error(read.reason);
  const factor = newFactor('totp', read.seed, 0);
  const code = codeAt(factor, Math.floor(d.clock.nowMs() / STEP_MS));
  await factors.confirm({ name: 'factor', by, code });
  client = await served.connect();
  expect(await client.bind(person('locked'), 'the one too many')).toBe(INVALID);
}, 60_000);
afterAll(() => served.close());

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1]!;
}

test('medians of 300 refused binds of each kind are within 10 % of each other', async () => {
  const lists = () => new Map<string, number[]>(kinds.map(([kind]) => [kind, []]));
  const [taken, worked] = [lists(), lists()];
  for (let round = 0; round < ROUNDS; round += 1) {
    for (let i = 0; i < kinds.length; i += 1) {
      // Another neighbour each round.
      const [kind, uid, password] = kinds[(i * (1 + 2 * (round % 4)) + round) % kinds.length]!;
      const began = performance.now();
      const before = process.cpuUsage();
      const code = await client.bind(person(uid), password);
      taken.get(kind)!.push(performance.now() - began);
      const { user, system } = process.cpuUsage(before);
      worked.get(kind)!.push((user + system) / 1000);
      expect(code).toBe(INVALID);
    }
  }
  for (const [kind, times] of taken) {
    const [ms, work] = [median(times), median(worked.get(kind)!)];
    process.stderr.write(`${kind}: ${ms.toFixed(2)} ms, of the processor ${work.toFixed(2)} ms\n`);
  }
  for (const list of [taken, worked]) {
    const medians = [...list.values()].map(median);
    expect(Math.max(...medians) / Math.min(...medians)).toBeLessThan(1 + APART_MAX);
  }
}, 600_000);
