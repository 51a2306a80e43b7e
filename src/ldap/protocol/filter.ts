/**
 * Search filters (RFC 4511 §4.5.1.7; and/or without elements are true/false, RFC 4526):
 *
 *   Filter ::= CHOICE {
 *     and              [0] SET OF filter Filter,
 *     or               [1] SET OF filter Filter,
 *     not              [2] Filter,
 *     equalityMatch    [3] AttributeValueAssertion,
 *     substrings       [4] SubstringFilter,
 *     greaterOrEqual   [5] AttributeValueAssertion,
 *     lessOrEqual      [6] AttributeValueAssertion,
 *     present          [7] AttributeDescription,
 *     approxMatch      [8] AttributeValueAssertion,
 *     extensibleMatch  [9] MatchingRuleAssertion, ... }
 *   AttributeValueAssertion ::= SEQUENCE {
 *     attributeDesc   AttributeDescription,
 *     assertionValue  AssertionValue }
 *   SubstringFilter ::= SEQUENCE {
 *     type        AttributeDescription,
 *     substrings  SEQUENCE SIZE (1..MAX) OF substring CHOICE {
 *       initial [0] AssertionValue,  -- at most once, first
 *       any     [1] AssertionValue,
 *       final   [2] AssertionValue } -- at most once, last
 *   }
 *   MatchingRuleAssertion ::= SEQUENCE {
 *     matchingRule  [1] MatchingRuleId OPTIONAL,
 *     type          [2] AttributeDescription OPTIONAL,
 *     matchValue    [3] AssertionValue,
 *     dnAttributes  [4] BOOLEAN DEFAULT FALSE }
 *
 * Depth and number of elements are bounded while decoding. The type is, field by field, the
 * directory's own filter, which this folder may not import.
 */
import { type BerReader, type BerWriter, berTags } from '../ber/index.js';
import { ContentError } from './content-error.js';
import type { CodecLimits } from './limits.js';
import { readDescription, readText } from './names.js';

export type Filter =
  | { readonly kind: 'and' | 'or'; readonly filters: readonly Filter[] }
  | { readonly kind: 'not'; readonly filter: Filter }
  | {
      readonly kind: 'equality' | 'greaterOrEqual' | 'lessOrEqual' | 'approx';
      readonly attribute: string;
      readonly value: Buffer;
    }
  | {
      readonly kind: 'substrings';
      readonly attribute: string;
      readonly initial: Buffer | undefined;
      readonly any: readonly Buffer[];
      readonly final: Buffer | undefined;
    }
  | { readonly kind: 'present'; readonly attribute: string }
  | {
      readonly kind: 'extensible';
      readonly rule: string | undefined;
      readonly attribute: string | undefined;
      readonly value: Buffer;
      readonly dnAttributes: boolean;
    };

const tags = {
  and: 0xa0,
  or: 0xa1,
  not: 0xa2,
  equality: 0xa3,
  substrings: 0xa4,
  greaterOrEqual: 0xa5,
  lessOrEqual: 0xa6,
  present: 0x87,
  approx: 0xa8,
  extensible: 0xa9,
  initial: 0x80,
  any: 0x81,
  final: 0x82,
  matchingRule: 0x81,
  type: 0x82,
  matchValue: 0x83,
  dnAttributes: 0x84,
} as const;

/** Decoding recurses; whatever is configured, the stack must hold it here and further down. */
const FILTER_DEPTH_CEILING = 1_000;

/** What one filter may still use. */
interface Budget {
  readonly depthMax: number;
  readonly elementsMax: number;
  elements: number;
}

type ValueAssertionKind = 'equality' | 'greaterOrEqual' | 'lessOrEqual' | 'approx';

/** Reads a filter; throws when it is deeper or larger than `limits` allow. */
export function decodeFilter(reader: BerReader, limits: CodecLimits): Filter {
  const tag = reader.peek();
  if (tag !== tags.and && tag !== tags.or && tag !== tags.not) return decodeItem(reader, tag);
  return decodeNode(reader, 1, {
    depthMax: Math.min(limits.filterDepthMax, FILTER_DEPTH_CEILING),
    elementsMax: limits.filterElementsMax,
    elements: 0,
  });
}

function decodeNode(reader: BerReader, depth: number, budget: Budget): Filter {
  budget.elements++;
  if (budget.elements > budget.elementsMax) {
    throw ContentError.tooMany('elements in the filter', budget.elementsMax);
  }
  const tag = reader.peek();
  if (tag !== tags.and && tag !== tags.or && tag !== tags.not) return decodeItem(reader, tag);
  if (depth > budget.depthMax) {
    throw ContentError.tooMany('levels of nesting in the filter', budget.depthMax);
  }
  const mark = reader.enter(tag);
  if (tag === tags.not) {
    const filter = decodeNode(reader, depth + 1, budget);
    reader.leave(mark);
    return { kind: 'not', filter };
  }
  const filters: Filter[] = [];
  while (reader.more) filters.push(decodeNode(reader, depth + 1, budget));
  reader.leave(mark);
  return { kind: tag === tags.and ? 'and' : 'or', filters };
}

