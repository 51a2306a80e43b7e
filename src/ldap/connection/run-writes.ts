/**
 * Updates: handed over at once, answered when the directory says that they are done. A connection
 * that is gone by then takes nothing back.
 */
import type { WriteOutcome, WriteRequest } from '../../directory/operations/types.js';
import { resultCodes } from '../../runtime/errors.js';
import type { RequestControls } from '../controls/index.js';
import {
  addRequest,
  contextAs,
  deleteRequest,
  modifyRequest,
  outcomeControls,
  renameRequest,
} from '../handlers/index.js';
import type { RequestMessage, RequestOp } from '../protocol/index.js';
import type { Connection } from './connection.js';
import { finish, refuse, refuseShape, startTime } from './finish.js';
import { controlsOf } from './gate.js';
import { originWith } from './run-bind.js';

export type UpdateOp = Extract<RequestOp, { kind: 'add' | 'modify' | 'delete' | 'modifyDn' }>;

function updateOf(op: UpdateOp, controls: RequestControls, connection: Connection): WriteRequest {
  const { identity } = connection.context;
  const asking = { identity, origin: originWith(connection, controls.tracking) };
  const context = contextAs(connection.wire.directory, controls, asking);
  switch (op.kind) {
    case 'add':
      return addRequest(op, controls, context);
    case 'modify':
      return modifyRequest(op, controls, context);
    case 'delete':
      return deleteRequest(op, controls, context);
    case 'modifyDn':
      return renameRequest(op, controls, context);
  }
}

/** Runs an add, modify, delete or modifyDN. */
export function runUpdate(connection: Connection, message: RequestMessage, op: UpdateOp): void {
  const startedMs = startTime(connection);
  let request: WriteRequest;
  try {
    request = updateOf(op, controlsOf(connection, op.kind, message), connection);
  } catch (error) {
    connection.queue.writeEnded(message);
    refuse(connection, message, startedMs, error);
    return;
  }
  submit(connection, message, startedMs, request, (outcome) =>
    finish(connection, message, startedMs, resultCodes.success, '', '', outcomeControls(outcome)),
  );
}

/** A session that was opened to change its password is one like any other from now on. */
function release(connection: Connection): void {
  const { only, ...identity } = connection.context.identity;
  if (only !== undefined) connection.setIdentity(identity);
}

/** Hands a write over; `succeeded` answers it where it was done and the client is still there. */
export function submit(
  connection: Connection,
  message: RequestMessage,
  startedMs: number,
  request: WriteRequest,
  succeeded: (outcome: WriteOutcome & { readonly ok: true }) => void,
): void {
  const ended = (answer: () => void) => {
    connection.queue.writeEnded(message);
    if (connection.state !== 'open') return;
    answer();
    connection.wake();
  };
  const answered = (outcome: WriteOutcome) => {
    if (outcome.ok) {
      if (outcome.freed === true) release(connection);
      succeeded(outcome);
      return;
    }
    refuseShape(connection, message, startedMs, outcome.error);
  };
  const failed = (error: unknown) => ended(() => refuse(connection, message, startedMs, error));
  try {
    connection.wire.directory
      .submit(request)
      .then((outcome) => ended(() => answered(outcome)), failed);
  } catch (error) {
    failed(error);
  }
}
