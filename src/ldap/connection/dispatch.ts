/**
 * From a decoded request to whoever runs it: counts it, lets abandon, unbind and StartTLS pass, and
 * puts everything else in order. Every request that wants an answer gets exactly one.
 */
import { anonymous } from '../../directory/model/identity.js';
import { findExtended } from '../extended/index.js';
import {
  type Fault,
  type RequestMessage,
  type RequestOp,
  type ResponseTag,
  responseTags,
} from '../protocol/index.js';
import { closeReasons } from './close-reasons.js';
import type { Connection } from './connection.js';
import { finishFault } from './finish.js';
import type { OperationClass } from './queue.js';
import { runBind } from './run-bind.js';
import { runExtended, runStartTls } from './run-extended.js';
import { runCompare, runSearch } from './run-reads.js';
import { runUpdate } from './run-writes.js';

function classOf(op: RequestOp): OperationClass {
  switch (op.kind) {
    case 'search':
    case 'compare':
      return 'read';
    case 'bind':
      return 'bind';
    case 'extended':
      return findExtended(op.requestName)?.kind === 'write' ? 'write' : 'read';
    default:
      return 'write';
  }
}

/** Takes a request off the wire: runs it, or puts it behind what it must wait for. */
export function dispatch(connection: Connection, message: RequestMessage, endsMs: number): void {
  const { op } = message;
  const { operations } = connection.wire.metrics;
  if (op.kind === 'search') {
    operations.search++;
  } else {
    operations[op.kind]++;
    if (op.kind === 'unbind') {
      connection.close(closeReasons.unbind);
      return;
    }
    if (op.kind === 'abandon') {
      abandon(connection, op.abandonedId);
      return;
    }
    if (op.kind === 'extended' && findExtended(op.requestName)?.kind === 'startTls') {
      runStartTls(connection, message, op);
      return;
    }
  }
  if (connection.queue.admit(message, classOf(op))) start(connection, message, endsMs);
}

/** Runs a request whose turn has come; its first slice ends at `endsMs`. */
export function start(connection: Connection, message: RequestMessage, endsMs: number): void {
  const { op } = message;
  switch (op.kind) {
    case 'search':
      runSearch(connection, message, op, endsMs);
      break;
    case 'compare':
      runCompare(connection, message, op);
      break;
    case 'bind':
      runBind(connection, message, op);
      break;
    case 'extended':
      runExtended(connection, message, op);
      break;
    case 'add':
    case 'modify':
    case 'delete':
    case 'modifyDn':
      runUpdate(connection, message, op);
      break;
    default:
      break;
  }
}

/** Answers a request whose content the codec refused. A bind drops the identity all the same. */
export function refuseFault(connection: Connection, fault: Fault, tag: ResponseTag): void {
  if (tag === responseTags.bindResponse) connection.setIdentity(anonymous);
  finishFault(connection, fault.messageId, tag, fault.resultCode, fault.reason);
}

/** Searches stop and waiting requests are forgotten, both unanswered; the rest runs on (§4.11). */
function abandon(connection: Connection, messageId: number): void {
  if (connection.searches.abandon(messageId)) connection.queue.searchEnded();
  else connection.queue.abandon(messageId);
}
