/** kill -9 while something is shut for a while: it stays shut, and opens at its instant by itself. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Brownout, BrownoutList } from '../../src/admin/index.js';
import { admin, suffix, TenureServer } from '../support/process-server.js';
import { searchOp, WireClient } from '../support/wire-client.js';

const ada = `uid=ada,ou=people,${suffix}`;
const staff = `cn=staff,ou=groups,${suffix}`;
const password = 'Correct-Horse-8841';
const SHUT_MS = 12_000;
let server: TenureServer;

beforeAll(async () => {
  server = await TenureServer.serving();
  const client = await WireClient.connect(server.ldapPort);
  expect(await client.bind(admin, server.password)).toBe(0);
  const modification = { description: 'userPassword', values: [Buffer.from(password)] };
  const changes = [{ operation: 'replace', modification } as const];
  expect(await client.code({ kind: 'modify', object: ada, changes })).toBe(0);
  client.end();
}, 60_000);
afterAll(() => server.remove());

/** How ada's bind ends, and how many people the group has in the answers of a search. */
async function seen(): Promise<{ bind: number; members: number }> {
  const client = await WireClient.connect(server.ldapPort);
  const bind = await client.bind(ada, password);
  await client.bind(admin, server.password);
  const id = client.send(searchOp(suffix, 'memberOf', staff));
  await client.answer(id);
  const members = client.entries(id).length;
  client.end();
  return { bind, members };
}

async function shut(name: string): Promise<Brownout> {
  const length = `${SHUT_MS / 1000}s`;
  const { code, out } = await server.tenure(['brownout', name, '--for', length, '--yes', '--json']);
  expect(code).toBe(0);
  return JSON.parse(out) as Brownout;
}

test('what was shut before the kill is shut behind it, and opens by itself', async () => {
  const before = await seen();
  expect(before).toMatchObject({ bind: 0 });
  expect(before.members).toBeGreaterThan(1);
  await shut('ada');
  const { until } = await shut(staff);
  expect(await seen()).toEqual({ bind: 49, members: 0 });
  await server.end('SIGKILL');
  await server.start();
  expect(await seen()).toEqual({ bind: 49, members: 0 });
  expect(Date.now()).toBeLessThan(Date.parse(until));
  await new Promise((resolve) => setTimeout(resolve, Date.parse(until) - Date.now()));
  expect(await seen()).toEqual(before);
  const list = await server.tenure(['brownout', 'list', '--json']);
  const { brownouts } = JSON.parse(list.out) as BrownoutList;
  expect(brownouts.map(({ name, shut: is }) => [name, is])).toEqual([
    ['staff', false],
    ['ada', false],
  ]);
  expect(brownouts[1]!.knocks).toMatchObject([{ who: 'ada', what: 'bind', why: 'on leave' }]);
  expect(await server.end('SIGTERM')).toMatchObject({ code: 0 });
  expect(await server.problems()).toEqual([]);
}, 120_000);
