/** How far a code may be off is one setting, for binds and for the confirmation of a new one. */
import { beforeEach, expect, test } from '@jest/globals';
import { codeAt, newFactor, readSeed } from '../../../src/credentials/otp/index.js';
import { refusal } from '../../support/directory-expect.js';
import { manyPeople } from '../../support/directory-people.js';
import { factorsOf } from '../../support/factors.js';
import { eachServed } from '../../support/served-directory.js';

const STEP_MS = 30_000;
const DRIFT = 3;
const by = 'tester';
const served = eachServed({ limits: { otpDriftSteps: DRIFT } });
const d = () => served().directory;

beforeEach(() => {
  d().seed(manyPeople(['ada'], { userPassword: 'pass' }));
});

test('a clock that is off by as much as is allowed confirms, and not by more', async () => {
  const factors = factorsOf(d());
  const { secret } = await factors.enrol({ name: 'ada', by, type: 'totp', replace: false });
  const read = readSeed(secret);
  if (!read.ok) throw new Error(read.reason);
  const factor = newFactor('totp', read.seed, 0);
  const off = (steps: number) => codeAt(factor, Math.floor(d().clock.nowMs() / STEP_MS) + steps);
  await refusal(
    () => factors.confirm({ name: 'ada', by, code: off(DRIFT + 1) }),
    'invalidCredentials',
  );
  expect((await factors.confirm({ name: 'ada', by, code: off(DRIFT) })).state).toBe('active');
});
