/**
 * Many rows for SQLite in one bound value: an object in its binary JSON (sqlite.org/jsonb.html)
 * whose labels are the rows' bytes and whose values are integers. `json_each` walks it at a tenth
 * of the time that a statement a row takes. A label is marked as raw text, which SQLite hands on as
 * it is: read it with CAST(key AS BLOB), and never as JSON.
 *
 *   element      header byte: size << 4 | type; a size of 12, 13, 14 says that it follows in 1, 2
 *                or 4 bytes, big endian
 *   types used   3 integer as ASCII digits, 10 raw text, 12 object
 */

const INTEGER = 3;
const RAW_TEXT = 10;
const OBJECT = 12;
/** The object's own header: its size in four bytes. */
const HEADER_BYTES = 5;
/** Header and digits of an integer, header of a label. */
const ROW_BYTES_MAX = 17 + 5;

export class JsonbRows {
  #out: Buffer;
  #at = HEADER_BYTES;

  constructor(bytes = 64 * 1024) {
    this.#out = Buffer.allocUnsafeSlow(bytes);
  }

  get empty(): boolean {
    return this.#at === HEADER_BYTES;
  }

  /** Bytes gathered so far. */
  get size(): number {
    return this.#at;
  }

  /** Adds `bytes[from..to)` with a number, an integer that is not negative. */
  add(bytes: Uint8Array, from: number, to: number, value: number): void {
    const length = to - from;
    this.#room(length + ROW_BYTES_MAX);
    const out = this.#out;
    let at = this.#at;
    if (length < 12) out[at++] = (length << 4) | RAW_TEXT;
    else if (length < 0x100) {
      out[at++] = (12 << 4) | RAW_TEXT;
      out[at++] = length;
    } else {
      out[at++] = (14 << 4) | RAW_TEXT;
      at = out.writeUInt32BE(length, at);
    }
    for (let i = from; i < to; i += 1) out[at++] = bytes[i]!;
    this.#at = this.#integer(at, value);
  }

  #integer(at: number, value: number): number {
    const out = this.#out;
    let digits = 1;
    for (let rest = value; rest >= 10; digits += 1) rest = Math.floor(rest / 10);
    if (digits < 12) out[at++] = (digits << 4) | INTEGER;
    else {
      out[at++] = (12 << 4) | INTEGER;
      out[at++] = digits;
    }
    let rest = value;
    for (let i = at + digits - 1; i >= at; i -= 1) {
      const tens = Math.floor(rest / 10);
      out[i] = 0x30 + (rest - tens * 10);
      rest = tens;
    }
    return at + digits;
  }

  #room(bytes: number): void {
    if (this.#at + bytes <= this.#out.length) return;
    const larger = Buffer.allocUnsafeSlow(2 * this.#out.length + bytes);
    this.#out.copy(larger, 0, 0, this.#at);
    this.#out = larger;
  }

  /** The object, valid until the next `add`; the rows start anew. */
  take(): Buffer {
    this.#out[0] = (14 << 4) | OBJECT;
    this.#out.writeUInt32BE(this.#at - HEADER_BYTES, 1);
    const object = this.#out.subarray(0, this.#at);
    this.#at = HEADER_BYTES;
    return object;
  }
}
