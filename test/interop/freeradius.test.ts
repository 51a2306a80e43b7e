/**
 * Wi-Fi with FreeRADIUS, configured as the README says: PAP by a bind, MS-CHAP by the NT hash that
 * the RADIUS server alone may read. Whoever is shut out is shut out of the network by both ways.
 */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { cloneRoot } from '../support/made-directory.js';
import { ldapTool } from '../support/process-ldap.js';
import { suffix, TenureServer } from '../support/process-server.js';
import { hasEapolTest, hasRadius, RadiusServer } from '../support/radius-server.js';

const withNetwork = hasEapolTest ? test : test.skip;
const withRadius = hasRadius ? describe : describe.skip;
const people = `ou=people,${suffix}`;
const password = 'a long random one';
let server: TenureServer;
let radius: RadiusServer;

/** A block of the README between ``` that begins with these words. */
function fromReadme(begin: string): string {
  const readme = readFileSync(join(cloneRoot(), 'README.md'), 'utf8');
  const blocks = [...readme.matchAll(/^```\w*\n([\s\S]*?)^```$/gm)].map(([, text]) => text!);
  const block = blocks.find((text) => text.startsWith(begin));
  if (block === undefined) throw new Error(`README.md has no block that begins with ${begin}`);
  return block;
}

async function ldap(tool: string, args: readonly string[], input?: string): Promise<void> {
  const { code, err } = await ldapTool(server, tool, args, {
    door: 'local',
    ...(input !== undefined && { input }),
  });
  expect([code, err]).toEqual([0, '']);
}

async function tenure(...args: string[]): Promise<string> {
  const { code, out, err } = await server.tenure(args);
  expect([code, err]).toEqual([0, '']);
  return out;
}

withRadius('FreeRADIUS', () => {
  let secret = '';

  beforeAll(async () => {
    server = await TenureServer.serving();
    await ldap('ldapadd', [], fromReadme(`dn: uid=wlan,ou=services,${suffix}`));
    await ldap('ldappasswd', ['-s', 'ada-at-her-desk', `uid=ada,${people}`]);
    const made = await server.tenure(['wifi', 'ada', '--json']);
    secret = (JSON.parse(made.out) as { secret: string }).secret;
    const configured = fromReadme('ldap {')
      .replace('ldaps://ldap.example.com', `ldaps://localhost:${server.ldapsPort}`)
      .replace('/etc/freeradius/tenure-ca.pem', server.caFile);
    expect(configured).toContain(password);
    radius = await RadiusServer.start(configured, dirname(server.caFile));
  }, 60_000);

  afterAll(async () => {
    await radius?.remove();
    await server.endWell();
    await server.remove();
  }, 60_000);

  const pap = (word: string, login = 'ada') =>
    radius.ask({ 'User-Name': login, 'User-Password': word });
  const mschap = (word: string, login = 'ada') =>
    radius.ask({ 'User-Name': login, 'MS-CHAP-Password': word });

  test('PAP opens with the password of the directory, and with nothing else', async () => {
    expect(await pap('ada-at-her-desk')).toBe('Accept');
    expect(await pap('ada-at-her-dask')).toBe('Reject');
    expect(await pap('ada-at-her-desk', 'nobody')).toBe('Reject');
  });

  test('MS-CHAP opens with the secret for Wi-Fi, and not with the password', async () => {
    expect(await mschap(secret)).toBe('Accept');
    expect(await mschap('ada-at-her-desk')).toBe('Reject');
  });

  withNetwork('a device gets into the network by PEAP, and by TTLS with the password', async () => {
    expect(await radius.joins('PEAP', 'ada', secret)).toBe(true);
    expect(await radius.joins('PEAP', 'ada', 'ada-at-her-desk')).toBe(false);
    expect(await radius.joins('TTLS', 'ada', 'ada-at-her-desk')).toBe(true);
    expect(await radius.joins('TTLS', 'ada', secret)).toBe(false);
  });

  test('a session ends with a grant, and without one when the network says', async () => {
    const timeout = async () => {
      const login = { 'User-Name': 'ada', 'User-Password': 'ada-at-her-desk' };
      return /Session-Timeout = (\d+)/.exec(await radius.reply(login))?.[1];
    };
    expect(await timeout()).toBeUndefined();
    const because = ['--because', 'on call'];
    await tenure('grant', 'ada', 'contractors', '--for', '2h', ...because);
    const left = Number(await timeout());
    expect(left).toBeGreaterThan(3_600);
    expect(left).toBeLessThanOrEqual(7_200);
    await tenure('revoke', 'ada', 'contractors', ...because);
    expect(await timeout()).toBeUndefined();
  });

  test('a device has its own secret, which is revoked alone', async () => {
    const made = await server.tenure(['wifi', 'ada', '--device', 'phone', '--json']);
    const phone = JSON.parse(made.out) as { login: string; secret: string };
    expect(await mschap(phone.secret, phone.login)).toBe('Accept');
    await tenure('wifi', 'ada', 'revoke', '--device', 'phone');
    expect(await mschap(phone.secret, phone.login)).toBe('Reject');
    expect(await mschap(secret)).toBe('Accept');
  });

  test('who is suspended is refused by both ways, and let in again afterwards', async () => {
    await tenure('suspend', 'ada', '--because', 'lost laptop', '--yes');
    expect([await pap('ada-at-her-desk'), await mschap(secret)]).toEqual(['Reject', 'Reject']);
    if (hasEapolTest) expect(await radius.joins('PEAP', 'ada', secret)).toBe(false);
    await tenure('lift', 'ada', '--because', 'found', '--yes');
    expect([await pap('ada-at-her-desk'), await mschap(secret)]).toEqual(['Accept', 'Accept']);
  });

  test('who has left is refused from that moment', async () => {
    await tenure('offboard', 'ada', '--now', '--because', 'left', '--yes');
    expect([await pap('ada-at-her-desk'), await mschap(secret)]).toEqual(['Reject', 'Reject']);
  });

  test('the map says through whom they came', async () => {
    const { out } = await server.tenure(['seen', 'ada', '--json']);
    expect(out).toContain('wlan');
  });
});
