/** Wi-Fi and file server secrets: tenure wifi, and what ldapsearch sees as a RADIUS server would. */
import { appendFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { ntHash, ntHashText } from '../../src/credentials/index.js';
import { hasTools, type Login, ldapSearch, ldapTool, values } from '../support/process-ldap.js';
import { suffix, TenureServer } from '../support/process-server.js';

const withTools = hasTools ? describe : describe.skip;
const services = `ou=services,${suffix}`;
const login = (uid: string): Login => ({
  dn: `uid=${uid},${services}`,
  password: `${uid}-secret-1`,
});
const radius = login('wlan');
const samba = login('samba');
const nt = (clear: string) => ntHashText(ntHash(clear));
const made: string[] = [];
let server: TenureServer;

const account = ({ dn, password }: Login, role: string) =>
  `dn: ${dn}\nobjectClass: account\nobjectClass: simpleSecurityObject\n` +
  `objectClass: tenureService\nuid: ${dn.slice(4).split(',')[0]}\n` +
  `userPassword: ${password}\ntenureRole: ${role}\n\n`;

beforeAll(async () => {
  server = await TenureServer.create();
  appendFileSync(join(server.folder, 'data/config.yaml'), 'ntHash:\n  files: password\n');
  await server.start();
  const input = account(radius, 'radius') + account(samba, 'fileServer');
  expect((await ldapTool(server, 'ldapadd', [], { door: 'local', input })).code).toBe(0);
}, 60_000);

afterAll(async () => {
  await server.endWell();
  const log = server.log.join('\n');
  const database = ['tenure.db', 'tenure.db-wal']
    .map((name) => join(server.folder, 'data', name))
    .map((file) => {
      try {
        return readFileSync(file, 'latin1');
      } catch {
        return '';
      }
    })
    .join('');
  expect(database.length).toBeGreaterThan(10_000);
  for (const secret of made) {
    for (const text of [secret, nt(secret), ntHash(secret).toString('latin1')]) {
      expect(log.includes(text)).toBe(false);
      expect(database.includes(text)).toBe(false);
    }
  }
  await server.remove();
}, 60_000);

const wifi = async (...args: string[]) => {
  const { code, out, err } = await server.tenure(['wifi', ...args, '--json']);
  const result = JSON.parse(out === '' ? err : out) as Record<string, unknown>;
  if (typeof result['secret'] === 'string') made.push(result['secret']);
  return { code, result };
};
/** As FreeRADIUS asks: by login, for the attributes of its configuration. */
const hashOf = async (
  uid: string,
  as: Login | undefined,
  door: 'ldap' | 'StartTLS' = 'StartTLS',
) => {
  const args = ['-b', suffix, `(uid=${uid})`, 'sambaNTPassword', 'ntPassword', 'sambaAcctFlags'];
  const found = await ldapSearch(server, args, { door, ...(as && { as }) });
  const entry = found.entries[0];
  return [...values(entry, 'sambaNTPassword'), ...values(entry, 'sambaAcctFlags')];
};
const flags = '[U          ]';

withTools('a person', () => {
  test('has a secret that is shown once, and its hash goes to the RADIUS server', async () => {
    const { code, result } = await wifi('ada');
    expect([code, result]).toMatchObject([0, { login: 'ada', use: 'wifi', renewed: false }]);
    const secret = String(result['secret']);
    expect(await hashOf('ada', radius)).toEqual([nt(secret), flags]);
    expect(await hashOf('ada', radius, 'ldap')).toEqual([nt(secret), flags]);
    for (const other of [samba, undefined]) expect(await hashOf('ada', other)).toEqual([]);
    const again = await wifi('ada');
    expect([again.code, again.result]).toMatchObject([9, { error: { kind: 'refused' } }]);
    const renewed = await wifi('ada', '--renew');
    expect(renewed.result).toMatchObject({ renewed: true });
    expect(await hashOf('ada', radius)).toEqual([nt(String(renewed.result['secret'])), flags]);
  });

  test('has another secret for file servers, or there the login password', async () => {
    const set = ['-s', 'grace-on-the-share', `uid=grace,ou=people,${suffix}`];
    expect((await ldapTool(server, 'ldappasswd', set, { door: 'local' })).code).toBe(0);
    made.push('grace-on-the-share');
    expect(await hashOf('grace', samba)).toEqual([nt('grace-on-the-share'), flags]);
    expect(await hashOf('grace', radius)).toEqual([]);
    const { result } = await wifi('grace', '--for', 'files');
    expect(await hashOf('grace', samba)).toEqual([nt(String(result['secret'])), flags]);
  });
});

withTools('a device', () => {
  test('logs in as person+device, and is revoked alone', async () => {
    const phone = await wifi('alan', '--device', 'phone');
    const tablet = await wifi('alan', '--device', 'tablet');
    const own = await wifi('alan');
    expect(phone.result).toMatchObject({ login: 'alan+phone' });
    expect(await hashOf('alan+phone', radius)).toEqual([nt(String(phone.result['secret'])), flags]);
    const list = await wifi('alan', 'list');
    const logins = (list.result['secrets'] as { login: string }[]).map((one) => one.login);
    expect(logins.sort()).toEqual(['alan', 'alan+phone', 'alan+tablet']);
    const text = await server.tenure(['wifi', 'alan', 'list']);
    expect(text.out).toMatch(/alan\+phone {3}Wi-Fi {2}since \d{4}-/);
    expect((await wifi('alan', 'revoke', '--device', 'phone')).code).toBe(0);
    expect(await hashOf('alan+phone', radius)).toEqual([]);
    expect(await hashOf('alan+tablet', radius)).toEqual([
      nt(String(tablet.result['secret'])),
      flags,
    ]);
    expect((await wifi('alan', 'revoke')).code).toBe(0);
    expect(await hashOf('alan', radius)).toEqual([]);
    expect(own.code).toBe(0);
  });

  test('goes with its owner', async () => {
    await wifi('hedy', '--device', 'phone');
    const gone = await ldapTool(server, 'ldapdelete', [`uid=hedy,ou=people,${suffix}`], {
      door: 'local',
    });
    expect(gone.code).toBe(0);
    const left = await ldapSearch(server, ['-b', suffix, '(uid=hedy*)', '1.1']);
    expect([left.code, left.entries]).toEqual([0, []]);
  });
});

withTools('who asks for more', () => {
  test('a filter on the hash finds nobody, a comparison is refused', async () => {
    const { result } = await wifi('edsger');
    const hash = nt(String(result['secret']));
    for (const filter of ['(sambaNTPassword=*)', `(sambaNTPassword=${hash})`]) {
      const found = await ldapSearch(server, ['-b', suffix, filter, '1.1'], { as: radius });
      expect([found.code, found.entries]).toEqual([0, []]);
    }
    const dn = `uid=edsger,ou=people,${suffix}`;
    const args = [dn, `sambaNTPassword:${hash}`];
    expect((await ldapTool(server, 'ldapcompare', args, { as: radius })).code).toBe(50);
  });

  test('what is misspelt is answered', async () => {
    const verb = await server.tenure(['wifi', 'ada', 'revok']);
    expect([verb.code, verb.err]).toEqual([2, expect.stringContaining('did you mean revoke?')]);
    const device = await wifi('ada', '--device', 'my phone');
    expect(JSON.stringify(device.result)).toContain('is no name of a device');
    const none = await server.tenure(['wifi', 'betty', 'revoke']);
    expect([none.code, none.err]).toEqual([9, expect.stringContaining('has no such secret')]);
  });
});
