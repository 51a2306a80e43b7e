/**
 * A hundred thousand malformed connections, from hundreds of sockets at once: the server neither
 * grows nor makes a well-behaved client wait, and every one of them is ended.
 */
import { Worker } from 'node:worker_threads';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { TenureServer } from '../support/process-server.js';
import { seed } from '../support/seed.js';
import { flood } from './flood.js';
import type { ProbeInput, ProbeReport } from './probe.js';

const connections = 100_000;
const warmUp = 5_000;
const sockets = 300;
/** The load shares the machine with the server it is to annoy; faster than this it starves both. */
const perSecond = 2_500;
const growthBytesMax = 32 * 1024 * 1024;
const waitMsMax = 50;
let server: TenureServer;

beforeAll(async () => {
  server = await TenureServer.serving();
}, 60_000);
afterAll(() => server.remove());

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

function startProbe(): { end(): Promise<ProbeReport> } {
  const workerData: ProbeInput = { localPath: server.localPath };
  const worker = new Worker(new URL('./probe.js', import.meta.url), { workerData });
  const report = new Promise<ProbeReport>((resolve, reject) => {
    worker.on('message', resolve);
    worker.on('error', reject);
  });
  return {
    end() {
      worker.postMessage('end');
      return report;
    },
  };
}

function distribution(values: readonly number[]): string {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number): string =>
    (sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0).toFixed(2);
  return `p50 ${at(0.5)}  p99 ${at(0.99)}  p99.9 ${at(0.999)}  max ${at(1)} ms of ${values.length}`;
}

test('a hundred thousand malformed connections', async () => {
  const all = { seed: seed(), sockets, perSecond };
  expect(await flood(server, { ...all, from: 0, count: warmUp })).toBe(warmUp);
  await pause(500);
  const beforeBytes = server.residentBytes();
  const probe = startProbe();
  const startMs = performance.now();
  const opened = await flood(server, { ...all, from: warmUp, count: connections });
  const seconds = (performance.now() - startMs) / 1_000;
  const { waitsMs, lateMs, failures } = await probe.end();
  await pause(500);
  const grownBytes = server.residentBytes() - beforeBytes;
  process.stderr.write(
    `${opened} connections in ${seconds.toFixed(1)} s, memory ${(beforeBytes / 1e6).toFixed(0)} MB ` +
      `${grownBytes < 0 ? '' : '+'}${(grownBytes / 1e6).toFixed(1)} MB\n` +
      `  waited       ${distribution(waitsMs)}\n  sent late by ${distribution(lateMs)}\n`,
  );
  expect(opened).toBe(connections);
  expect(failures).toEqual([]);
  expect(grownBytes).toBeLessThan(growthBytesMax);
  expect(waitsMs.filter((ms) => ms > waitMsMax)).toEqual([]);
  expect(await server.end('SIGTERM')).toEqual({ code: 0, signal: null });
  expect(server.defects()).toEqual([]);
  expect(await server.problems()).toEqual([]);
}, 300_000);
