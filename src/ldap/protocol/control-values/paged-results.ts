/**
 * Value of the simple paged results control, both ways (RFC 2696 §2):
 *
 *   realSearchControlValue ::= SEQUENCE {
 *     size    INTEGER (0..maxInt),  -- page size asked, or estimated total answered; 0 = unknown
 *     cookie  OCTET STRING }
 */
import { berTags } from '../../ber/index.js';
import { ContentError } from '../content-error.js';
import { decodeValue, encodeValue } from './decode-value.js';

export const pagedResultsOid = '1.2.840.113556.1.4.319';

const MAX_INT = 0x7fffffff;

export interface PagedResultsValue {
  /** Entries. */
  readonly size: number;
  /** Empty in the first request and in the last answer. */
  readonly cookie: Buffer;
}

/** Decodes the value; undefined when malformed. */
export function decodePagedResults(value: Buffer): PagedResultsValue | undefined {
  return decodeValue(value, (reader) => {
    const mark = reader.enter(berTags.sequence);
    const size = reader.integer();
    if (size < 0 || size > MAX_INT) throw ContentError.invalid('page size is out of range');
    const cookie = reader.octets();
    reader.leaveSequence(mark);
    return { size, cookie };
  });
}

/** Encodes the value. */
export function encodePagedResults(value: PagedResultsValue): Buffer {
  return encodeValue((writer) => {
    writer.begin(berTags.sequence);
    writer.integer(value.size);
    writer.octets(value.cookie);
    writer.end();
  });
}
