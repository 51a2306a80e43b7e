/**
 * The requests that well-known clients send, word for word as far as they matter, and what each
 * needs to see in the answer. A failure here is an application that cannot log anybody in.
 */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Client, InvalidCredentialsError } from 'ldapts';
import { hasTools, ldapSearch, ldapTool, names, values } from '../support/process-ldap.js';
import { suffix, TenureServer } from '../support/process-server.js';

const withTools = hasTools ? describe : describe.skip;
const people = `ou=people,${suffix}`;
const groups = `ou=groups,${suffix}`;
const ada = `uid=ada,${people}`;
const grace = `uid=grace,${people}`;
const service = { dn: `uid=gitea,ou=services,${suffix}`, password: 'password-of-a-service' };
const graceLogin = { dn: grace, password: 'password-of-grace' };
let server: TenureServer;

beforeAll(async () => {
  server = await TenureServer.serving();
  if (!hasTools) return;
  for (const { dn, password } of [service, graceLogin]) {
    const { code } = await ldapTool(server, 'ldappasswd', ['-s', password, dn], { door: 'local' });
    expect(code).toBe(0);
  }
}, 60_000);

afterAll(() => server.finish(), 60_000);

/** As the service account, which is how applications search. */
const find = (...args: string[]) => ldapSearch(server, args, { as: service });
const compare = async (dn: string, assertion: string) =>
  (await ldapTool(server, 'ldapcompare', [dn, assertion], { as: service })).out.trim();
const rootDse = async (...attributes: string[]) => {
  const args = ['-s', 'base', '-b', '', '(objectclass=*)', ...attributes];
  return (await ldapSearch(server, args, { as: 'anonymous' })).entries[0];
};

withTools('SSSD', () => {
  const attributes =
    'objectClass uid userPassword uidNumber gidNumber gecos homeDirectory loginShell krbPrincipalName ' +
    'cn memberOf modifyTimestamp entryUSN shadowLastChange shadowMin shadowMax shadowWarning ' +
    'shadowInactive shadowExpire shadowFlag krbLastPwdChange krbPasswordExpiration pwdAttribute ' +
    'authorizedService accountExpires userAccountControl nsAccountLock host rhost loginDisabled ' +
    'loginExpirationTime loginAllowedTimeMap sshPublicKey userCertificate;binary mail passkey';

  test('the root DSE tells the truth and nothing of Active Directory', async () => {
    const dse = await rootDse(
      ...'* altServer namingContexts supportedControl supportedExtension supportedFeatures'.split(
        ' ',
      ),
      ...'supportedLDAPVersion supportedSASLMechanisms domainControllerFunctionality'.split(' '),
      ...'defaultNamingContext lastUSN highestCommittedUSN'.split(' '),
    );
    expect(values(dse, 'namingContexts')).toEqual([suffix]);
    expect(values(dse, 'supportedLDAPVersion')).toEqual(['3']);
    expect(values(dse, 'supportedExtension')).toContain('1.3.6.1.4.1.1466.20037');
    for (const name of ['domainControllerFunctionality', 'highestCommittedUSN', 'lastUSN']) {
      expect(values(dse, name)).toEqual([]);
    }
  });

  test('a user by name and by number', async () => {
    const live = '(objectclass=posixAccount)(uid=*)(&(uidNumber=*)(!(uidNumber=0)))';
    for (const by of ['uid=ada', 'uidNumber=20001']) {
      const found = await find('-b', suffix, `(&(${by})${live})`, ...attributes.split(' '));
      expect(names(found)).toEqual([ada]);
      const [entry] = found.entries;
      expect(values(entry, 'uidNumber')).toEqual(['20001']);
      expect(values(entry, 'homeDirectory')).toEqual(['/home/ada']);
      expect(values(entry, 'sshPublicKey').length).toBe(1);
      expect(values(entry, 'modifyTimestamp')[0]).toMatch(/^[0-9]{14}Z$/);
      expect(values(entry, 'userPassword')).toEqual([]);
    }
  });

  test('groups of either schema', async () => {
    const live = '(objectclass=posixGroup)(cn=*)(&(gidNumber=*)(!(gidNumber=0)))';
    const by2307 = await find('-b', suffix, `(&(memberuid=grace)${live})`, 'cn', 'memberuid');
    expect(by2307.entries.flatMap((entry) => values(entry, 'cn')).sort()).toEqual([
      'engineering',
      'staff',
    ]);
    const filter = `(&(member=${grace})(objectClass=posixGroup)(cn=*))`;
    const byBis = await find('-b', suffix, filter, 'cn', 'gidNumber', 'member', 'memberuid');
    expect(names(byBis)).toEqual(names(by2307));
  });

  test('what changed since', async () => {
    const all = await find('-b', suffix, '(uid=ada)', 'modifyTimestamp');
    const [stamp = ''] = values(all.entries[0], 'modifyTimestamp');
    const live = '(objectclass=posixAccount)(uid=*)(uidNumber=*)(gidNumber=*)';
    const since = `(&${live}(modifyTimestamp>=${stamp})(!(modifyTimestamp=${stamp})))`;
    const input = `dn: ${ada}\nchangetype: modify\nreplace: gecos\ngecos: Ada\n`;
    await new Promise((resolve) => setTimeout(resolve, 1_100));
    expect((await ldapTool(server, 'ldapmodify', [], { input })).code).toBe(0);
    expect(names(await find('-b', suffix, since, '1.1'))).toContain(ada);
    expect((await ldapTool(server, 'ldapwhoami', [], { as: graceLogin })).code).toBe(0);
    const after = await find('-b', suffix, since, '1.1');
    expect(names(after)).not.toContain(`uid=konrad,${people}`);
  });

  test('bind with the ppolicy control, then an access filter at the user', async () => {
    const options = { as: graceLogin };
    const who = await ldapTool(server, 'ldapwhoami', ['-e', 'ppolicy'], options);
    expect([who.code, who.out]).toEqual([0, `dn:${grace}\n`]);
    const access = await find('-s', 'base', '-b', grace, '(&(uid=grace)(employeeType=employee))');
    expect(names(access)).toEqual([grace]);
  });

  test('sudo rules, of which there are none', async () => {
    const filter = '(&(objectClass=sudoRole)(|(&(!(sudoHost=*))(cn=defaults))(sudoHost=ALL)))';
    expect(await find('-b', suffix, filter)).toMatchObject({ code: 0, entries: [] });
  });
});

