/**
 * Search filters as text (RFC 4515), for the command line, configuration and tests; the wire has
 * its own encoding. Forgives what people type: spaces between the parts, no parentheses around the
 * whole. Knows no schema. Bounded in depth and size, like a filter from the network.
 */
import { defaultLimits, type Limits } from '../../runtime/limits.js';
import type { Filter } from '../model/filter.js';
import { isDescription } from './description.js';

export type FilterLimits = Pick<Limits, 'filterDepthMax' | 'filterElementsMax'>;

/** Text that is no filter; `column` is 1-based and counts characters. */
export class FilterSyntaxError extends Error {
  readonly column: number;

  constructor(column: number, message: string) {
    super(message);
    this.name = 'FilterSyntaxError';
    this.column = column;
  }
}

type ValueKind = 'equality' | 'greaterOrEqual' | 'lessOrEqual' | 'approx';

const open = 0x28;
const close = 0x29;
const star = 0x2a;
const backslash = 0x5c;
const equals = 0x3d;
const colon = 0x3a;
const space = 0x20;
const and = 0x26;
const or = 0x7c;
const not = 0x21;

const typeBefore: { readonly [byte: number]: ValueKind | undefined } = {
  126: 'approx',
  62: 'greaterOrEqual',
  60: 'lessOrEqual',
};

/** Parses a filter; throws FilterSyntaxError. `(&)` and `(|)` are RFC 4526's true and false. */
export function parseFilter(text: string, limits: FilterLimits = defaultLimits): Filter {
  return new FilterParser(text, limits).whole();
}

class FilterParser {
  private readonly text: string;
  /** The text as UTF-8; values are unescaped inside it, so only the text can give columns. */
  private readonly bytes: Buffer;
  private readonly limits: FilterLimits;
  private at = 0;
  private elements = 0;

  constructor(text: string, limits: FilterLimits) {
    this.text = text;
    this.bytes = trimEnd(Buffer.from(text, 'utf8'));
    this.limits = limits;
  }

  whole(): Filter {
    this.skipSpaces();
    if (this.at === this.bytes.length) {
      throw this.error('the filter is empty; (objectClass=*) matches every entry');
    }
    const filter = this.bytes[this.at] === open ? this.enclosed(1) : this.component(1);
    this.skipSpaces();
    if (this.at < this.bytes.length) {
      throw this.error(
        this.bytes[this.at] === close
          ? 'there is no "(" for this ")"; a ")" inside a value is written \\29'
          : 'the filter ends before this; join several filters as (&(...)(...))',
      );
    }
    return filter;
  }

  /** `"(" filtercomp ")"`, standing on the opening parenthesis. */
  private enclosed(depth: number): Filter {
    const opened = this.at++;
    const filter = this.component(depth);
    this.skipSpaces();
    if (this.bytes[this.at] !== close) {
      if (this.at < this.bytes.length) throw this.error('expected ")" here');
      throw this.error('there is no ")" for this "("', opened);
    }
    this.at++;
    return filter;
  }

  /** What stands inside parentheses. */
  private component(depth: number): Filter {
    if (depth > this.limits.filterDepthMax) {
      throw this.error(`filters may be nested ${this.limits.filterDepthMax} deep, not deeper`);
    }
    if (++this.elements > this.limits.filterElementsMax) {
      throw this.error(`a filter may have ${this.limits.filterElementsMax} parts, not more`);
    }
    this.skipSpaces();
    switch (this.bytes[this.at]) {
      case and:
        return { kind: 'and', filters: this.list(depth) };
      case or:
        return { kind: 'or', filters: this.list(depth) };
      case not: {
        this.at++;
        this.skipSpaces();
        if (this.bytes[this.at] !== open) {
          throw this.error('"!" must be followed by one filter in parentheses: (!(...))');
        }
        const filter = this.enclosed(depth + 1);
        return { kind: 'not', filter };
      }
      default:
        return this.item();
    }
  }

  private list(depth: number): Filter[] {
    const filters: Filter[] = [];
    this.at++;
    this.skipSpaces();
    while (this.bytes[this.at] === open) {
      filters.push(this.enclosed(depth + 1));
      this.skipSpaces();
    }
    return filters;
  }

  /** `attr filtertype value` or an extensible match. */
  private item(): Filter {
    const { bytes } = this;
    const start = this.at;
    let end = start;
    while (end < bytes.length && !endsName(bytes[end]!)) end++;
    const byte = bytes[end];
    if (byte === equals) {
      const attribute = this.attribute(start, end);
      this.at = end + 1;
      return this.equality(attribute);
    }
    if (byte === colon) return this.extensible(start, end);
    const kind = byte === undefined ? undefined : typeBefore[byte];
    if (kind === undefined || bytes[end + 1] !== equals) {
      throw this.error('expected an attribute name and one of = ~= >= <= := here', end);
    }
    const attribute = this.attribute(start, end);
    this.at = end + 2;
    return { kind, attribute, value: this.value(false) };
  }

