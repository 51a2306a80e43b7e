/**
 * Modify (RFC 4511 §4.6; increment: RFC 4525 §3):
 *
 *   ModifyRequest ::= [APPLICATION 6] SEQUENCE {
 *     object   LDAPDN,
 *     changes  SEQUENCE OF change SEQUENCE {
 *       operation     ENUMERATED { add (0), delete (1), replace (2), ..., increment (3) },
 *       modification  PartialAttribute } }
 *   ModifyResponse ::= [APPLICATION 7] LDAPResult
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

const operationNames = ['add', 'delete', 'replace', 'increment'] as const;

export type ModifyOperation = (typeof operationNames)[number];

export interface ModifyChange {
  readonly operation: ModifyOperation;
  readonly modification: PartialAttribute;
}

export interface ModifyRequest {
  readonly kind: 'modify';
  readonly object: string;
  readonly changes: readonly ModifyChange[];
}

export interface ModifyResponse extends LdapResult {
  readonly kind: 'modifyResponse';
}

function decodeChange(reader: BerReader, valuesLeft: number, valuesMax: number): ModifyChange {
  const mark = reader.enter(berTags.sequence);
  const number = reader.integer(berTags.enumerated);
  const operation = operationNames[number];
  if (operation === undefined) {
    throw ContentError.invalid(`modify operation ${number} is not supported`);
  }
  const modification = decodePartialAttribute(reader, valuesLeft, valuesMax);
  reader.leaveSequence(mark);
  return { operation, modification };
}

/** Reads a ModifyRequest. */
export function decodeModifyRequest(reader: BerReader, limits: CodecLimits): ModifyRequest {
  const mark = reader.enter(requestTags.modify);
  const object = readDn(reader);
  const changes: ModifyChange[] = [];
  let valuesLeft = limits.valuesMax;
  const listMark = reader.enter(berTags.sequence);
  while (reader.more) {
    if (changes.length === limits.attributesMax) {
      throw ContentError.tooMany('changes', limits.attributesMax);
    }
    const change = decodeChange(reader, valuesLeft, limits.valuesMax);
    valuesLeft -= change.modification.values.length;
    changes.push(change);
  }
  reader.leave(listMark);
  reader.leaveSequence(mark);
  return { kind: 'modify', object, changes };
}

/** Appends a ModifyRequest. */
export function encodeModifyRequest(writer: BerWriter, request: ModifyRequest): void {
  writer.begin(requestTags.modify);
  writer.text(request.object);
  writer.begin(berTags.sequence);
  for (const change of request.changes) {
    writer.begin(berTags.sequence);
    writer.enumerated(operationNames.indexOf(change.operation));
    appendPartialAttribute(writer, change.modification);
    writer.end();
  }
  writer.end();
  writer.end();
}

/** Reads a ModifyResponse. */
export function decodeModifyResponse(reader: BerReader): ModifyResponse {
  const mark = reader.enter(responseTags.modifyResponse);
  const result = decodeResult(reader);
  reader.leaveSequence(mark);
  return { kind: 'modifyResponse', ...result };
}

/** Appends a ModifyResponse. */
export function encodeModifyResponse(writer: BerWriter, response: ModifyResponse): void {
  writer.begin(responseTags.modifyResponse);
  encodeResult(writer, response);
  writer.end();
}
