/** SIGTERM under a load of writes: everybody is told, nothing acknowledged is lost, exit code 0. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { TenureServer } from '../support/process-server.js';
import { readModel, Writer } from '../support/process-writers.js';
import { codeOf, saslOp, WireClient } from '../support/wire-client.js';

let server: TenureServer;

beforeAll(async () => {
  server = await TenureServer.create({ sample: false });
}, 60_000);
afterAll(() => server.remove());

test('a stop in the middle of everything', async () => {
  const writers = Array.from({ length: 12 }, (_, number) => new Writer(number));
  for (let round = 0; round < 2; round++) {
    await server.start();
    const idle = await Promise.all(
      Array.from({ length: 5 }, () => WireClient.connect(server.ldapPort)),
    );
    for (const client of idle) expect(await client.bind('', '')).toBe(0);
    const running = writers.map((writer) => writer.run(server.localPath));
    await new Promise((resolve) => setTimeout(resolve, 400));
    expect(await server.end('SIGTERM')).toEqual({ code: 0, signal: null });
    const clients = [...(await Promise.all(running)), ...idle];
    for (const client of clients) {
      await client.closed;
      expect(client.notice).toMatchObject({ code: 52 });
      // The last words are the last thing said.
      expect(client.received.at(-1)?.messageId).toBe(0);
    }

    await server.start();
    const reader = await WireClient.connect(server.localPath);
    expect(codeOf(await reader.ask(saslOp('EXTERNAL')))).toBe(0);
    for (const writer of writers) {
      expect(writer.settle(await readModel(reader, writer.base))).toBeUndefined();
      expect(writer.acknowledged).toBeGreaterThan(0);
      expect(writer.refused).toEqual([]);
    }
    reader.end();
    expect(await server.end('SIGTERM')).toEqual({ code: 0, signal: null });
  }
  expect(await server.problems()).toEqual([]);
  expect(server.defects()).toEqual([]);
}, 60_000);
