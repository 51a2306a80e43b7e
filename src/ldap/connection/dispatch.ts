/**
 * From a decoded request to its handler: counts it, puts it in order, checks its controls, runs it,
 * and sees to it that every request that wants an answer gets exactly one. Reads take no promise
 * and no closure: an indexed search is plain calls from the socket's data to the encoded entry.
 */
import { anonymous, type Identity } from '../../directory/model/identity.js';
import type { SearchRun, WriteOutcome, WriteRequest } from '../../directory/operations/types.js';
import { LdapError, resultCodes } from '../../runtime/errors.js';
import {
  checkControls,
  noRequestControls,
  type RequestControls,
  shown,
} from '../controls/index.js';
import {
  checkStartTlsValue,
  type ExtendedRead,
  type ExtendedWrite,
  findExtended,
} from '../extended/index.js';
import {
  addRequest,
  bind,
  compare,
  deleteRequest,
  modifyRequest,
  outcomeControls,
  renameRequest,
  startSearch,
} from '../handlers/index.js';
import {
  type AnsweredKind,
  type BindRequest,
  type CompareRequest,
  type ExtendedRequest,
  type Fault,
  type RequestMessage,
  type RequestOp,
  type ResponseTag,
  responseTags,
  type SearchRequest,
} from '../protocol/index.js';
import { closeReasons } from './close-reasons.js';
import type { Connection } from './connection.js';
import { finish, finishExtended, finishFault, refuse, startTime } from './finish.js';
import type { OperationClass } from './queue.js';

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
      startTls(connection, message, op);
      return;
    }
  }
  if (connection.queue.admit(message, classOf(op))) start(connection, message, endsMs);
}

/** Runs a request whose turn has come. */
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

function controlsOf(
  connection: Connection,
  kind: AnsweredKind,
  message: RequestMessage,
): RequestControls {
  if (message.controls.length === 0) return noRequestControls;
  const { limits, log, logsOperations } = connection.wire;
  const controls = checkControls(kind, message.controls, limits);
  if (controls.tracking !== undefined && logsOperations) {
    const { sessionSourceIp, sessionSourceName, sessionTrackingIdentifier } = controls.tracking;
    log.debug(
      {
        connection: connection.number,
        message: message.messageId,
        forAddress: shown(sessionSourceIp),
        forHost: shown(sessionSourceName),
        forSession: shown(sessionTrackingIdentifier),
      },
      'asked on behalf of somebody',
    );
  }
  return controls;
}

/** Searches stop and waiting requests are forgotten, both unanswered; the rest runs on (§4.11). */
function abandon(connection: Connection, messageId: number): void {
  if (connection.searches.abandon(messageId)) connection.queue.searchEnded();
  else connection.queue.abandon(messageId);
}

function runSearch(
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

function runCompare(connection: Connection, message: RequestMessage, op: CompareRequest): void {
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

/** Whatever comes of it, the connection is anonymous from here until it succeeded (§4.2.1). */
function runBind(connection: Connection, message: RequestMessage, op: BindRequest): void {
  const { wire, queue } = connection;
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
  if (!('then' in answer)) {
    connection.setIdentity(answer);
    finish(connection, message, startedMs, resultCodes.success);
    return;
  }
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

type UpdateOp = Extract<RequestOp, { kind: 'add' | 'modify' | 'delete' | 'modifyDn' }>;

function updateOf(op: UpdateOp, controls: RequestControls, connection: Connection): WriteRequest {
  switch (op.kind) {
    case 'add':
      return addRequest(op, controls, connection.context);
    case 'modify':
      return modifyRequest(op, controls, connection.context);
    case 'delete':
      return deleteRequest(op, controls, connection.context);
    case 'modifyDn':
      return renameRequest(op, controls, connection.context);
  }
}

function runUpdate(connection: Connection, message: RequestMessage, op: UpdateOp): void {
  const startedMs = startTime(connection);
  let request: WriteRequest;
  try {
    request = updateOf(op, controlsOf(connection, op.kind, message), connection);
  } catch (error) {
    refuse(connection, message, startedMs, error);
    return;
  }
  submit(connection, message, startedMs, request, (outcome) =>
    finish(connection, message, startedMs, 0, '', '', outcomeControls(outcome)),
  );
}

/** Hands a write over; `succeeded` answers it where it was done and the client is still there. */
function submit(
  connection: Connection,
  message: RequestMessage,
  startedMs: number,
  request: WriteRequest,
  succeeded: (outcome: WriteOutcome & { readonly ok: true }) => void,
): void {
  const { queue, wire } = connection;
  const write = queue.writeStarted();
  const ended = (answer: () => void) => {
    queue.writeEnded(write);
    if (connection.state !== 'open') return;
    answer();
    connection.wake();
  };
  wire.directory.submit(request).then(
    (outcome) =>
      ended(() => {
        if (outcome.ok) return succeeded(outcome);
        const { code, text, matchedDn } = outcome.error;
        finish(connection, message, startedMs, resultCodes[code], text, matchedDn);
      }),
    (error: unknown) => ended(() => refuse(connection, message, startedMs, error)),
  );
}

function runExtended(connection: Connection, message: RequestMessage, op: ExtendedRequest): void {
  const startedMs = startTime(connection);
  const definition = findExtended(op.requestName);
  try {
    controlsOf(connection, 'extended', message);
    if (definition?.kind === 'read') {
      answerExtended(connection, message, startedMs, definition, op.requestValue);
    } else if (definition?.kind === 'write') {
      submitExtended(connection, message, startedMs, definition, op.requestValue);
    } else {
      const name = shown(op.requestName);
      throw new LdapError('protocolError', `extended operation ${name} is not supported`);
    }
  } catch (error) {
    refuse(connection, message, startedMs, error);
  }
}

function answerExtended(
  connection: Connection,
  message: RequestMessage,
  startedMs: number,
  definition: ExtendedRead,
  value: Buffer | undefined,
): void {
  const { context, passwordsAllowed } = connection;
  const answer = definition.answer(value, { context, passwordsAllowed });
  finishExtended(connection, message, startedMs, undefined, answer);
}

function submitExtended(
  connection: Connection,
  message: RequestMessage,
  startedMs: number,
  definition: ExtendedWrite,
  value: Buffer | undefined,
): void {
  const { context, passwordsAllowed } = connection;
  const request = definition.request(value, { context, passwordsAllowed });
  submit(connection, message, startedMs, request, (outcome) =>
    finishExtended(connection, message, startedMs, undefined, definition.answer(outcome)),
  );
}

/** RFC 4511 §4.14.1: not while anything is in flight, not twice; never queued. */
function startTls(connection: Connection, message: RequestMessage, op: ExtendedRequest): void {
  const { wire } = connection;
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
    if (wire.tls === undefined) {
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
