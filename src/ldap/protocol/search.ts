/**
 * The search request (RFC 4511 §4.5.1):
 *
 *   SearchRequest ::= [APPLICATION 3] SEQUENCE {
 *     baseObject    LDAPDN,
 *     scope         ENUMERATED { baseObject (0), singleLevel (1), wholeSubtree (2), ... },
 *     derefAliases  ENUMERATED { neverDerefAliases (0), derefInSearching (1),
 *                                derefFindingBaseObj (2), derefAlways (3) },
 *     sizeLimit     INTEGER (0 ..  maxInt),
 *     timeLimit     INTEGER (0 ..  maxInt),
 *     typesOnly     BOOLEAN,
 *     filter        Filter,
 *     attributes    AttributeSelection }
 *   AttributeSelection ::= SEQUENCE OF selector LDAPString
 *
 * Selectors are handed on as sent: "*", "+", "1.1" and unknown names mean nothing here.
 */
import { type BerReader, type BerWriter, berTags } from '../ber/index.js';
import { ContentError } from './content-error.js';
import { decodeFilter, encodeFilter, type Filter } from './filter.js';
import type { CodecLimits } from './limits.js';
import { readDescription, readDn } from './names.js';
import { requestTags } from './tags.js';

const MAX_INT = 0x7fffffff;

/** 0 base object, 1 single level, 2 whole subtree. */
export type SearchScope = 0 | 1 | 2;
/** 0 never, 1 in searching, 2 finding the base object, 3 always. */
export type DerefAliases = 0 | 1 | 2 | 3;

export interface SearchRequest {
  readonly kind: 'search';
  readonly baseObject: string;
  readonly scope: SearchScope;
  readonly derefAliases: DerefAliases;
  /** Entries; 0 = no limit asked. */
  readonly sizeLimit: number;
  /** Seconds; 0 = no limit asked. */
  readonly timeLimit: number;
  readonly typesOnly: boolean;
  readonly filter: Filter;
  /** Attribute selectors; empty = all user attributes. */
  readonly attributes: readonly string[];
}

const noAttributes: readonly string[] = Object.freeze([]);

function readScope(reader: BerReader): SearchScope {
  const scope = reader.integer(berTags.enumerated);
  if (scope === 0 || scope === 1 || scope === 2) return scope;
  throw ContentError.invalid(`search scope ${scope} is not supported`);
}

function readDerefAliases(reader: BerReader): DerefAliases {
  const deref = reader.integer(berTags.enumerated);
  if (deref === 0 || deref === 1 || deref === 2 || deref === 3) return deref;
  throw ContentError.invalid(`derefAliases ${deref} is not supported`);
}

function readLimit(reader: BerReader, what: string): number {
  const limit = reader.integer();
  if (limit >= 0 && limit <= MAX_INT) return limit;
  throw ContentError.invalid(`${what} ${limit} is out of range`);
}

/** Reads an AttributeSelection; throws at more than `max` selectors. */
export function decodeAttributeSelection(reader: BerReader, max: number): readonly string[] {
  const mark = reader.enter(berTags.sequence);
  if (!reader.more) {
    reader.leave(mark);
    return noAttributes;
  }
  const attributes: string[] = [];
  while (reader.more) {
    if (attributes.length === max) throw ContentError.tooMany('requested attributes', max);
    attributes.push(readDescription(reader));
  }
  reader.leave(mark);
  return attributes;
}

/** Appends an AttributeSelection. */
export function encodeAttributeSelection(writer: BerWriter, attributes: readonly string[]): void {
  writer.begin(berTags.sequence);
  for (const attribute of attributes) writer.text(attribute);
  writer.end();
}

/** Reads a SearchRequest. */
export function decodeSearchRequest(reader: BerReader, limits: CodecLimits): SearchRequest {
  const mark = reader.enter(requestTags.search);
  const baseObject = readDn(reader);
  const scope = readScope(reader);
  const derefAliases = readDerefAliases(reader);
  const sizeLimit = readLimit(reader, 'size limit');
  const timeLimit = readLimit(reader, 'time limit');
  const typesOnly = reader.boolean();
  const filter = decodeFilter(reader, limits);
  const attributes = decodeAttributeSelection(reader, limits.requestedAttributesMax);
  reader.leaveSequence(mark);
  return {
    kind: 'search',
    baseObject,
    scope,
    derefAliases,
    sizeLimit,
    timeLimit,
    typesOnly,
    filter,
    attributes,
  };
}

/** Appends a SearchRequest. */
export function encodeSearchRequest(writer: BerWriter, request: SearchRequest): void {
  writer.begin(requestTags.search);
  writer.text(request.baseObject);
  writer.enumerated(request.scope);
  writer.enumerated(request.derefAliases);
  writer.integer(request.sizeLimit);
  writer.integer(request.timeLimit);
  writer.boolean(request.typesOnly);
  encodeFilter(writer, request.filter);
  encodeAttributeSelection(writer, request.attributes);
  writer.end();
}
