/**
 * Walks the logical lines of one block (RFC 2849 notes 2 and 5): joins folded lines in place,
 * drops comments and empty lines, counts physical lines. Splits a line into its name and value and
 * decodes base64, also in place; so every value is a view of the block. Knows no record.
 */
import { isUtf8 } from 'node:buffer';
import { decodeBase64InPlace } from './base64.js';
import { LdifNames, type SpelledName } from './ldif-names.js';
import { LdifError } from './ldif-record.js';

const lf = 0x0a;
const cr = 0x0d;
const space = 0x20;
const comment = 0x23;
const dash = 0x2d;
const colon = 0x3a;
const lessThan = 0x3c;

/** A cursor over the lines of a block, and over the parts of the line it stands on. */
export class LdifLines<T> {
  /** Line number, 1-based, on which the current logical line starts. */
  line = 0;
  /** The current logical line's name, set by {@link split}. */
  name: SpelledName<T> | undefined;
  /** The current value is `bytes[valueFrom..valueTo)`, set by {@link split}. */
  valueFrom = 0;
  valueTo = 0;

  private readonly lineBytesMax: number;
  private readonly names = new LdifNames<T>();
  private bytes: Buffer = Buffer.alloc(0);
  private from = 0;
  private to = 0;
  private next = 0;
  /** Physical lines passed since the start of the stream. */
  private passed = 0;

  constructor(lineBytesMax: number) {
    this.lineBytesMax = lineBytesMax;
  }

  /** The number, 1-based, of the first line that has not been looked at. */
  get nextLine(): number {
    return this.passed + 1;
  }

  /** Starts on the next block of the stream; the one before must have been walked to its end. */
  load(block: Buffer): void {
    this.bytes = block;
    const isBom = this.passed === 0 && block[0] === 0xef && block[1] === 0xbb && block[2] === 0xbf;
    this.next = isBom ? 3 : 0;
    this.names.trim();
  }

  /** Moves to the next logical line; false at the end of the block. */
  advance(): boolean {
    const bytes = this.bytes;
    while (this.next < bytes.length) {
      const first = bytes[this.next]!;
      if (first === space) throw this.error(noLineToContinue, this.passed + 1);
      this.readLine();
      if (first !== comment && this.to > this.from) return true;
    }
    return false;
  }

  /** True if the line is the separator of modify changes: `-`, perhaps with spaces after it. */
  isDash(): boolean {
    if (this.bytes[this.from] !== dash) return false;
    for (let i = this.from + 1; i < this.to; i++) if (this.bytes[i] !== space) return false;
    return true;
  }

  /** Splits the line into {@link name} and its value. */
  split(): SpelledName<T> {
    const { bytes, from, to } = this;
    const name = this.names.scan(bytes, from, to);
    if (name === undefined) throw this.badName();
    this.name = name;
    this.value(from + name.bytes.length);
    return name;
  }

  /** The current value, a view of the block. */
  view(): Buffer {
    return this.bytes.subarray(this.valueFrom, this.valueTo);
  }

  /** The current value as text; what it is called goes into the error if it is not UTF-8. */
  text(what: string): string {
    const { bytes, valueFrom, valueTo } = this;
    let high = 0;
    for (let i = valueFrom; i < valueTo; i++) {
      const byte = bytes[i]!;
      high |= byte;
      if (byte === cr) throw this.error(`${what} has a carriage return in it; ${lineEnds}`);
    }
    if (high < 0x80) return bytes.toString('latin1', valueFrom, valueTo);
    if (isUtf8(this.view())) return bytes.toString('utf8', valueFrom, valueTo);
    throw this.error(`${what} is not UTF-8; save the file as UTF-8`);
  }

  /** Sets the value from what follows the colon at `at` (RFC 2849 value-spec). */
  private value(at: number): void {
    const { bytes, to } = this;
    const kind = at + 1 < to ? bytes[at + 1] : space;
    let from = kind === colon || kind === lessThan ? at + 2 : at + 1;
    while (from < to && bytes[from] === space) from++;
    this.valueFrom = from;
    this.valueTo = to;
    if (kind === colon) {
      const end = decodeBase64InPlace(bytes, from, to);
      if (end < 0) throw this.error(notBase64);
      this.valueTo = end;
    } else if (kind === lessThan) {
      throw this.error(noUrls);
    }
  }

  /** An error on the line that the cursor stands on, or another. */
  error(message: string, line = this.line): LdifError {
    return new LdifError(line, message);
  }

  /** Splits what follows a `control:` name once more: the words, and the control's own value. */
  splitControl(): { readonly head: string; readonly value: Buffer | undefined } {
    const { bytes, from, to } = this;
    const start = bytes.indexOf(colon, from) + 1;
    const at = bytes.indexOf(colon, start);
    if (at < 0 || at >= to) return { head: bytes.toString('latin1', start, to), value: undefined };
    this.value(at);
    return { head: bytes.toString('latin1', start, at), value: this.view() };
  }

  /** Reads one line with its continuations and pulls them together. */
  private readLine(): void {
    const bytes = this.bytes;
    const from = this.next;
    let end = bytes.indexOf(lf, from);
    if (end < 0) end = bytes.length;
    let to = end > from && bytes[end - 1] === cr ? end - 1 : end;
    this.line = ++this.passed;
    this.from = from;
    // An empty line cannot be folded: a space after it continues nothing.
    while (end + 1 < bytes.length && bytes[end + 1] === space && to > from) {
      const start = end + 2;
      end = bytes.indexOf(lf, start);
      if (end < 0) end = bytes.length;
      const stop = end > start && bytes[end - 1] === cr ? end - 1 : end;
      bytes.copyWithin(to, start, stop);
      to += stop - start;
      this.passed++;
    }
    this.to = to;
    this.next = end + 1;
    if (to - from > this.lineBytesMax) {
      throw this.error(
        `this line is longer than ${this.lineBytesMax} bytes, the limit for one line`,
      );
    }
  }

  private badName(): LdifError {
    const { bytes, from, to } = this;
    const at = bytes.indexOf(colon, from);
    if (at === from) return this.error('there is no attribute name before the colon');
    if (at < 0 || at >= to) {
      return this.error(
        'this line has no colon: write "name: value", or start the line with one space if it ' +
          'continues the line above',
      );
    }
    return this.error(
      'only letters, digits, "-", ".", ";" and "_" may stand before the colon; start the line ' +
        'with one space if it continues the line above',
    );
  }
}

const noLineToContinue =
  'this line starts with a space, but there is no line above that it could continue; remove the ' +
  'space, or the empty line above';
const notBase64 =
  'the value after "::" is not valid base64: it may hold only A-Z, a-z, 0-9, "+", "/", padded ' +
  'with "=" to a multiple of four characters; use one colon for plain text';
const noUrls =
  'values from a URL (":<") are not read; put the value itself here, in base64 after "::"';
const lineEnds = 'end each line with LF or CR LF';
