/** kill -9 behind a login with a code: what was used stays used; a change of key is finished. */
import { afterEach, expect, test } from '@jest/globals';
import { codeAt, newFactor, readSeed } from '../../src/credentials/otp/index.js';
import { sleep } from '../../src/runtime/sleep.js';
import { suffix, TenureServer } from '../support/process-server.js';
import { bindOp, modifyOp, WireClient } from '../support/wire-client.js';

const OK = 0;
const INVALID = 49;
const ada = `uid=ada,ou=people,${suffix}`;
let server: TenureServer | undefined;

afterEach(async () => {
  await server?.remove();
  server = undefined;
});

async function bind(at: TenureServer, password: string): Promise<number> {
  const client = await WireClient.connect(at.ldapPort);
  const code = await client.code(bindOp(ada, password));
  client.end();
  return code;
}

async function adaWithCounter(at: TenureServer): Promise<(counter: number) => string> {
  const { out } = await at.tenure(['totp', 'enrol', 'ada', '--hotp', '--json']);
  const read = readSeed((JSON.parse(out) as { secret: string }).secret);
  if (!read.ok) throw new Error(read.reason);
  const factor = newFactor('hotp', read.seed, 0);
  return (counter) => codeAt(factor, counter);
}

const PASSWORD = 'pass-of-ada-77';

async function setPassword(at: TenureServer): Promise<void> {
  const client = await WireClient.connect(at.ldapPort);
  expect(await client.code(bindOp(`cn=admin,${suffix}`, at.password))).toBe(OK);
  expect(await client.code(modifyOp(ada, 'userPassword', PASSWORD))).toBe(OK);
  client.end();
}

test('a code that was answered is used up, whenever the process dies', async () => {
  server = await TenureServer.serving();
  await setPassword(server);
  const code = await adaWithCounter(server);
  for (let counter = 0; counter < 3; counter += 1) {
    const sent = `${PASSWORD}${code(counter)}`;
    expect(await bind(server, sent)).toBe(OK);
    await server.end('SIGKILL');
    await server.start();
    expect(await bind(server, sent)).toBe(INVALID);
  }
  expect(await bind(server, `${PASSWORD}${code(3)}`)).toBe(OK);
  await server.end('SIGTERM');
  expect(await server.problems()).toEqual([]);
}, 120_000);

test('a change of key that is cut off is finished by the next, and all opens meanwhile', async () => {
  server = await TenureServer.serving();
  await setPassword(server);
  const code = await adaWithCounter(server);
  let counter = 0;
  for (let round = 0; round < 3; round += 1) {
    const rotating = server.tenure(['secrets', 'rotate', '--json']);
    // Once it is on its way, and once it is over: what is left must open either way.
    await sleep(150 * (round + 1));
    await server.end('SIGKILL');
    await rotating;
    await server.start();
    expect(await bind(server, `${PASSWORD}${code(counter)}`)).toBe(OK);
    counter += 1;
  }
  const { code: exit } = await server.tenure(['secrets', 'rotate', '--json']);
  expect(exit).toBe(0);
  const { out } = await server.tenure(['secrets', 'status', '--json']);
  expect((JSON.parse(out) as { keys: string[] }).keys).toHaveLength(1);
  expect(await bind(server, `${PASSWORD}${code(counter)}`)).toBe(OK);
  await server.end('SIGTERM');
  expect(await server.problems()).toEqual([]);
}, 180_000);
