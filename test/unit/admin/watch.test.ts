/** `tenure seen`, `tenure report` and `tenure watch` on the command line. */
import { expect, test } from '@jest/globals';
import { exitCodes } from '../../../src/admin/index.js';
import { eachCommandLine } from './cli-harness.js';

const cli = eachCommandLine({ made: true });

const login = { at: '2026-01-05T08:59:00.000Z', from: '192.0.2.7', service: 'uid=git' };

test('seen: where, by which way, when it is gone there, and what it is kept for', async () => {
  cli().memory.logins = { ...cli().memory.logins, success: login };
  const { code, out } = await cli().run('seen', 'ada');
  expect(code).toBe(0);
  expect(out.split('\n').map((line) => line.trim().replace(/ {2,}/g, '  '))).toEqual([
    'ada',
    'login  Mon 5 Jan 08:59:00 UTC from 192.0.2.7 through uid=git',
    'refusal  never seen',
    'THROUGH  FROM  BY  LAST  FIRST  COUNT',
    'git  192.0.2.7  password  Mon 5 Jan 08:59:00 UTC  Sun 4 Jan 08:00:00 UTC  7',
    'gone by',
    'git  Mon 5 Jan 17:10:00 UTC  ⚑ asked 2 times since, last Mon 5 Jan 17:00:09 UTC; set on its account',
    'kept 90 days, to close every door',
    '',
  ]);
});

test('seen: says whom, or through what, and not both', async () => {
  for (const words of [[], ['ada', '--service', 'git']]) {
    const { code, err } = await cli().run('seen', ...words);
    expect(code).toBe(exitCodes.usage);
    expect(err).toContain('tenure seen --service NAME');
  }
});

test('report: as text, CSV that no spreadsheet takes for a formula, and JSON', async () => {
  expect((await cli().run('report', 'idle')).out).toContain('within 45 days: 2\n');
  const csv = await cli().run('report', 'services', '--csv');
  expect(csv.out).toBe('login,what\r\nada,"a, ""b"""\r\n\'=1+1,\r\n');
  expect(JSON.parse((await cli().run('report', 'idle', '--json')).out)).toMatchObject({
    kind: 'idle',
    rows: [
      ['ada', 'a, "b"'],
      ['=1+1', ''],
    ],
  });
  for (const words of [['idel'], ['idle', '--days', '0'], ['idle', '--csv', '--json']]) {
    expect((await cli().run('report', ...words)).code).toBe(exitCodes.usage);
  }
});

test('report expiring, as somebody who signs in; no other report is for them', async () => {
  cli().typed = 'right horse';
  const { out } = await cli().run('report', 'expiring', '--as', 'pat');
  expect(out).toContain('within 30 days as pat (right horse): 2\n');
  cli().typed = undefined;
  const silent = await cli().run('report', 'expiring', '--as', 'pat');
  expect(silent.code).toBe(exitCodes.usage);
  expect(silent.err).toContain('--as pat: type the password, or write it to standard input');
  const other = await cli().run('report', 'idle', '--as', 'pat');
  expect(other.code).toBe(exitCodes.usage);
  expect(other.err).toContain('--as is for "expiring"');
});

test('watch: tells what changes, until the state is reached', async () => {
  const server = cli().start('serve', '--json');
  await server.ready;
  const quiet = cli().memory.logins;
  const active = cli().memory.whyPerson;
  let looks = 0;
  // Each look at the logins is one turn of the watch.
  Object.defineProperty(cli().memory, 'logins', {
    get() {
      looks += 1;
      if (looks === 2) {
        cli().memory.whyPerson = {
          ...active,
          now: '2026-01-05T17:00:00.000Z',
          state: 'offboarded',
          stage: 'sealed',
          because: ['engagement 1 ended with 2026-01-05T17:00'],
        };
      }
      return looks === 1 ? quiet : { ...quiet, success: login };
    },
  });
  const { code, out } = await cli().run('watch', 'ada', '--until', 'offboarded');
  expect(code).toBe(0);
  expect(out.split('\n').map((line) => line.trim())).toEqual([
    'Mon 5 Jan 09:00:00  ada  ── active',
    'Mon 5 Jan 08:59:00  ada  login ✓ Mon 5 Jan 08:59:00 UTC from 192.0.2.7 through uid=git',
    'Mon 5 Jan 17:00:00  ada  ── offboarded (sealed): engagement 1 ended with 2026-01-05T17:00',
    '',
  ]);
  const json = await cli().run('watch', 'ada', '--for', '0s', '--json');
  expect(JSON.parse(json.out)).toMatchObject({ event: 'state' });
  cli().signal('SIGTERM');
  await server.ended;
});

test('watch needs a server, and a state that there is', async () => {
  expect((await cli().run('watch', 'ada')).code).toBe(exitCodes['not-ready']);
  expect((await cli().run('watch', 'ada', '--until', 'gone')).code).toBe(exitCodes.usage);
  expect((await cli().run('watch', 'ada', '--for', 'long')).code).toBe(exitCodes.usage);
});
