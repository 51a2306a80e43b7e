/** Logins with client certificates: as OpenLDAP's tools show them. */
import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { authority, type Client, type ClientOptions } from '../support/client-certificates.js';
import { hasTools, ldapTool } from '../support/process-ldap.js';
import { run } from '../support/process-run.js';
import { suffix, TenureServer } from '../support/process-server.js';

const withTools = hasTools ? describe : describe.skip;
const ours = authority('Clients of Example');
const ada = `uid=ada,ou=people,${suffix}`;
const subjectOf = (uid: string): ClientOptions['subject'] => [
  ['DC', 'com'],
  ['DC', 'example'],
  ['OU', 'people'],
  ['UID', uid],
];
const revoked = ours.issue({ subject: subjectOf('ada') });
let server: TenureServer;

beforeAll(async () => {
  server = await TenureServer.create();
  writeFileSync(join(server.folder, 'data/clients.pem'), ours.pem);
  writeFileSync(join(server.folder, 'data/clients.crl'), ours.revoke([revoked.serial]));
  appendFileSync(
    join(server.folder, 'data/config.yaml'),
    'certificateLogin:\n  ca: clients.pem\n  crl: clients.crl\n' +
      '  map: [subject, email=mail, upn=mail, cn=uid]\n',
  );
  await server.start();
}, 60_000);

afterAll(() => server.finish(), 60_000);

let files = 0;
/** One of the tools, with a client certificate, without a password. */
async function tool(
  name: string,
  client: Client | undefined,
  args: readonly string[] = [],
  door: 'ldaps' | 'StartTLS' = 'ldaps',
) {
  const env: Record<string, string> = { LDAPTLS_CACERT: server.caFile };
  if (client !== undefined) {
    const base = join(server.folder, `client-${++files}`);
    writeFileSync(`${base}.pem`, client.pem);
    writeFileSync(`${base}.key`, client.key);
    env['LDAPTLS_CERT'] = `${base}.pem`;
    env['LDAPTLS_KEY'] = `${base}.key`;
  }
  const where =
    door === 'ldaps'
      ? ['-H', `ldaps://localhost:${server.ldapsPort}`]
      : ['-ZZ', '-H', `ldap://localhost:${server.ldapPort}`];
  return run(name, [...where, '-Q', '-Y', 'EXTERNAL', ...args], { env, timeoutMs: 30_000 });
}

const whoAmI = async (client: Client | undefined, ...rest: [] | ['ldaps' | 'StartTLS']) => {
  const { code, out, err } = await tool('ldapwhoami', client, [], ...rest);
  return code === 0 ? out.trim() : `${code} ${/additional info: (.*)$/m.exec(err)?.[1] ?? err}`;
};

withTools('ldapwhoami -Y EXTERNAL', () => {
  test.each(['ldaps', 'StartTLS'] as const)('the subject is the name, over %s', async (door) => {
    expect(await whoAmI(ours.issue({ subject: subjectOf('ada') }), door)).toBe(`dn:${ada}`);
  });

  test('by mail address, by principal name, by common name', async () => {
    const mail = ours.issue({ subject: [['O', 'x']], emails: ['ADA@example.com'] });
    expect(await whoAmI(mail)).toBe(`dn:${ada}`);
    const upn = ours.issue({ subject: [['O', 'x']], upns: ['grace@example.com'] });
    expect(await whoAmI(upn)).toBe(`dn:uid=grace,ou=people,${suffix}`);
    const cn = ours.issue({ subject: [['CN', 'alan']] });
    expect(await whoAmI(cn)).toBe(`dn:uid=alan,ou=people,${suffix}`);
  });

  test('what proves nothing is refused, with the reason', async () => {
    expect(await whoAmI(revoked)).toBe(
      "49 the client's certificate is not accepted: it was revoked",
    );
  });

  test('acting for somebody else is not supported', async () => {
    const client = ours.issue({ subject: subjectOf('ada') });
    const same = await tool('ldapwhoami', client, ['-X', `dn:${ada}`]);
    expect(same.out.trim()).toBe(`dn:${ada}`);
    const other = await tool('ldapwhoami', client, ['-X', `dn:cn=admin,${suffix}`]);
    expect([other.code, other.err]).toEqual([123, expect.stringContaining('somebody else')]);
  });

  test('a search with it sees what its owner may see', async () => {
    const args = ['-LLL', '-b', suffix, '(uid=grace)', 'cn'];
    const { code, out } = await tool('ldapsearch', ours.issue({ subject: subjectOf('ada') }), args);
    expect([code, out]).toEqual([0, expect.stringContaining('cn: Grace Hopper')]);
  });

  test('EXTERNAL over the local socket stays the administrator', async () => {
    const { out } = await ldapTool(server, 'ldapwhoami', [], { door: 'local' });
    expect(out.trim()).toBe(`dn:cn=admin,${suffix}`);
  });
});
