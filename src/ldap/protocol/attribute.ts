/**
 * Attributes with their values (RFC 4511 §4.1.7):
 *
 *   PartialAttribute ::= SEQUENCE {
 *     type  AttributeDescription,
 *     vals  SET OF value AttributeValue }
 *   Attribute ::= PartialAttribute(WITH COMPONENTS { ..., vals (SIZE(1..MAX)) })
 *
 * Values are octets, views of the frame; what they mean is not known here.
 */
import {
  type BerReader,
  type BerWriter,
  berTags,
  tlvSize,
  writeBytes,
  writeHeader,
} from '../ber/index.js';
import { ContentError } from './content-error.js';
import { readDescription } from './names.js';

/** An attribute description and its values; no values means typesOnly, or all values. */
export interface PartialAttribute {
  readonly description: string;
  readonly values: readonly Buffer[];
}

/** Reads one attribute; throws at more than `valuesLeft` values (`valuesMax` for the message). */
export function decodePartialAttribute(
  reader: BerReader,
  valuesLeft: number,
  valuesMax: number,
): PartialAttribute {
  const mark = reader.enter(berTags.sequence);
  const description = readDescription(reader);
  const values: Buffer[] = [];
  const setMark = reader.enter(berTags.set);
  while (reader.more) {
    if (values.length === valuesLeft) throw ContentError.tooMany('values', valuesMax);
    values.push(reader.octets());
  }
  reader.leave(setMark);
  reader.leaveSequence(mark);
  return { description, values };
}

/** Appends one attribute. */
export function appendPartialAttribute(writer: BerWriter, attribute: PartialAttribute): void {
  writer.begin(berTags.sequence);
  writer.text(attribute.description);
  writer.begin(berTags.set);
  for (const value of attribute.values) writer.octets(value);
  writer.end();
  writer.end();
}

function valuesSize(values: readonly Buffer[]): number {
  let size = 0;
  for (let i = 0; i < values.length; i++) size += tlvSize(values[i]!.length);
  return size;
}

/** Octets of a PartialAttribute whose description takes `descriptionBytes` octets. */
export function partialAttributeSize(descriptionBytes: number, values: readonly Buffer[]): number {
  return tlvSize(tlvSize(descriptionBytes) + tlvSize(valuesSize(values)));
}

/** Writes a PartialAttribute into a buffer sized beforehand; returns the offset behind it. */
export function writePartialAttribute(
  target: Buffer,
  at: number,
  description: Buffer,
  values: readonly Buffer[],
): number {
  const setContent = valuesSize(values);
  const content = tlvSize(description.length) + tlvSize(setContent);
  at = writeHeader(target, at, berTags.sequence, content);
  at = writeHeader(target, at, berTags.octetString, description.length);
  at = writeBytes(target, at, description, 0, description.length);
  at = writeHeader(target, at, berTags.set, setContent);
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    at = writeHeader(target, at, berTags.octetString, value.length);
    at = writeBytes(target, at, value, 0, value.length);
  }
  return at;
}

/** One PartialAttribute as bytes of its own, ready to be sent any number of times. */
export function encodePartialAttribute(description: string, values: readonly Buffer[]): Buffer {
  const name = Buffer.from(description, 'utf8');
  const target = Buffer.allocUnsafeSlow(partialAttributeSize(name.length, values));
  writePartialAttribute(target, 0, name, values);
  return target;
}
