/** `tenure brownout` on the command line: what is asked, refused, printed. */
import { expect, test } from '@jest/globals';
import { exitCodes } from '../../../src/admin/index.js';
import { LdapError } from '../../../src/runtime/errors.js';
import { eachCommandLine } from './cli-harness.js';

const cli = eachCommandLine({ made: true });

const ordered = () => cli().memory.calls.filter((call) => call.startsWith('brownout'));

test('an order says how long, and tells when it opens by itself', async () => {
  const ended = await cli().run('brownout', 'vpn', '--for', '10m', '--because', 'who?', '--yes');
  expect(ended).toMatchObject({ code: 0, err: '' });
  expect(ended.out).toContain('vpn  shut now: 3 members of it in no answer     run 7\n');
  expect(ended.out).toContain(
    'opens by itself Mon 5 Jan 09:10:00; sooner: tenure brownout vpn --end',
  );
  const order = { name: 'vpn', by: 'tester', because: 'who?', forMs: 600_000 };
  expect(ordered()).toEqual([`brownout ${JSON.stringify(order)}`]);
});

test('nothing is shut without a yes', async () => {
  const ended = await cli().run('brownout', 'vpn', '--for', '10m', '--json');
  expect(ended.code).toBe(exitCodes.usage);
  expect(ordered()).toEqual([]);
});

test.each([
  [[], 'say how long: --for 10m'],
  [['--for', 'ages'], '--for ages: write a length of time'],
  [['--for', '10m', '--end'], 'say --for or --end, not both'],
])('%j is refused', async (args, text) => {
  const ended = await cli().run('brownout', 'vpn', '--yes', ...args);
  expect(ended.code).toBe(exitCodes.usage);
  expect(ended.err).toContain(text);
  expect(ordered()).toEqual([]);
});

test('an early end names who knocked', async () => {
  const { out } = await cli().run('brownout', 'vpn', '--end');
  expect(out).toContain('vpn  opens Mon 5 Jan 09:10:00\n');
  expect(out).toContain('gitea  search  browned out  192.0.2.7  1,200 ×  last Mon 5 Jan 09:00:00');
});

test('the list, as text and as JSON, of all and of one', async () => {
  const { out } = await cli().run('brownout', 'list');
  expect(out).toContain('vpn (group)  shut until Mon 5 Jan 09:10:00  by cn=admin: who needs it?\n');
  const json = JSON.parse((await cli().run('brownout', 'list', 'wheel', '--json')).out) as {
    brownouts: { name: string; knocks: unknown[] }[];
  };
  expect(json.brownouts).toMatchObject([{ name: 'wheel', knocks: [{ who: 'gitea' }] }]);
  expect((await cli().run('brownout', 'list', 'nothing')).out).toContain('nothing is browned out');
});

test('the refusal of the directory is told', async () => {
  cli().memory.fail = new LdapError('unwillingToPerform', 'two always stay');
  const ended = await cli().run('brownout', 'admins', '--for', '10m', '--yes');
  expect(ended.code).not.toBe(0);
  expect(ended.err).toContain('two always stay');
});
