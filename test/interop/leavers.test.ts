/**
 * Somebody who is suspended, and then gone, as the programs ask that hold accounts of theirs: each
 * question word for word, and what each has to be told so that it lets nobody in.
 */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { hasTools, ldapSearch, ldapTool, names, values } from '../support/process-ldap.js';
import { suffix, TenureServer } from '../support/process-server.js';

const withTools = hasTools ? describe : describe.skip;
const people = `ou=people,${suffix}`;
const grace = `uid=grace,${people}`;
const ada = `uid=ada,${people}`;
const staff = `cn=staff,ou=groups,${suffix}`;
const service = { dn: `uid=gitea,ou=services,${suffix}`, password: 'password-of-a-service' };
let server: TenureServer;

const find = (...args: string[]) => ldapSearch(server, args, { as: service });
const one = async (dn: string, ...attributes: string[]) =>
  (await find('-s', 'base', '-b', dn, '(objectClass=*)', ...attributes)).entries[0];
const compare = async (dn: string, assertion: string) =>
  (await ldapTool(server, 'ldapcompare', [dn, assertion], { as: service })).out.trim();
const change = async (dn: string, ...lines: string[]) => {
  const input = `dn: ${dn}\nchangetype: modify\n${lines.join('\n')}\n`;
  const { code, err } = await ldapTool(server, 'ldapmodify', [], { input });
  expect({ code, err }).toEqual({ code: 0, err: '' });
};
const today = () => Math.floor(Date.now() / 86_400_000);

beforeAll(async () => {
  server = await TenureServer.serving();
  if (!hasTools) return;
  const args = ['-s', service.password, service.dn];
  expect((await ldapTool(server, 'ldappasswd', args, { door: 'local' })).code).toBe(0);
}, 60_000);

afterAll(() => server.finish(), 60_000);

withTools('before anything has happened', () => {
  test('Jenkins asks for all there is, and finds no reason to refuse', async () => {
    const entry = await one(grace, '*', '+');
    expect(values(entry, 'userAccountControl')).toEqual(['512']);
    for (const name of [
      'accountExpires',
      'msDS-UserAccountDisabled',
      'msDS-User-Account-Control-Computed',
      'orclIsEnabled',
      'pwdAccountLockedTime',
      'pwdLockout',
      'loginDisabled',
      'lockedByIntruder',
    ]) {
      expect(values(entry, name)).toEqual([]);
    }
  });
});

