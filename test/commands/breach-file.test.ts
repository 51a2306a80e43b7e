/** passwords.breachFile as the server meets it at start. */
import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { exitCodes } from '../../src/admin/index.js';
import { makeDirectory } from '../support/made-directory.js';
import { cleanUp, newFolder, serving, tenure } from '../support/spawned.js';

let folder = '';
beforeAll(async () => {
  folder = newFolder();
  await makeDirectory(folder, { sample: false });
  appendFileSync(join(folder, 'data/config.yaml'), 'passwords:\n  breachFile: hashes.txt\n');
});
afterAll(() => cleanUp(folder));

const serve = () => tenure(folder, 'serve', '--ldap', '127.0.0.1:0', '--ldaps', 'off');
const file = () => join(folder, 'data/hashes.txt');

test('one that is missing or in the wrong format stops the start, and says what is wrong', async () => {
  const missing = await serve();
  expect(missing.code).toBe(exitCodes.config);
  expect(missing.err).toContain('passwords.breachFile: ');
  expect(missing.err).toContain('hashes.txt: there is no such file');
  writeFileSync(file(), 'password1\npassword2\n');
  const wrong = await serve();
  expect(wrong.code).toBe(exitCodes.config);
  expect(wrong.err).toContain('hashes.txt: its first line is not a hash: 40 hexadecimal digits');
  expect(wrong.err).not.toContain('password1');
});

test('one in the right format is opened', async () => {
  writeFileSync(file(), `${'0'.repeat(40)}:1\r\n${'F'.repeat(40)}:2\r\n`);
  const { server, ready } = await serving(folder);
  expect(ready.ready).toBe(true);
  server.child.kill('SIGTERM');
  expect((await server.exited).code).toBe(0);
});
