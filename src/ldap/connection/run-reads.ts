/**
 * Search and compare. They take no promise and no closure: an indexed search is plain calls from
 * the socket's data to the encoded entry.
 */
import type { SearchRun } from '../../directory/operations/types.js';
import { compare, startSearch } from '../handlers/index.js';
import type { CompareRequest, RequestMessage, SearchRequest } from '../protocol/index.js';
import type { Connection } from './connection.js';
import { finish, refuse, startTime } from './finish.js';
import { controlsOf } from './gate.js';

/** Runs a search up to `endsMs`, and leaves it with the connection's others if it needs more. */
export function runSearch(
  connection: Connection,
  message: RequestMessage,
  op: SearchRequest,
  endsMs: number,
): void {
  const startedMs = startTime(connection);
  let run: SearchRun;
  try {
    const controls = controlsOf(connection, 'search', message);
    run = startSearch(connection.wire.directory, op, controls, connection.context);
  } catch (error) {
    refuse(connection, message, startedMs, error);
    return;
  }
  if (!connection.searches.start(message, run, startedMs, endsMs)) {
    connection.queue.searchStarted();
  }
}

/** Answers a compare. */
export function runCompare(
  connection: Connection,
  message: RequestMessage,
  op: CompareRequest,
): void {
  const startedMs = startTime(connection);
  let answer: number;
  try {
    const controls = controlsOf(connection, 'compare', message);
    answer = compare(connection.wire.directory, op, controls, connection.context);
  } catch (error) {
    refuse(connection, message, startedMs, error);
    return;
  }
  finish(connection, message, startedMs, answer);
}
