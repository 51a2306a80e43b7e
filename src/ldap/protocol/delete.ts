/**
 * Delete (RFC 4511 §4.8):
 *
 *   DelRequest ::= [APPLICATION 10] LDAPDN
 *   DelResponse ::= [APPLICATION 11] LDAPResult
 */
import type { BerReader, BerWriter } from '../ber/index.js';
import { readDn } from './names.js';
import { decodeResult, encodeResult, type LdapResult } from './result.js';
import { requestTags, responseTags } from './tags.js';

export interface DeleteRequest {
  readonly kind: 'delete';
  readonly entry: string;
}

export interface DeleteResponse extends LdapResult {
  readonly kind: 'deleteResponse';
}

/** Reads a DelRequest. */
export function decodeDeleteRequest(reader: BerReader): DeleteRequest {
  return { kind: 'delete', entry: readDn(reader, requestTags.delete) };
}

/** Appends a DelRequest. */
export function encodeDeleteRequest(writer: BerWriter, request: DeleteRequest): void {
  writer.text(request.entry, requestTags.delete);
}

/** Reads a DelResponse. */
export function decodeDeleteResponse(reader: BerReader): DeleteResponse {
  const mark = reader.enter(responseTags.deleteResponse);
  const result = decodeResult(reader);
  reader.leaveSequence(mark);
  return { kind: 'deleteResponse', ...result };
}

/** Appends a DelResponse. */
export function encodeDeleteResponse(writer: BerWriter, response: DeleteResponse): void {
  writer.begin(responseTags.deleteResponse);
  encodeResult(writer, response);
  writer.end();
}
