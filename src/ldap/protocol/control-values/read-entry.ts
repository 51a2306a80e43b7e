/**
 * Values of the pre-read and post-read controls (RFC 4527 §3): the request selects attributes, the
 * response holds the entry as it was before, or is after, the update.
 *
 *   AttributeSelection ::= SEQUENCE OF selector LDAPString   -- request, RFC 4511 §4.5.1
 *   SearchResultEntry                                        -- response, RFC 4511 §4.5.2
 */
import { decodeAttributeSelection, encodeAttributeSelection } from '../search.js';
import { decodeSearchEntry, encodeSearchEntry, type SearchResultEntry } from '../search-result.js';
import { decodeValue, encodeValue } from './decode-value.js';

export const preReadOid = '1.3.6.1.1.13.1';
export const postReadOid = '1.3.6.1.1.13.2';

/** Decodes a request value; undefined when malformed or more than `attributesMax` selectors. */
export function decodeReadEntryRequest(
  value: Buffer,
  attributesMax: number,
): readonly string[] | undefined {
  return decodeValue(value, (reader) => decodeAttributeSelection(reader, attributesMax));
}

/** Encodes a request value. */
export function encodeReadEntryRequest(attributes: readonly string[]): Buffer {
  return encodeValue((writer) => encodeAttributeSelection(writer, attributes));
}

/** Decodes a response value; undefined when malformed. */
export function decodeReadEntryResponse(value: Buffer): SearchResultEntry | undefined {
  return decodeValue(value, decodeSearchEntry);
}

/** Encodes a response value. */
export function encodeReadEntryResponse(entry: SearchResultEntry): Buffer {
  return encodeValue((writer) => encodeSearchEntry(writer, entry));
}
