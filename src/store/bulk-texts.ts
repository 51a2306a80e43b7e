/**
 * Rows of the substring index that an import holds back until its end: brought in one after the
 * other they are built in memory once. Packed, so that they are no objects for the collector. Knows
 * no schema; what a text is, is substring-text.ts.
 */

const FIRST_ROWS = 1_024;
const FIRST_BYTES = 64 * FIRST_ROWS;

/** A row: texts by the columns that have one, in ascending order of these. */
export type TextRow = (columns: readonly number[], texts: readonly string[], id: number) => void;

export class BulkTexts {
  #ids = new Float64Array(FIRST_ROWS);
  /** Row `i` has the parts `#parts[i]` to `#parts[i + 1]`. */
  #parts = new Uint32Array(FIRST_ROWS + 1);
  #columns = new Uint8Array(4 * FIRST_ROWS);
  /** Part `p` is `#bytes[#starts[p]..#starts[p + 1])`, UTF-8. */
  #starts = new Uint32Array(4 * FIRST_ROWS + 1);
  #bytes = Buffer.allocUnsafeSlow(FIRST_BYTES);
  count = 0;

  /** Adds a row of the texts that are not empty; without any there is none. */
  add(id: number, texts: readonly string[]): void {
    const row = this.count;
    if (row === this.#ids.length) {
      this.#ids = grown(this.#ids, Float64Array, 2 * row);
      this.#parts = grown(this.#parts, Uint32Array, 2 * row + 1);
    }
    let part = this.#parts[row]!;
    for (let column = 0; column < texts.length; column += 1) {
      const text = texts[column]!;
      if (text !== '') this.#part(part++, column, text);
    }
    if (part === this.#parts[row]) return;
    this.#ids[row] = id;
    this.#parts[row + 1] = part;
    this.count = row + 1;
  }

  #part(part: number, column: number, text: string): void {
    const from = this.#starts[part]!;
    if (part === this.#columns.length) {
      this.#columns = grown(this.#columns, Uint8Array, 2 * part);
      this.#starts = grown(this.#starts, Uint32Array, 2 * part + 1);
    }
    const most = 3 * text.length;
    if (from + most > this.#bytes.length) {
      const larger = Buffer.allocUnsafeSlow(2 * this.#bytes.length + most);
      this.#bytes.copy(larger, 0, 0, from);
      this.#bytes = larger;
    }
    this.#columns[part] = column;
    this.#starts[part + 1] = from + this.#bytes.utf8Write(text, from);
  }

  ids(): number[] {
    return Array.from(this.#ids.subarray(0, this.count));
  }

  /** Calls `visit` with every row, in the order in which they were added. */
  each(visit: TextRow): void {
    for (let row = 0; row < this.count; row += 1) {
      const columns: number[] = [];
      const texts: string[] = [];
      for (let part = this.#parts[row]!; part < this.#parts[row + 1]!; part += 1) {
        columns.push(this.#columns[part]!);
        texts.push(this.#bytes.utf8Slice(this.#starts[part]!, this.#starts[part + 1]!));
      }
      visit(columns, texts, this.#ids[row]!);
    }
  }
}

function grown<T extends Float64Array | Uint32Array | Uint8Array>(
  array: T,
  make: new (length: number) => T,
  length: number,
): T {
  const larger = new make(length);
  larger.set(array);
  return larger;
}
