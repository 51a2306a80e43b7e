/**
 * What a search answers (RFC 4511 §4.5.2):
 *
 *   SearchResultEntry ::= [APPLICATION 4] SEQUENCE {
 *     objectName  LDAPDN,
 *     attributes  PartialAttributeList }
 *   PartialAttributeList ::= SEQUENCE OF partialAttribute PartialAttribute
 *   SearchResultReference ::= [APPLICATION 19] SEQUENCE SIZE (1..MAX) OF uri URI
 *   SearchResultDone ::= [APPLICATION 5] LDAPResult
 *
 * The plain form, for clients and for entries made on the fly. Stored entries go out through
 * search-entry.ts, which copies ready-made attributes.
 */
import { type BerReader, type BerWriter, berTags } from '../ber/index.js';
import {
  appendPartialAttribute,
  decodePartialAttribute,
  type PartialAttribute,
} from './attribute.js';
import { readDn } from './names.js';
import { decodeResult, decodeUris, encodeResult, type LdapResult } from './result.js';
import { responseTags } from './tags.js';

export interface SearchResultEntry {
  readonly kind: 'searchEntry';
  readonly objectName: string;
  readonly attributes: readonly PartialAttribute[];
}

export interface SearchResultReference {
  readonly kind: 'searchReference';
  readonly uris: readonly string[];
}

export interface SearchResultDone extends LdapResult {
  readonly kind: 'searchDone';
}

/** Reads a SearchResultEntry; its size is bounded by that of the message alone. */
export function decodeSearchEntry(reader: BerReader): SearchResultEntry {
  const mark = reader.enter(responseTags.searchEntry);
  const objectName = readDn(reader);
  const attributes: PartialAttribute[] = [];
  const listMark = reader.enter(berTags.sequence);
  const unbounded = Number.POSITIVE_INFINITY;
  while (reader.more) attributes.push(decodePartialAttribute(reader, unbounded, unbounded));
  reader.leave(listMark);
  reader.leaveSequence(mark);
  return { kind: 'searchEntry', objectName, attributes };
}

/** Appends a SearchResultEntry. */
export function encodeSearchEntry(writer: BerWriter, entry: SearchResultEntry): void {
  writer.begin(responseTags.searchEntry);
  writer.text(entry.objectName);
  writer.begin(berTags.sequence);
  for (const attribute of entry.attributes) appendPartialAttribute(writer, attribute);
  writer.end();
  writer.end();
}

/** Reads a SearchResultReference. */
export function decodeSearchReference(reader: BerReader): SearchResultReference {
  return { kind: 'searchReference', uris: decodeUris(reader, responseTags.searchReference) };
}

/** Appends a SearchResultReference. */
export function encodeSearchReference(writer: BerWriter, reference: SearchResultReference): void {
  writer.begin(responseTags.searchReference);
  for (const uri of reference.uris) writer.text(uri);
  writer.end();
}

/** Reads a SearchResultDone. */
export function decodeSearchDone(reader: BerReader): SearchResultDone {
  const mark = reader.enter(responseTags.searchDone);
  const result = decodeResult(reader);
  reader.leaveSequence(mark);
  return { kind: 'searchDone', ...result };
}

/** Appends a SearchResultDone. */
export function encodeSearchDone(writer: BerWriter, done: SearchResultDone): void {
  writer.begin(responseTags.searchDone);
  encodeResult(writer, done);
  writer.end();
}
