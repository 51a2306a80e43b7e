/**
 * Cuts a stream of chunks into blocks: the bytes up to and including the next empty line, which is
 * what ends an LDIF record (RFC 2849). Looks at nothing else. Each block is its own exact copy, so
 * a chunk may be reused once pushed, and a record keeps no more memory alive than its own text;
 * unless `shared` memory was asked for, where small blocks lie together and whoever wants to keep a
 * value keeps a copy.
 */

const lfLf = Buffer.from('\n\n');
const lfCrLf = Buffer.from('\n\r\n');
const firstStoreBytes = 128 * 1024;
/** Memory that small blocks share: an allocation each would take longer than reading them. */
const slabBytes = 64 * 1024;

/** Finds one kind of empty line, scanning every byte once however often it is asked. */
class Needle {
  private readonly pattern: Buffer;
  /** Where the pattern starts, or -1: none before `searched`. */
  private at = -1;
  private searched = 0;

  constructor(pattern: Buffer) {
    this.pattern = pattern;
  }

  /** Start of the first occurrence in `data` at or after `from`, or -1. */
  find(data: Buffer, from: number): number {
    if (this.at >= from) return this.at;
    const start = Math.max(this.searched, from);
    this.at = data.indexOf(this.pattern, start);
    this.searched = this.at < 0 ? data.length - this.pattern.length + 1 : this.at + 1;
    return this.at;
  }

  /** The data moved towards the front by so many bytes. */
  shift(bytes: number): void {
    if (this.at >= 0) this.at -= bytes;
    this.searched = Math.max(0, this.searched - bytes);
  }
}

/** Whether each block has memory of its own or small ones share theirs. */
export type BlockMemory = 'own' | 'shared';

/** A queue of bytes that gives out whole blocks. */
export class LdifBlocks {
  private store = Buffer.allocUnsafeSlow(firstStoreBytes);
  /** `store` up to the last byte that was pushed. */
  private data = this.store.subarray(0, 0);
  private from = 0;
  private slab = Buffer.alloc(0);
  private slabUsed = 0;
  private ended = false;
  private readonly memory: BlockMemory;
  private readonly lf = new Needle(lfLf);
  private readonly crlf = new Needle(lfCrLf);

  constructor(memory: BlockMemory = 'own') {
    this.memory = memory;
  }

  /** Bytes that wait for the end of their block. */
  get waitingBytes(): number {
    return this.data.length - this.from;
  }

  /** Adds a chunk; it is copied. */
  push(chunk: Uint8Array): void {
    if (this.ended) throw new Error('LDIF pushed after its end');
    const waiting = this.waitingBytes;
    const needed = waiting + chunk.length;
    if (this.data.length + chunk.length > this.store.length) {
      let target = this.store;
      if (needed > target.length) {
        target = Buffer.allocUnsafeSlow(Math.max(needed, 2 * target.length));
      }
      this.store.copy(target, 0, this.from, this.data.length);
      this.store = target;
      this.lf.shift(this.from);
      this.crlf.shift(this.from);
      this.from = 0;
    }
    this.store.set(chunk, this.from + waiting);
    this.data = this.store.subarray(0, this.from + needed);
  }

  /** No more chunks: what waits is the last block. */
  end(): void {
    this.ended = true;
  }

  /** The next block, or undefined: more is needed, or there is nothing left. */
  take(): Buffer | undefined {
    if (this.from === this.data.length) return undefined;
    const lf = this.lf.find(this.data, this.from);
    const crlf = this.crlf.find(this.data, this.from);
    let to: number;
    if (lf >= 0 && (crlf < 0 || lf < crlf)) to = lf + lfLf.length;
    else if (crlf >= 0) to = crlf + lfCrLf.length;
    else if (this.ended) to = this.data.length;
    else return undefined;
    const block = this.room(to - this.from);
    this.data.copy(block, 0, this.from, to);
    this.from = to;
    return block;
  }
  /** Room for so many bytes, not filled. */
  private room(bytes: number): Buffer {
    if (this.memory === 'own' || bytes > slabBytes / 8) return Buffer.allocUnsafeSlow(bytes);
    if (this.slabUsed + bytes > this.slab.length) {
      this.slab = Buffer.allocUnsafeSlow(slabBytes);
      this.slabUsed = 0;
    }
    const from = this.slabUsed;
    this.slabUsed = from + bytes;
    return this.slab.subarray(from, this.slabUsed);
  }
}
