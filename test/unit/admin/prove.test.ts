/** `tenure prove` on the command line: where it works, what it writes, what it says. */
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { exitCodes } from '../../../src/admin/index.js';
import { eachCommandLine } from './cli-harness.js';

const cli = eachCommandLine({ made: true });

test('needs a server, and says whose doors or which file', async () => {
  expect((await cli().run('prove', 'ada')).code).toBe(exitCodes['not-ready']);
  expect((await cli().run('prove')).code).toBe(exitCodes.usage);
  expect((await cli().run('prove', 'ada', '--verify', 'x')).code).toBe(exitCodes.usage);
  writeFileSync(join(cli().dir, 'other.json'), '{}');
  const none = await cli().run('prove', '--verify', 'other.json');
  expect([none.code, none.err]).toEqual([
    exitCodes.input,
    'tenure: other.json is no proof of tenure prove\n',
  ]);
});

test('writes the proof, says what is open, and ends with a code for it', async () => {
  const door = { door: 'SSH keys', as: 'web1', shut: false, saw: 'shown' };
  const { proof } = cli().memory.proof;
  cli().memory.proof = {
    ...cli().memory.proof,
    proof: { ...proof, doors: [door], waits: ['remove from github (it-desk)'] },
  };
  const server = cli().start('serve', '--json');
  await server.ready;
  const { code, out } = await cli().run('prove', 'ada');
  expect(code).toBe(exitCodes.unwell);
  expect(out.split('\n').map((line) => line.trim())).toEqual([
    'ada  active     1 door tried, each as its own client would: 0 shut',
    'OPEN',
    'SSH keys of web1  shown',
    'by hand',
    'remove from github (it-desk)',
    expect.stringMatching(/^proof-ada\.json signed by SHA256:\S+, log head abc…$/),
    'anybody can check it offline: tenure prove --verify proof-ada.json',
    '',
  ]);
  const file = join(cli().dir, 'proof-ada.json');
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(cli().memory.proof);
  const altered = await cli().run('prove', '--verify', 'proof-ada.json');
  expect(altered.code).toBe(exitCodes.damaged);
  cli().memory.proof = { ...cli().memory.proof, proof };
  expect((await cli().run('prove', 'ada', '--json')).code).toBe(0);
  cli().signal('SIGTERM');
  await server.ended;
  expect(existsSync(join(cli().dir, 'data/proof-ada.json'))).toBe(false);
});
