/**
 * Value of the assertion control (RFC 4528 §3): a Filter (RFC 4511 §4.5.1.7), nothing around it.
 */
import { decodeFilter, encodeFilter, type Filter } from '../filter.js';
import type { CodecLimits } from '../limits.js';
import { decodeValue, encodeValue } from './decode-value.js';

export const assertionOid = '1.3.6.1.1.12';

/** Decodes the value; undefined when malformed or larger than the limits. */
export function decodeAssertion(value: Buffer, limits: CodecLimits): Filter | undefined {
  return decodeValue(value, (reader) => decodeFilter(reader, limits));
}

/** Encodes the value. */
export function encodeAssertion(filter: Filter): Buffer {
  return encodeValue((writer) => encodeFilter(writer, filter));
}
