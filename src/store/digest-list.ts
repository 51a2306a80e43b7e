/**
 * Digests of entries, packed as text: UUID and digest, a hundred bytes an entry and no object for
 * the collector. Gives the digest of an export (see canonical.ts), which is that of the entries'
 * digests in the order of their UUIDs.
 */
import { createHash } from 'node:crypto';
import { sortedOrder } from './byte-order.js';

const UUID_BYTES = 36;
const DIGEST_BYTES = 64;
const RECORD_BYTES = UUID_BYTES + DIGEST_BYTES;
const FIRST_RECORDS = 256;
const LF = 0x0a;
/** Digests joined at a time. */
const JOINED = 4_096;

export class DigestList {
  #bytes = Buffer.allocUnsafeSlow(FIRST_RECORDS * RECORD_BYTES);
  count = 0;

  /** Adds an entry, the digest in hex; returns its place in the list. */
  add(uuid: string, digest: string): number {
    const place = this.count;
    const at = place * RECORD_BYTES;
    if (at === this.#bytes.length) {
      const larger = Buffer.allocUnsafeSlow(2 * at);
      this.#bytes.copy(larger);
      this.#bytes = larger;
    }
    this.#bytes.latin1Write(uuid, at, UUID_BYTES);
    this.#bytes.latin1Write(digest, at + UUID_BYTES, DIGEST_BYTES);
    this.count += 1;
    return place;
  }

  /** Puts another digest in place of an entry's. */
  replace(place: number, digest: string): void {
    this.#bytes.latin1Write(digest, place * RECORD_BYTES + UUID_BYTES, DIGEST_BYTES);
  }

  uuidAt(place: number): string {
    const at = place * RECORD_BYTES;
    return this.#bytes.latin1Slice(at, at + UUID_BYTES);
  }

  /** The same as exportDigest of the same digests. */
  digest(): string {
    const { count } = this;
    const bytes = this.#bytes;
    const starts = new Uint32Array(count + 1);
    for (let i = 1; i <= count; i += 1) starts[i] = i * RECORD_BYTES;
    const order = sortedOrder({ bytes, starts, count });
    const total = createHash('sha256');
    const joined = Buffer.allocUnsafe(JOINED * (DIGEST_BYTES + 1));
    let at = 0;
    for (let i = 0; i < count; i += 1) {
      const from = order[i]! * RECORD_BYTES + UUID_BYTES;
      if (i > 0) joined[at++] = LF;
      at += bytes.copy(joined, at, from, from + DIGEST_BYTES);
      if (i % JOINED === JOINED - 1) {
        total.update(joined.subarray(0, at));
        at = 0;
      }
    }
    return total.update(joined.subarray(0, at)).digest('hex');
  }
}
