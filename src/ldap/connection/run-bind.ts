/** Bind: anonymous first, whatever comes of it, and somebody only when that is certain (§4.2.1). */
import { anonymous, type Identity } from '../../directory/model/identity.js';
import { resultCodes } from '../../runtime/errors.js';
import { bind } from '../handlers/index.js';
import type { BindRequest, RequestMessage } from '../protocol/index.js';
import type { Connection } from './connection.js';
import { finish, refuse, startTime } from './finish.js';
import { controlsOf } from './gate.js';

/** Runs a bind; the queue lets nothing pass until it ended. */
export function runBind(connection: Connection, message: RequestMessage, op: BindRequest): void {
  const { wire } = connection;
  const startedMs = startTime(connection);
  connection.setIdentity(anonymous);
  const services = { directory: wire.directory, dnDepthMax: wire.limits.dnDepthMax };
  let answer: Identity | Promise<Identity>;
  try {
    controlsOf(connection, 'bind', message);
    answer = bind(services, op, connection.context.origin, connection.passwordsAllowed);
  } catch (error) {
    refuse(connection, message, startedMs, error);
    return;
  }
  if ('then' in answer) {
    wait(connection, message, startedMs, answer);
    return;
  }
  connection.setIdentity(answer);
  finish(connection, message, startedMs, resultCodes.success);
}

function wait(
  connection: Connection,
  message: RequestMessage,
  startedMs: number,
  answer: Promise<Identity>,
): void {
  const { queue } = connection;
  queue.bindStarted();
  answer.then(
    (identity) => {
      queue.bindEnded();
      if (connection.state !== 'open') return;
      connection.setIdentity(identity);
      finish(connection, message, startedMs, resultCodes.success);
      connection.wake();
    },
    (error: unknown) => {
      queue.bindEnded();
      if (connection.state !== 'open') return;
      refuse(connection, message, startedMs, error);
      connection.wake();
    },
  );
}
