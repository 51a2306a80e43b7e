/** Writes entries as LDIF, password hashes included: what comes out can be imported elsewhere. */
import type { AdminEngine } from '../ports.js';
import type { ExportInput, ExportResult, WriteChunk } from './types.js';

/** Waits for `write`, so that a slow receiver holds the export back; rejects with `refused`. */
export async function exportLdif(
  engine: AdminEngine,
  { base }: ExportInput,
  write: WriteChunk,
): Promise<ExportResult> {
  return engine.exportLdif(base, write);
}
