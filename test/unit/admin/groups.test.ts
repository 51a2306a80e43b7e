/** `tenure grant`, `grants` and `revoke` on the command line: what is asked, refused, printed. */
import { describe, expect, test } from '@jest/globals';
import { exitCodes } from '../../../src/admin/index.js';
import { LdapError } from '../../../src/runtime/errors.js';
import { eachCommandLine } from './cli-harness.js';

const cli = eachCommandLine({ made: true });

const orders = () =>
  cli()
    .memory.calls.filter((call) => call.includes('{'))
    .map((call) => call.split(' {')[1]);

const who = { name: 'ada', group: 'prod', by: 'tester', because: 'on call' };

describe('what is said becomes an order', () => {
  test.each([
    [['--for', '8h'], { forMs: 28_800_000 }],
    [['--until', '17:00'], { until: '17:00' }],
    [['--for', '1d', '--from', 'friday'], { forMs: 86_400_000, from: 'friday' }],
  ])('%j', async (args, more) => {
    const ended = await cli().run('grant', 'ada', 'prod', ...args, '--because', 'on call');
    expect(ended).toMatchObject({ code: 0, err: '' });
    const { by, because, ...rest } = who;
    const order = { name: rest.name, group: rest.group, ...more, by, because };
    expect(JSON.parse(`{${orders()[0]!}`)).toEqual(order);
    expect(ended.out).toContain('ada  in prod now, until Mon 5 Jan 17:00:00');
    expect(ended.out).toContain('a member anyway');
  });

  test('revoke', async () => {
    const ended = await cli().run('revoke', 'ada', 'prod', '--because', 'on call');
    expect(ended.out).toBe('  ada  is no longer granted prod\n');
    expect(JSON.parse(`{${orders()[0]!}`)).toEqual(who);
  });
});

describe('what is not said', () => {
  test.each([
    [['--because', 'x'], 'say how long'],
    [['--for', '8h', '--until', '17:00', '--because', 'x'], 'say how long'],
    [['--for', '8h'], 'say why'],
    [['--for', '8h', '--because', ' '], 'say why'],
    [['--for', 'ages', '--because', 'x'], '--for ages: write a length of time'],
    [['--for', '5ms', '--because', 'x'], '--for 5ms'],
  ])('%j is refused', async (args, text) => {
    const ended = await cli().run('grant', 'ada', 'prod', ...args);
    expect(ended.code).toBe(exitCodes.usage);
    expect(ended.err).toContain(text);
    expect(orders()).toEqual([]);
  });

  test('the refusal of the directory is told', async () => {
    cli().memory.fail = new LdapError('unwillingToPerform', 'granted for 8 hours at most');
    const ended = await cli().run('grant', 'ada', 'prod', '--for', '9h', '--because', 'x');
    expect(ended.code).not.toBe(0);
    expect(ended.err).toContain('granted for 8 hours at most');
  });
});

test('grants, of one and of nobody, and as JSON', async () => {
  expect((await cli().run('grants')).out).toBe('  nothing is granted\n');
  const { out } = await cli().run('grants', 'ada');
  expect(out).toBe('  ada  prod  until Mon 5 Jan 17:00:00  on call  by cn=admin\n  1 grant\n');
  const json = JSON.parse((await cli().run('grants', 'ada', '--json')).out) as {
    grants: unknown[];
  };
  expect(json.grants).toHaveLength(1);
});
