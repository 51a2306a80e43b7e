/**
 * A cursor over BER bytes (X.690, the subset of RFC 4511 §5.1: definite lengths, primitive
 * strings, one-octet tags). Lengths are unsigned and checked against the enclosing element before
 * anything is read or made, so a hostile length costs nothing. Length fields longer than needed
 * are legal and accepted. Octet strings come back as views of the buffer. Knows nothing of LDAP.
 */
import { BerError } from './error.js';
import { decodeText } from './text.js';

/** Universal tags that LDAP uses (X.690 §8, RFC 4511 Appendix B). */
export const berTags = {
  boolean: 0x01,
  integer: 0x02,
  octetString: 0x04,
  null: 0x05,
  enumerated: 0x0a,
  sequence: 0x30,
  set: 0x31,
} as const;

const INTEGER_BYTES_MAX = 6;

function hex(tag: number): string {
  return `0x${tag.toString(16).padStart(2, '0')}`;
}

/** Reads elements one after another; every fault is a thrown {@link BerError}. */
export class BerReader {
  readonly buffer: Buffer;
  /** Offset of the next octet. */
  position: number;
  /** End of the innermost element entered. */
  end: number;

  constructor(buffer: Buffer, start = 0, end = buffer.length) {
    this.buffer = buffer;
    this.position = start;
    this.end = end;
  }

  /** Whether the innermost element has more. */
  get more(): boolean {
    return this.position < this.end;
  }

  /** The next tag without consuming it; −1 at the end of the element. */
  peek(): number {
    return this.position < this.end ? this.buffer[this.position]! : -1;
  }

  /** Consumes a length field of any form; returns the number of content octets. */
  private length(): number {
    const { buffer, end } = this;
    if (this.position >= end) throw new BerError('length is missing');
    const first = buffer[this.position++]!;
    let length = first;
    if (first >= 0x80) {
      const count = first & 0x7f;
      if (count === 0) throw new BerError('indefinite length is not allowed');
      if (count === 0x7f) throw new BerError('length field is reserved');
      if (count > end - this.position) throw new BerError('length field is truncated');
      length = 0;
      for (let i = 0; i < count; i++) {
        length = length * 256 + buffer[this.position++]!;
        if (length > 0xffffffff) throw new BerError('length is too large');
      }
    }
    if (length > end - this.position) throw new BerError('element is longer than what holds it');
    return length;
  }

  /** Consumes the header of an element of `tag`; returns the end of its content. */
  header(tag: number): number {
    if (this.position >= this.end) throw new BerError(`element ${hex(tag)} is missing`);
    const found = this.buffer[this.position]!;
    if (found !== tag) throw new BerError(`expected element ${hex(tag)}, found ${hex(found)}`);
    this.position++;
    // The short form is nearly every length there is.
    const short = this.position < this.end ? this.buffer[this.position]! : 0x80;
    if (short < 0x80 && short < this.end - this.position) {
      this.position++;
      return this.position + short;
    }
    const length = this.length();
    return this.position + length;
  }

  /** Goes into a constructed element; returns the mark that {@link leave} needs. */
  enter(tag: number): number {
    const contentEnd = this.header(tag);
    const mark = this.end;
    this.end = contentEnd;
    return mark;
  }

  /** Leaves a list or choice: everything inside must have been read. */
  leave(mark: number): void {
    if (this.position !== this.end) throw new BerError('unexpected element');
    this.end = mark;
  }

  /** Leaves a SEQUENCE: further well-formed components are skipped (RFC 4511 §4, extensibility). */
  leaveSequence(mark: number): void {
    while (this.position < this.end) this.skip();
    this.end = mark;
  }

  /** Skips one element of any tag. */
  skip(): void {
    if (this.position >= this.end) throw new BerError('element is missing');
    const tag = this.buffer[this.position]!;
    if ((tag & 0x1f) === 0x1f) throw new BerError('tags of several octets are not allowed');
    this.position = this.header(tag);
  }

  /** An INTEGER or ENUMERATED of at most 48 bits. */
  integer(tag: number = berTags.integer): number {
    const contentEnd = this.header(tag);
    const count = contentEnd - this.position;
    if (count === 0) throw new BerError('integer has no content');
    if (count > INTEGER_BYTES_MAX) throw new BerError('integer is too long');
    const { buffer } = this;
    const first = buffer[this.position++]!;
    let value = first >= 0x80 ? first - 0x100 : first;
    while (this.position < contentEnd) value = value * 256 + buffer[this.position++]!;
    return value;
  }

  /** A BOOLEAN; any octet but zero is TRUE. */
  boolean(tag: number = berTags.boolean): boolean {
    const contentEnd = this.header(tag);
    if (contentEnd - this.position !== 1) throw new BerError('boolean is not one octet');
    return this.buffer[this.position++] !== 0;
  }

  /** An OCTET STRING as a view of the buffer: valid as long as the buffer is. */
  octets(tag: number = berTags.octetString): Buffer {
    const contentEnd = this.header(tag);
    const view = this.buffer.subarray(this.position, contentEnd);
    this.position = contentEnd;
    return view;
  }

  /** An OCTET STRING that holds UTF-8; undefined when it does not. */
  text(tag: number = berTags.octetString): string | undefined {
    const contentEnd = this.header(tag);
    const text = decodeText(this.buffer, this.position, contentEnd);
    this.position = contentEnd;
    return text;
  }

  /** A NULL, under any tag. */
  null(tag: number = berTags.null): void {
    if (this.header(tag) !== this.position) throw new BerError('null has content');
  }
}
