/**
 * Attribute descriptions seen in one LDIF stream, recognised by their bytes so that a file of a
 * million lines makes each name's string once. Knows no schema: two spellings are the same
 * attribute when they differ in case only.
 */

import { descriptionBytes } from './description.js';

/** One attribute of one stream, whatever its spelling; the reader keeps its merge state here. */
export interface FoldedName<T> {
  /** Lower-cased. */
  readonly key: string;
  /** Which record `target` belongs to. */
  record: number;
  target: T | undefined;
}

/** One spelling. */
export interface SpelledName<T> {
  readonly text: string;
  readonly bytes: Uint8Array;
  readonly folded: FoldedName<T>;
}

const slots = 1024;
const foldedMax = 8192;
const colon = 0x3a;

/** The names of one stream. */
export class LdifNames<T> {
  private readonly table: (SpelledName<T> | undefined)[] = new Array(slots).fill(undefined);
  private readonly folded = new Map<string, FoldedName<T>>();

  /** Between records only: forgets names when a stream has more of them than any schema. */
  trim(): void {
    if (this.folded.size <= foldedMax) return;
    this.folded.clear();
    this.table.fill(undefined);
  }

  /**
   * The description that starts at `from` and ends before a colon, or undefined if there is no
   * colon before `to` or a byte that no description has stands before it.
   */
  scan(bytes: Buffer, from: number, to: number): SpelledName<T> | undefined {
    let hash = 0;
    let end = from;
    for (; end < to; end++) {
      const byte = bytes[end]!;
      if (byte === colon) break;
      if (descriptionBytes[byte] === 0) return undefined;
      hash = (Math.imul(hash, 31) + byte) | 0;
    }
    if (end === to || end === from) return undefined;
    const slot = (hash ^ (hash >>> 10)) & (slots - 1);
    const known = this.table[slot];
    if (known !== undefined && isSame(known.bytes, bytes, from, end)) return known;
    const text = bytes.toString('latin1', from, end);
    const made = {
      text,
      bytes: Uint8Array.from(bytes.subarray(from, end)),
      folded: this.fold(text),
    };
    this.table[slot] = made;
    return made;
  }

  /** The attribute of this text, made if it is new. */
  private fold(text: string): FoldedName<T> {
    const key = text.toLowerCase();
    let folded = this.folded.get(key);
    if (folded === undefined) {
      folded = { key, record: -1, target: undefined };
      this.folded.set(key, folded);
    }
    return folded;
  }
}

function isSame(known: Uint8Array, bytes: Uint8Array, from: number, to: number): boolean {
  if (known.length !== to - from) return false;
  for (let i = 0; i < known.length; i++) if (known[i] !== bytes[from + i]) return false;
  return true;
}
