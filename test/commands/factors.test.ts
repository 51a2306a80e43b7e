/** totp, app-password and first-password as an administrator types them, with a server and without. */
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { exitCodes } from '../../src/admin/index.js';
import { codeAt, newFactor, readSeed } from '../../src/credentials/otp/index.js';
import { makeDirectory } from '../support/made-directory.js';
import { cleanUp, newFolder, type Spawned, serving, tenure } from '../support/spawned.js';
import { bindOp, WireClient } from '../support/wire-client.js';

// Many processes, one after the other.
jest.setTimeout(180_000);

const OK = 0;
const INVALID = 49;
const ada = 'uid=ada,ou=people,dc=example,dc=com';
let folder = '';
let server: Spawned;
let port = 0;

beforeAll(async () => {
  folder = newFolder();
  await makeDirectory(folder);
});
afterAll(() => cleanUp(folder));

async function json(...args: string[]): Promise<Record<string, unknown>> {
  const { code, out, err } = await tenure(folder, ...args, '--json');
  expect([code, err]).toEqual([0, '']);
  return JSON.parse(out) as Record<string, unknown>;
}

async function bind(password: string, dn = ada): Promise<number> {
  const client = await WireClient.connect(port);
  const code = await client.code(bindOp(dn, password));
  client.end();
  return code;
}

const codeOf = (secret: string, counter: number) => {
  const read = readSeed(secret);
  return codeAt(newFactor('hotp', read.ok ? read.seed : Buffer.alloc(20), 0), counter);
};

let secret = '';
let first = '';

describe('without a server', () => {
  test('enrol prints a QR code, the secret, the URI, recovery codes, and what comes next', async () => {
    const { code, out, err } = await tenure(folder, 'totp', 'enrol', 'ada', '--hotp');
    expect([code, err]).toEqual([0, '']);
    expect(out).toMatch(/[█▀▄]{10}/);
    expect(out).toContain('uri     otpauth://hotp/example.com:ada?secret=');
    expect(out.match(/^ {2}rec-[0-9a-z-]{39}$/gm)).toHaveLength(10);
    expect(out).toContain('tenure totp confirm ada CODE');
    secret = /^secret {2}([A-Z2-7]{32})$/m.exec(out)![1]!;
    expect(await json('totp', 'status', 'ada')).toMatchObject({ dn: ada, state: 'pending' });
  });

  test('what is wrong is answered', async () => {
    const again = await tenure(folder, 'totp', 'enrol', 'ada');
    expect(again.code).toBe(exitCodes.refused);
    expect(again.err).toContain('--replace');
    const nobody = await tenure(folder, 'totp', 'status', 'adaa');
    expect(nobody.err).toContain('did you mean ada?');
    const digits = await tenure(folder, 'totp', 'confirm', 'ada', '12x456');
    expect(digits.err).toContain('a code is 6 digits');
    const time = await tenure(folder, 'app-password', 'add', 'ada', 'x', '--for', 'soon');
    expect([time.code, time.err]).toEqual([
      exitCodes.usage,
      expect.stringContaining('it is a length of time such as 90d'),
    ]);
    const verb = await tenure(folder, 'totp', 'enroll', 'ada');
    expect([verb.code, verb.err]).toEqual([exitCodes.usage, expect.stringContaining('enrol')]);
  });

  test('a first password is made, with its window', async () => {
    const made = await json('first-password', 'grace', '--for', '2d', '--uses', '2');
    expect(made).toMatchObject({ dn: expect.stringContaining('uid=grace'), uses: 2 });
    const window = Date.parse(String(made['ends'])) - Date.parse(String(made['starts']));
    expect(window).toBe(2 * 86_400_000);
    first = String(made['password']);
    const { out } = await tenure(folder, 'first-password', 'alan', '--after', '1h');
    expect(out).toMatch(/^password: first-[0-9a-z-]{39}\nfor uid=alan,\S+: opens once from /);
  });
});

describe('with a server', () => {
  beforeAll(async () => {
    const started = await serving(folder);
    server = started.server;
    port = Number(started.ready.addresses.ldap.split(':').pop());
    const password = await tenure(folder, 'admin', 'recover', '--json');
    const { dn, password: once } = JSON.parse(password.out) as { dn: string; password: string };
    const client = await WireClient.connect(port);
    expect(await client.code(bindOp(dn, once))).toBe(OK);
    client.end();
  });

  test('a code confirms, opens nothing twice, and the person logs in with the next', async () => {
    const confirmed = await json('totp', 'confirm', 'ada', codeOf(secret, 0));
    expect(confirmed).toMatchObject({ dn: ada, state: 'active', recoveryCodesLeft: 10 });
    const again = await tenure(folder, 'totp', 'confirm', 'ada', codeOf(secret, 0));
    expect(again.code).toBe(exitCodes.refused);
    const { out } = await tenure(folder, 'totp', 'status', 'ada');
    expect(out).toMatch(/^uid=ada,\S+ has hotp since \S+; 10 recovery codes left\n$/);
  });

  test('an app password opens, is listed with its use, and is revoked', async () => {
    const made = await json('app-password', 'add', 'ada', 'phone mail', '--for', '90d');
    const password = String(made['password']);
    expect(await bind(password)).toBe(OK);
    const { out } = await tenure(folder, 'app-password', 'add', 'ada', 'tablet');
    expect(out).toMatch(/^password: app-\S+\nfor uid=ada,\S+, through any, until it is revoked; /);
    const revoked = await json('app-password', 'revoke', 'ada', 'tablet');
    expect(revoked['appPasswords']).toMatchObject([{ label: 'phone mail', service: 'any' }]);
    // What was seen of a bind is written within a second.
    for (let tries = 0; ; tries += 1) {
      const list = await tenure(folder, 'app-password', 'list', 'ada');
      if (list.out.includes('from 127.0.0.1')) break;
      expect(tries).toBeLessThan(20);
    }
    await json('app-password', 'revoke', 'ada', 'phone mail');
    expect(await bind(password)).toBe(INVALID);
  });

  test('seeds and codes are in no log; what was made is still good; all is whole', async () => {
    const status = await json('secrets', 'status');
    expect(status['sealed']).toEqual([{ kind: 'hotp', secrets: 1, owners: 1 }]);
    const rotated = await json('secrets', 'rotate');
    expect(rotated).toMatchObject({ resealed: 1, resumed: false });
    await json('totp', 'confirm', 'ada', codeOf(secret, 1));
    expect(await bind(first, 'uid=grace,ou=people,dc=example,dc=com')).toBe(INVALID);
    expect((await json('totp', 'disable', 'ada'))['state']).toBe('none');
    server.child.kill('SIGTERM');
    const { code, err } = await server.exited;
    expect(code).toBe(0);
    expect(err).toContain('factors: confirm');
    expect(err).not.toContain(secret);
    expect(err).not.toContain(codeOf(secret, 0));
    expect(err).not.toContain(first);
    expect(await json('verify')).toMatchObject({ ok: true });
  });
});
