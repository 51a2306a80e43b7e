/** OpenLDAP's tools do everything they can, over each way in: clear, StartTLS, LDAPS, local. */
import { statSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  doors,
  hasTools,
  type Login,
  ldapSearch,
  ldapTool,
  names,
  type ToolOptions,
  values,
} from '../support/process-ldap.js';
import { admin, suffix, TenureServer } from '../support/process-server.js';

const withTools = hasTools ? describe : describe.skip;
const people = `ou=people,${suffix}`;
let server: TenureServer;

beforeAll(async () => {
  server = await TenureServer.serving();
}, 60_000);

afterAll(() => server.finish(), 60_000);

/** A person as LDIF; everything about it follows from the name. */
function person(uid: string): string {
  return `dn: uid=${uid},${people}
objectClass: inetOrgPerson
uid: ${uid}
cn:: ${Buffer.from(`Zoë ${uid}`).toString('base64')}
sn: Moss
mail: ${uid}@example.com

`;
}

withTools.each(doors)('over %s', (door) => {
  const over: ToolOptions = { door };
  const uid = `mia-${door.toLowerCase()}`;
  const dn = `uid=${uid},${people}`;
  const mia: Login = { dn, password: 'first-pass-phrase-of-mia' };
  const tool = (name: string, args: readonly string[], options: ToolOptions = {}) =>
    ldapTool(server, name, args, { ...over, ...options });
  const find = (args: readonly string[], options: ToolOptions = {}) =>
    ldapSearch(server, args, { ...over, ...options });

  test('the administrator is known', async () => {
    expect(await tool('ldapwhoami', [])).toMatchObject({ code: 0, out: `dn:${admin}\n` });
    const nobody = await tool('ldapwhoami', [], { as: 'anonymous' });
    expect(nobody).toMatchObject({ code: 0, out: 'anonymous\n' });
  });

  test('a person is added, once', async () => {
    const added = await tool('ldapadd', [], { input: person(uid) });
    expect(added).toMatchObject({ code: 0, out: `adding new entry "${dn}"\n\n` });
    const again = await tool('ldapadd', [], { input: person(uid) });
    expect([again.code, again.err]).toEqual([68, expect.stringContaining('Already exists (68)')]);
    const found = await find(['-b', suffix, `(uid=${uid})`]);
    expect(found.code).toBe(0);
    expect(names(found)).toEqual([dn]);
    expect(values(found.entries[0], 'cn')).toEqual([`Zoë ${uid}`]);
    expect(values(found.entries[0], 'objectClass')).toContain('inetOrgPerson');
    expect(found.entries[0]?.attributes.has('userPassword')).toBe(false);
  });

  test('every kind of change, in one request and in several', async () => {
    const input = `dn: ${dn}
changetype: modify
add: mail
mail: second@example.com
-
replace: title
title: Engineer
-
delete: sn
sn: Moss
-
add: sn
sn: Fern
-

dn: ${dn}
changetype: modify
delete: mail
mail: ${uid}@example.com

`;
    expect(await tool('ldapmodify', [], { input })).toMatchObject({ code: 0, err: '' });
    const found = await find(['-b', dn, '-s', 'base', '(objectClass=*)', 'mail', 'TITLE', 'sn']);
    const entry = found.entries[0];
    expect([values(entry, 'mail'), values(entry, 'title'), values(entry, 'sn')]).toEqual([
      ['second@example.com'],
      ['Engineer'],
      ['Fern'],
    ]);
    expect([...(entry?.attributes.keys() ?? [])].sort()).toEqual(['mail', 'sn', 'title']);
  });

  test('membership shows on both sides', async () => {
    const group = `cn=wifi,ou=groups,${suffix}`;
    const input = `dn: ${group}\nchangetype: modify\nadd: member\nmember: ${dn}\n`;
    expect((await tool('ldapmodify', [], { input })).code).toBe(0);
    const found = await find(['-b', people, `(memberOf=${group.toUpperCase()})`, 'memberOf']);
    expect(names(found)).toContain(dn);
    const own = found.entries.find((entry) => entry.dn === dn);
    expect(values(own, 'memberOf')).toEqual([group]);
  });

  test('comparing says yes, no, and that it cannot be said', async () => {
    expect((await tool('ldapcompare', [dn, 'title:ENGINEER'])).out).toBe('TRUE\n');
    expect((await tool('ldapcompare', [dn, 'title:Manager'])).out).toBe('FALSE\n');
    const none = await tool('ldapcompare', [dn, 'displayName:Mia']);
    expect(none.out).toContain('No such attribute (16)');
    const member = `member:UID=${uid.toUpperCase()}, OU=people,${suffix}`;
    expect((await tool('ldapcompare', [`cn=wifi,ou=groups,${suffix}`, member])).out).toBe('TRUE\n');
    const secret = await tool('ldapcompare', [dn, 'userPassword:x']);
    expect(secret.out).toContain('Insufficient access (50)');
  });

  test('passwords: given, generated, changed by the owner', async () => {
    expect((await tool('ldappasswd', ['-s', mia.password, dn])).code).toBe(0);
    const who = await tool('ldapwhoami', [], { as: mia });
    expect(who.out).toBe(`dn:${dn}\n`);
    const next = { dn, password: 'second-pass-phrase-of-mia' };
    const own = await tool('ldappasswd', ['-a', mia.password, '-s', next.password], { as: mia });
    expect([own.code, own.err]).toEqual([0, '']);
    const old = await tool('ldapwhoami', [], { as: mia });
    expect([old.code, old.err]).toEqual([49, expect.stringContaining('Invalid credentials (49)')]);
    const made = /^New password: (\S+)$/m.exec((await tool('ldappasswd', [dn])).out)?.[1] ?? '';
    expect(made.length).toBeGreaterThan(15);
    expect((await tool('ldapwhoami', [], { as: { dn, password: made } })).code).toBe(0);
    const other = await tool('ldappasswd', ['-s', 'x-x-x-x', `uid=alan,${people}`], {
      as: { dn, password: made },
    });
    expect(other.out + other.err).toContain('Insufficient access (50)');
    const wrong = await tool('ldappasswd', ['-a', 'not-it', '-s', 'y-y-y-y'], {
      as: { dn, password: made },
    });
    expect(wrong.out + wrong.err).toContain('Invalid credentials (49)');
  });

  test('renamed, moved back and forth, deleted', async () => {
    const renamed = `uid=${uid}-x,${people}`;
    expect((await tool('ldapmodrdn', ['-r', dn, `uid=${uid}-x`])).code).toBe(0);
    const after = await find(['-b', renamed, '-s', 'base', '(objectClass=*)', 'uid', 'memberOf']);
    expect(values(after.entries[0], 'uid')).toEqual([`${uid}-x`]);
    expect(values(after.entries[0], 'memberOf')).toEqual([`cn=wifi,ou=groups,${suffix}`]);
    const hosts = `ou=hosts,${suffix}`;
    expect((await tool('ldapmodrdn', ['-s', hosts, renamed, `uid=${uid}`])).code).toBe(0);
    const moved = await find(['-b', hosts, `(uid=${uid})`, 'uid']);
    expect(values(moved.entries[0], 'uid')).toEqual([uid, `${uid}-x`]);
    expect((await tool('ldapdelete', [`uid=${uid},${hosts}`])).code).toBe(0);
    const gone = await tool('ldapdelete', [`uid=${uid},${hosts}`]);
    expect([gone.code, gone.err]).toEqual([32, expect.stringContaining(`matched DN: ${hosts}`)]);
    const group = await find([
      '-b',
      `cn=wifi,ou=groups,${suffix}`,
      '-s',
      'base',
      '(cn=*)',
      'member',
    ]);
    expect(values(group.entries[0], 'member')).toEqual([`cn=everyone,ou=groups,${suffix}`]);
  });

  test('nobody reads the tree without a bind, anybody the root DSE', async () => {
    const refused = await find(['-b', suffix], { as: 'anonymous' });
    expect([refused.code, refused.entries]).toEqual([50, []]);
    const dse = await find(['-b', '', '-s', 'base', '(objectClass=*)', '*', '+'], {
      as: 'anonymous',
    });
    expect(values(dse.entries[0], 'namingContexts')).toEqual([suffix]);
    expect(values(dse.entries[0], 'supportedSASLMechanisms')).toEqual(
      door === 'local' ? ['EXTERNAL'] : [],
    );
  });
});

withTools('doors', () => {
  test('EXTERNAL is for the local socket only', async () => {
    for (const door of ['ldap', 'StartTLS', 'ldaps'] as const) {
      const { code, out } = await ldapTool(server, 'ldapwhoami', [], { door, as: 'EXTERNAL' });
      expect([code === 0, out]).toEqual([false, '']);
    }
  });

  test('a certificate that nobody vouches for is refused by the client', async () => {
    const foreign = { caFile: '/dev/null' };
    for (const door of ['StartTLS', 'ldaps'] as const) {
      const { code, out } = await ldapTool(server, 'ldapwhoami', [], { door, ...foreign });
      expect([code === 0, out]).toEqual([false, '']);
    }
    expect((await ldapTool(server, 'ldapwhoami', [], { door: 'ldap', ...foreign })).code).toBe(0);
  });

  test('the local socket is private', async () => {
    expect(statSync(server.localPath).mode & 0o777).toBe(0o600);
  });
});
