/**
 * Intermediate responses (RFC 4511 §4.13), values undecoded:
 *
 *   IntermediateResponse ::= [APPLICATION 25] SEQUENCE {
 *     responseName   [0] LDAPOID OPTIONAL,
 *     responseValue  [1] OCTET STRING OPTIONAL }
 */
import type { BerReader, BerWriter } from '../ber/index.js';
import { readText } from './names.js';
import { responseTags } from './tags.js';

const tags = { responseName: 0x80, responseValue: 0x81 } as const;

export interface IntermediateResponse {
  readonly kind: 'intermediate';
  readonly responseName: string | undefined;
  readonly responseValue: Buffer | undefined;
}

/** Reads an IntermediateResponse. */
export function decodeIntermediate(reader: BerReader): IntermediateResponse {
  const mark = reader.enter(responseTags.intermediate);
  const responseName =
    reader.peek() === tags.responseName
      ? readText(reader, 'response name', tags.responseName)
      : undefined;
  const responseValue =
    reader.peek() === tags.responseValue ? reader.octets(tags.responseValue) : undefined;
  reader.leaveSequence(mark);
  return { kind: 'intermediate', responseName, responseValue };
}

/** Appends an IntermediateResponse. */
export function encodeIntermediate(writer: BerWriter, response: IntermediateResponse): void {
  writer.begin(responseTags.intermediate);
  if (response.responseName !== undefined) writer.text(response.responseName, tags.responseName);
  if (response.responseValue !== undefined) {
    writer.octets(response.responseValue, tags.responseValue);
  }
  writer.end();
}
