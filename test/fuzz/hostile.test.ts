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

/** CONNECTIONS says how many, where there is less time. */
const connections = Number(process.env['CONNECTIONS'] ?? 100_000);
/** Until the collector has been through its first whole cycle: memory has a level only then. */
const warmUp = 35_000;
const sockets = 300;
/** The load shares the machine with the server it is to annoy: this leaves the server its core. */
const perSecond = 2_000;
const warmUpPerSecond = 4_000;
const growthBytesMax = 32 * 1024 * 1024;
const waitMsMax = 50;
let server: TenureServer;

beforeAll(async () => {
  server = await TenureServer.serving();
}, 60_000);
afterAll(() => server.remove());

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

/** The most memory that the server held while `work` was done, bytes. */
async function peakBytes(work: Promise<unknown>): Promise<number> {
  let peak = server.residentBytes();
  const timer = setInterval(() => {
    peak = Math.max(peak, server.residentBytes());
  }, 100);
  await work.finally(() => clearInterval(timer));
  return peak;
}

const mb = (bytes: number): string => `${(bytes / 1e6).toFixed(0)} MB`;

test(`${connections} malformed connections`, async () => {
  const all = { seed: seed(), sockets, perSecond };
  const startBytes = server.residentBytes();
  // A collected heap rises and falls by some tens of MB: the top of it is what may not move.
  const warm = flood(server, { ...all, perSecond: warmUpPerSecond, from: 0, count: warmUp });
  const warmBytes = await peakBytes(warm);
  expect(await warm).toBe(warmUp);
  const probe = startProbe();
  const startMs = performance.now();
  const work = flood(server, { ...all, from: warmUp, count: connections });
  const topBytes = await peakBytes(work);
  const seconds = (performance.now() - startMs) / 1_000;
  const { waits, failures } = await probe.end();
  const endBytes = server.residentBytes();
  process.stderr.write(
    `${await work} connections in ${seconds.toFixed(1)} s\n` +
      `  memory       ${mb(startBytes)} at the start, then at most ${mb(warmBytes)} warming up, ` +
      `${mb(topBytes)} in the flood, ${mb(endBytes)} at the end\n` +
      `  waited       ${distribution(waits.map(({ waitMs }) => waitMs))}\n` +
      `  machine late ${distribution(waits.map(({ lateMs }) => lateMs))}\n`,
  );
  expect(await work).toBe(connections);
  expect(failures).toEqual([]);
  expect(endBytes - warmBytes).toBeLessThan(growthBytesMax);
  // While the machine did not even let the probe run, the server may not have run either.
  expect(waits.filter(({ waitMs, lateMs }) => waitMs - lateMs > waitMsMax)).toEqual([]);
  expect(await server.end('SIGTERM')).toEqual({ code: 0, signal: null });
  expect(server.defects()).toEqual([]);
  expect(await server.problems()).toEqual([]);
}, 300_000);