function decodeItem(reader: BerReader, tag: number): Filter {
  switch (tag) {
    case tags.equality:
      return decodeValueAssertion(reader, tag, 'equality');
    case tags.present:
      return { kind: 'present', attribute: readDescription(reader, tag) };
    case tags.substrings:
      return decodeSubstrings(reader);
    case tags.greaterOrEqual:
      return decodeValueAssertion(reader, tag, 'greaterOrEqual');
    case tags.lessOrEqual:
      return decodeValueAssertion(reader, tag, 'lessOrEqual');
    case tags.approx:
      return decodeValueAssertion(reader, tag, 'approx');
    case tags.extensible:
      return decodeExtensible(reader);
    default:
      // Also the missing filter: skipping checks that there is a sound element at all.
      reader.skip();
      throw ContentError.invalid('filter of an unknown kind');
  }
}

function decodeValueAssertion(reader: BerReader, tag: number, kind: ValueAssertionKind): Filter {
  const mark = reader.enter(tag);
  const attribute = readDescription(reader);
  const value = reader.octets();
  reader.leaveSequence(mark);
  return { kind, attribute, value };
}

function decodeSubstrings(reader: BerReader): Filter {
  const mark = reader.enter(tags.substrings);
  const attribute = readDescription(reader);
  let initial: Buffer | undefined;
  const any: Buffer[] = [];
  let final: Buffer | undefined;
  const listMark = reader.enter(berTags.sequence);
  if (!reader.more) throw ContentError.invalid('substrings filter without substrings');
  if (reader.peek() === tags.initial) initial = reader.octets(tags.initial);
  while (reader.peek() === tags.any) any.push(reader.octets(tags.any));
  if (reader.peek() === tags.final) final = reader.octets(tags.final);
  if (reader.more) {
    reader.skip();
    throw ContentError.invalid('substrings of a filter are not in order: initial, any, final');
  }
  reader.leave(listMark);
  reader.leaveSequence(mark);
  return { kind: 'substrings', attribute, initial, any, final };
}

function decodeExtensible(reader: BerReader): Filter {
  const mark = reader.enter(tags.extensible);
  const rule =
    reader.peek() === tags.matchingRule
      ? readText(reader, 'matching rule', tags.matchingRule)
      : undefined;
  const attribute = reader.peek() === tags.type ? readDescription(reader, tags.type) : undefined;
  const value = reader.octets(tags.matchValue);
  const dnAttributes =
    reader.peek() === tags.dnAttributes ? reader.boolean(tags.dnAttributes) : false;
  reader.leaveSequence(mark);
  if (rule === undefined && attribute === undefined) {
    throw ContentError.invalid('extensible filter names neither a matching rule nor an attribute');
  }
  return { kind: 'extensible', rule, attribute, value, dnAttributes };
}

/** Appends a filter. */
export function encodeFilter(writer: BerWriter, filter: Filter): void {
  switch (filter.kind) {
    case 'and':
    case 'or':
      writer.begin(tags[filter.kind]);
      for (const element of filter.filters) encodeFilter(writer, element);
      writer.end();
      return;
    case 'not':
      writer.begin(tags.not);
      encodeFilter(writer, filter.filter);
      writer.end();
      return;
    case 'present':
      writer.text(filter.attribute, tags.present);
      return;
    case 'substrings':
      encodeSubstrings(writer, filter);
      return;
    case 'extensible':
      writer.begin(tags.extensible);
      if (filter.rule !== undefined) writer.text(filter.rule, tags.matchingRule);
      if (filter.attribute !== undefined) writer.text(filter.attribute, tags.type);
      writer.octets(filter.value, tags.matchValue);
      if (filter.dnAttributes) writer.boolean(true, tags.dnAttributes);
      writer.end();
      return;
    default:
      writer.begin(tags[filter.kind]);
      writer.text(filter.attribute);
      writer.octets(filter.value);
      writer.end();
  }
}

function encodeSubstrings(
  writer: BerWriter,
  filter: Extract<Filter, { readonly kind: 'substrings' }>,
): void {
  writer.begin(tags.substrings);
  writer.text(filter.attribute);
  writer.begin(berTags.sequence);
  if (filter.initial !== undefined) writer.octets(filter.initial, tags.initial);
  for (const part of filter.any) writer.octets(part, tags.any);
  if (filter.final !== undefined) writer.octets(filter.final, tags.final);
  writer.end();
  writer.end();
}
