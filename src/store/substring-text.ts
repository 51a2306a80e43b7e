/**
 * What the substring index holds of an entry, and how pieces are looked for in it. The text is the
 * attribute's normal forms, one character a byte, so that a trigram is three bytes whatever the
 * script. Answers are always a superset: trigrams say nothing of order. No SQL here.
 */
import { bodyCount, bodyNumberAt, bodyValuesAt } from '../directory/model/body.js';
import type { SubstringPieces } from '../directory/ports.js';
import type { AttributeDescription, AttributeType } from '../directory/schema/index.js';

/** Columns of the substring table. */
export const SUBSTRING_SLOTS = 24;
/** Between the values of an attribute; no byte becomes this character. */
const VALUE_END = '\u0101';
/** Stands for byte 0, at which the tokenizer would stop. */
const ZERO = '\u0100';
/** Trigrams in one query: more narrow it down no further and each costs a list to read. */
const TRIGRAMS_MAX = 12;

function plain(normal: Buffer): string {
  const text = normal.latin1Slice(0, normal.length);
  return text.includes('\0') ? text.replaceAll('\0', ZERO) : text;
}

/** The normal forms of values joined to one text; empty where there are none. */
export function textOfValues(type: AttributeType, values: readonly Buffer[], before = ''): string {
  const normalize = type.substring?.normalize ?? type.equality?.normalize;
  if (normalize === undefined) return before;
  let text = before;
  for (const value of values) {
    const normal = normalize(value);
    if (normal === undefined) continue;
    if (text !== '') text += VALUE_END;
    text += plain(normal);
  }
  return text;
}

/** The same for an attribute of a stored body, over all its options. */
export function textOfBody(
  body: Buffer,
  type: AttributeType,
  descriptions: readonly (AttributeDescription | undefined)[],
): string {
  let text = '';
  const count = bodyCount(body);
  for (let i = 0; i < count; i += 1) {
    if (descriptions[bodyNumberAt(body, i)]?.type !== type) continue;
    text = textOfValues(type, bodyValuesAt(body, i), text);
  }
  return text;
}

/** All pieces in the order of an assertion. */
export function allPieces(pieces: SubstringPieces): Buffer[] {
  const all = [...pieces.any];
  if (pieces.initial !== undefined) all.unshift(pieces.initial);
  if (pieces.final !== undefined) all.push(pieces.final);
  return all;
}

/** Whether each piece occurs somewhere in a text of {@link textOfValues}. */
export function textHolds(text: string, pieces: readonly Buffer[]): boolean {
  for (const piece of pieces) if (!text.includes(plain(piece))) return false;
  return true;
}

/** The FTS5 query for the pieces in one column; undefined where all are shorter than a trigram. */
export function trigramQuery(slot: number, pieces: readonly Buffer[]): string | undefined {
  const trigrams = new Set<string>();
  // Longest first: they are the rarest.
  for (const piece of [...pieces].sort((a, b) => b.length - a.length)) {
    if (piece.length < 3) break;
    const text = plain(piece);
    for (let i = 0; i + 3 <= text.length; i += 3) trigrams.add(text.slice(i, i + 3));
    trigrams.add(text.slice(-3));
  }
  if (trigrams.size === 0) return undefined;
  const terms = [...trigrams].slice(0, TRIGRAMS_MAX).map((t) => `"${t.replaceAll('"', '""')}"`);
  return `c${slot} : (${terms.join(' AND ')})`;
}
