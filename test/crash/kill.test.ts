/**
 * kill -9 at random instants under a load of writes: everything acknowledged is there, a write whose
 * answer never came is there whole or not at all, the database is whole and its lock is free.
 */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { TenureServer } from '../support/process-server.js';
import { readModel, Writer } from '../support/process-writers.js';
import { seed } from '../support/seed.js';
import { codeOf, saslOp, WireClient } from '../support/wire-client.js';

const rounds = 6;
const writerCount = 12;
let server: TenureServer;

beforeAll(async () => {
  server = await TenureServer.create({ sample: false });
}, 60_000);
afterAll(() => server.remove());

function acknowledged(writers: readonly Writer[]): number {
  return writers.reduce((sum, writer) => sum + writer.acknowledged, 0);
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

test('nothing acknowledged is ever lost', async () => {
  const writers = Array.from({ length: writerCount }, (_, number) => new Writer(number));
  const instants = fc.sample(fc.integer({ min: 0, max: 900 }), {
    numRuns: rounds,
    seed: seed(),
  });
  for (const [round, instantMs] of instants.entries()) {
    await server.start();
    const before = acknowledged(writers);
    const running = writers.map((writer) => writer.run(server.localPath));
    // The odd rounds may hit the binds and the first writes.
    while (round % 2 === 0 && acknowledged(writers) === before) await pause(1);
    await pause(instantMs);
    expect(await server.end('SIGKILL')).toEqual({ code: null, signal: 'SIGKILL' });
    await Promise.all(running);
    const after = acknowledged(writers);
    process.stderr.write(
      `killed after ${instantMs} ms and ${after - before} acknowledged writes\n`,
    );

    await server.start();
    const reader = await WireClient.connect(server.localPath);
    expect(codeOf(await reader.ask(saslOp('EXTERNAL')))).toBe(0);
    for (const writer of writers) {
      expect(writer.settle(await readModel(reader, writer.base))).toBeUndefined();
      expect(writer.refused).toEqual([]);
    }
    reader.end();
    expect(await server.problems()).toEqual([]);
    expect(await server.end('SIGTERM')).toEqual({ code: 0, signal: null });
  }
  expect(acknowledged(writers)).toBeGreaterThan(rounds * writerCount);
  expect(await server.problems()).toEqual([]);
  expect(server.defects()).toEqual([]);
}, 150_000);
