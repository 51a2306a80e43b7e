/** A host that people log in to, by a real SSSD: who is known, who may come in, with which keys. */
import { writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { ldapTool } from '../support/process-ldap.js';
import { suffix, TenureServer } from '../support/process-server.js';
import { hasSssd, Sssd } from '../support/sssd.js';

const withSssd = hasSssd ? describe : describe.skip;
const key = `ssh-ed25519 ${Buffer.from(
  `0000000b7373682d6564323535313900000020${'5a'.repeat(32)}`,
  'hex',
).toString('base64')}`;
const passwords = { ada: 'ada-at-her-desk', grace: 'grace-at-her-desk' } as const;
let server: TenureServer;
let sssd: Sssd;

async function tenure(...args: string[]): Promise<string> {
  const { code, out, err } = await server.tenure([...args, '--json']);
  expect([code, err]).toEqual([0, '']);
  return out;
}

withSssd('SSSD', () => {
  beforeAll(async () => {
    server = await TenureServer.serving();
    for (const [uid, password] of Object.entries(passwords)) {
      const args = ['-s', password, `uid=${uid},ou=people,${suffix}`];
      expect((await ldapTool(server, 'ldappasswd', args, { door: 'local' })).code).toBe(0);
    }
    writeFileSync(join(server.folder, 'key.pub'), `${key} laptop\n`);
    await tenure('keys', 'grace', 'add', 'key.pub');
    const name = hostname();
    const made = await tenure('host', 'add', name, '--groups', 'engineering', '--owner', 'mary');
    const { dn, password } = JSON.parse(made) as { dn: string; password: string };
    sssd = await Sssd.start({
      domain: {
        id_provider: 'ldap',
        auth_provider: 'ldap',
        access_provider: 'ldap',
        ldap_access_order: 'host',
        // The certificate names this machine and its address; libldap turns localhost into the name.
        ldap_uri: `ldap://127.0.0.1:${server.ldapPort}`,
        ldap_id_use_start_tls: 'true',
        ldap_tls_cacert: server.caFile,
        ldap_search_base: suffix,
        ldap_default_bind_dn: dn,
        ldap_default_authtok: password,
        ldap_schema: 'rfc2307bis',
      },
      somebody: 'ada',
    });
  }, 90_000);

  afterAll(async () => {
    await sssd?.remove();
    await server.endWell();
    await server.remove();
  }, 60_000);

  test('knows people and groups', async () => {
    expect(await sssd.passwd('ada')).toMatch(
      /^ada:\*:\d+:\d+:Ada Lovelace:\/home\/ada:\/bin\/bash$/,
    );
    const engineers = await sssd.members('engineering');
    expect(engineers).toContain('grace');
    expect(engineers).not.toContain('ada');
  });

  test('lets in whom the host lets in, by their password', async () => {
    expect(await sssd.login('grace', passwords.grace)).toBe('in');
    expect(await sssd.login('grace', passwords.ada)).toBe('wrong');
    expect(await sssd.login('ada', passwords.ada)).toBe('denied');
    const seen = JSON.parse(await tenure('seen', 'grace')) as { rows: { consumer?: string }[] };
    expect(JSON.stringify(seen.rows)).toContain(hostname());
  });

  test('has the keys of those who are at work', async () => {
    expect(await sssd.keys('grace')).toContain(key);
    await tenure('suspend', 'grace', '--because', 'lost laptop', '--yes');
    await sssd.passwd('grace');
    expect(await sssd.login('grace', passwords.grace)).not.toBe('in');
    expect(await sssd.keys('grace')).toBe('');
    await tenure('lift', 'grace', '--because', 'found', '--yes');
    expect(await sssd.login('grace', passwords.grace)).toBe('in');
  });

  test('who has left is in no group, has no key, and does not get in', async () => {
    await tenure('offboard', 'grace', '--now', '--because', 'left', '--yes');
    for (let tries = 0; tries < 20; tries += 1) {
      await sssd.passwd('grace');
      if (!(await sssd.members('engineering')).includes('grace')) break;
    }
    expect(await sssd.members('engineering')).not.toContain('grace');
    expect(await sssd.login('grace', passwords.grace)).not.toBe('in');
    expect(await sssd.keys('grace')).toBe('');
  });
});
