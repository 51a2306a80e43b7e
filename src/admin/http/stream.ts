/** Answers that take long, written line by line or chunk by chunk with the receiver's pace. */
import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { Clock } from '../../runtime/clock.js';
import type { OnProgress } from '../engine.js';
import { type AdminError, asAdminError, failureJson } from '../errors.js';
import { entriesTrailer, ldifType, ndjsonType, type StreamLine } from './wire.js';

/** More often than this nobody looks, milliseconds. */
const PROGRESS_EVERY_MS = 100;

/** Runs `work`, telling its progress as it goes and its end as the last line. Never rejects. */
export async function streamLines(
  response: ServerResponse,
  clock: Clock,
  work: (onProgress: OnProgress) => Promise<unknown>,
): Promise<AdminError | undefined> {
  response.writeHead(200, { 'content-type': ndjsonType });
  let phase = '';
  let nextMs = 0;
  const onProgress: OnProgress = (progress) => {
    const nowMs = clock.monotonicMs();
    // Progress is for watching: a receiver that does not keep up misses some.
    if ((progress.phase === phase && nowMs < nextMs) || response.writableNeedDrain) return;
    phase = progress.phase;
    nextMs = nowMs + PROGRESS_EVERY_MS;
    response.write(lineOf({ progress }));
  };
  let failure: AdminError | undefined;
  let last: StreamLine;
  try {
    last = { result: await work(onProgress) };
  } catch (error) {
    failure = asAdminError(error);
    last = { error: failureJson(failure) };
  }
  response.end(lineOf(last));
  return failure;
}

function lineOf(line: StreamLine): string {
  return `${JSON.stringify(line)}\n`;
}

/**
 * Streams what `work` writes. A failure before the first chunk rejects with nothing sent; one after
 * it cuts the connection, so that half an export is never taken for a whole one, and rejects.
 */
export async function streamLdif(
  response: ServerResponse,
  work: (write: (chunk: string) => Promise<void>) => Promise<{ readonly entries: number }>,
): Promise<void> {
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  const start = (): void => {
    if (response.headersSent) return;
    response.writeHead(200, { 'content-type': ldifType, trailer: entriesTrailer });
  };
  const write = async (chunk: string): Promise<void> => {
    start();
    if (!response.write(chunk)) await once(response, 'drain', { signal: gone.signal });
  };
  try {
    const { entries } = await work(write);
    start();
    response.addTrailers({ [entriesTrailer]: String(entries) });
    response.end();
  } catch (error) {
    if (response.headersSent) response.destroy();
    throw error;
  }
}
