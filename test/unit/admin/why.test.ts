/** `tenure why NAME password` on the command line: what it says, and what it refuses. */
import { afterAll, afterEach, beforeEach, expect, test } from '@jest/globals';
import { exitCodes } from '../../../src/admin/index.js';
import { forgetCerts, type Harness, harness } from './cli-harness.js';

let cli: Harness;
beforeEach(async () => {
  cli = harness();
  await cli.make();
});
afterEach(() => cli.remove());
afterAll(forgetCerts);

test('no policy, and nothing known', async () => {
  const { code, out, err } = await cli.run('why', 'ada', 'password');
  expect([code, err]).toEqual([0, '']);
  expect(out.split('\n').map((line) => line.trim().replace(/ {2,}/, ': '))).toEqual([
    'ada',
    'policy: none holds',
    'password: opens',
    'changed: nobody knows when',
    'last login: never seen',
    '',
  ]);
});

test('an expired password with grace logins, and why that policy', async () => {
  cli.memory.why = {
    ...cli.memory.why,
    policy: {
      dn: 'cn=staff,ou=policies',
      because: 'filter',
      filter: '(employeeType=staff)',
    },
    ignored: 'cn=gone',
    state: 'grace',
    changed: '2025-12-06T09:00:00.000Z',
    expires: '2026-01-05T08:00:00.000Z',
    graceLeft: 2,
    reset: true,
    validUntil: '2026-02-05T09:00:00.000Z',
    idleAt: '2026-01-06T09:00:00.000Z',
    former: 3,
  };
  const { out } = await cli.run('why', 'ada', 'password');
  for (const text of [
    'cn=staff,ou=policies, the first whose filter matches: (employeeType=staff)',
    'pwdPolicySubentry names cn=gone, which is no password policy',
    'EXPIRED: opens only what can change it, while grace logins are left',
    '2025-12-06 09:00:00 UTC (30 days ago)',
    '2026-01-05 08:00:00 UTC (60 min ago)',
    '2026-02-05 09:00:00 UTC (in 31 days)',
    'grace logins left   2',
    'an administrator',
    '3 kept',
  ]) {
    expect(out).toContain(text);
  }
  const json = await cli.run('why', 'ada', 'password', '--json');
  expect(JSON.parse(json.out)).toMatchObject({ state: 'grace', graceLeft: 2 });
});

test('locks say until when, or why', async () => {
  const why = cli.memory.why;
  cli.memory.why = { ...why, state: 'failures', until: '2026-01-05T09:15:00.000Z', failures: 10 };
  const locked = await cli.run('why', 'ada', 'password');
  expect(locked.out).toContain('LOCKED after wrong passwords, until 2026-01-05 09:15:00 UTC');
  cli.memory.why = { ...why, state: 'failures' };
  const ever = await cli.run('why', 'ada', 'password');
  expect(ever.out).toContain('LOCKED after wrong passwords, until somebody unlocks');
  cli.memory.why = { ...why, state: 'locked', reason: 'idle for too long' };
  expect((await cli.run('why', 'ada', 'password')).out).toContain('LOCKED: idle for too long');
});

test('a question that nobody can answer', async () => {
  const { code, err } = await cli.run('why', 'ada', 'pasword');
  expect(code).toBe(exitCodes.usage);
  expect(err).toContain('"pasword" is nothing that can be explained; did you mean password?');
});
