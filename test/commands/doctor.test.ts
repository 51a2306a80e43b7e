/** tenure doctor as an administrator runs it: on a good folder, on a bad one, and beside a server. */
import { chmodSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { exitCodes } from '../../src/admin/index.js';
import { makeDirectory } from '../support/made-directory.js';
import { cleanUp, newFolder, serving, tenure } from '../support/spawned.js';

let folder = '';
beforeAll(async () => {
  folder = newFolder();
  await makeDirectory(folder, { sample: false });
});
afterAll(() => cleanUp(folder));

interface Result {
  readonly ok: boolean;
  readonly findings: readonly { subject: string; level: string; text: string; advice?: string }[];
  readonly passwords: { readonly configured: { readonly ms: number } };
}

test('a fresh directory is well, without a server and with one', async () => {
  const alone = await tenure(folder, 'doctor', '--json');
  expect([alone.code, alone.err]).toEqual([0, '']);
  const result = JSON.parse(alone.out) as Result;
  expect(result.ok).toBe(true);
  expect(result.passwords.configured.ms).toBeGreaterThan(0);
  const subjects = new Set(result.findings.map(({ subject }) => subject));
  for (const subject of [
    'database',
    'clock',
    'folder',
    'certificate',
    'key',
    'disk',
    'passwords',
  ]) {
    expect(subjects).toContain(subject);
  }
  const { server } = await serving(folder);
  const beside = await tenure(folder, 'doctor');
  expect([beside.code, beside.err]).toEqual([0, '']);
  expect(beside.out).toMatch(/ok {5}database {2,}it opens/);
  expect(beside.out).toMatch(/ok {5}audit {5,}nothing that was seen was lost/);
  expect(beside.out).toMatch(/ms a check, \d+ logins a second/);
  expect(beside.out).toMatch(/nothing is wrong.*\n$/);
  server.child.kill('SIGTERM');
  expect((await server.exited).code).toBe(0);
});

test('what is wrong is named, with what to do, and sets the exit code', async () => {
  const key = join(folder, 'data/certs/server.key');
  chmodSync(key, 0o644);
  const sealed = join(folder, 'data/secrets.key');
  renameSync(sealed, `${sealed}.away`);
  const config = join(folder, 'bad.yaml');
  writeFileSync(config, 'lisen: {}\n');
  const { code, out } = await tenure(folder, 'doctor', '--config', config);
  expect(code).toBe(exitCodes.unwell);
  expect(out).toContain(`WRONG  key          ${key} is open to others (mode 644)`);
  expect(out).toContain(`chmod 600 ${key}`);
  expect(out).toContain('bad.yaml:1:1: unknown key lisen; did you mean listen?');
  expect(out).toContain(`${sealed}: `);
  expect(out).toMatch(/\n[34] wrong.*\n$/);
  renameSync(`${sealed}.away`, sealed);
});

test('a folder without a directory is none to look at', async () => {
  const { code, err } = await tenure(folder, 'doctor', '--data', 'nowhere');
  expect(code).toBe(exitCodes.folder);
  expect(err).toContain('there is no directory in');
});
