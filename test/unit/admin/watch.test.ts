/** `tenure seen` and `tenure watch` on the command line. */
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

const login = { at: '2026-01-05T08:59:00.000Z', from: '192.0.2.7', service: 'uid=git' };

test('seen: the last login and refusal, with the way', async () => {
  cli.memory.logins = { ...cli.memory.logins, success: login };
  const { code, out } = await cli.run('seen', 'ada');
  expect(code).toBe(0);
  expect(out.split('\n').map((line) => line.trim())).toEqual([
    'ada',
    'login    Mon 5 Jan 08:59:00 UTC from 192.0.2.7 through uid=git',
    'refusal  never seen',
    '',
  ]);
});

test('watch: tells what changes, until the state is reached', async () => {
  const server = cli.start('serve', '--json');
  await server.ready;
  const quiet = cli.memory.logins;
  const active = cli.memory.whyPerson;
  let looks = 0;
  // Each look at the logins is one turn of the watch.
  Object.defineProperty(cli.memory, 'logins', {
    get() {
      looks += 1;
      if (looks === 2) {
        cli.memory.whyPerson = {
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
  const { code, out } = await cli.run('watch', 'ada', '--until', 'offboarded');
  expect(code).toBe(0);
  expect(out.split('\n').map((line) => line.trim())).toEqual([
    'Mon 5 Jan 09:00:00  ada  ── active',
    'Mon 5 Jan 08:59:00  ada  login ✓ Mon 5 Jan 08:59:00 UTC from 192.0.2.7 through uid=git',
    'Mon 5 Jan 17:00:00  ada  ── offboarded (sealed): engagement 1 ended with 2026-01-05T17:00',
    '',
  ]);
  const json = await cli.run('watch', 'ada', '--for', '0s', '--json');
  expect(JSON.parse(json.out)).toMatchObject({ event: 'state' });
  cli.signal('SIGTERM');
  await server.ended;
});

test('watch needs a server, and a state that there is', async () => {
  expect((await cli.run('watch', 'ada')).code).toBe(exitCodes['not-ready']);
  expect((await cli.run('watch', 'ada', '--until', 'gone')).code).toBe(exitCodes.usage);
  expect((await cli.run('watch', 'ada', '--for', 'long')).code).toBe(exitCodes.usage);
});
