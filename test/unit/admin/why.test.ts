/** `tenure why NAME password` on the command line: what it says, and what it refuses. */
import { expect, test } from '@jest/globals';
import { exitCodes } from '../../../src/admin/index.js';
import { eachCommandLine } from './cli-harness.js';

const cli = eachCommandLine({ made: true });

test('no policy, and nothing known', async () => {
  const { code, out, err } = await cli().run('why', 'ada', 'password');
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
  cli().memory.why = {
    ...cli().memory.why,
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
  const { out } = await cli().run('why', 'ada', 'password');
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
  const json = await cli().run('why', 'ada', 'password', '--json');
  expect(JSON.parse(json.out)).toMatchObject({ state: 'grace', graceLeft: 2 });
});

test('locks say until when, or why', async () => {
  const why = cli().memory.why;
  cli().memory.why = { ...why, state: 'failures', until: '2026-01-05T09:15:00.000Z', failures: 10 };
  const locked = await cli().run('why', 'ada', 'password');
  expect(locked.out).toContain('LOCKED after wrong passwords, until 2026-01-05 09:15:00 UTC');
  cli().memory.why = { ...why, state: 'failures' };
  const ever = await cli().run('why', 'ada', 'password');
  expect(ever.out).toContain('LOCKED after wrong passwords, until somebody unlocks');
  cli().memory.why = { ...why, state: 'locked', reason: 'idle for too long' };
  expect((await cli().run('why', 'ada', 'password')).out).toContain('LOCKED: idle for too long');
});

test('a question that nobody can answer', async () => {
  const { code, err } = await cli().run('why', 'ada', 'pasword');
  expect(code).toBe(exitCodes.usage);
  expect(err).toContain('"pasword" is nothing that can be explained; did you mean password?');
});

test('whether somebody may do something, with the rule and its line', async () => {
  const asked = ['why', 'grace', 'may', 'write', 'telephoneNumber,', 'title', 'on', 'uid=ada'];
  const { code, out } = await cli().run(...asked);
  expect(code).toBe(0);
  expect(out.split('\n')).toEqual([
    'grace may write telephoneNumber, title on uid=ada: yes',
    '  ✓ telephoneNumber, title  rule phones, line 8: group desk may write telephonenumber',
    '',
  ]);
  const json = await cli().run(...asked, '--json');
  expect(JSON.parse(json.out)).toMatchObject({
    allowed: true,
    answers: [{ by: [{ kind: 'rule', name: 'phones', line: 8 }] }],
  });
  const from = ['--from', '10.0.0.7', '--tls', '--second-factor'];
  const refused = await cli().run('why', 'grace', 'may', 'read', '@personal', 'on', 'ada', ...from);
  expect(refused.code).toBe(0);
  expect(refused.out).toContain('grace may read @personal on ada: no\n');
  expect(refused.out).toContain('✗ @personal  no rule and no role of the policy lets them');
  expect(refused.out).toContain('another connection would: rule phones, line 8');
  expect(cli().memory.calls).toContain(
    'may {"name":"grace","verb":"read","attributes":["@personal"],"on":"ada","from":"10.0.0.7","tls":true,"factor":true}',
  );
  await cli().run('why', 'grace', 'may', 'see', 'end', 'dates', 'on', 'cn=a', 'b');
  expect(cli().memory.calls).toContain(
    'may {"name":"grace","verb":"see end dates","attributes":[],"on":"cn=a b"}',
  );
});

test.each([
  [['may'], 'say on which entry: tenure why WHO may WHAT on ENTRY'],
  [['may', 'add', 'on'], 'say on which entry'],
  [['may', 'on', 'ada'], 'say what they may do'],
  [
    ['may', 'wirte', 'mail', 'on', 'ada'],
    '"wirte" is nothing that one may do to an entry; did you mean write? There are discover, search,',
  ],
  [['may', 'write', 'on', 'ada'], 'say which attributes: may write mail on ada'],
  [
    ['may', 'reset', 'mail', 'on', 'ada'],
    'reset is done to an entry: "may reset on ada", not mail',
  ],
  [['may', 'reset', 'on', 'ada', '--at', 'now'], 'what somebody may do has no --at'],
  [['can', 'git', 'wiki'], '"wiki" is a word too many'],
  [['can', '--tls'], '--from, --tls and --second-factor go with "may"'],
])('why ada %j is answered with the right words', async (words, text) => {
  const { code, err } = await cli().run('why', 'ada', ...words);
  expect(code).toBe(exitCodes.usage);
  expect(err).toContain(text);
});
