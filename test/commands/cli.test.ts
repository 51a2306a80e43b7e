/** bin/tenure from init to verify: with a server, without one, and with what goes wrong. */
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { exitCodes } from '../../src/admin/index.js';
import { cleanUp, newFolder, serving, tenure } from '../support/spawned.js';

let folder = '';
let password = '';

beforeAll(async () => {
  folder = newFolder();
  const { code, out, err } = await tenure(
    folder,
    'init',
    '--suffix',
    'dc=example,dc=com',
    '--sample',
    '--json',
  );
  expect([code, err]).toEqual([0, '']);
  password = (JSON.parse(out) as { password: string }).password;
});
afterAll(() => cleanUp(folder));

const newcomer = `dn: uid=mia,ou=people,dc=example,dc=com
objectClass: inetOrgPerson
uid: mia
cn: Mia Moss
sn: Moss

`;

describe('a new directory', () => {
  test('has a password, is private, and is not made twice', async () => {
    expect(password.length).toBeGreaterThan(15);
    expect(statSync(join(folder, 'data')).mode & 0o777).toBe(0o700);
    const again = await tenure(folder, 'init', '--suffix', 'dc=example,dc=com');
    expect([again.code, again.out]).toEqual([exitCodes.folder, '']);
  });

  test('is whole', async () => {
    const { code, out } = await tenure(folder, 'verify', '--json');
    expect([code, JSON.parse(out)]).toEqual([
      0,
      expect.objectContaining({ ok: true, problems: [] }),
    ]);
  });

  test('a suffix that is no name is refused, and leaves a folder that can be used', async () => {
    const bad = await tenure(folder, 'init', '--suffix', 'example.com', '--data', 'other');
    expect(bad.code).toBe(exitCodes.refused);
    expect(bad.err).toMatch(/^tenure: .*"example\.com".*\n$/);
    const good = await tenure(folder, 'init', '--suffix', 'o=Other', '--data', 'other');
    expect([good.code, good.err]).toEqual([0, '']);
    expect(good.out).toMatch(/^password: \S+$/m);
  });
});

describe('served', () => {
  test('from start to stop, every command goes through the server', async () => {
    const { server, ready } = await serving(folder);
    const status = await tenure(folder, 'status', '--wait', '20', '--json');
    expect(status.code).toBe(0);
    expect(JSON.parse(status.out)).toMatchObject({
      ready: true,
      addresses: ready.addresses,
      directory: { people: 31, groups: 9, services: 4, hosts: 1, playground: true },
    });
    expect(statSync(ready.addresses.control).mode & 0o777).toBe(0o600);

    writeFileSync(join(folder, 'mia.ldif'), newcomer);
    expect(await tenure(folder, 'import', 'mia.ldif')).toEqual({
      code: 0,
      out: 'imported 1 entry\n',
      err: '',
    });
    const online = await tenure(folder, 'export');
    expect(online.code).toBe(0);
    expect(online.out).toContain('dn: uid=mia,ou=people,dc=example,dc=com\n');
    const below = await tenure(folder, 'export', '--base', 'ou=hosts,dc=example,dc=com');
    expect(below.out.match(/^dn: /gm)).toHaveLength(2);
    const nowhere = await tenure(folder, 'export', '--base', 'ou=no,dc=example,dc=com');
    expect([nowhere.code, nowhere.out]).toEqual([exitCodes.refused, '']);
    expect((await tenure(folder, 'verify')).code).toBe(0);

    const second = await tenure(folder, 'serve', '--ldap', 'off', '--ldaps', 'off');
    expect(second.code).toBe(exitCodes.busy);
    expect(second.err).toMatch(/^tenure: another tenure /);

    server.child.kill('SIGTERM');
    expect((await server.exited).code).toBe(0);
    const offline = await tenure(folder, 'export', '-o', 'all.ldif');
    expect(offline.code).toBe(0);
    expect(readFileSync(join(folder, 'all.ldif'), 'utf8')).toBe(online.out);
    expect((await tenure(folder, 'status')).code).toBe(exitCodes['not-ready']);
  });

  test('an import that fails changes nothing and names the line', async () => {
    const before = (await tenure(folder, 'export')).out;
    writeFileSync(
      join(folder, 'bad.ldif'),
      `${newcomer.replaceAll('mia', 'noa')}dn: uid=zoe,ou=people,dc=example,dc=com\nuid zoe\n`,
    );
    const bad = await tenure(folder, 'import', 'bad.ldif', '--json');
    expect(bad.code).toBe(exitCodes.input);
    expect(JSON.parse(bad.err)).toMatchObject({ error: { kind: 'input', line: 8 } });
    expect((await tenure(folder, 'export')).out).toBe(before);
  });

  test('an index is added and dropped', async () => {
    const add = await tenure(folder, 'index', 'add', 'roomNumber', 'eq', '--json');
    expect([add.code, JSON.parse(add.out)]).toEqual([
      0,
      { attribute: 'roomNumber', words: ['eq'], changed: true },
    ]);
    const list = await tenure(folder, 'index', 'list', 'roomnumber');
    expect(list.out).toBe('roomNumber  eq\n');
    expect((await tenure(folder, 'index', 'drop', 'roomNumber')).code).toBe(0);
    const unknown = await tenure(folder, 'index', 'add', 'nosuchattribute');
    expect(unknown.code).toBe(exitCodes.refused);
  });

  test('the administrator gets a new password', async () => {
    const { code, out } = await tenure(folder, 'admin', 'recover', '--json');
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ dn: 'cn=admin,dc=example,dc=com' });
    expect((JSON.parse(out) as { password: string }).password).not.toBe(password);
  });
});

