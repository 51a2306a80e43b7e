/**
 * String preparation (RFC 4518): a text value as the bytes that matching compares. Outer spaces go,
 * a run of spaces inside becomes two, so that a piece ending in a space and one starting with a
 * space both find theirs (RFC 4518 Appendix B). A blank value becomes one space.
 *
 * Differs from RFC 4518 §2.6.1 in one point: the space that the RFC puts at each end of every value
 * is left off. It would only matter to a piece with a space beyond an end of the value.
 *
 * Unassigned code points (§2.4, Table A.1) are those of this Unicode version, not of 3.2: names
 * written in newer characters must match too, and normalization is stable for assigned ones.
 */
import { isUtf8 } from 'node:buffer';
import { inRanges, mappedToNothing, mappedToSpace, prohibited } from './prep-tables.js';
import type { PiecePosition } from './types.js';

const SPACE = 0x20;
const UPPER_A = 0x41;
const UPPER_Z = 0x5a;
const blank = Buffer.from(' ');

// What a scan of the bytes found, as bits.
const HAS_UPPER = 1;
const HAS_SPACE = 2;
const NOT_PLAIN = 4;

/** Which of the three bits above hold; stops at the first byte that is not printable ASCII. */
function scan(value: Buffer): number {
  let found = 0;
  for (let i = 0; i < value.length; i += 1) {
    const byte = value[i]!;
    if (byte < SPACE || byte > 0x7e) return NOT_PLAIN;
    if (byte >= UPPER_A && byte <= UPPER_Z) found |= HAS_UPPER;
    else if (byte === SPACE) found |= HAS_SPACE;
  }
  return found;
}

function lowerAscii(value: Buffer): Buffer {
  const out = Buffer.allocUnsafe(value.length);
  for (let i = 0; i < value.length; i += 1) {
    const byte = value[i]!;
    out[i] = byte >= UPPER_A && byte <= UPPER_Z ? byte | 0x20 : byte;
  }
  return out;
}

/** Outer spaces off (or kept as one where asked), inner runs to two; ASCII letters folded. */
function spaceAscii(value: Buffer, fold: boolean, keepHead: boolean, keepTail: boolean): Buffer {
  let start = 0;
  let end = value.length;
  while (start < end && value[start] === SPACE) start += 1;
  if (start === end) return blank;
  while (value[end - 1] === SPACE) end -= 1;
  const out = Buffer.allocUnsafe((end - start) * 2 + 2);
  let length = 0;
  if (keepHead && start > 0) out[length++] = SPACE;
  for (let i = start; i < end; i += 1) {
    const byte = value[i]!;
    if (byte === SPACE) {
      out[length++] = SPACE;
      out[length++] = SPACE;
      while (value[i + 1] === SPACE) i += 1;
    } else {
      out[length++] = fold && byte >= UPPER_A && byte <= UPPER_Z ? byte | 0x20 : byte;
    }
  }
  if (keepTail && end < value.length) out[length++] = SPACE;
  return out.subarray(0, length);
}

/** Steps 2 to 4 on anything but printable ASCII: map, normalize, prohibit (RFC 4518 §2.2–2.4). */
function prepareText(value: Buffer, fold: boolean): string | undefined {
  if (!isUtf8(value)) return undefined;
  const text = value.toString('utf8');
  let mapped = '';
  for (const character of text) {
    const code = character.codePointAt(0)!;
    if (inRanges(mappedToSpace, code)) mapped += ' ';
    else if (!inRanges(mappedToNothing, code)) mapped += character;
  }
  let normal = mapped.normalize('NFKC');
  if (fold) normal = foldCase(normal).normalize('NFKC');
  for (const character of normal) {
    const code = character.codePointAt(0)!;
    if (code >= 0x80 && (inRanges(prohibited, code) || UNASSIGNED.test(character))) {
      return undefined;
    }
  }
  return normal;
}

const UNASSIGNED = /^\p{Cn}$/u;
const COMBINING = /^\p{M}$/u;

/**
 * Full case folding (RFC 3454 Table B.2): what upper-casing makes equal is equal. Only the dotless
 * i folds to itself, and the final sigma to sigma whatever stands beside it.
 */