withTools('suspended, in the words of 389 Directory Server', () => {
  beforeAll(() => change(grace, 'replace: nsAccountLock', 'nsAccountLock: TRUE'));

  test('SSSD, by each of its ways to ask whether an account has expired', async () => {
    const entry = await one(
      grace,
      ...'shadowExpire nsAccountLock userAccountControl accountExpires loginDisabled'.split(' '),
      ...'loginExpirationTime pwdAccountLockedTime loginShell sshPublicKey memberOf'.split(' '),
    );
    const [day] = values(entry, 'shadowExpire');
    expect(Number(day)).toBeGreaterThanOrEqual(1);
    expect(Number(day)).toBeLessThanOrEqual(today());
    expect(values(entry, 'nsAccountLock')).toEqual(['TRUE']);
    expect(Number(values(entry, 'userAccountControl')[0]) & 2).toBe(2);
    expect(values(entry, 'accountExpires')[0]).toMatch(/^\d{18}$/);
    expect(values(entry, 'loginDisabled')).toEqual(['TRUE']);
    expect(values(entry, 'loginExpirationTime')[0]).toMatch(/^\d{14}Z$/);
    expect(values(entry, 'pwdAccountLockedTime')).toEqual(['000001010000Z']);
    expect(values(entry, 'loginShell')).toEqual(['/usr/sbin/nologin']);
    expect(values(entry, 'sshPublicKey')).toEqual([]);
    expect(values(entry, 'memberOf')).toEqual([]);
  });

  test('hosts, by groups of either schema', async () => {
    const live = '(objectclass=posixGroup)(cn=*)(&(gidNumber=*)(!(gidNumber=0)))';
    expect(names(await find('-b', suffix, `(&(memberuid=grace)${live})`, 'cn'))).toEqual([]);
    const bis = `(&(member=${grace})(objectClass=posixGroup)(cn=*))`;
    expect(names(await find('-b', suffix, bis, 'cn'))).toEqual([]);
    expect(values(await one(staff, 'memberUid'), 'memberUid')).not.toContain('grace');
    expect(values(await one(staff, 'member'), 'member')).not.toContain(grace);
    expect(values(await one(staff, 'member'), 'member')).toContain(ada);
  });

  test('GitLab, whether the account is disabled in Active Directory', async () => {
    const filter = '(userAccountControl:1.2.840.113556.1.4.803:=2)';
    expect(names(await find('-s', 'base', '-b', grace, filter, 'dn'))).toEqual([grace]);
    expect(names(await find('-s', 'base', '-b', ada, filter, 'dn'))).toEqual([]);
  });

  test('applications that filter the locked out themselves', async () => {
    for (const filter of [
      '(&(objectClass=inetOrgPerson)(!(nsAccountLock=TRUE)))',
      '(&(objectClass=inetOrgPerson)(!(pwdAccountLockedTime=*)))',
      '(&(objectClass=person)(!(userAccountControl:1.2.840.113556.1.4.803:=2)))',
      `(&(uid=*)(|(!(shadowExpire=*))(shadowExpire>=${today() + 1})))`,
      '(&(objectClass=person)(memberOf=*))',
    ]) {
      const found = names(await find('-b', people, filter, '1.1'));
      expect(found).not.toContain(grace);
      expect(found).toContain(ada);
    }
  });

  test('Apache compares, FreeRADIUS reads whether dial-up is allowed', async () => {
    expect(await compare(staff, `member:${grace}`)).toBe('FALSE');
    expect(await compare(staff, 'memberUid:grace')).toBe('FALSE');
    expect(await compare(staff, `member:${ada}`)).toBe('TRUE');
    expect(values(await one(grace, 'dialupAccess'), 'dialupAccess')).toEqual(['FALSE']);
    expect(values(await one(ada, 'dialupAccess'), 'dialupAccess')).toEqual(['TRUE']);
  });

  test('a mirror finds the person still, so that it deletes nobody', async () => {
    const filter = '(&(uid=grace)(objectclass=inetOrgPerson)(objectclass=organizationalPerson))';
    expect(names(await find('-b', suffix, filter, 'cn', 'mail'))).toEqual([grace]);
  });

  test('who reads facts, and who does not', async () => {
    expect(values(await one(grace, 'lifecycleBlock'), 'lifecycleBlock')).toEqual([]);
    const { entries } = await ldapSearch(server, ['-b', grace, '(uid=*)', 'lifecycleBlock']);
    expect(values(entries[0], 'lifecycleBlock')[0]).toMatch(/^kind=administrative by=/);
  });

  test('let in again in the words of Active Directory, all of it is back', async () => {
    await change(grace, 'replace: userAccountControl', 'userAccountControl: 512');
    const entry = await one(grace, 'memberOf', 'loginShell', 'nsAccountLock');
    expect(values(entry, 'memberOf')).toContain(staff);
    expect(values(entry, 'loginShell')).not.toEqual(['/usr/sbin/nologin']);
    expect(values(entry, 'nsAccountLock')).toEqual([]);
    expect(await compare(staff, `member:${grace}`)).toBe('TRUE');
  });
});

withTools('gone', () => {
  beforeAll(() => change(grace, 'replace: lifecycleState', 'lifecycleState: offboarded'));

  test('applications find nobody, by name, by filter and by identifier', async () => {
    for (const filter of [
      '(uid=grace)',
      '(&(objectClass=person)(cn=Grace*))',
      '(nsAccountLock=TRUE)',
    ]) {
      expect(names(await find('-b', suffix, filter, '1.1'))).toEqual([]);
    }
    const base = await find('-s', 'base', '-b', grace, '(objectClass=*)', '1.1');
    expect(base).toMatchObject({ code: 32, entries: [] });
  });

  test('one that wants to see leavers as disabled says so on its account', async () => {
    await change(service.dn, 'add: tenureView', 'tenureView: leavers=show');
    const found = await find('-b', suffix, '(uid=grace)', 'nsAccountLock', 'sshPublicKey');
    expect(names(found)).toEqual([grace]);
    expect(values(found.entries[0], 'nsAccountLock')).toEqual(['TRUE']);
    expect(values(found.entries[0], 'sshPublicKey')).toEqual([]);
    await change(service.dn, 'delete: tenureView');
  });

  test('the administrator sees them, with what was theirs withheld', async () => {
    const { entries } = await ldapSearch(server, ['-b', suffix, '(uid=grace)', '*', '+']);
    expect(values(entries[0], 'lifecycleState')).toEqual(['offboarded']);
    expect(values(entries[0], 'sshPublicKey')).toEqual([]);
    expect(values(entries[0], 'memberOf')).toEqual([]);
  });
});
