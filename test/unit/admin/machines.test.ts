/** `tenure host` and `tenure device` on the command line: what is asked, refused, printed. */
import { expect, test } from '@jest/globals';
import { exitCodes } from '../../../src/admin/index.js';
import { LdapError } from '../../../src/runtime/errors.js';
import { eachCommandLine } from './cli-harness.js';

const cli = eachCommandLine({ made: true });

const calls = () => cli().memory.calls.filter((call) => call.includes('{'));
const said = { by: 'tester', because: '' };

test('host add asks for the groups, and shows the password', async () => {
  const without = await cli().run('host', 'add', 'web1');
  expect(without.code).toBe(exitCodes.usage);
  expect(without.err).toContain('say who may log in: --groups');
  expect(calls()).toEqual([]);
  const done = await cli().run('host', 'add', 'web1', '--groups', 'dev, ops', '--services', 'sshd');
  const lists = { aliases: [], groups: ['dev', 'ops'], services: ['sshd'], addresses: [] };
  expect(calls()).toEqual([`addHost ${JSON.stringify({ name: 'web1', ...lists, ...said })}`]);
  expect(done.out).toContain('password, shown once: app-secret');
  expect(done.out).toContain('people      ada');
});

test('the other verbs of a host', async () => {
  expect((await cli().run('host', 'list')).out).toBe(
    '  web1  dev  every service  1 person\n  1 host\n',
  );
  expect((await cli().run('host', 'show', 'web1')).out).toContain('sudo rules  admins');
  expect((await cli().run('host', 'allow', 'web1', '--groups', 'dev')).code).toBe(0);
  expect((await cli().run('host', 'password', 'web1')).out).toContain('app-secret');
  expect((await cli().run('host', 'remove', 'web1')).out).toBe('  web1  is removed\n');
  expect(calls().map((call) => call.split(' ')[0])).toEqual([
    'hosts',
    'hosts',
    'allow',
    'renewHost',
    'removeHost',
  ]);
  cli().memory.fail = new LdapError('noSuchObject', 'there is no host "web2"');
  expect((await cli().run('host', 'show', 'web2')).err).toContain('there is no host "web2"');
});

test('devices', async () => {
  const add = ['device', 'add', 'C02', '--owner', 'ada', '--kind', 'laptop'];
  expect((await cli().run(...add, '--end', '2028-11-30')).out).toContain('C02  laptop  ada');
  expect((await cli().run('device', 'add', 'C02')).code).toBe(exitCodes.usage);
  expect((await cli().run('device', 'list', '--owner', 'ada')).out).toContain('1 device\n');
  expect((await cli().run('device', 'give', 'C02', '--owner', 'ben')).code).toBe(0);
  expect((await cli().run('device', 'return', 'C02')).code).toBe(0);
  expect(calls().at(-1)).toBe(`giveDevice ${JSON.stringify({ serial: 'C02', ...said })}`);
});
