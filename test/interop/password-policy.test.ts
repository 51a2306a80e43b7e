/**
 * The password policy as OpenLDAP's tools see it: `-e ppolicy` on binds and changes, `-E
 * accountUsability` on searches, ldappasswd in every way, and `tenure why` beside them.
 */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { hasTools, type Login, ldapSearch, ldapTool, values } from '../support/process-ldap.js';
import { suffix, TenureServer } from '../support/process-server.js';

const withTools = hasTools ? describe : describe.skip;
const ada = `uid=ada,ou=people,${suffix}`;
const defaultPolicy = `cn=default,ou=policies,${suffix}`;
const given = 'given-by-an-administrator';
const own = 'quartz lantern otter';
let server: TenureServer;

beforeAll(async () => {
  server = await TenureServer.serving();
}, 60_000);

afterAll(async () => {
  await server.endWell();
  // No password is in the log, whatever went wrong with it.
  for (const secret of [given, own, 'password1']) {
    expect(server.log.join('\n')).not.toContain(secret);
  }
  await server.remove();
}, 60_000);

const as = (password: string): Login => ({ dn: ada, password });
const rules = async (values: Readonly<Record<string, string>>) => {
  const changes = Object.entries(values).map(
    ([name, value]) => `replace: ${name}\n${name}: ${value}`,
  );
  const input = `dn: ${defaultPolicy}\nchangetype: modify\n${changes.join('\n-\n')}\n`;
  expect((await ldapTool(server, 'ldapmodify', [], { input })).code).toBe(0);
};
const reset = async (password: string) => {
  expect((await ldapTool(server, 'ldappasswd', ['-s', password, ada])).code).toBe(0);
};
const aware = (password: string) =>
  ldapSearch(server, ['-e', 'ppolicy', '-b', ada, '-s', 'base', '+'], { as: as(password) });
const change = (from: string, to: string) =>
  ldapTool(server, 'ldappasswd', ['-e', 'ppolicy', '-a', from, '-s', to], { as: as(from) });
const why = async () => {
  const { code, out } = await server.tenure(['why', 'ada', 'password', '--json']);
  expect(code).toBe(0);
  return JSON.parse(out) as Record<string, unknown>;
};

withTools('with -e ppolicy', () => {
  test('clients read which policy holds, what it says, and when the password was set', async () => {
    await reset(given);
    const { entries } = await aware(given);
    expect(values(entries[0], 'pwdPolicySubentry')).toEqual([defaultPolicy]);
    expect(values(entries[0], 'pwdChangedTime')).toEqual([expect.stringMatching(/^\d{14}Z$/)]);
    expect(values(entries[0], 'pwdHistory')).toEqual([]);
    const asked = ['-b', defaultPolicy, '-s', 'base', 'pwdMinLength', 'pwdMaxFailure'];
    const policy = await ldapSearch(server, asked, { as: as(given) });
    expect(values(policy.entries[0], 'pwdMinLength')).toEqual(['10']);
    expect(values(policy.entries[0], 'pwdMaxFailure')).toEqual(['10']);
  });

  test('a warning before it expires', async () => {
    await rules({ pwdMaxAge: '86400', pwdExpireWarning: '86400' });
    expect((await aware(given)).err).toMatch(/Password expires in 86\d\d\d seconds/);
    await rules({ pwdMaxAge: '0' });
  });

  test('ldappasswd tells the error of a change, by number and in words', async () => {
    for (const [to, error, words] of [
      ['short', 6, '10 characters at least'],
      ['password123', 5, 'most common'],
      [given, 8, 'used before'],
    ] as const) {
      const { code, out, err } = await change(given, to);
      expect(code).not.toBe(0);
      expect(out + err).toContain(`error=${error}`);
      expect(out + err).toContain(words);
    }
  });

  test('after a reset: shut to who does not ask, open to nothing but a change, then to all', async () => {
    await rules({ pwdMustChange: 'TRUE' });
    await reset(given);
    const unaware = await ldapTool(server, 'ldapwhoami', [], { as: as(given) });
    expect(unaware).toMatchObject({ code: 49, out: '' });
    const search = await aware(given);
    expect(search.err).toContain('Password must be changed');
    expect(search).toMatchObject({ code: 50, entries: [] });
    expect(await why()).toMatchObject({ state: 'mustChange', reset: true });
    const who = await ldapTool(server, 'ldapwhoami', ['-e', 'ppolicy'], { as: as(given) });
    expect(who).toMatchObject({ code: 0, out: `dn:${ada}\n` });
    expect((await change(given, own)).code).toBe(0);
    expect((await ldapTool(server, 'ldapwhoami', [], { as: as(own) })).code).toBe(0);
    expect(await why()).toMatchObject({ state: 'open', reset: false, former: 2 });
    await rules({ pwdMustChange: 'FALSE' });
  });

  test('a locked account, and its usability', async () => {
    await reset(own);
    const set = (lines: string) =>
      ldapTool(server, 'ldapmodify', [], { input: `dn: ${ada}\nchangetype: modify\n${lines}\n` });
    const usable = async () => {
      const asked = ['-E', 'accountUsability', '-b', ada, '-s', 'base', '1.1'];
      return (await ldapTool(server, 'ldapsearch', asked)).out;
    };
    expect(await usable()).toContain('available');
    await set('add: pwdAccountLockedTime\npwdAccountLockedTime: 000001010000Z');
    const locked = await aware(own);
    expect(locked.code).toBe(49);
    expect(locked.err).toContain('Account locked');
    const told = server.log.filter((line) => line.includes('"bind refused"')).at(-1)!;
    expect(JSON.parse(told)).toMatchObject({ dn: ada, reason: 'locked by an administrator' });
    expect(await usable()).toContain('inactive');
    expect(await why()).toMatchObject({ state: 'locked', reason: 'locked by an administrator' });
    await set('delete: pwdAccountLockedTime');
    expect((await aware(own)).code).toBe(0);
  });

  test('a generated password is told once, and opens', async () => {
    const ran = await ldapTool(server, 'ldappasswd', ['-a', own], { as: as(own) });
    const made = /^New password: (.+)$/m.exec(ran.out)?.[1];
    expect((await aware(made!)).code).toBe(0);
    expect((await aware(own)).code).toBe(49);
  });

  test('an explicit policy is named as the reason', async () => {
    const guests = `cn=guests,ou=policies,${suffix}`;
    const input = `dn: ${guests}
objectClass: device
objectClass: pwdPolicy
cn: guests
pwdAttribute: userPassword
pwdMaxAge: 3600
`;
    expect((await ldapTool(server, 'ldapadd', [], { input })).code).toBe(0);
    expect(await why()).toMatchObject({ policy: { dn: defaultPolicy, because: 'default' } });
    const named = `dn: ${ada}\nchangetype: modify\nadd: pwdPolicySubentry\npwdPolicySubentry: ${guests}\n`;
    expect((await ldapTool(server, 'ldapmodify', [], { input: named })).code).toBe(0);
    expect(await why()).toMatchObject({
      policy: { dn: guests, because: 'explicit' },
      expires: expect.any(String),
    });
    const { out } = await server.tenure(['why', 'ada', 'password']);
    expect(out).toContain('because the entry names it (pwdPolicySubentry)');
  });
});
