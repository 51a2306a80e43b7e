/**
 * The way out of a connection: answers are encoded into one buffer that all connections share, one
 * behind the other, and leave with a single write each when the turn ends. Reading everything that
 * came before writing anything costs the kernel a fifth less than taking turns. A plain socket
 * usually takes all at once, and then the buffer is used again; what the kernel did not take is
 * given away with its memory. Knows when the client takes too little (`congested`) and stops
 * nobody by itself.
 */
import type { Socket } from 'node:net';
import type { OutgoingEntry } from '../../directory/operations/types.js';
import { BerWriter } from '../ber/index.js';
import { accountUsabilityBytes } from '../controls/index.js';
import {
  AttributeRanges,
  bareResultSize,
  type Control,
  encodeNoticeOfDisconnection,
  type ResponseOp,
  type ResponseTag,
  searchEntrySize,
  writeBareResult,
  writeResponse,
  writeSearchEntry,
} from '../protocol/index.js';
import type { Metrics } from './metrics.js';

const SCRATCH_BYTES = 64 * 1024;
/** Gathered octets from which a search makes way for a write. */
const FLUSH_BYTES = 48 * 1024;
/** Up to here a copy is cheaper than a new shared buffer. */
const COPY_BYTES_MAX = 16 * 1024;

/** What the connections of one server share for encoding. */
export class Scratch {
  buffer = Buffer.allocUnsafeSlow(SCRATCH_BYTES);
  /** Where the octets of `owner` begin, and where they end so far. */
  start = 0;
  at = 0;
  owner: Outbox | undefined;
  readonly writer = new BerWriter(4096);
  readonly ranges = new AttributeRanges();
  /** Outboxes with octets in the buffer: while there is one, nothing is overwritten. */
  private holders = 0;
  /** A socket keeps a part of the buffer. */
  private given = false;

  taken(): void {
    this.holders++;
  }

  /** An outbox has none in it any more; `kept`: but its socket has. */
  left(kept: boolean): void {
    this.given ||= kept;
    if (--this.holders > 0) return;
    if (this.given || this.buffer.length > SCRATCH_BYTES) this.replace(SCRATCH_BYTES);
    this.start = 0;
    this.at = 0;
  }

  /** A new buffer; the old one belongs to those who hold views of it. */
  replace(bytes: number): void {
    this.buffer = Buffer.allocUnsafeSlow(bytes);
    this.given = false;
    this.start = 0;
    this.at = 0;
  }
}

export class Outbox {
  /** More is waiting in the socket than the limit: producers pause until it drained. */
  congested = false;

  private readonly scratch: Scratch;
  private readonly metrics: Metrics;
  private readonly highWaterBytes: number;
  private socket: Socket;
  /** A TLS socket keeps what it is given until it is encrypted and sent. */
  private keeps: boolean;
  private open = true;
  /** Gathered octets in front of those at the end of the buffer: views of it. */
  private held: Buffer[] = [];
  private holding = false;

  constructor(scratch: Scratch, metrics: Metrics, highWaterBytes: number, socket: Socket) {
    this.scratch = scratch;
    this.metrics = metrics;
    this.highWaterBytes = highWaterBytes;
    this.socket = socket;
    this.keeps = false;
  }

  /** From now on the answers go to this socket; `encrypted` says that it is a TLS one. */
  use(socket: Socket, encrypted: boolean): void {
    this.socket = socket;
    this.keeps = encrypted;
    this.congested = false;
  }

  /** Whether so much is gathered that it should be written before more is made. */
  get full(): boolean {
    return this.scratch.owner === this && this.scratch.at - this.scratch.start >= FLUSH_BYTES;
  }

  /** A result with a code and no words, the answer of nearly every operation. */
  bareResult(messageId: number, tag: ResponseTag, resultCode: number): void {
    const { scratch } = this;
    this.reserve(bareResultSize(messageId, resultCode));
    scratch.at = writeBareResult(scratch.buffer, scratch.at, messageId, tag, resultCode);
  }

