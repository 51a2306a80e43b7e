/**
 * A well-behaved client in a thread of its own, so that a busy test does not slow its clock: one
 * search every ten milliseconds whether or not the last was answered, and how long each waited.
 */
import { isMainThread, parentPort, workerData } from 'node:worker_threads';
import { suffix } from '../support/process-server.js';
import { codeOf, saslOp, searchOp, WireClient } from '../support/wire-client.js';

export interface ProbeInput {
  readonly localPath: string;
}

/** Milliseconds from a search to its answer. */
export interface Wait {
  readonly waitMs: number;
  /** How late this thread itself was in that time, at most: what the machine alone did to it. */
  readonly lateMs: number;
}

export interface ProbeReport {
  readonly waits: readonly Wait[];
  readonly failures: readonly string[];
}

const EVERY_MS = 10;

if (!isMainThread) await probe(workerData as ProbeInput);

async function probe({ localPath }: ProbeInput): Promise<void> {
  const client = await WireClient.connect(localPath);
  if (codeOf(await client.ask(saslOp('EXTERNAL'))) !== 0) throw new Error('the bind failed');
  const waits: Wait[] = [];
  const beats: number[] = [];
  const failures: string[] = [];
  let ending = false;
  let nextDueMs = 0;
  parentPort?.on('message', () => {
    ending = true;
  });
  const search = searchOp(suffix, 'uid', 'ada');
  const open = new Set<Promise<void>>();
  for (let dueMs = performance.now(); !ending; dueMs += EVERY_MS) {
    const leftMs = dueMs - performance.now();
    if (leftMs > 0) await new Promise((resolve) => setTimeout(resolve, leftMs));
    const sentMs = performance.now();
    const beat = beats.push(Math.max(0, sentMs - dueMs)) - 1;
    // After a stall the beat goes on from now: what was missed is not made up for in a burst.
    if (sentMs - dueMs > EVERY_MS) dueMs = sentMs;
    nextDueMs = dueMs + EVERY_MS;
    const asked = client.ask(search).then(
      (answer) => {
        const nowMs = performance.now();
        // The beat that is due and has not come is part of it.
        const lateMs = Math.max(...beats.slice(beat), nowMs - nextDueMs);
        waits.push({ waitMs: nowMs - sentMs, lateMs });
        if (codeOf(answer) !== 0) failures.push(`an answer with ${codeOf(answer)}`);
        // What was received is not kept: there will be a great deal of it.
        client.received.length = 0;
      },
      (error: unknown) => void failures.push(String(error)),
    );
    open.add(asked);
    void asked.finally(() => open.delete(asked));
  }
  await Promise.all(open);
  client.end();
  const report: ProbeReport = { waits, failures };
  parentPort?.postMessage(report);
  parentPort?.close();
}