function foldCase(text: string): string {
  const folded = text.includes('\u0131')
    ? text.split('\u0131').map(foldByCase).join('\u0131')
    : foldByCase(text);
  return folded.includes('\u03c2') ? folded.replaceAll('\u03c2', '\u03c3') : folded;
}

/** Lower first: the capital sharp s has no other upper case, its lower case has. */
function foldByCase(text: string): string {
  return text.toLowerCase().toUpperCase().toLowerCase();
}

/** Step 6 on text (RFC 4518 §2.6.1): a space that carries a combining mark is no space. */
function spaceText(text: string, keepHead: boolean, keepTail: boolean): Buffer {
  const characters = Array.from(text);
  const isSpace = (i: number): boolean =>
    characters[i] === ' ' && !(i + 1 < characters.length && COMBINING.test(characters[i + 1]!));
  let start = 0;
  let end = characters.length;
  while (start < end && isSpace(start)) start += 1;
  if (start === end) return blank;
  while (isSpace(end - 1)) end -= 1;
  let out = keepHead && start > 0 ? ' ' : '';
  for (let i = start; i < end; i += 1) {
    if (isSpace(i)) {
      out += '  ';
      while (isSpace(i + 1)) i += 1;
    } else {
      out += characters[i];
    }
  }
  if (keepTail && end < characters.length) out += ' ';
  return Buffer.from(out);
}

/** caseIgnore*: the normal form, undefined for invalid UTF-8 or a prohibited code point. */
export function prepareCaseIgnore(value: Buffer): Buffer | undefined {
  const found = scan(value);
  if (found === 0 && value.length > 0) return value;
  if (found === HAS_UPPER) return lowerAscii(value);
  if (found < NOT_PLAIN) return spaceAscii(value, true, false, false);
  const text = prepareText(value, true);
  return text === undefined ? undefined : spaceText(text, false, false);
}

/** caseExact*: the same without folding. */
export function prepareCaseExact(value: Buffer): Buffer | undefined {
  const found = scan(value);
  if (found <= HAS_UPPER && value.length > 0) return value;
  if (found < NOT_PLAIN) return spaceAscii(value, false, false, false);
  const text = prepareText(value, false);
  return text === undefined ? undefined : spaceText(text, false, false);
}

/** A piece of a substring assertion: a space at an inner end of the piece is kept, as one. */
export function preparePiece(
  piece: Buffer,
  position: PiecePosition,
  fold: boolean,
): Buffer | undefined {
  const found = scan(piece);
  if (found < HAS_SPACE && piece.length > 0) return found && fold ? lowerAscii(piece) : piece;
  const keepHead = position !== 'initial';
  const keepTail = position !== 'final';
  if (found < NOT_PLAIN) return spaceAscii(piece, fold, keepHead, keepTail);
  const text = prepareText(piece, fold);
  return text === undefined ? undefined : spaceText(text, keepHead, keepTail);
}

/** numericString* and telephoneNumber*: what is insignificant goes (RFC 4518 §2.6.2, §2.6.3). */
export function prepareWithout(value: Buffer, hyphensToo: boolean): Buffer | undefined {
  let significant = 0;
  for (let i = 0; i < value.length; i += 1) {
    const byte = value[i]!;
    if (byte < SPACE || byte > 0x7e) return withoutText(value, hyphensToo);
    if (byte !== SPACE && !(hyphensToo && byte === 0x2d)) significant += 1;
  }
  const out = Buffer.allocUnsafe(significant);
  let length = 0;
  for (let i = 0; i < value.length; i += 1) {
    const byte = value[i]!;
    if (byte === SPACE || (hyphensToo && byte === 0x2d)) continue;
    out[length++] = hyphensToo && byte >= UPPER_A && byte <= UPPER_Z ? byte | 0x20 : byte;
  }
  return out;
}

const HYPHENS = /[ \-\u058a\u2010\u2011\u2212\ufe63\uff0d]/gu;

function withoutText(value: Buffer, hyphensToo: boolean): Buffer | undefined {
  const text = prepareText(value, hyphensToo);
  if (text === undefined) return undefined;
  const kept = hyphensToo ? text.replace(HYPHENS, '') : text.replaceAll(' ', '');
  // What a space held apart may now compose.
  return Buffer.from(kept.normalize('NFKC'));
}
