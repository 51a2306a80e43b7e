/** `tenure last`, `unlock`, `bypass` on the command line: what they ask for, say, and refuse. */
import { expect, test } from '@jest/globals';
import { exitCodes } from '../../../src/admin/index.js';
import { LdapError } from '../../../src/runtime/errors.js';
import { eachCommandLine } from './cli-harness.js';

const cli = eachCommandLine({ made: true });

test('last: somebody nobody has seen', async () => {
  const { code, out, err } = await cli().run('last', 'ada');
  expect([code, err]).toEqual([0, '']);
  expect(out).toBe(
    'ada\n  last login    never seen\n  last refusal  never seen\n  stands        open\n',
  );
});

test('last: with times, places, a lock and a bypass', async () => {
  cli().memory.logins = {
    ...cli().memory.logins,
    success: { at: '2026-01-05T08:00:00.000Z', from: '192.0.2.1', service: 'uid=vpn,ou=services' },
    failure: { at: '2026-01-05T08:59:30.000Z', from: 'local', service: undefined },
    failures: 10,
    state: 'locked',
    until: '2026-01-05T09:14:30.000Z',
    bypassUntil: '2026-01-05T13:00:00.000Z',
  };
  const { out } = await cli().run('last', 'ada');
  expect(out.split('\n').slice(1, 5)).toEqual([
    '  last login     2026-01-05 08:00:00 UTC (60 min ago)  from 192.0.2.1, through uid=vpn,ou=services',
    '  last refusal   2026-01-05 08:59:30 UTC (30 s ago)  from local',
    '  stands         LOCKED after 10 failures, until 2026-01-05 09:14:30 UTC',
    '  second factor  not asked for until 2026-01-05 13:00:00 UTC',
  ]);
  const json = await cli().run('last', 'ada', '--json');
  expect(JSON.parse(json.out)).toMatchObject({ dn: 'ada', state: 'locked', failures: 10 });
  cli().memory.logins = { ...cli().memory.logins, until: undefined };
  expect((await cli().run('last', 'ada')).out).toContain('until somebody unlocks');
});

test('unlock: says what it did, and keeps who and why', async () => {
  const free = await cli().run('unlock', 'ada', '--because', 'called me');
  expect(free.out).toBe('ada was not locked; 3 failures forgotten\n');
  cli().memory.logins = { ...cli().memory.logins, state: 'locked' };
  expect((await cli().run('unlock', 'ada')).out).toBe('ada is unlocked\n');
  expect(JSON.parse((await cli().run('unlock', 'ada', '--json')).out)).toEqual({
    dn: 'ada',
    wasLocked: true,
    failures: 3,
  });
  const [first] = cli().memory.calls.filter((call) => call.startsWith('unlock'));
  expect(first).toMatch(/^unlock ada by \S+: called me$/);
});

test('bypass: for a time, and its end', async () => {
  const open = await cli().run('bypass', 'ada', '--for', '4h', '--because', 'lost phone');
  expect(open.out).toBe('ada gets in without the second factor until 2026-01-05 13:00:00 UTC\n');
  expect((await cli().run('bypass', 'ada', '--end')).out).toBe(
    'ada is asked for the second factor again\n',
  );
  const calls = cli().memory.calls.filter((call) => call.startsWith('bypass'));
  expect(calls).toEqual(['bypass ada 14400000: lost phone', 'bypass ada ends: ']);
});

test.each([
  [['bypass', 'ada'], 'say --for how long'],
  [['bypass', 'ada', '--for', '4h', '--end'], 'say --for how long'],
  [['bypass', 'ada', '--for', 'soon'], 'write a length of time'],
  [['bypass', 'ada', '--for', '0h'], 'write a length of time'],
  [['unlok', 'ada'], 'Did you mean unlock?'],
  [['last'], "missing required argument 'name'"],
  [['unlock', 'ada', '--becuase', 'x'], 'Did you mean --because?'],
])('%j is a mistake, and is explained', async (args, expected) => {
  const { code, out, err } = await cli().run(...args);
  expect([code, out]).toEqual([exitCodes.usage, '']);
  expect(err).toContain(expected);
});

test('a refusal of the directory is told as it is', async () => {
  cli().memory.fail = new LdapError('noSuchObject', 'nobody here is called "adda"');
  const { code, err } = await cli().run('unlock', 'adda');
  expect(code).toBe(exitCodes.refused);
  expect(err).toContain('nobody here is called "adda"');
});