  /** Any response. */
  response(messageId: number, op: ResponseOp, controls: readonly Control[]): void {
    const { writer } = this.scratch;
    writer.reset();
    writeResponse(writer, messageId, op, controls);
    this.append(writer.view());
  }

  /** A search entry, straight from the directory's ranges. */
  entry(messageId: number, entry: OutgoingEntry): void {
    const { scratch } = this;
    const { ranges } = scratch;
    const { parts, starts, ends, count } = entry;
    ranges.clear();
    for (let i = 0; i < count; i++) ranges.add(parts[i]!, starts[i]!, ends[i]!);
    const { dn, usability } = entry;
    if (usability === undefined) {
      this.reserve(searchEntrySize(messageId, dn.length, ranges.bytes));
      scratch.at = writeSearchEntry(scratch.buffer, scratch.at, messageId, dn, ranges);
    } else {
      const bytes = accountUsabilityBytes(usability);
      this.reserve(searchEntrySize(messageId, dn.length, ranges.bytes, bytes.length));
      scratch.at = writeSearchEntry(scratch.buffer, scratch.at, messageId, dn, ranges, bytes);
    }
    this.metrics.entries++;
  }

  /** The last words of the server (RFC 4511 §4.4.1). */
  notice(resultCode: number, text: string): void {
    this.append(encodeNoticeOfDisconnection(resultCode, text));
  }

  /** Whether anything waits for {@link flush}. */
  get waiting(): boolean {
    return this.holding;
  }

  /** Writes what is gathered, once. `written` is called when the socket has taken it all. */
  flush(written?: () => void): void {
    if (!this.holding) return;
    if (!this.open) {
      this.drop();
      return;
    }
    this.hold();
    const { held, socket } = this;
    const views = held.length === 1 ? held[0]! : Buffer.concat(held);
    const mine = held.length > 1;
    held.length = 0;
    const busy = this.keeps || socket.writableLength > 0;
    const copied = busy && !mine && views.length <= COPY_BYTES_MAX;
    this.write(copied ? Buffer.from(views) : views, written);
    this.holding = false;
    this.scratch.left(!mine && !copied && socket.writableLength > 0);
  }

  /** The client took something: producers may go on if it was enough. */
  drained(): void {
    this.congested = this.socket.writableLength > this.highWaterBytes;
  }

  /** Nothing is written any more. */
  close(): void {
    this.open = false;
    this.drop();
  }

  private write(chunk: Buffer, written: (() => void) | undefined): void {
    this.metrics.bytesOut += chunk.length;
    const room =
      written === undefined ? this.socket.write(chunk) : this.socket.write(chunk, written);
    if (!room) this.drained();
  }

  private drop(): void {
    if (!this.holding) return;
    this.held.length = 0;
    if (this.scratch.owner === this) this.scratch.owner = undefined;
    this.holding = false;
    this.scratch.left(false);
  }

  /** Makes sure of `bytes` octets of room behind `scratch.at`. */
  private reserve(bytes: number): void {
    const { scratch } = this;
    if (scratch.owner !== this) {
      scratch.owner?.hold();
      scratch.owner = this;
      scratch.start = scratch.at;
    }
    if (!this.holding) {
      this.holding = true;
      scratch.taken();
    }
    if (scratch.at + bytes <= scratch.buffer.length) return;
    this.hold();
    scratch.owner = this;
    // One answer may be larger than the buffer; a larger one is used for it and then let go.
    scratch.replace(Math.max(bytes, SCRATCH_BYTES));
  }

  private append(bytes: Buffer): void {
    const { scratch } = this;
    this.reserve(bytes.length);
    bytes.copy(scratch.buffer, scratch.at);
    scratch.at += bytes.length;
  }

  /** Others go on behind what is gathered so far. */
  private hold(): void {
    const { scratch } = this;
    if (scratch.owner !== this) return;
    if (scratch.at > scratch.start) {
      this.held.push(scratch.buffer.subarray(scratch.start, scratch.at));
    }
    scratch.owner = undefined;
  }
}
