/** Entry of the verify thread; see verify-thread.ts. */
import { parentPort, workerData } from 'node:worker_threads';
import { timelinesOf } from '../directory/operations/index.js';
import { verifyDatabase } from '../store/index.js';
import type { VerifyMessage } from './verify-thread.js';

const { dataDir } = workerData as { dataDir: string };
const say = (message: VerifyMessage): void => parentPort?.postMessage(message);

try {
  const report = verifyDatabase(
    dataDir,
    (progress) => say({ kind: 'progress', progress }),
    timelinesOf,
  );
  say({ kind: 'report', report });
} catch (error) {
  say({ kind: 'failed', message: (error as Error).message });
}
