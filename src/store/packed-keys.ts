/**
 * Keys with the ids of their entries, packed into two arrays: a million of them are no object that
 * the collector has to look at. Found by their bytes where asked for, given out in order. Says
 * nothing of what a key means.
 */
import { type PackedStrings, sortedOrder } from './byte-order.js';

const FIRST_KEYS = 1_024;
const FIRST_BYTES = 16 * FIRST_KEYS;

export class PackedKeys implements PackedStrings {
  bytes = new Uint8Array(FIRST_BYTES);
  starts = new Uint32Array(FIRST_KEYS + 1);
  count = 0;
  #ids = new Float64Array(FIRST_KEYS);
  /** Where keys are looked up: chains of the numbers of keys (plus one), by hash. */
  #heads: Int32Array | undefined;
  #next = new Int32Array(0);

  constructor(options: { readonly lookedUp: boolean }) {
    if (!options.lookedUp) return;
    this.#heads = new Int32Array(2 * FIRST_KEYS);
    this.#next = new Int32Array(FIRST_KEYS);
  }

  idAt(i: number): number {
    return this.#ids[i]!;
  }

  add(key: Uint8Array, id: number): void {
    const i = this.count;
    const from = this.starts[i]!;
    if (i === this.#ids.length) this.#moreKeys();
    if (from + key.length > this.bytes.length) this.#moreBytes(key.length);
    const { bytes } = this;
    for (let k = 0; k < key.length; k += 1) bytes[from + k] = key[k]!;
    this.starts[i + 1] = from + key.length;
    this.#ids[i] = id;
    this.count = i + 1;
    if (this.#heads !== undefined) this.#link(i);
  }

  #moreKeys(): void {
    const more = 2 * this.#ids.length;
    const starts = new Uint32Array(more + 1);
    starts.set(this.starts);
    this.starts = starts;
    const ids = new Float64Array(more);
    ids.set(this.#ids);
    this.#ids = ids;
    if (this.#heads === undefined) return;
    this.#heads = new Int32Array(2 * more);
    this.#next = new Int32Array(more);
    for (let i = 0; i < this.count; i += 1) this.#link(i);
  }

  #moreBytes(least: number): void {
    const bytes = new Uint8Array(2 * this.bytes.length + least);
    bytes.set(this.bytes);
    this.bytes = bytes;
  }

  #link(i: number): void {
    const heads = this.#heads!;
    const slot = slotOf(this.bytes, this.starts[i]!, this.starts[i + 1]!, heads.length);
    this.#next[i] = heads[slot]!;
    heads[slot] = i + 1;
  }

  /** Ids under the key, undefined where there are none. Only of keys that are looked up. */
  find(key: Uint8Array): number[] | undefined {
    const heads = this.#heads;
    if (heads === undefined) throw new Error('these keys are not looked up');
    let found: number[] | undefined;
    let i = heads[slotOf(key, 0, key.length, heads.length)]! - 1;
    for (; i >= 0; i = this.#next[i]! - 1) {
      if (!this.#is(i, key)) continue;
      if (found === undefined) found = [this.#ids[i]!];
      else found.push(this.#ids[i]!);
    }
    return found;
  }

  #is(i: number, key: Uint8Array): boolean {
    const from = this.starts[i]!;
    if (this.starts[i + 1]! - from !== key.length) return false;
    for (let k = 0; k < key.length; k += 1) if (this.bytes[from + k] !== key[k]) return false;
    return true;
  }

  /** Numbers of the keys in the order of their bytes, equal ones as they were added. */
  order(): Uint32Array {
    return sortedOrder(this);
  }

  /** Forgets everything; the memory stays. */
  clear(): void {
    this.count = 0;
    this.#heads?.fill(0);
  }
}

/** FNV-1a, folded to a place in a table whose size is a power of two. */
function slotOf(bytes: Uint8Array, from: number, to: number, size: number): number {
  let hash = 0x811c9dc5;
  for (let i = from; i < to; i += 1) hash = Math.imul(hash ^ bytes[i]!, 0x01000193);
  return (hash ^ (hash >>> 15)) & (size - 1);
}
