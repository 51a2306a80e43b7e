/** Lockout and last use as OpenLDAP's tools see them, and as `tenure` tells of them. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { LastLogins } from '../../src/admin/index.js';
import {
  encodeSessionTracking,
  sessionTrackingFormats,
  sessionTrackingOid,
} from '../../src/ldap/protocol/index.js';
import { hasTools, ldapSearch, ldapTool } from '../support/process-ldap.js';
import { suffix, TenureServer } from '../support/process-server.js';
import { bindOp, WireClient } from '../support/wire-client.js';

const ada = `uid=ada,ou=people,${suffix}`;
const gitea = `uid=gitea,ou=services,${suffix}`;
const password = 'Correct-Horse-8841';
const withTools = hasTools ? test : test.skip;
let server: TenureServer;

beforeAll(async () => {
  server = await TenureServer.serving();
}, 60_000);
afterAll(async () => {
  try {
    expect(await server.problems()).toEqual([]);
    expect(server.defects()).toEqual([]);
  } finally {
    await server.remove();
  }
});

const bind = (sent: string, ...more: string[]) =>
  ldapTool(server, 'ldapwhoami', more, { as: { dn: ada, password: sent } });
const lastOf = async (name: string) =>
  JSON.parse((await server.tenure(['last', name, '--json'])).out) as LastLogins;
const operational = async (): Promise<ReadonlyMap<string, readonly string[]>> => {
  const { entries } = await ldapSearch(server, ['-b', ada, '-s', 'base', '*', '+']);
  return entries[0]!.attributes;
};

withTools(
  'ldappasswd sets a password, ten wrong ones lock, the policy control says so, unlock opens',
  async () => {
    expect((await ldapTool(server, 'ldappasswd', ['-s', password, ada])).code).toBe(0);
    expect((await bind(password, '-e', 'ppolicy')).code).toBe(0);
    const before = await operational();
    expect(before.get('pwdLastSuccess')).toHaveLength(1);
    expect(before.has('pwdAccountLockedTime')).toBe(false);
    for (let i = 0; i < 10; i += 1) {
      const { code, err } = await bind(`wrong ${i}`, '-e', 'ppolicy');
      expect([code, err.includes('Account locked')]).toEqual([49, false]);
    }
    const told = await bind(password, '-e', 'ppolicy');
    expect([told.code, told.err.includes('Account locked')]).toEqual([49, true]);
    const untold = await bind(password);
    expect([untold.code, untold.err.includes('locked')]).toEqual([49, false]);
    const during = await operational();
    expect(during.get('pwdAccountLockedTime')).toHaveLength(1);
    expect(during.get('pwdFailureTime')?.length).toBeGreaterThan(0);
    // Nobody's sync sees a thing of it.
    expect(during.get('modifyTimestamp')).toEqual(before.get('modifyTimestamp'));
    expect(during.get('entryCSN')).toEqual(before.get('entryCSN'));
    expect(await lastOf('ada')).toMatchObject({ state: 'locked', failures: 10 });

    const unlocked = await server.tenure(['unlock', 'ada', '--because', 'called me']);
    expect(unlocked.out).toBe(`${ada} is unlocked\n`);
    expect((await bind(password, '-e', 'ppolicy')).code).toBe(0);
    const after = await operational();
    expect(after.has('pwdAccountLockedTime')).toBe(false);
    expect(after.has('pwdFailureTime')).toBe(false);
  },
  60_000,
);

withTools(
  'a bypass is seen by an administrator of the directory, and ends when told to',
  async () => {
    const given = await server.tenure(['bypass', 'ada', '--for', '4h', '--because', 'lost phone']);
    expect(given.out).toMatch(/gets in without the second factor until 20/);
    expect((await operational()).get('tenureBypassUntil')).toHaveLength(1);
    const refused = await server.tenure(['bypass', 'admin', '--for', '4h']);
    expect([refused.code === 0, refused.err.includes('administrator')]).toEqual([false, true]);
    expect((await server.tenure(['bypass', 'ada', '--end'])).code).toBe(0);
    expect((await operational()).has('tenureBypassUntil')).toBe(false);
  },
  60_000,
);

withTools(
  'a login through a service names it, a refused one in between as well',
  async () => {
    expect((await ldapTool(server, 'ldappasswd', ['-s', password, gitea])).code).toBe(0);
    const client = await WireClient.connect(server.ldapPort);
    const codes = [await client.bind(gitea, password), await client.bind(ada, 'wrong again')];
    codes.push(await client.bind(ada, password));
    client.end();
    expect(codes).toEqual([0, 49, 0]);
    const { success, failure } = await lastOf('ada');
    expect(success).toMatchObject({ from: '127.0.0.1', service: gitea });
    expect(failure).toMatchObject({ from: '127.0.0.1', service: gitea });
    expect((await server.tenure(['last', 'ada'])).out).toContain(`through ${gitea}`);
  },
  60_000,
);

withTools(
  'a service is believed about its clients, who are locked one by one; nobody else is',
  async () => {
    const service = await WireClient.connect(server.ldapPort);
    expect(await service.bind(gitea, password)).toBe(0);
    const from = (sessionSourceIp: string) => [
      {
        oid: sessionTrackingOid,
        critical: false,
        value: encodeSessionTracking({
          sessionSourceIp,
          sessionSourceName: '',
          formatOid: sessionTrackingFormats.username,
          sessionTrackingIdentifier: 'x',
        }),
      },
    ];
    const tried = (client: WireClient, ip: string, name: string, sent: string) =>
      client.code(bindOp(`uid=${name},ou=people,${suffix}`, sent), from(ip));
    for (let i = 0; i < 50; i += 1) await tried(service, '198.51.100.7', `nobody${i}`, 'Winter');
    expect(await tried(service, '198.51.100.7', 'ada', password)).toBe(49);
    expect(await tried(service, '198.51.100.8', 'ada', password)).toBe(0);
    service.end();
    const stranger = await WireClient.connect(server.ldapPort);
    for (let i = 0; i < 50; i += 1) await tried(stranger, '198.51.100.9', `nobody${i}`, 'Summer');
    expect(await tried(stranger, '198.51.100.7', 'ada', password)).toBe(0);
    stranger.end();
    const again = await WireClient.connect(server.ldapPort);
    expect(await again.bind(gitea, password)).toBe(0);
    expect(await tried(again, '198.51.100.9', 'ada', password)).toBe(0);
    again.end();
  },
  60_000,
);

withTools(
  'no password, a NUL, octets that are no text, ten megabytes: refused, and nothing breaks',
  async () => {
    const client = await WireClient.connect(server.ldapPort);
    const sent = async (bytes: Buffer) =>
      client.code({
        kind: 'bind',
        version: 3,
        name: ada,
        authentication: { kind: 'simple', password: bytes },
      });
    expect(await sent(Buffer.alloc(0))).toBe(53);
    expect(await sent(Buffer.from([0]))).toBe(49);
    expect(await sent(Buffer.from([0xff, 0xfe, 0xc0]))).toBe(49);
    expect(await sent(Buffer.from(`${password}\0`))).toBe(49);
    expect(await sent(Buffer.alloc(200_000, 'x'))).toBe(49);
    expect(await client.bind(ada, password)).toBe(0);
    // Before anybody is known a request may have 256 KiB: this one ends its connection.
    const other = await WireClient.connect(server.ldapPort);
    other.send(bindOp(ada, 'x'.repeat(10_000_000)));
    await other.closed;
    client.end();
    expect((await server.tenure(['status'])).code).toBe(0);
  },
  60_000,
);
