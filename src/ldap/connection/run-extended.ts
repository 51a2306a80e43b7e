/** Extended operations by their table, and StartTLS, which only the connection can carry out. */
import { LdapError } from '../../runtime/errors.js';
import { shown } from '../controls/index.js';
import { checkStartTlsValue, findExtended } from '../extended/index.js';
import type { ExtendedRequest, RequestMessage } from '../protocol/index.js';
import type { Connection } from './connection.js';
import { finishExtended, refuse, startTime } from './finish.js';
import { controlsOf } from './gate.js';
import { submit } from './run-writes.js';

/** Runs an extended operation; an unknown one is a protocol error (RFC 4511 §4.12). */
export function runExtended(
  connection: Connection,
  message: RequestMessage,
  op: ExtendedRequest,
): void {
  const startedMs = startTime(connection);
  const definition = findExtended(op.requestName);
  const { context, passwordsAllowed, queue } = connection;
  const caller = { context, passwordsAllowed };
  try {
    controlsOf(connection, 'extended', message);
    connection.wire.directory.assertMayGoOn?.(context.identity);
    if (definition?.kind === 'read') {
      const answer = definition.answer(op.requestValue, caller);
      finishExtended(connection, message, startedMs, undefined, answer);
    } else if (definition?.kind === 'write') {
      const request = definition.request(op.requestValue, caller);
      submit(connection, message, startedMs, request, (outcome) =>
        finishExtended(connection, message, startedMs, undefined, definition.answer(outcome)),
      );
    } else {
      const name = shown(op.requestName);
      throw new LdapError('protocolError', `extended operation ${name} is not supported`);
    }
  } catch (error) {
    queue.writeEnded(message);
    refuse(connection, message, startedMs, error);
  }
}

/** RFC 4511 §4.14.1: not while anything is in flight, not twice; never queued. */
export function runStartTls(
  connection: Connection,
  message: RequestMessage,
  op: ExtendedRequest,
): void {
  const startedMs = startTime(connection);
  try {
    controlsOf(connection, 'extended', message);
    checkStartTlsValue(op.requestValue);
    if (connection.encrypted) {
      throw new LdapError('operationsError', 'TLS is already established');
    }
    if (connection.inFlight > 0) {
      throw new LdapError('operationsError', 'StartTLS must wait for the answers before it');
    }
    if (connection.wire.tls === undefined) {
      throw new LdapError('unavailable', 'this server has no certificate');
    }
  } catch (error) {
    refuse(connection, message, startedMs, error);
    return;
  }
  connection.startTls(() =>
    finishExtended(connection, message, startedMs, op.requestName, undefined),
  );
}