withTools('nslcd', () => {
  test('passwd, shadow, group and netgroup maps', async () => {
    const count = async (filter: string) => {
      const found = await find('-b', suffix, filter);
      expect(found.code).toBe(0);
      return found.entries.length;
    };
    expect(await count('(&(objectClass=posixAccount)(uid=ada))')).toBe(1);
    expect(await count('(&(objectClass=posixAccount)(uidNumber=20002))')).toBe(1);
    expect(await count('(&(objectClass=shadowAccount)(uid=ada))')).toBe(0);
    expect(await count(`(&(objectClass=posixGroup)(|(memberUid=ada)(member=${ada})))`)).toBe(1);
    expect(await count('(&(objectClass=posixGroup)(gidNumber=30001))')).toBe(1);
    expect(await count('(&(objectClass=nisNetgroup)(cn=web))')).toBe(0);
  });

  test('a person reads itself after the bind', async () => {
    const own = await ldapSearch(server, ['-s', 'base', '-b', grace, '(objectClass=*)'], {
      as: graceLogin,
    });
    expect(names(own)).toEqual([grace]);
  });
});

withTools('FreeRADIUS', () => {
  test('what it reads of the server', async () => {
    const asked = 'vendorname vendorversion isGlobalCatalogReady objectClass orcldirectoryversion';
    const dse = await rootDse(...asked.split(' '), 'supportedControl', 'namingContexts');
    expect(values(dse, 'vendorName').length).toBe(1);
    expect(values(dse, 'isGlobalCatalogReady')).toEqual([]);
  });

  test('user, groups both ways, profiles and clients', async () => {
    expect(names(await find('-b', suffix, '(uid=grace)', 'memberOf'))).toEqual([grace]);
    const either = `(&(objectClass=posixGroup)(|(member=${grace})(memberUid=grace)))`;
    expect(names(await find('-b', suffix, either, 'cn'))).toEqual([
      `cn=engineering,${groups}`,
      `cn=staff,${groups}`,
    ]);
    const profile = await find(
      '-b',
      `cn=wifi,${groups}`,
      '-s',
      'base',
      '(objectclass=radiusprofile)',
    );
    expect([profile.code, profile.entries]).toEqual([0, []]);
    expect((await find('-b', suffix, '(objectClass=radiusClient)')).code).toBe(0);
  });

  test('session tracking is understood', async () => {
    const octets = (text: string) =>
      Buffer.concat([Buffer.from([4, text.length]), Buffer.from(text)]);
    const parts = [
      octets('192.0.2.7'),
      octets('ap'),
      octets('1.3.6.1.4.1.21008.108.63.1.3'),
      octets('grace'),
    ];
    const inner = Buffer.concat(parts);
    const value = Buffer.concat([Buffer.from([0x30, inner.length]), inner]).toString('base64');
    const control = `1.3.6.1.4.1.21008.108.63.1=::${value}`;
    expect(names(await find('-E', control, '-b', suffix, '(uid=grace)', '1.1'))).toEqual([grace]);
    const named = await find('-e', 'sessiontracking=grace', '-b', suffix, '(uid=grace)', '1.1');
    expect(names(named)).toEqual([grace]);
  });

  test('accounting may not write', async () => {
    const input = `dn: ${grace}\nchangetype: modify\nreplace: description\ndescription: Online\n`;
    expect((await ldapTool(server, 'ldapmodify', [], { as: service, input })).code).toBe(50);
  });
});

