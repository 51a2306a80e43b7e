/** The whole-database check beside a running server: a thread with its own read-only handle. */
import { Worker } from 'node:worker_threads';
import type { OnProgress, Progress, VerifyReport } from '../admin/engine.js';

/** What the thread says. */
export type VerifyMessage =
  | { readonly kind: 'progress'; readonly progress: Progress }
  | { readonly kind: 'report'; readonly report: VerifyReport }
  | { readonly kind: 'failed'; readonly message: string };

/** Rejects where the database cannot be read at all. */
export function verifyInThread(dataDir: string, onProgress: OnProgress): Promise<VerifyReport> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./verify-worker.js', import.meta.url), {
      workerData: { dataDir },
      name: 'verify',
    });
    worker.on('message', (message: VerifyMessage) => {
      if (message.kind === 'progress') onProgress(message.progress);
      else if (message.kind === 'report') resolve(message.report);
      else reject(new Error(message.message));
    });
    worker.on('error', reject);
    worker.on('exit', () => reject(new Error('the check ended without a report')));
  });
}
