/** More password checks than the machine can make: clients are told busy, and searches go on. */
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { admin, suffix, TenureServer } from '../support/process-server.js';
import { searchOp, WireClient } from '../support/wire-client.js';

const INVALID = 49;
const BUSY = 51;
const CLIENTS = 24;
let server: TenureServer;

beforeAll(async () => {
  server = await TenureServer.create();
  const limits = 'limits:\n  hashesInFlight: 1\n  hashesQueuedMax: 3\n';
  appendFileSync(join(server.folder, 'data/config.yaml'), limits);
  await server.start();
}, 60_000);
afterAll(async () => {
  try {
    expect(server.defects()).toEqual([]);
  } finally {
    await server.remove();
  }
});

test('who finds no place is told busy at once; whoever is bound searches meanwhile', async () => {
  const searcher = await WireClient.connect(server.ldapPort);
  expect(await searcher.bind(admin, server.password)).toBe(0);
  const clients = await Promise.all(
    Array.from({ length: CLIENTS }, () => WireClient.connect(server.ldapPort)),
  );
  let running = true;
  const binds = Promise.all(
    clients.map((client, i) => client.bind(`uid=nobody${i},${suffix}`, 'wrong')),
  ).finally(() => {
    running = false;
  });
  let searches = 0;
  while (running) {
    const code = await searcher.code(searchOp(suffix, 'uid', 'ada'));
    expect(code).toBe(0);
    searches += 1;
  }
  const codes = await binds;
  expect(new Set(codes)).toEqual(new Set([INVALID, BUSY]));
  // One runs and three wait; more only as places become free while the others arrive.
  expect(codes.filter((code) => code === INVALID).length).toBeGreaterThanOrEqual(4);
  expect(searches).toBeGreaterThan(1);
  // Who was sent away may come again.
  expect(await clients[0]!.bind(admin, server.password)).toBe(0);
  for (const client of [searcher, ...clients]) client.end();
}, 60_000);
