/** A file in pieces, for an import: read while a transaction is open. */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import type { OnProgress } from '../admin/engine.js';

const CHUNK_BYTES = 256 * 1024;

/** The file in pieces, read synchronously: the transaction is open. */
export function* chunksOf(path: string, onProgress: OnProgress): Generator<Buffer> {
  const file = openSync(path, 'r');
  try {
    const total = fstatSync(file).size;
    const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
    for (let done = 0; ; ) {
      const read = readSync(file, chunk, 0, CHUNK_BYTES, null);
      if (read === 0) return;
      done += read;
      onProgress({ phase: 'reading', done, total });
      yield chunk.subarray(0, read);
    }
  } finally {
    closeSync(file);
  }
}
