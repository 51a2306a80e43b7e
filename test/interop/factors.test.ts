/** Codes, app passwords and first passwords as OpenLDAP's tools send them. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { codeAt, newFactor, readSeed } from '../../src/credentials/otp/index.js';
import { hasTools, ldapTool } from '../support/process-ldap.js';
import { suffix, TenureServer } from '../support/process-server.js';

const person = (uid: string) => `uid=${uid},ou=people,${suffix}`;
const own = 'countess-of-computing-1815';
const test_ = hasTools ? test : test.skip;
let server: TenureServer;

beforeAll(async () => {
  server = await TenureServer.serving();
}, 120_000);
afterAll(() => server.remove());

async function made(...args: string[]): Promise<Record<string, string>> {
  const { code, out, err } = await server.tenure([...args, '--json']);
  expect([code, err]).toEqual([0, '']);
  return JSON.parse(out) as Record<string, string>;
}

/** Exit codes of the tools are LDAP result codes. */
async function whoAmI(uid: string, password: string): Promise<number | null> {
  const { code } = await ldapTool(server, 'ldapwhoami', [], {
    as: { dn: person(uid), password },
    door: 'StartTLS',
  });
  return code;
}

test_(
  'a first password opens for ldappasswd -e ppolicy, sets one’s own, and is gone',
  async () => {
    const { password } = await made('first-password', 'ada');
    expect(await whoAmI('ada', password!)).toBe(49);
    const as = { dn: person('ada'), password: password! };
    const set = await ldapTool(server, 'ldappasswd', ['-e', 'ppolicy', '-s', own], { as });
    expect([set.code, set.err]).toEqual([0, expect.stringContaining('must be changed')]);
    expect(await whoAmI('ada', own)).toBe(0);
    const again = await ldapTool(server, 'ldappasswd', ['-e', 'ppolicy', '-s', 'x'], { as });
    expect(again.code).toBe(49);
  },
  120_000,
);

test_(
  'password and code in one, once; then an app password',
  async () => {
    const { secret } = await made('totp', 'enrol', 'ada', '--hotp');
    const read = readSeed(secret!);
    if (!read.ok) throw new Error(read.reason);
    const code = (counter: number) => codeAt(newFactor('hotp', read.seed, 0), counter);
    expect(await whoAmI('ada', `${own}${code(0)}`)).toBe(0);
    expect(await whoAmI('ada', `${own}${code(0)}`)).toBe(49);
    expect(await whoAmI('ada', own)).toBe(49);
    expect(await whoAmI('ada', `${own}${code(1)}`)).toBe(0);
    const { password } = await made('app-password', 'add', 'ada', 'script');
    expect(await whoAmI('ada', password!)).toBe(0);
    expect(server.defects()).toEqual([]);
    await server.end('SIGTERM');
    expect(await server.problems()).toEqual([]);
  },
  120_000,
);
