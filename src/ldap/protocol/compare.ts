/**
 * Compare (RFC 4511 §4.10):
 *
 *   CompareRequest ::= [APPLICATION 14] SEQUENCE {
 *     entry  LDAPDN,
 *     ava    AttributeValueAssertion }
 *   CompareResponse ::= [APPLICATION 15] LDAPResult
 */
import { type BerReader, type BerWriter, berTags } from '../ber/index.js';
import { readDescription, readDn } from './names.js';
import { decodeResult, encodeResult, type LdapResult } from './result.js';
import { requestTags, responseTags } from './tags.js';

export interface CompareRequest {
  readonly kind: 'compare';
  readonly entry: string;
  readonly attribute: string;
  readonly value: Buffer;
}

export interface CompareResponse extends LdapResult {
  readonly kind: 'compareResponse';
}

/** Reads a CompareRequest. */
export function decodeCompareRequest(reader: BerReader): CompareRequest {
  const mark = reader.enter(requestTags.compare);
  const entry = readDn(reader);
  const avaMark = reader.enter(berTags.sequence);
  const attribute = readDescription(reader);
  const value = reader.octets();
  reader.leaveSequence(avaMark);
  reader.leaveSequence(mark);
  return { kind: 'compare', entry, attribute, value };
}

/** Appends a CompareRequest. */
export function encodeCompareRequest(writer: BerWriter, request: CompareRequest): void {
  writer.begin(requestTags.compare);
  writer.text(request.entry);
  writer.begin(berTags.sequence);
  writer.text(request.attribute);
  writer.octets(request.value);
  writer.end();
  writer.end();
}

/** Reads a CompareResponse. */
export function decodeCompareResponse(reader: BerReader): CompareResponse {
  const mark = reader.enter(responseTags.compareResponse);
  const result = decodeResult(reader);
  reader.leaveSequence(mark);
  return { kind: 'compareResponse', ...result };
}

/** Appends a CompareResponse. */
export function encodeCompareResponse(writer: BerWriter, response: CompareResponse): void {
  writer.begin(responseTags.compareResponse);
  encodeResult(writer, response);
  writer.end();
}
