/** Checks the whole database: rows, indexes, and the chained change log replayed. Changes nothing. */
import type { OnProgress, VerifyReport } from '../engine.js';
import type { AdminEngine } from '../ports.js';

/** Resolves with the report also where it found problems. */
export async function verify(engine: AdminEngine, onProgress: OnProgress): Promise<VerifyReport> {
  return engine.verify(onProgress);
}