describe('what goes wrong', () => {
  test('a taken port is one sentence', async () => {
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
    const { port } = taken.address() as { port: number };
    try {
      const args = ['serve', '--ldap', `127.0.0.1:${port}`, '--ldaps', 'off'];
      const { code, err } = await tenure(folder, ...args);
      expect(code).toBe(exitCodes.address);
      const sentences = err.split('\n').filter((line) => line.startsWith('tenure: '));
      expect(sentences).toEqual([expect.stringContaining(String(port))]);
    } finally {
      taken.close();
    }
  });

  test('a folder without a directory, and the settings of one', async () => {
    const none = await tenure(folder, 'serve', '--data', 'none');
    expect([none.code, none.err]).toEqual([
      exitCodes.folder,
      expect.stringMatching(/^tenure: there is no directory in .*none; make one with .*\n$/),
    ]);
    writeFileSync(join(folder, 'bad.yaml'), 'lisen: {}\n');
    const bad = await tenure(folder, 'serve', '--config', 'bad.yaml');
    expect([bad.code, bad.err]).toEqual([
      exitCodes.config,
      `tenure: ${join(folder, 'bad.yaml')}:1:1: unknown key lisen; did you mean listen?\n`,
    ]);
  });

  test('the test clock moves a playground and is refused elsewhere', async () => {
    const refused = await tenure(folder, 'serve', '--data', 'other', '--test-clock');
    expect(refused.code).toBe(exitCodes.refused);
    const { server } = await serving(folder, '--test-clock');
    const before = JSON.parse((await tenure(folder, 'clock', '--json')).out) as { now: string };
    const moved = await tenure(folder, 'clock', '--advance', '48h', '--json');
    const after = JSON.parse(moved.out) as { now: string };
    expect(Date.parse(after.now) - Date.parse(before.now)).toBeGreaterThanOrEqual(48 * 3_600_000);
    server.child.kill('SIGINT');
    expect((await server.exited).code).toBe(0);
  });

  test('after kill -9 the next start works', async () => {
    const { server } = await serving(folder);
    server.child.kill('SIGKILL');
    await server.exited;
    const { server: next } = await serving(folder);
    expect((await tenure(folder, 'status')).code).toBe(0);
    next.child.kill('SIGTERM');
    expect((await next.exited).code).toBe(0);
    expect((await tenure(folder, 'verify')).code).toBe(0);
  });
});
