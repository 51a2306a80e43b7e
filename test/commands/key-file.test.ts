/** The key file of the secret box as an administrator meets it. */
import { appendFileSync, existsSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { exitCodes } from '../../src/admin/index.js';
import { cleanUp, newFolder, serving, tenure } from '../support/spawned.js';

// Many processes, one after the other.
jest.setTimeout(180_000);

let folder = '';
beforeAll(async () => {
  folder = newFolder();
  const { code } = await tenure(folder, 'init', '--suffix', 'dc=example,dc=com', '--json');
  expect(code).toBe(0);
});
afterAll(() => cleanUp(folder));

const file = () => join(folder, 'data/secrets.key');
const serve = () => tenure(folder, 'serve', '--ldap', '127.0.0.1:0', '--ldaps', 'off');

test('init makes it, for its owner only', () => {
  expect(statSync(file()).mode & 0o777).toBe(0o600);
});

test('without it the server does not start and says what to do; what needs no key works', async () => {
  const kept = `${file()}.kept`;
  renameSync(file(), kept);
  const { code, err } = await serve();
  expect(code).toBe(exitCodes['key-file']);
  expect(err).toContain(
    `${file()}: the key file is missing. Sealed with its keys: nothing at present`,
  );
  expect(err).toContain('tenure secrets reset');
  expect(existsSync(file())).toBe(false);
  expect((await tenure(folder, 'verify', '--json')).code).toBe(0);
  expect((await tenure(folder, 'admin', 'recover', '--json')).code).toBe(0);
  const status = await tenure(folder, 'secrets', 'status', '--json');
  expect(status.code).toBe(exitCodes['key-file']);
  expect(JSON.parse(status.err)).toMatchObject({ error: { kind: 'key-file' } });
  renameSync(kept, file());
});

test('reset asks for consent, and does nothing while the file is whole', async () => {
  expect((await tenure(folder, 'secrets', 'reset')).code).toBe(exitCodes.usage);
  const whole = await tenure(folder, 'secrets', 'reset', '--yes');
  expect(whole.code).toBe(exitCodes.refused);
  expect(whole.err).toContain('there is nothing to reset');
  rmSync(file());
  const reset = await tenure(folder, 'secrets', 'reset', '--yes', '--json');
  expect(reset.err).toBe('');
  expect(JSON.parse(reset.out)).toMatchObject({ removed: 0, owners: 0 });
});

test('the key is changed while the server runs, and by a command alone', async () => {
  const { server } = await serving(folder);
  const first = readFileSync(file(), 'utf8');
  const rotated = await tenure(folder, 'secrets', 'rotate', '--json');
  expect(rotated.err).toBe('');
  const { key } = JSON.parse(rotated.out) as { key: string };
  expect(readFileSync(file(), 'utf8')).not.toBe(first);
  const status = await tenure(folder, 'secrets', 'status', '--json');
  expect(JSON.parse(status.out)).toEqual({ keyFile: file(), keys: [key], sealed: [] });
  expect((await tenure(folder, 'secrets', 'reset', '--yes')).code).toBe(exitCodes.refused);
  server.child.kill('SIGTERM');
  expect((await server.exited).code).toBe(0);
  const alone = await tenure(folder, 'secrets', 'rotate');
  expect([alone.code, alone.err]).toEqual([0, '']);
  expect(alone.out).toMatch(/^there is a new key: [0-9a-f]{8}; 0 values sealed anew\ncopy /);
});

test('it may lie elsewhere', async () => {
  const elsewhere = join(folder, 'keys');
  appendFileSync(join(folder, 'data/config.yaml'), `secrets:\n  keyFile: ${elsewhere}\n`);
  const { code, err } = await serve();
  expect([code, err]).toEqual([exitCodes['key-file'], expect.stringContaining(`${elsewhere}: `)]);
  renameSync(file(), elsewhere);
  const { server } = await serving(folder);
  server.child.kill('SIGTERM');
  expect((await server.exited).code).toBe(0);
});
