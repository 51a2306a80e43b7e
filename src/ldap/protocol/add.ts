/**
 * Add (RFC 4511 §4.7):
 *
 *   AddRequest ::= [APPLICATION 8] SEQUENCE {
 *     entry       LDAPDN,
 *     attributes  AttributeList }
 *   AttributeList ::= SEQUENCE OF attribute Attribute
 *   AddResponse ::= [APPLICATION 9] LDAPResult
 */
import { type BerReader, type BerWriter, berTags } from '../ber/index.js';
import {
  appendPartialAttribute,
  decodePartialAttribute,
  type PartialAttribute,
} from './attribute.js';
import { ContentError } from './content-error.js';
import type { CodecLimits } from './limits.js';
import { readDn } from './names.js';
import { decodeResult, encodeResult, type LdapResult } from './result.js';
import { requestTags, responseTags } from './tags.js';

export interface AddRequest {
  readonly kind: 'add';
  readonly entry: string;
  /** Each with at least one value. */
  readonly attributes: readonly PartialAttribute[];
}

export interface AddResponse extends LdapResult {
  readonly kind: 'addResponse';
}

/** Reads an AddRequest. */
export function decodeAddRequest(reader: BerReader, limits: CodecLimits): AddRequest {
  const mark = reader.enter(requestTags.add);
  const entry = readDn(reader);
  const attributes: PartialAttribute[] = [];
  let valuesLeft = limits.valuesMax;
  const listMark = reader.enter(berTags.sequence);
  while (reader.more) {
    if (attributes.length === limits.attributesMax) {
      throw ContentError.tooMany('attributes', limits.attributesMax);
    }
    const attribute = decodePartialAttribute(reader, valuesLeft, limits.valuesMax);
    if (attribute.values.length === 0) {
      throw ContentError.invalid('an attribute of an added entry has no value');
    }
    valuesLeft -= attribute.values.length;
    attributes.push(attribute);
  }
  reader.leave(listMark);
  reader.leaveSequence(mark);
  return { kind: 'add', entry, attributes };
}

/** Appends an AddRequest. */
export function encodeAddRequest(writer: BerWriter, request: AddRequest): void {
  writer.begin(requestTags.add);
  writer.text(request.entry);
  writer.begin(berTags.sequence);
  for (const attribute of request.attributes) appendPartialAttribute(writer, attribute);
  writer.end();
  writer.end();
}

/** Reads an AddResponse. */
export function decodeAddResponse(reader: BerReader): AddResponse {
  const mark = reader.enter(responseTags.addResponse);
  const result = decodeResult(reader);
  reader.leaveSequence(mark);
  return { kind: 'addResponse', ...result };
}

/** Appends an AddResponse. */
export function encodeAddResponse(writer: BerWriter, response: AddResponse): void {
  writer.begin(responseTags.addResponse);
  encodeResult(writer, response);
  writer.end();
}
