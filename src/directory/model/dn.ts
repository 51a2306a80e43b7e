/**
 * Distinguished names as text (RFC 4514): parsing, escaping and formatting. Knows no schema: types
 * stay as written and values are opaque bytes. Accepts what older clients send (RFC 4514 §3 and
 * Appendix A: spaces around separators, `"…"`, `OID.` prefixes); refuses `;` as a separator. Two
 * names are never compared here: directory/schema normalises them.
 */
import { isUtf8 } from 'node:buffer';

/** One attribute type and value of a relative name. */
export interface Ava {
  /** As written, without an `OID.` prefix. */
  readonly type: string;
  readonly value: Buffer;
}

export interface Rdn {
  readonly avas: readonly Ava[];
  /** The piece as written, outer spaces off. */
  readonly text: string;
}

/** A parsed name, leaf first; no relative names at all is the root. */
export interface ParsedDn {
  readonly rdns: readonly Rdn[];
}

/** Why a text is no name: a phrase for the client, with a 1-based column in bytes. */
export interface DnFault {
  readonly fault: string;
}

const DEPTH_MAX = 64;

const SPACE = 0x20;
const QUOTE = 0x22;
const HASH = 0x23;
const PLUS = 0x2b;
const COMMA = 0x2c;
const SEMICOLON = 0x3b;
const EQUALS = 0x3d;
const BACKSLASH = 0x5c;

/** Where the parser stands; thrown nothing, faults are returned. */
interface Cursor {
  readonly bytes: Buffer;
  at: number;
  fault: string | undefined;
}

function fail(cursor: Cursor, what: string): undefined {
  cursor.fault ??= `${what} at column ${cursor.at + 1}`;
  return undefined;
}

function skipSpaces(cursor: Cursor): void {
  while (cursor.bytes[cursor.at] === SPACE) cursor.at += 1;
}

/** The value of a hexadecimal digit, or -1. */
function hexDigit(byte: number | undefined): number {
  if (byte === undefined) return -1;
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const lower = byte | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1;
}

const DESCRIPTOR = /^[A-Za-z][A-Za-z0-9-]*$/;
const NUMERIC_OID = /^(?:0|[1-9][0-9]*)(?:\.(?:0|[1-9][0-9]*))+$/;

function parseType(cursor: Cursor): string | undefined {
  skipSpaces(cursor);
  const start = cursor.at;
  while (cursor.at < cursor.bytes.length && cursor.bytes[cursor.at] !== EQUALS) cursor.at += 1;
  if (cursor.at === cursor.bytes.length) {
    cursor.at = start;
    return fail(cursor, 'expected an attribute type followed by "="');
  }
  let type = cursor.bytes.latin1Slice(start, cursor.at).trimEnd();
  if (/^oid\./i.test(type)) type = type.slice(4);
  if (!DESCRIPTOR.test(type) && !NUMERIC_OID.test(type)) {
    cursor.at = start;
    return fail(cursor, 'expected an attribute type (letters, digits and hyphens, or an OID)');
  }
  cursor.at += 1;
  return type;
}

/** `#` and the BER of the value (RFC 4514 §2.4): string types are unwrapped, others stay whole. */
function parseHex(cursor: Cursor): Buffer | undefined {
  cursor.at += 1;
  const start = cursor.at;
  while (hexDigit(cursor.bytes[cursor.at]) >= 0) cursor.at += 1;
  const digits = cursor.at - start;
  if (digits === 0 || digits % 2 !== 0) {
    return fail(cursor, 'expected pairs of hexadecimal digits after "#"');
  }
  const ber = Buffer.from(cursor.bytes.latin1Slice(start, cursor.at), 'hex');
  return unwrapString(ber) ?? fail(cursor, 'the value after "#" is not one whole BER element');
}

/** OCTET, UTF8, Numeric, Printable, T61, IA5, Visible String. */
const STRING_TAGS: ReadonlySet<number> = new Set([0x04, 0x0c, 0x12, 0x13, 0x14, 0x16, 0x1a]);

function unwrapString(ber: Buffer): Buffer | undefined {
  const first = ber[1];
  if (first === undefined) return undefined;
  let header = 2;
  let length = first;
  if (first >= 0x80) {
    const count = first - 0x80;
    if (count === 0 || count > 4 || ber.length < 2 + count) return undefined;
    length = ber.readUIntBE(2, count);
    header += count;
  }
  if (ber.length !== header + length) return undefined;
  return STRING_TAGS.has(ber[0]!) ? ber.subarray(header) : ber;
}

/** Reads the escape at the cursor and returns its byte, or -1 after setting the fault. */
function parseEscape(cursor: Cursor): number {
  const next = cursor.bytes[cursor.at + 1];
  const high = hexDigit(next);
  if (high >= 0) {
    const low = hexDigit(cursor.bytes[cursor.at + 2]);
    if (low >= 0) {
      cursor.at += 3;
      return high * 16 + low;
    }
  } else if (next !== undefined && ' "#+,;<=>\\'.includes(String.fromCharCode(next))) {
    cursor.at += 2;
    return next;
  }
  fail(cursor, '"\\" must be followed by two hexadecimal digits or a special character');
  return -1;
}

