/**
 * The way out of a connection: answers are encoded into one buffer that all connections share in
 * turn, and leave with a single write when the connection is done for the moment. A plain socket
 * usually takes everything at once, and then the buffer is used again; what the kernel did not take
 * is given away with its memory. Knows when the client takes too little (`congested`) and stops
 * nobody by itself.
 */
import type { Socket } from 'node:net';
import type { OutgoingEntry } from '../../directory/operations/types.js';
import { BerWriter } from '../ber/index.js';
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
  /** Octets that `owner` has gathered. */
  at = 0;
  owner: Outbox | undefined;
  readonly writer = new BerWriter(4096);
  readonly ranges = new AttributeRanges();

  /** The buffer belongs to a socket now. */
  replace(): void {
    this.buffer = Buffer.allocUnsafeSlow(SCRATCH_BYTES);
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
  /** Gathered octets that made way for another connection. */
  private held: Buffer[] = [];

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
    return this.scratch.at >= FLUSH_BYTES;
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
    this.reserve(searchEntrySize(messageId, entry.dn.length, ranges.bytes));
    scratch.at = writeSearchEntry(scratch.buffer, scratch.at, messageId, entry.dn, ranges);
    this.metrics.entries++;
  }

  /** The last words of the server (RFC 4511 §4.4.1). */
  notice(resultCode: number, text: string): void {
    this.append(encodeNoticeOfDisconnection(resultCode, text));
  }

  /** Writes what is gathered, once. `written` is called when the socket has taken it all. */
  flush(written?: () => void): void {
    const { scratch } = this;
    const mine = scratch.owner === this;
    if (!mine && this.held.length === 0) return;
    if (!this.open) {
      this.drop();
      return;
    }
    if (this.held.length > 0) {
      if (mine) this.hold();
      const chunk = this.held.length === 1 ? this.held[0]! : Buffer.concat(this.held);
      this.held = [];
      this.write(chunk, written);
      return;
    }
    const view = scratch.buffer.subarray(0, scratch.at);
    scratch.at = 0;
    scratch.owner = undefined;
    const copied = (this.keeps || this.socket.writableLength > 0) && view.length <= COPY_BYTES_MAX;
    this.write(copied ? Buffer.from(view) : view, written);
    const given = !copied && this.socket.writableLength > 0;
    if (given || scratch.buffer.length > SCRATCH_BYTES) scratch.replace();
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
    this.held = [];
    if (this.scratch.owner !== this) return;
    this.scratch.at = 0;
    this.scratch.owner = undefined;
  }

  /** Makes sure of `bytes` octets of room behind `scratch.at`. */
  private reserve(bytes: number): void {
    const { scratch } = this;
    if (scratch.owner !== this) {
      scratch.owner?.hold();
      scratch.owner = this;
    }
    if (scratch.at + bytes <= scratch.buffer.length) return;
    if (scratch.at > 0) this.flush();
    scratch.owner = this;
    // One answer may be larger than the buffer; a larger one is used for it and then let go.
    if (bytes > scratch.buffer.length) scratch.buffer = Buffer.allocUnsafeSlow(bytes);
  }

  private append(bytes: Buffer): void {
    const { scratch } = this;
    this.reserve(bytes.length);
    bytes.copy(scratch.buffer, scratch.at);
    scratch.at += bytes.length;
  }

  /** Another connection needs the buffer before this one was done. */
  private hold(): void {
    const { scratch } = this;
    if (scratch.at > 0) this.held.push(Buffer.from(scratch.buffer.subarray(0, scratch.at)));
    scratch.at = 0;
    scratch.owner = undefined;
  }
}
