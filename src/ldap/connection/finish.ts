/**
 * How operations end: the one place where final responses are made, counted and logged. A failure
 * gets the response type of its own request (RFC 4511 §4.1.9); a defect shows the client nothing
 * of its inside and the log everything.
 */
import type { SearchDone } from '../../directory/operations/types.js';
import { type ErrorShape, errorShape, LdapError, resultCodes } from '../../runtime/errors.js';
import { pagedResultsResponse, passwordPolicyResponse, wantsPolicy } from '../controls/index.js';
import {
  type AnsweredKind,
  type Control,
  finalResponse,
  noControls,
  type RequestMessage,
  type ResponseOp,
  type ResponseTag,
  responseTags,
} from '../protocol/index.js';
import type { Connection } from './connection.js';

/** The tag of the final response to each kind of request. */
const finalTags: { readonly [Kind in AnsweredKind]: ResponseTag } = {
  bind: responseTags.bindResponse,
  search: responseTags.searchDone,
  modify: responseTags.modifyResponse,
  add: responseTags.addResponse,
  delete: responseTags.deleteResponse,
  modifyDn: responseTags.modifyDnResponse,
  compare: responseTags.compareResponse,
  extended: responseTags.extendedResponse,
};

/** When an operation began, for the log; 0 while operations are not logged. */
export function startTime({ wire }: Connection): number {
  return wire.logsOperations ? wire.clock.monotonicMs() : 0;
}

function account(
  { wire, number, context }: Connection,
  messageId: number,
  kind: AnsweredKind,
  startedMs: number,
  resultCode: number,
): void {
  const { metrics } = wire;
  if (resultCode < metrics.results.length) metrics.results[resultCode]!++;
  if (startedMs === 0) return;
  const ms = Math.round((wire.clock.monotonicMs() - startedMs) * 1000) / 1000;
  wire.log.debug(
    { connection: number, message: messageId, identity: context.identity.dn, resultCode, ms },
    kind,
  );
}

/** Ends an operation with a code and, usually, nothing else. */
export function finish(
  connection: Connection,
  message: RequestMessage,
  startedMs: number,
  resultCode: number,
  text = '',
  matchedDn = '',
  controls: readonly Control[] = noControls,
): void {
  const kind = message.op.kind;
  if (kind === 'unbind' || kind === 'abandon') return;
  if (text === '' && matchedDn === '' && controls.length === 0) {
    connection.outbox.bareResult(message.messageId, finalTags[kind], resultCode);
  } else {
    const response = finalResponse(kind, resultCode, text, matchedDn);
    connection.outbox.response(message.messageId, response, controls);
  }
  account(connection, message.messageId, kind, startedMs, resultCode);
}

/** Ends an extended operation that has a name or value to give back. */
export function finishExtended(
  connection: Connection,
  message: RequestMessage,
  startedMs: number,
  responseName: string | undefined,
  responseValue: Buffer | undefined,
): void {
  const response = {
    ...finalResponse('extended', resultCodes.success),
    responseName,
    responseValue,
  };
  connection.outbox.response(message.messageId, response, noControls);
  account(connection, message.messageId, 'extended', startedMs, resultCodes.success);
}

/** Ends an operation with whatever was thrown. */
export function refuse(
  connection: Connection,
  message: RequestMessage,
  startedMs: number,
  error: unknown,
): void {
  if (!(error instanceof LdapError)) {
    const { wire, number } = connection;
    wire.log.error({ connection: number, operation: message.op.kind, err: error }, 'defect');
  }
  refuseShape(connection, message, startedMs, errorShape(error));
}

/** Ends an operation with a refusal; what a policy names goes to those who asked for it. */
export function refuseShape(
  connection: Connection,
  message: RequestMessage,
  startedMs: number,
  { code, text, matchedDn, policyError }: ErrorShape,
): void {
  const controls =
    policyError !== undefined && wantsPolicy(message.controls)
      ? [passwordPolicyResponse({ error: policyError })]
      : noControls;
  finish(connection, message, startedMs, resultCodes[code], text, matchedDn, controls);
}

/** Ends a search with its result. */
export function finishSearch(
  connection: Connection,
  message: RequestMessage,
  startedMs: number,
  result: SearchDone | undefined,
  error: unknown,
): void {
  if (result === undefined) {
    refuse(connection, message, startedMs, error ?? new Error('a search ended without a result'));
    return;
  }
  const { code, text, matchedDn, paged, policyError } = result;
  if (policyError !== undefined) {
    refuseShape(connection, message, startedMs, result);
    return;
  }
  const controls = paged === undefined ? noControls : [pagedResultsResponse(paged)];
  finish(connection, message, startedMs, resultCodes[code], text, matchedDn, controls);
}

/** Answers a request that could not be decoded, in the response type of its kind. */
export function finishFault(
  connection: Connection,
  messageId: number,
  tag: ResponseTag,
  resultCode: number,
  text: string,
): void {
  const kind = kindOf(tag);
  const response: ResponseOp = finalResponse(kind, resultCode, text);
  connection.outbox.response(messageId, response, noControls);
  account(connection, messageId, kind, startTime(connection), resultCode);
}

function kindOf(tag: ResponseTag): AnsweredKind {
  for (const kind of Object.keys(finalTags) as AnsweredKind[]) {
    if (finalTags[kind] === tag) return kind;
  }
  return 'extended';
}
