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
/** Trigrams of one assertion that are considered. */
const TRIGRAMS_LOOKED_AT = 200;
/** Trigrams in one query. */
const TRIGRAMS_ASKED = 4;

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

/** The trigrams of pieces, each once; empty where all are shorter than one. */
export function trigramsOf(pieces: readonly Buffer[]): string[] {
  const trigrams = new Set<string>();
  for (const piece of pieces) {
    const text = plain(piece);
    for (let i = 0; i + 3 <= text.length && trigrams.size < TRIGRAMS_LOOKED_AT; i += 1) {
      trigrams.add(text.slice(i, i + 3));
    }
  }
  return [...trigrams];
}

/** The FTS5 query for entries with all of the trigrams in one column. */
export function trigramQuery(slot: number, trigrams: readonly string[]): string {
  const terms = trigrams.map((trigram) => `"${trigram.replaceAll('"', '""')}"`);
  return `c${slot} : (${terms.join(' AND ')})`;
}

/** How often trigrams occur in some of the texts of an attribute. */
export class TrigramSample {
  readonly #counts = new Map<string, number>();

  add(text: string): void {
    for (const trigram of new Set(Array.from(text, (_, i) => text.slice(i, i + 3)))) {
      this.#counts.set(trigram, (this.#counts.get(trigram) ?? 0) + 1);
    }
  }

  /** The few that narrow a search down most: each list that is read costs, common ones most. */
  rarest(trigrams: readonly string[]): string[] {
    const count = (trigram: string) => this.#counts.get(trigram) ?? 0;
    return [...trigrams].sort((a, b) => count(a) - count(b)).slice(0, TRIGRAMS_ASKED);
  }
}
