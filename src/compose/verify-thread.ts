/** The whole-database check beside a running server: a thread with its own read-only handle. */
import { Worker } from 'node:worker_threads';
import type { OnProgress, Progress, VerifyReport } from '../admin/engine.js';
import type { AuditVerified } from '../directory/model/audit.js';

/** What the thread says. */
export type VerifyMessage =
  | { readonly kind: 'progress'; readonly progress: Progress }
  | { readonly kind: 'report'; readonly report: VerifyReport }
  | { readonly kind: 'audit'; readonly found: AuditVerified }
  | { readonly kind: 'failed'; readonly message: string };

/** What the thread is asked. */
export interface VerifyAsk {
  readonly dataDir: string;
  /** Only the audit trail, and whether that head is in it. */
  readonly audit?: { readonly head: string | undefined };
}

/** Rejects where the database cannot be read at all. */
export function verifyInThread(dataDir: string, onProgress: OnProgress): Promise<VerifyReport> {
  return ask<VerifyReport>({ dataDir }, (message, answer) => {
    if (message.kind === 'progress') onProgress(message.progress);
    else if (message.kind === 'report') answer(message.report);
  });
}

/** The same of the audit trail alone. */
export function verifyAuditInThread(
  dataDir: string,
  head: string | undefined,
): Promise<AuditVerified> {
  return ask<AuditVerified>({ dataDir, audit: { head } }, (message, answer) => {
    if (message.kind === 'audit') answer(message.found);
  });
}

function ask<T>(
  workerData: VerifyAsk,
  hear: (message: VerifyMessage, answer: (found: T) => void) => void,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const url = new URL('./verify-worker.js', import.meta.url);
    const worker = new Worker(url, { workerData, name: 'verify' });
    worker.on('message', (message: VerifyMessage) => {
      if (message.kind === 'failed') reject(new Error(message.message));
      else hear(message, resolve);
    });
    worker.on('error', reject);
    worker.on('exit', () => reject(new Error('the check ended without a report')));
  });
}
