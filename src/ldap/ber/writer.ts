/**
 * A forward BER writer over a buffer that grows (X.690, RFC 4511 §5.1: definite lengths, shortest
 * form). Constructed elements are opened and closed; closing patches the length and moves the
 * content when the length needs more than one octet. Reusable, so that encoding makes no garbage.
 * For what we say ourselves: it trusts its input and checks nothing but nesting.
 */
import { berTags } from './reader.js';
import { integerLength, lengthOfLength, writeBytes, writeInteger, writeLength } from './sizes.js';
import { isAscii } from './text.js';

const INITIAL_BYTES = 1024;
const HEADER_BYTES_MAX = 6;

/** Appends elements; read them with {@link BerWriter.take} or {@link BerWriter.view}. */
export class BerWriter {
  private buffer: Buffer;
  private size = 0;
  private readonly open: number[] = [];

  constructor(initialBytes = INITIAL_BYTES) {
    this.buffer = Buffer.allocUnsafe(initialBytes);
  }

  /** Octets written so far. */
  get length(): number {
    return this.size;
  }

  /** Forgets what was written and keeps the memory. */
  reset(): void {
    this.size = 0;
    this.open.length = 0;
  }

  /** A copy of what was written. */
  take(): Buffer {
    return Buffer.from(this.view());
  }

  /** What was written, valid until the next write or reset. */
  view(): Buffer {
    if (this.open.length > 0) throw new Error('BerWriter: an element is still open');
    return this.buffer.subarray(0, this.size);
  }

  private reserve(bytes: number): void {
    const needed = this.size + bytes;
    if (needed <= this.buffer.length) return;
    const grown = Buffer.allocUnsafe(Math.max(needed, this.buffer.length * 2));
    this.buffer.copy(grown, 0, 0, this.size);
    this.buffer = grown;
  }

  /** Opens a constructed element. */
  begin(tag: number): void {
    this.reserve(2);
    this.buffer[this.size] = tag;
    this.open.push(this.size + 1);
    this.size += 2;
  }

  /** Closes the element opened last. */
  end(): void {
    const at = this.open.pop();
    if (at === undefined) throw new Error('BerWriter: no element is open');
    const length = this.size - at - 1;
    if (length < 0x80) {
      this.buffer[at] = length;
      return;
    }
    const extra = lengthOfLength(length) - 1;
    this.reserve(extra);
    this.buffer.copyWithin(at + 1 + extra, at + 1, this.size);
    writeLength(this.buffer, at, length);
    this.size += extra;
  }

  /** An INTEGER (or ENUMERATED, by tag), −2^31 to 2^31−1. */
  integer(value: number, tag: number = berTags.integer): void {
    this.reserve(2 + integerLength(value));
    this.size = writeInteger(this.buffer, this.size, value, tag);
  }

  /** An ENUMERATED. */
  enumerated(value: number): void {
    this.integer(value, berTags.enumerated);
  }

  /** A BOOLEAN; TRUE is FF (RFC 4511 §5.1). */
  boolean(value: boolean, tag: number = berTags.boolean): void {
    this.reserve(3);
    this.buffer[this.size++] = tag;
    this.buffer[this.size++] = 1;
    this.buffer[this.size++] = value ? 0xff : 0;
  }

  /** A NULL, under any tag. */
  null(tag: number = berTags.null): void {
    this.reserve(2);
    this.buffer[this.size++] = tag;
    this.buffer[this.size++] = 0;
  }

  /** An OCTET STRING. */
  octets(bytes: Buffer, tag: number = berTags.octetString): void {
    this.reserve(HEADER_BYTES_MAX + bytes.length);
    this.buffer[this.size] = tag;
    this.size = writeLength(this.buffer, this.size + 1, bytes.length);
    this.size = writeBytes(this.buffer, this.size, bytes, 0, bytes.length);
  }

  /** An OCTET STRING that holds `text` in UTF-8. */
  text(text: string, tag: number = berTags.octetString): void {
    const length = isAscii(text) ? text.length : Buffer.byteLength(text, 'utf8');
    this.reserve(HEADER_BYTES_MAX + length);
    this.buffer[this.size] = tag;
    this.size = writeLength(this.buffer, this.size + 1, length);
    this.buffer.write(text, this.size, length, 'utf8');
    this.size += length;
  }

  /** Elements that are BER already. */
  raw(bytes: Buffer): void {
    this.reserve(bytes.length);
    this.size = writeBytes(this.buffer, this.size, bytes, 0, bytes.length);
  }
}