withTools('macOS', () => {
  test('nothing looks like Active Directory, no password mechanism is listed', async () => {
    const asked = 'supportedSASLMechanisms namingContexts dnsHostName krbName defaultNamingContext';
    const dse = await rootDse(...asked.split(' '), 'isGlobalCatalogReady', 'altServer');
    expect(values(dse, 'supportedSASLMechanisms')).toEqual([]);
    expect(values(dse, 'isGlobalCatalogReady')).toEqual([]);
  });

  test('the probe and the record', async () => {
    const probe =
      '(|(objectclass=posixAccount)(objectclass=inetOrgPerson)(objectclass=shadowAccount))';
    const one = await find('-b', suffix, '-A', '-z', '1', probe);
    expect([one.code, one.entries.length <= 1]).toEqual([4, true]);
    const record = `(&${probe}(|(uid=ada)(cn=ada)))`;
    expect(names(await find('-b', suffix, record))).toEqual([ada]);
    const units = '(&(objectclass=organizationalUnit)(ou=macosxodconfig))';
    expect(await find('-b', suffix, units)).toMatchObject({ code: 0, entries: [] });
    const schema = await find('-s', 'base', '-b', 'cn=subschema', '(objectclass=subSchema)');
    expect(schema.entries.length).toBe(1);
  });

  test('the owner changes a password by deleting the old value and adding the new one', async () => {
    const next = 'another-password-of-grace';
    const change = (from: string, to: string) =>
      `dn: ${grace}\nchangetype: modify\ndelete: userPassword\nuserPassword: ${from}\n-\n` +
      `add: userPassword\nuserPassword: ${to}\n-\n`;
    const there = { as: graceLogin, input: change(graceLogin.password, next) };
    expect(await ldapTool(server, 'ldapmodify', [], there)).toMatchObject({ code: 0, err: '' });
    const as = { dn: grace, password: next };
    // The default policy remembers: the one before is refused, the next is not.
    const back = { as, input: change(next, graceLogin.password) };
    expect((await ldapTool(server, 'ldapmodify', [], back)).code).toBe(19);
    const on = { as, input: change(next, 'a-third-password-of-grace') };
    expect(await ldapTool(server, 'ldapmodify', [], on)).toMatchObject({ code: 0, err: '' });
    const wrong = { as: graceLogin, input: change('not-it', next) };
    expect((await ldapTool(server, 'ldapmodify', [], wrong)).code).not.toBe(0);
  });
});

