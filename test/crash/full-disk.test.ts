/**
 * A disk that is full while the server runs: a write that cannot be stored is refused and changes
 * nothing, reads go on, nothing acknowledged is lost, and with room again everything is as before.
 */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { suffix, TenureServer } from '../support/process-server.js';
import { codeOf, saslOp, searchOp, WireClient } from '../support/wire-client.js';

const FILE_BYTES_MAX = 4 * 1024 * 1024;
const VALUE_BYTES = 100_000;
const WRITES_MAX = 200;
const UNAVAILABLE = 52;
let server: TenureServer;

beforeAll(async () => {
  server = await TenureServer.create({ sample: false });
}, 60_000);
afterAll(() => server.remove());

async function bound(): Promise<WireClient> {
  const client = await WireClient.connect(server.localPath);
  expect(codeOf(await client.ask(saslOp('EXTERNAL')))).toBe(0);
  return client;
}

const unitDn = (n: number) => `ou=unit${n},${suffix}`;

function add(client: WireClient, n: number, bytes: number): Promise<number> {
  const values = (text: string) => [Buffer.from(text)];
  return client.code({
    kind: 'add',
    entry: unitDn(n),
    attributes: [
      { description: 'objectClass', values: values('organizationalUnit') },
      { description: 'ou', values: values(`unit${n}`) },
      { description: 'description', values: values('x'.repeat(bytes)) },
    ],
  });
}

test('refuses what cannot be stored and loses nothing', async () => {
  await server.startWithFilesUpTo(FILE_BYTES_MAX);
  const client = await bound();
  const acknowledged: number[] = [];
  let refusal = 0;
  for (let n = 0; n < WRITES_MAX && refusal === 0; n += 1) {
    const code = await add(client, n, VALUE_BYTES);
    if (code === 0) acknowledged.push(n);
    else refusal = code;
  }
  expect(refusal).toBe(UNAVAILABLE);
  expect(acknowledged.length).toBeGreaterThan(5);
  const refused = acknowledged.length;

  // Several at once share one commit that fails: each is refused, none is half there.
  const together = await Promise.all(
    Array.from({ length: 6 }, (_, i) => add(client, refused + 1 + i, VALUE_BYTES)),
  );
  expect(together).toEqual(Array.from({ length: 6 }, () => UNAVAILABLE));
  for (const n of acknowledged) expect(await client.code(searchOp(unitDn(n)))).toBe(0);
  for (let n = refused; n < refused + 7; n += 1) {
    expect(await client.code(searchOp(unitDn(n)))).toBe(32);
  }
  client.end();
  await server.end('SIGTERM');

  await server.start();
  const again = await bound();
  for (const n of acknowledged) expect(await again.code(searchOp(unitDn(n)))).toBe(0);
  expect(await add(again, refused, VALUE_BYTES)).toBe(0);
  again.end();
  expect(await server.problems()).toEqual([]);
  expect(await server.end('SIGTERM')).toEqual({ code: 0, signal: null });
}, 120_000);