function parseQuoted(cursor: Cursor): Buffer | undefined {
  cursor.at += 1;
  const out = Buffer.allocUnsafe(cursor.bytes.length - cursor.at);
  let length = 0;
  while (cursor.at < cursor.bytes.length) {
    const byte = cursor.bytes[cursor.at]!;
    if (byte === QUOTE) {
      cursor.at += 1;
      return out.subarray(0, length);
    }
    if (byte === BACKSLASH) {
      const escaped = parseEscape(cursor);
      if (escaped < 0) return undefined;
      out[length++] = escaped;
    } else {
      out[length++] = byte;
      cursor.at += 1;
    }
  }
  return fail(cursor, 'the quotation mark is never closed');
}

function parseString(cursor: Cursor): Buffer | undefined {
  const { bytes } = cursor;
  const out = Buffer.allocUnsafe(bytes.length - cursor.at);
  let length = 0;
  // Spaces that nothing but a separator follows are no part of the value; an escaped one is.
  let significant = 0;
  while (cursor.at < bytes.length) {
    const byte = bytes[cursor.at]!;
    if (byte === COMMA || byte === PLUS) break;
    if (byte === BACKSLASH) {
      const escaped = parseEscape(cursor);
      if (escaped < 0) return undefined;
      out[length++] = escaped;
      significant = length;
      continue;
    }
    if (byte === SEMICOLON) return fail(cursor, 'write "," between names, or "\\;" in a value,');
    if (byte === QUOTE || byte === 0) return fail(cursor, 'a character must be escaped with "\\"');
    out[length++] = byte;
    if (byte !== SPACE) significant = length;
    cursor.at += 1;
  }
  return out.subarray(0, significant);
}

function parseValue(cursor: Cursor): Buffer | undefined {
  skipSpaces(cursor);
  const first = cursor.bytes[cursor.at];
  if (first === HASH) return parseHex(cursor);
  if (first === QUOTE) return parseQuoted(cursor);
  return parseString(cursor);
}

/** One relative name up to `,` or the end; the cursor is left there. */
function parseRdnAt(cursor: Cursor): Rdn | undefined {
  skipSpaces(cursor);
  const start = cursor.at;
  const avas: Ava[] = [];
  for (;;) {
    const type = parseType(cursor);
    if (type === undefined) return undefined;
    const value = parseValue(cursor);
    if (value === undefined) return undefined;
    avas.push({ type, value });
    const end = cursor.at;
    skipSpaces(cursor);
    const next = cursor.bytes[cursor.at];
    if (next === PLUS) {
      cursor.at += 1;
      continue;
    }
    if (next !== undefined && next !== COMMA) return fail(cursor, 'expected "," or "+"');
    return { avas, text: trimUnescaped(cursor.bytes.toString('utf8', start, end)) };
  }
}

/** Cuts trailing spaces, all but one that a backslash escapes. */
function trimUnescaped(text: string): string {
  let end = text.length;
  while (end > 0 && text.charCodeAt(end - 1) === SPACE) end -= 1;
  if (end === text.length) return text;
  let slashes = 0;
  while (end - slashes > 0 && text.charCodeAt(end - slashes - 1) === BACKSLASH) slashes += 1;
  return text.slice(0, slashes % 2 === 1 ? end + 1 : end);
}

/**
 * Parses a distinguished name (RFC 4514 §3) of at most `depthMax` relative names. The empty text is
 * the root. Never throws.
 */
export function parseDn(text: string, depthMax = DEPTH_MAX): ParsedDn | DnFault {
  const cursor: Cursor = { bytes: Buffer.from(text), at: 0, fault: undefined };
  const rdns: Rdn[] = [];
  skipSpaces(cursor);
  if (cursor.at === cursor.bytes.length) return { rdns };
  for (;;) {
    const rdn = parseRdnAt(cursor);
    if (rdn === undefined) return { fault: cursor.fault ?? 'malformed name' };
    if (rdns.length === depthMax) return { fault: `more than ${depthMax} relative names` };
    rdns.push(rdn);
    if (cursor.at === cursor.bytes.length) return { rdns };
    cursor.at += 1;
  }
}

/** Parses exactly one relative name (RFC 4514 §3). Never throws. */
export function parseRdn(text: string): Rdn | DnFault {
  const parsed = parseDn(text, 1);
  if ('fault' in parsed) return parsed;
  return parsed.rdns[0] ?? { fault: 'expected a relative name, not an empty text' };
}

/** A value as it must be written in a name (RFC 4514 §2.4); what is not UTF-8 becomes `\XX`. */
export function escapeDnValue(value: Buffer | string): string {
  if (typeof value !== 'string' && !isUtf8(value)) return escapeBytes(value);
  const text = typeof value === 'string' ? value : value.toString('utf8');
  let out = '';
  for (let i = 0; i < text.length; i += 1) {
    const character = text[i]!;
    if (character === '\0') out += '\\00';
    else if ('"+,;<>\\'.includes(character)) out += `\\${character}`;
    else if (character === ' ' && (i === 0 || i === text.length - 1)) out += '\\ ';
    else if (character === '#' && i === 0) out += '\\#';
    else out += character;
  }
  return out;
}

function escapeBytes(value: Buffer): string {
  let out = '';
  for (const byte of value) out += `\\${byte.toString(16).padStart(2, '0')}`;
  return out;
}

/** Writes one relative name, values escaped. */
export function formatRdn(avas: readonly Ava[]): string {
  return avas.map((ava) => `${ava.type}=${escapeDnValue(ava.value)}`).join('+');
}

/** Writes a name, leaf first, from its parts. */
export function formatDn(rdns: readonly { readonly avas: readonly Ava[] }[]): string {
  return rdns.map((rdn) => formatRdn(rdn.avas)).join(',');
}