withTools('Apache httpd', () => {
  test('one hit, then compares of a group, direct and nested', async () => {
    expect(names(await find('-b', suffix, '(&(objectClass=*)(uid=grace))', 'uid'))).toEqual([
      grace,
    ]);
    expect(await compare(`cn=staff,${groups}`, `member:${grace}`)).toBe('TRUE');
    expect(await compare(`cn=wifi,${groups}`, `member:${grace}`)).toBe('TRUE');
    expect(await compare(`cn=interns,${groups}`, `member:${grace}`)).toBe('FALSE');
    expect(await compare(`cn=git-admins,${groups}`, `uniqueMember:${grace.toUpperCase()}`)).toBe(
      'TRUE',
    );
    expect(await compare(`cn=staff,${groups}`, 'memberUid:grace')).toBe('TRUE');
    const base = await find(
      '-s',
      'base',
      '-b',
      `cn=wifi,${groups}`,
      '(cn=*)',
      'member',
      'uniqueMember',
    );
    expect(values(base.entries[0], 'member')).toEqual([`cn=everyone,${groups}`]);
    expect(await compare(grace, 'employeeType:employee')).toBe('TRUE');
  });
});

withTools('Gitea', () => {
  test('no attribute list, then filters at the DN of the person', async () => {
    const found = await find('-b', people, '(&(objectClass=inetOrgPerson)(uid=grace))', '');
    expect(names(found)).toEqual([grace]);
    const admins = `(memberOf=cn=git-admins,${groups})`;
    expect(names(await find('-b', grace, '-s', 'sub', admins, 'uid'))).toEqual([grace]);
    expect(names(await find('-b', ada, '-s', 'sub', admins, 'uid'))).toEqual([]);
    const all = await find(
      '-b',
      people,
      '(&(objectClass=inetOrgPerson)(uid=*))',
      'uid',
      'sshPublicKey',
    );
    expect([all.code, all.entries.length]).toEqual([0, 31]);
  });
});

describe('Grafana', () => {
  test('a bind without a password is refused, five hundred logins in one filter are not', async () => {
    const client = new Client({ url: `ldap://127.0.0.1:${server.ldapPort}` });
    try {
      await expect(client.bind(ada, '')).rejects.toMatchObject({ code: 53 });
      await client.bind(`cn=admin,${suffix}`, server.password);
      const logins = Array.from({ length: 498 }, (_, i) => `(cn=nobody${i})`).join('');
      const { searchEntries } = await client.search(suffix, {
        scope: 'sub',
        filter: `(|${logins}(cn=Ada Lovelace)(cn=Alan Turing))`,
        attributes: ['uid', 'sn', 'mail', 'cn', 'memberOf', 'dn'],
      });
      expect(searchEntries.map(({ dn }) => dn).sort()).toEqual([ada, `uid=alan,${people}`]);
      await expect(client.bind(ada, 'wrong')).rejects.toBeInstanceOf(InvalidCredentialsError);
    } finally {
      await client.unbind();
    }
  });
});

