/**
 * kill -9 beside failing logins: who was told of a lock stays locked, and of what counts below it
 * at most the last second is gone.
 */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { LastLogins } from '../../src/admin/index.js';
import { admin, suffix, TenureServer } from '../support/process-server.js';
import { WireClient } from '../support/wire-client.js';

const ada = `uid=ada,ou=people,${suffix}`;
const password = 'Correct-Horse-8841';
const LOCKS_AFTER = 10;
const INVALID = 49;
let server: TenureServer;

beforeAll(async () => {
  server = await TenureServer.serving();
  const client = await WireClient.connect(server.ldapPort);
  expect(await client.bind(admin, server.password)).toBe(0);
  const values = [Buffer.from(password)];
  const modification = { description: 'userPassword', values };
  const changes = [{ operation: 'replace', modification } as const];
  expect(await client.code({ kind: 'modify', object: ada, changes })).toBe(0);
  client.end();
}, 60_000);
afterAll(() => server.remove());

async function binds(...passwords: string[]): Promise<number[]> {
  const client = await WireClient.connect(server.ldapPort);
  const codes: number[] = [];
  for (const sent of passwords) codes.push(await client.bind(ada, sent));
  client.end();
  return codes;
}
const wrong = (n: number) => Array.from({ length: n }, (_, i) => `wrong ${i}`);
const last = async () =>
  JSON.parse((await server.tenure(['last', 'ada', '--json'])).out) as LastLogins;

test('a lock is there after the answer that made it, whatever happens', async () => {
  expect(await binds(...wrong(LOCKS_AFTER))).toEqual(wrong(LOCKS_AFTER).map(() => INVALID));
  await server.end('SIGKILL');
  await server.start();
  expect(await last()).toMatchObject({ state: 'locked', failures: LOCKS_AFTER });
  expect(await binds(password)).toEqual([INVALID]);
  const { code } = await server.tenure(['unlock', 'ada', '--because', 'test']);
  expect(code).toBe(0);
  await server.end('SIGKILL');
  await server.start();
  expect(await binds(password)).toEqual([0]);
}, 60_000);

test('what counts below a lock, and the last login, are there a second later', async () => {
  expect(await binds(password, ...wrong(4))).toEqual([0, INVALID, INVALID, INVALID, INVALID]);
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  await server.end('SIGKILL');
  await server.start();
  const seen = await last();
  expect(seen).toMatchObject({ state: 'open', failures: 4 });
  expect(seen.success).toMatchObject({ from: '127.0.0.1' });
  expect(seen.failure).toMatchObject({ from: '127.0.0.1' });
}, 60_000);

test('a stop loses nothing of what was seen', async () => {
  expect(await binds(password, ...wrong(3))).toEqual([0, INVALID, INVALID, INVALID]);
  expect(await server.end('SIGTERM')).toMatchObject({ code: 0 });
  expect(await last()).toMatchObject({ failures: 3, failure: { from: '127.0.0.1' } });
  expect(await server.problems()).toEqual([]);
}, 60_000);
