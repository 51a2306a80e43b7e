/**
 * Sorting byte strings that lie one after the other in one buffer, by memcmp: three-way quicksort,
 * a byte at a time (Bentley and Sedgewick), which looks at common beginnings once. Moves positions
 * only, never bytes. Knows nothing of what the strings are.
 */

/** Strings in a buffer: number `i` is `bytes[starts[i]..starts[i + 1])`. */
export interface PackedStrings {
  readonly bytes: Uint8Array;
  readonly starts: Uint32Array;
  readonly count: number;
}

/** Below this many, comparing neighbours beats splitting. */
const SMALL = 12;

/** The numbers of the strings in order; equal ones by their number. */
export function sortedOrder(strings: PackedStrings): Uint32Array {
  const order = new Uint32Array(strings.count);
  for (let i = 0; i < order.length; i += 1) order[i] = i;
  if (!inOrder(strings)) new Sorter(strings, order).range(0, order.length, 0);
  return order;
}

/** Files are often written in the order of some attribute. */
function inOrder(strings: PackedStrings): boolean {
  for (let i = 1; i < strings.count; i += 1) {
    if (compareFrom(strings, i - 1, i, 0) > 0) return false;
  }
  return true;
}

/** The order of two strings that are alike before `depth`. */
function compareFrom(strings: PackedStrings, a: number, b: number, depth: number): number {
  const { bytes, starts } = strings;
  const endA = starts[a + 1]!;
  const endB = starts[b + 1]!;
  let i = starts[a]! + depth;
  let j = starts[b]! + depth;
  while (i < endA && j < endB) {
    const difference = bytes[i]! - bytes[j]!;
    if (difference !== 0) return difference;
    i += 1;
    j += 1;
  }
  if (i < endA) return 1;
  return j < endB ? -1 : a - b;
}

class Sorter {
  readonly #strings: PackedStrings;
  readonly #order: Uint32Array;

  constructor(strings: PackedStrings, order: Uint32Array) {
    this.#strings = strings;
    this.#order = order;
  }

  /** The byte at `depth` plus one, or 0 where the string ends. */
  #at(i: number, depth: number): number {
    const { bytes, starts } = this.#strings;
    const string = this.#order[i]!;
    const at = starts[string]! + depth;
    return at < starts[string + 1]! ? bytes[at]! + 1 : 0;
  }

  #swap(i: number, j: number): void {
    const order = this.#order;
    const kept = order[i]!;
    order[i] = order[j]!;
    order[j] = kept;
  }

  /**
   * Sorts the strings in places `low` to `high` (excluded), which are alike before `depth`. The
   * largest part is done by going round again, so that calls nest as deep as a logarithm at most.
   */
  range(low: number, high: number, depth: number): void {
    while (high - low > SMALL) {
      const pivot = this.#middle(low, high, depth);
      let less = low;
      let more = high;
      for (let i = low; i < more; ) {
        const byte = this.#at(i, depth);
        if (byte < pivot) this.#swap(i++, less++);
        else if (byte > pivot) this.#swap(i, --more);
        else i += 1;
      }
      const parts: [number, number, number][] = [
        [low, less, depth],
        [more, high, depth],
      ];
      // Strings that end here are equal: their numbers decide.
      if (pivot === 0) this.#order.subarray(less, more).sort();
      else parts.push([less, more, depth + 1]);
      parts.sort((a, b) => a[1] - a[0] - (b[1] - b[0]));
      const largest = parts.pop()!;
      for (const part of parts) this.range(...part);
      [low, high, depth] = largest;
    }
    this.#insertion(low, high, depth);
  }

  #middle(low: number, high: number, depth: number): number {
    const a = this.#at(low, depth);
    const b = this.#at((low + high) >>> 1, depth);
    const c = this.#at(high - 1, depth);
    return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
  }

  #insertion(low: number, high: number, depth: number): void {
    const order = this.#order;
    for (let i = low + 1; i < high; i += 1) {
      const string = order[i]!;
      let j = i;
      while (j > low && compareFrom(this.#strings, order[j - 1]!, string, depth) > 0) {
        order[j] = order[j - 1]!;
        j -= 1;
      }
      order[j] = string;
    }
  }
}
