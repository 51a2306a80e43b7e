/** Entry of the verify thread; see verify-thread.ts. */
import { parentPort, workerData } from 'node:worker_threads';
import type { Progress } from '../admin/engine.js';
import { timelinesOf } from '../directory/operations/index.js';
import { verifyAuditOf, verifyDatabase } from '../store/index.js';
import type { VerifyAsk, VerifyMessage } from './verify-thread.js';

const { dataDir, audit } = workerData as VerifyAsk;
const say = (message: VerifyMessage): void => parentPort?.postMessage(message);

try {
  if (audit !== undefined) {
    say({ kind: 'audit', found: verifyAuditOf(dataDir, audit.head) });
  } else {
    const progress = (said: Progress) => say({ kind: 'progress', progress: said });
    say({ kind: 'report', report: verifyDatabase(dataDir, progress, timelinesOf) });
  }
} catch (error) {
  say({ kind: 'failed', message: (error as Error).message });
}