  /** After `attr=`: equality, presence or substrings (RFC 4515 §3). */
  private equality(attribute: string): Filter {
    const pieces: Buffer[] = [this.value(true)];
    while (this.bytes[this.at] === star) {
      this.at++;
      pieces.push(this.value(true));
    }
    const initial = pieces[0]!;
    if (pieces.length === 1) return { kind: 'equality', attribute, value: initial };
    const final = pieces[pieces.length - 1]!;
    const any = pieces.slice(1, -1).filter((piece) => piece.length > 0);
    if (initial.length === 0 && final.length === 0 && any.length === 0) {
      return { kind: 'present', attribute };
    }
    return {
      kind: 'substrings',
      attribute,
      initial: initial.length > 0 ? initial : undefined,
      any,
      final: final.length > 0 ? final : undefined,
    };
  }

  /** `[attr] [":dn"] [":" rule] ":=" value`, standing before the first colon. */
  private extensible(start: number, firstColon: number): Filter {
    const { bytes } = this;
    const blank = this.trimmed(start, firstColon) === '';
    const attribute = blank ? undefined : this.attribute(start, firstColon);
    let dnAttributes = false;
    let rule: string | undefined;
    let at = firstColon;
    while (bytes[at + 1] !== equals) {
      let end = at + 1;
      while (end < bytes.length && !endsName(bytes[end]!)) end++;
      if (bytes[end] !== colon) throw this.error('expected ":=" and a value here', end);
      const part = this.trimmed(at + 1, end);
      if (part.toLowerCase() === 'dn' && !dnAttributes && rule === undefined) dnAttributes = true;
      else if (rule === undefined) rule = this.name(at + 1, end, 'a matching rule');
      else throw this.error('an extensible match is (attr:dn:rule:=value)', at + 1);
      at = end;
    }
    if (attribute === undefined && rule === undefined) {
      throw this.error('an extensible match needs an attribute or a matching rule', firstColon);
    }
    this.at = at + 2;
    return { kind: 'extensible', rule, attribute, value: this.value(false), dnAttributes };
  }

  /** A value up to `)`, the end, or (where it may stand) `*`; escapes become bytes. */
  private value(stopsAtStar: boolean): Buffer {
    const { bytes } = this;
    const start = this.at;
    let out = start;
    let at = start;
    for (; at < bytes.length; at++) {
      let byte = bytes[at]!;
      if (byte === close || (byte === star && stopsAtStar)) break;
      if (byte === backslash) {
        byte = hexPair(bytes, at + 1);
        if (byte < 0) throw this.error('"\\" must be followed by two hex digits: \\5c is "\\"', at);
        at += 2;
      } else if (byte === open || byte === star || byte === 0) {
        const hex = byte.toString(16).padStart(2, '0');
        const shown = byte === 0 ? 'a NUL' : `"${String.fromCharCode(byte)}"`;
        throw this.error(`${shown} inside this value must be written \\${hex}`, at);
      }
      // Unescaping shortens; until the first escape this writes each byte onto itself.
      if (out !== at) bytes[out] = byte;
      out++;
    }
    this.at = at;
    return bytes.subarray(start, out);
  }

  private attribute(from: number, to: number): string {
    return this.name(from, to, 'an attribute');
  }

  private name(from: number, to: number, what: string): string {
    const { bytes } = this;
    let start = from;
    let end = to;
    while (start < end && bytes[start] === space) start++;
    while (end > start && bytes[end - 1] === space) end--;
    if (start === end) throw this.error(`expected the name of ${what} here`, from);
    if (!isDescription(bytes, start, end)) {
      const name = bytes.toString('utf8', start, end);
      throw this.error(`"${name}" cannot be the name of ${what}`, start);
    }
    return bytes.toString('latin1', start, end);
  }

  private trimmed(from: number, to: number): string {
    return this.bytes.toString('latin1', from, to).trim();
  }

  private skipSpaces(): void {
    const { bytes } = this;
    while (isSpace(bytes[this.at])) this.at++;
  }

  private error(message: string, at = this.at): FilterSyntaxError {
    return new FilterSyntaxError(columnOf(this.text, at), message);
  }
}

/** The column, 1-based and in characters, of a byte offset of the text's UTF-8. */
function columnOf(text: string, at: number): number {
  let column = 1;
  let bytes = 0;
  for (const character of text) {
    if (bytes >= at) break;
    bytes += Buffer.byteLength(character);
    column++;
  }
  return column;
}

/** Without the spaces and line ends behind it: a filter is often the line of a file. */
function trimEnd(bytes: Buffer): Buffer {
  let end = bytes.length;
  while (end > 0 && isSpace(bytes[end - 1])) end--;
  return bytes.subarray(0, end);
}

function isSpace(byte: number | undefined): boolean {
  return byte === space || byte === 0x09 || byte === 0x0a || byte === 0x0d;
}

function endsName(byte: number): boolean {
  switch (byte) {
    case equals:
    case colon:
    case open:
    case close:
    case star:
    case 0x7e:
    case 0x3e:
    case 0x3c:
      return true;
    default:
      return false;
  }
}

/** The byte that two hex digits name, or -1. */
function hexPair(bytes: Buffer, at: number): number {
  const high = hexDigit(bytes[at]);
  const low = hexDigit(bytes[at + 1]);
  return high < 0 || low < 0 ? -1 : high * 16 + low;
}

function hexDigit(byte: number | undefined): number {
  if (byte === undefined) return -1;
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const lower = byte | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1;
}