withTools('Keycloak', () => {
  test('critical paging, even of one page', async () => {
    const filter = '(&(uid=*)(objectclass=inetOrgPerson)(objectclass=organizationalPerson))';
    const attributes = [
      'uid',
      'cn',
      'sn',
      'mail',
      'entryUUID',
      'createTimestamp',
      'modifyTimestamp',
    ];
    const found = await find('-b', people, '-E', '!pr=1000/noprompt', filter, ...attributes);
    expect([found.code, found.entries.length]).toEqual([0, 31]);
    const [first] = found.entries;
    const uuid = values(first, 'entryUUID')[0] ?? '';
    const byId = `(&(entryUUID=${uuid.toUpperCase()})(objectclass=inetOrgPerson))`;
    expect(names(await find('-b', people, byId))).toEqual([first?.dn]);
  });

  test('times with a fraction', async () => {
    const since = (time: string) =>
      `(&(|(createTimestamp>=${time})(modifyTimestamp>=${time}))(objectclass=inetOrgPerson))`;
    expect((await find('-b', people, since('20200101000000.0Z'))).entries.length).toBe(31);
    expect((await find('-b', people, since('29990101000000.0Z'))).entries.length).toBe(0);
    expect((await find('-b', people, since('20200101000000.000+0100'))).entries.length).toBe(31);
  });

  test('an empty group names nobody', async () => {
    const placeholder = 'cn=empty-membership-placeholder';
    const dn = `cn=team,${groups}`;
    const input = `dn: ${dn}\nobjectClass: groupOfNames\ncn: team\nmember: ${placeholder}\n`;
    expect(await ldapTool(server, 'ldapadd', [], { input })).toMatchObject({ code: 0, err: '' });
    const group = await find('-b', dn, '-s', 'base', '(cn=*)', 'member');
    expect(values(group.entries[0], 'member')).toEqual([placeholder]);
    const mine = await find('-b', groups, `(&(objectclass=groupOfNames)(member=${ada}))`, 'cn');
    expect(names(mine)).not.toContain(dn);
    const join = `dn: ${dn}\nchangetype: modify\nreplace: member\nmember: ${ada}\n`;
    expect((await ldapTool(server, 'ldapmodify', [], { input: join })).code).toBe(0);
    const empty = `dn: ${dn}\nchangetype: modify\nreplace: member\n`;
    expect((await ldapTool(server, 'ldapmodify', [], { input: empty })).code).toBe(0);
    expect((await ldapTool(server, 'ldapdelete', [dn])).code).toBe(0);
  });

  test('groups in a chain', async () => {
    const filter = `(&(objectClass=groupOfNames)(member:1.2.840.113556.1.4.1941:=${grace}))`;
    expect(names(await find('-b', groups, filter, 'cn'))).toEqual(
      ['engineering', 'everyone', 'staff', 'wifi'].map((cn) => `cn=${cn},${groups}`),
    );
  });
});

withTools('Nextcloud', () => {
  test('the wizard and the login', async () => {
    const base = await find('-b', suffix, '-s', 'base', '-z', '1', 'objectClass=*', 'dn');
    expect([base.code, names(base)]).toEqual([0, [suffix]]);
    const members = await find('-b', suffix, 'memberOf=*', '1.1');
    expect(members.entries.length).toBeGreaterThan(30);
    const uuids = ['entryuuid', 'nsuniqueid', 'objectguid', 'guid', 'ipauniqueid'];
    const asked = await find('-b', ada, '-s', 'base', 'objectClass=*', ...uuids, 'dn');
    expect(values(asked.entries[0], 'entryUUID')[0]).toMatch(/^[0-9a-f-]{36}$/);
    const login =
      '(&(|(objectclass=inetOrgPerson))(|(uid=ada@example.com)(|(mailPrimaryAddress=ada@example.com)(mail=ada@example.com))))';
    const found = await find('-b', suffix, '-E', 'pr=500/noprompt', login, 'dn', 'displayName');
    expect(names(found)).toEqual([ada]);
    for (const filter of ['(gidNumber=*)', '(objectSid=*)', '(primaryGroupID=*)']) {
      expect((await find('-b', suffix, filter, 'dn')).code).toBe(0);
    }
  });
});

withTools('Jenkins', () => {
  test('everything about somebody, and the groups', async () => {
    const user = await find('-b', suffix, 'uid=grace', '*', '+');
    const [entry] = user.entries;
    for (const name of ['pwdLockout', 'loginDisabled', 'accountExpires']) {
      expect(values(entry, name)).toEqual([]);
    }
    expect(values(entry, 'userAccountControl')).toEqual(['512']);
    expect(values(entry, 'memberOf').length).toBeGreaterThan(2);
    const mine = `(| (member=${grace}) (uniqueMember=${grace}) (memberUid=grace))`;
    expect(names(await find('-b', suffix, mine))).toEqual(
      ['engineering', 'everyone', 'git-admins', 'staff', 'wifi'].map((cn) => `cn=${cn},${groups}`),
    );
    const kinds =
      '(objectclass=groupOfNames) (objectclass=groupOfUniqueNames) (objectclass=posixGroup)';
    expect(names(await find('-b', suffix, `(& (cn=staff) (| ${kinds}))`))).toEqual([
      `cn=staff,${groups}`,
    ]);
  });
});

withTools('GitLab', () => {
  test('asks of everybody whether Active Directory disabled them', async () => {
    const filter = '(userAccountControl:1.2.840.113556.1.4.803:=2)';
    expect(await find('-s', 'base', '-b', grace, filter)).toMatchObject({ code: 0, entries: [] });
  });
});
