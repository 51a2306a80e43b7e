/** SSH keys as people and administrators handle them: OpenLDAP's tools, ssh-keygen, the command. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { hasTools, type Login, ldapSearch, ldapTool, values } from '../support/process-ldap.js';
import { isInstalled, run } from '../support/process-run.js';
import { suffix, TenureServer } from '../support/process-server.js';
import { ed25519, fingerprint, rsa } from '../support/ssh-keys.js';

const withTools = hasTools ? describe : describe.skip;
const withKeygen = isInstalled('ssh-keygen') ? test : test.skip;
const grace = `uid=grace,ou=people,${suffix}`;
const as: Login = { dn: grace, password: 'gather-walnut-41-hinge' };
let server: TenureServer;

beforeAll(async () => {
  server = await TenureServer.create();
  await server.start('--test-clock');
  const set = ['-s', as.password, grace];
  expect((await ldapTool(server, 'ldappasswd', set, { door: 'local' })).code).toBe(0);
}, 60_000);

afterAll(() => server.finish(), 60_000);

const modify = (ldif: string, who?: Login) =>
  ldapTool(server, 'ldapmodify', [], { input: ldif, ...(who === undefined ? {} : { as: who }) });
const change = (dn: string, ...lines: string[]) =>
  `dn: ${dn}\nchangetype: modify\n${lines.join('\n')}\n`;
const keysOf = async (dn: string) => {
  const found = await ldapSearch(server, ['-b', dn, '-s', 'base', '(uid=*)', 'sshPublicKey']);
  return values(found.entries[0], 'sshPublicKey');
};
const json = async (...args: string[]) => {
  const { code, out, err } = await server.tenure(['keys', ...args, '--json']);
  return { code, result: JSON.parse(out === '' ? err : out) as Record<string, unknown> };
};

withTools('over LDAP', () => {
  test('somebody adds a key of their own, with the class that it needs, and takes it away', async () => {
    const key = ed25519('grace@laptop');
    const cls = ['add: objectClass', 'objectClass: ldapPublicKey', '-'];
    const add = ['add: sshPublicKey', `sshPublicKey: ${key}`];
    const mine = (await keysOf(grace)).length;
    const needed = mine === 0 ? cls : [];
    const { code, err } = await modify(change(grace, ...needed, ...add), as);
    expect([code, err]).toEqual([0, '']);
    expect(await keysOf(grace)).toContain(key);
    const drop = ['delete: sshPublicKey', `sshPublicKey: ${key}`];
    expect((await modify(change(grace, ...drop), as)).code).toBe(0);
    expect(await keysOf(grace)).toHaveLength(mine);
  });

  test('nobody changes the keys of others, or more than keys', async () => {
    const ada = `uid=ada,ou=people,${suffix}`;
    const add = ['add: sshPublicKey', `sshPublicKey: ${ed25519()}`];
    expect((await modify(change(ada, ...add), as)).code).toBe(50);
    const more = await modify(change(grace, ...add, '-', 'replace: title', 'title: Admiral'), as);
    expect([more.code, more.err]).toEqual([
      50,
      expect.stringContaining('may change its own password and SSH keys and nothing else'),
    ]);
  });

  test.each([
    ['not a key', 'ssh-ed25519 AAAA', 'the SSH key is refused: what is inside is cut short'],
    ['a short one', rsa(1024), 'RSA with 1024 bits is too short; 2048 at least'],
    ['another type inside', ed25519().replace('ssh-ed25519', 'ssh-rsa'), 'inside is ssh-ed25519'],
  ])('%s is refused with the reason', async (_name, line, why) => {
    const add = ['add: sshPublicKey', `sshPublicKey: ${line}`];
    const { code, err } = await modify(change(`uid=ada,ou=people,${suffix}`, ...add));
    expect([code, err]).toEqual([19, expect.stringContaining(why)]);
  });

  test('a value of three megabytes is refused, and the server goes on', async () => {
    const file = join(server.folder, 'large.bin');
    writeFileSync(file, Buffer.alloc(3_000_000, 'A'));
    const add = ['add: sshPublicKey', `sshPublicKey:< file://${file}`];
    const { code, err } = await modify(change(`uid=ada,ou=people,${suffix}`, ...add));
    expect([code, err]).toEqual([19, expect.stringContaining('more than 16384')]);
    expect((await server.tenure(['status'])).code).toBe(0);
  });
});

withTools('tenure keys', () => {
  test('lists, adds and removes, with fingerprints', async () => {
    const key = ed25519('laptop');
    const print = fingerprint(key);
    const file = join(server.folder, 'id.pub');
    writeFileSync(file, `${key}\n`);
    const added = await server.tenure(['keys', 'alan', 'add', 'id.pub']);
    expect([added.code, added.out]).toEqual([
      0,
      `${print} laptop added to uid=alan,ou=people,${suffix}\n`,
    ]);
    const { result } = await json('alan');
    expect(result).toMatchObject({ dn: `uid=alan,ou=people,${suffix}` });
    expect(result['keys']).toContainEqual(
      expect.objectContaining({
        fingerprint: print,
        type: 'ssh-ed25519',
        bits: 256,
        expired: false,
      }),
    );
    const text = await server.tenure(['keys', 'alan']);
    expect(text.out).toContain(`${print}  ed25519 256`);
    const twice = await json('ada', 'add', key);
    expect([twice.code, twice.result]).toMatchObject([9, { error: { kind: 'refused' } }]);
    const removed = await json('alan', 'remove', print.slice(7, 17));
    expect([removed.code, removed.result]).toMatchObject([0, { key: { fingerprint: print } }]);
    expect(await keysOf(`uid=alan,ou=people,${suffix}`)).not.toContain(key);
  });

  withKeygen('agrees with ssh-keygen', async () => {
    const file = join(server.folder, 'made');
    const made = await run('ssh-keygen', ['-q', '-t', 'ecdsa', '-b', '384', '-N', '', '-f', file]);
    expect(made.code).toBe(0);
    const shown = await run('ssh-keygen', ['-l', '-f', `${file}.pub`]);
    const { code, result } = await json('alan', 'add', 'made.pub');
    expect(code).toBe(0);
    expect(shown.out.split(' ').slice(0, 2)).toEqual([
      '384',
      (result['key'] as { fingerprint: string }).fingerprint,
    ]);
  });

  test('a key that ends is withheld from then on, and still listed', async () => {
    const { code, result } = await json('hedy', 'add', ed25519('visitor'), '--expires', '2h');
    expect([code, result]).toMatchObject([0, { key: { expired: false } }]);
    const hedy = `uid=hedy,ou=people,${suffix}`;
    const before = (await keysOf(hedy)).length;
    expect((await server.tenure(['clock', '--advance', '3h'])).code).toBe(0);
    expect(await keysOf(hedy)).toHaveLength(before - 1);
    expect((await server.tenure(['keys', 'hedy'])).out).toMatch(/visitor .*EXPIRED/);
    expect((await json('hedy', 'remove', 'visitor')).code).toBe(0);
  });

  test('what is misspelt is answered', async () => {
    const verb = await server.tenure(['keys', 'ada', 'ad']);
    expect([verb.code, verb.err]).toEqual([2, expect.stringContaining('did you mean add?')]);
    const name = await server.tenure(['keys', 'adda']);
    expect([name.code, name.err]).toEqual([9, expect.stringContaining('did you mean ada?')]);
    const none = await server.tenure(['keys', 'ada', 'remove', 'SHA256:nothing']);
    expect([none.code, none.err]).toEqual([9, expect.stringContaining('has no key')]);
    const when = await server.tenure(['keys', 'ada', 'add', ed25519(), '--expires', 'soon']);
    expect([when.code, when.err]).toEqual([2, expect.stringContaining('write a day')]);
    const what = await server.tenure(['keys', 'ada', 'add']);
    expect([what.code, what.err]).toEqual([2, expect.stringContaining('which key?')]);
  });
});
