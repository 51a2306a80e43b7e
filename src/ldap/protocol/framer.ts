/**
 * Cuts the byte stream of one connection into LDAPMessages (RFC 4511 §5.1: each is one SEQUENCE of
 * definite length). Knows nothing of what is inside a frame.
 *
 *   needMore ──push──▶ frame ──next──▶ frame | needMore | fault      (a fault is final)
 *
 * The size limit is applied when the header is read, before a body is waited for. A frame inside
 * one chunk is a view of it; one that spans chunks is copied once. Chunks too small to be worth
 * keeping are gathered in pages, so that a peer who sends octet by octet costs octets, not objects.
 */

const SEQUENCE = 0x30;
const PAGE_BYTES = 16 * 1024;
const SMALL_CHUNK_BYTES = 1024;

/** What {@link Framer.next} found. */
export type FramerStep = 'needMore' | 'frame' | 'fault';

const none = Buffer.alloc(0);

/** The framer of one connection. */
export class Framer {
  /** The frame of the last step 'frame': header and body of one LDAPMessage. */
  frame: Buffer = none;
  /** Why the stream is broken; empty until the step 'fault'. */
  fault = '';

  private bytesMax: number;
  /** The chunk being read; what comes behind it is in `later`. */
  private chunk: Buffer = none;
  private offset = 0;
  private later: Buffer[] = [];
  private laterBytes = 0;
  /** Where small chunks are gathered: the last of `later` is a view of its beginning. */
  private page: Buffer = none;
  private pageUsed = 0;
  /** Octets of the frame whose header was read already; 0 = header not complete. */
  private frameBytes = 0;

  /** `bytesMax` is the largest message, header included. */
  constructor(bytesMax: number) {
    this.bytesMax = bytesMax;
  }

  /** A new limit for the messages whose header has not been read yet. */
  setMaxBytes(bytesMax: number): void {
    this.bytesMax = bytesMax;
  }

  /** Octets received and not handed out in a frame. */
  pendingBytes(): number {
    return this.chunk.length - this.offset + this.laterBytes;
  }

  /** Takes what the socket read; the framer keeps views of it. Ignored after a fault. */
  push(chunk: Buffer): void {
    if (this.fault !== '' || chunk.length === 0) return;
    if (this.offset === this.chunk.length && this.laterBytes === 0) {
      this.chunk = chunk;
      this.offset = 0;
      return;
    }
    this.laterBytes += chunk.length;
    if (chunk.length < SMALL_CHUNK_BYTES) this.gather(chunk);
    else this.append(chunk);
  }

  private append(chunk: Buffer): void {
    this.later.push(chunk);
    this.page = none;
    this.pageUsed = 0;
  }

  private gather(chunk: Buffer): void {
    if (this.pageUsed + chunk.length > this.page.length) {
      this.page = Buffer.allocUnsafeSlow(PAGE_BYTES);
      this.pageUsed = 0;
      this.later.push(none);
    }
    chunk.copy(this.page, this.pageUsed);
    this.pageUsed += chunk.length;
    this.later[this.later.length - 1] = this.page.subarray(0, this.pageUsed);
  }

  /** Looks for the next frame; after 'frame' it is in {@link frame}. */
  next(): FramerStep {
    if (this.fault !== '') return 'fault';
    if (this.frameBytes === 0) {
      const step = this.readHeader();
      if (step !== 'frame') return step;
    }
    const here = this.chunk.length - this.offset;
    if (here < this.frameBytes) {
      if (here + this.laterBytes < this.frameBytes) return 'needMore';
      this.frame = this.join(this.frameBytes);
    } else {
      const start = this.offset;
      const end = start + this.frameBytes;
      this.frame =
        start === 0 && end === this.chunk.length ? this.chunk : this.chunk.subarray(start, end);
      this.offset = end;
      if (end === this.chunk.length) this.advance();
    }
    this.frameBytes = 0;
    return 'frame';
  }

  private fail(reason: string): 'fault' {
    this.fault = reason;
    this.chunk = none;
    this.offset = 0;
    this.later = [];
    this.laterBytes = 0;
    this.page = none;
    return 'fault';
  }

  /** Finds `frameBytes`; 'frame' means that it is known, not that the frame is there. */
  private readHeader(): FramerStep {
    const { chunk, offset } = this;
    if (chunk.length - offset >= 2 && chunk[offset] === SEQUENCE && chunk[offset + 1]! < 0x80) {
      return this.setFrameBytes(2 + chunk[offset + 1]!);
    }
    return this.readLongHeader();
  }

  private readLongHeader(): FramerStep {
    const pending = this.pendingBytes();
    if (pending === 0) return 'needMore';
    if (this.byteAt(0) !== SEQUENCE) return this.fail('not an LDAP message');
    if (pending === 1) return 'needMore';
    const first = this.byteAt(1);
    if (first < 0x80) return this.setFrameBytes(2 + first);
    const count = first & 0x7f;
    if (count === 0) return this.fail('indefinite length is not allowed');
    if (count === 0x7f) return this.fail('length field is reserved');
    let length = 0;
    for (let i = 0; i < count; i++) {
      if (pending <= 2 + i) return 'needMore';
      length = length * 256 + this.byteAt(2 + i);
      if (length > this.bytesMax) return this.failTooLarge();
    }
    return this.setFrameBytes(2 + count + length);
  }

  private setFrameBytes(frameBytes: number): FramerStep {
    if (frameBytes > this.bytesMax) return this.failTooLarge();
    this.frameBytes = frameBytes;
    return 'frame';
  }

  private failTooLarge(): 'fault' {
    return this.fail(`message is larger than ${this.bytesMax} bytes`);
  }

  /** The pending octet number `index`, which exists; only headers that span chunks go far. */
  private byteAt(index: number): number {
    const here = this.chunk.length - this.offset;
    if (index < here) return this.chunk[this.offset + index]!;
    let rest = index - here;
    let i = 0;
    while (rest >= this.later[i]!.length) rest -= this.later[i++]!.length;
    return this.later[i]![rest]!;
  }

  /** The current chunk is used up: the next takes its place. */
  private advance(): void {
    const next = this.later.shift();
    this.offset = 0;
    this.chunk = next ?? none;
    if (next !== undefined) this.laterBytes -= next.length;
    if (this.later.length === 0) {
      this.page = none;
      this.pageUsed = 0;
    }
  }

  /** Copies the first `bytes` pending octets, which span chunks, into a buffer of their own. */
  private join(bytes: number): Buffer {
    const joined = Buffer.allocUnsafeSlow(bytes);
    let filled = 0;
    while (filled < bytes) {
      const take = Math.min(bytes - filled, this.chunk.length - this.offset);
      this.chunk.copy(joined, filled, this.offset, this.offset + take);
      filled += take;
      this.offset += take;
      if (this.offset === this.chunk.length) this.advance();
    }
    return joined;
  }
}
