/**
 * Extended operations (RFC 4511 §4.12), values undecoded, and the notice of disconnection (§4.4.1),
 * which is an extended response with messageID 0:
 *
 *   ExtendedRequest ::= [APPLICATION 23] SEQUENCE {
 *     requestName   [0] LDAPOID,
 *     requestValue  [1] OCTET STRING OPTIONAL }
 *   ExtendedResponse ::= [APPLICATION 24] SEQUENCE {
 *     COMPONENTS OF LDAPResult,
 *     responseName   [10] LDAPOID OPTIONAL,
 *     responseValue  [11] OCTET STRING OPTIONAL }
 */
import type { BerReader, BerWriter } from '../ber/index.js';
import { readText } from './names.js';
import { decodeResult, encodeResult, type LdapResult } from './result.js';
import { requestTags, responseTags } from './tags.js';

const tags = {
  requestName: 0x80,
  requestValue: 0x81,
  responseName: 0x8a,
  responseValue: 0x8b,
} as const;

/** responseName of the notice of disconnection. */
export const noticeOfDisconnectionOid = '1.3.6.1.4.1.1466.20036';

export interface ExtendedRequest {
  readonly kind: 'extended';
  readonly requestName: string;
  readonly requestValue: Buffer | undefined;
}

export interface ExtendedResponse extends LdapResult {
  readonly kind: 'extendedResponse';
  readonly responseName: string | undefined;
  readonly responseValue: Buffer | undefined;
}

/** Reads an ExtendedRequest. */
export function decodeExtendedRequest(reader: BerReader): ExtendedRequest {
  const mark = reader.enter(requestTags.extended);
  const requestName = readText(reader, 'request name', tags.requestName);
  const requestValue =
    reader.peek() === tags.requestValue ? reader.octets(tags.requestValue) : undefined;
  reader.leaveSequence(mark);
  return { kind: 'extended', requestName, requestValue };
}

/** Appends an ExtendedRequest. */
export function encodeExtendedRequest(writer: BerWriter, request: ExtendedRequest): void {
  writer.begin(requestTags.extended);
  writer.text(request.requestName, tags.requestName);
  if (request.requestValue !== undefined) writer.octets(request.requestValue, tags.requestValue);
  writer.end();
}

/** Reads an ExtendedResponse. */
export function decodeExtendedResponse(reader: BerReader): ExtendedResponse {
  const mark = reader.enter(responseTags.extendedResponse);
  const result = decodeResult(reader);
  const responseName =
    reader.peek() === tags.responseName
      ? readText(reader, 'response name', tags.responseName)
      : undefined;
  const responseValue =
    reader.peek() === tags.responseValue ? reader.octets(tags.responseValue) : undefined;
  reader.leaveSequence(mark);
  return { kind: 'extendedResponse', ...result, responseName, responseValue };
}

/** Appends an ExtendedResponse. */
export function encodeExtendedResponse(writer: BerWriter, response: ExtendedResponse): void {
  writer.begin(responseTags.extendedResponse);
  encodeResult(writer, response);
  if (response.responseName !== undefined) writer.text(response.responseName, tags.responseName);
  if (response.responseValue !== undefined) {
    writer.octets(response.responseValue, tags.responseValue);
  }
  writer.end();
}

/** The notice of disconnection with its reason; to be sent with messageID 0. */
export function noticeOfDisconnection(
  resultCode: number,
  diagnosticMessage: string,
): ExtendedResponse {
  return {
    kind: 'extendedResponse',
    resultCode,
    matchedDn: '',
    diagnosticMessage,
    referral: undefined,
    responseName: noticeOfDisconnectionOid,
    responseValue: undefined,
  };
}
