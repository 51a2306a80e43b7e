/**
 * Entries as stored, kept up to a number of bytes. Bodies are copied into slabs: one allocation for
 * some five hundred of them, where one each costs as much again as the body. When room is needed
 * the oldest slab goes; what was used of it since it was filled moves to the newest (second
 * chance). Holds no rendered state and no secrets; what a commit changed is dropped by id.
 *
 * A slab is never overwritten: a view of a body outlives its place in the cache.
 */
import type { EntryRecord } from '../directory/ports.js';
import { IdMap } from './id-map.js';

/** Where some bodies lie, one behind the other. */
interface Slab {
  readonly buffer: Buffer;
  /** Octets in use, from the start. */
  at: number;
  /** Entries put here, those that were dropped since among them. */
  readonly ids: number[];
  /** Entries that are still here. */
  live: number;
}

type Movable = Omit<EntryRecord, 'body'> & { body: Buffer };

interface Slot {
  readonly record: Movable;
  readonly slab: Slab;
  used: boolean;
}

const SLAB_BYTES = 256 * 1024;
/** What an entry takes besides its body: the record, its strings, its places in the maps. */
const OVERHEAD_BYTES = 700;
/** Slabs emptied for one new entry at most: room may be found a little later. */
const ROUNDS_MAX = 8;

export class EntryCache {
  readonly #bytesMax: number;
  readonly #slabBytes: number;
  readonly #slots = new IdMap<Slot>();
  /** Oldest first; the last is being filled. */
  readonly #slabs = new Set<Slab>();
  #filling: Slab | undefined;
  #bytes = 0;

  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax;
    this.#slabBytes = Math.min(SLAB_BYTES, Math.ceil(bytesMax / 16));
  }

  /** Whole slabs count, however little of them is used. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Past nine tenths of what it may take. */
  get full(): boolean {
    return this.#bytes > this.#bytesMax * 0.9;
  }

  get size(): number {
    return this.#slots.size;
  }

  get(id: number): EntryRecord | undefined {
    const slot = this.#slots.get(id);
    if (slot === undefined) return undefined;
    slot.used = true;
    return slot.record;
  }

  /** Keeps a record; others make room for it. */
  add(record: EntryRecord): void {
    this.drop(record.id);
    if (record.body.length + OVERHEAD_BYTES > this.#bytesMax / 8) return;
    this.#put(record);
    if (this.#bytes > this.#bytesMax) this.#makeRoom();
  }

  /** The same for a scan: only where there is room, so that a scan pushes nothing out. */
  addIfRoom(record: EntryRecord): void {
    if (this.#bytes + record.body.length + OVERHEAD_BYTES <= this.#bytesMax) this.add(record);
  }

  drop(id: number): void {
    const slot = this.#slots.get(id);
    if (slot === undefined) return;
    this.#slots.delete(id);
    this.#bytes -= OVERHEAD_BYTES;
    slot.slab.live -= 1;
    if (slot.slab.live === 0 && slot.slab !== this.#filling) this.#free(slot.slab);
  }

  clear(): void {
    this.#slots.clear();
    this.#slabs.clear();
    this.#filling = undefined;
    this.#bytes = 0;
  }

  /** The record's body becomes a view of a slab: the same octets in another place. */
  #put(record: Movable): void {
    const { body, id } = record;
    const slab = this.#slabFor(body.length);
    const start = slab.at;
    slab.at += body.length;
    slab.buffer.set(body, start);
    record.body = slab.buffer.subarray(start, slab.at);
    slab.ids.push(id);
    slab.live += 1;
    this.#slots.set(id, { record, slab, used: false });
    this.#bytes += OVERHEAD_BYTES;
  }

  /** The slab being filled if it has room, or a new one. */
  #slabFor(bytes: number): Slab {
    const filling = this.#filling;
    if (filling !== undefined && filling.at + bytes <= filling.buffer.length) return filling;
    if (filling?.live === 0) this.#free(filling);
    const buffer = Buffer.allocUnsafeSlow(Math.max(bytes, this.#slabBytes));
    const slab: Slab = { buffer, at: 0, ids: [], live: 0 };
    this.#slabs.add(slab);
    this.#bytes += buffer.length;
    this.#filling = slab;
    return slab;
  }

  #free(slab: Slab): void {
    if (this.#slabs.delete(slab)) this.#bytes -= slab.buffer.length;
  }

  #makeRoom(): void {
    for (let round = 0; round < ROUNDS_MAX && this.#bytes > this.#bytesMax; round += 1) {
      const [oldest] = this.#slabs;
      if (oldest === undefined || oldest === this.#filling) return;
      this.#slabs.delete(oldest);
      this.#bytes -= oldest.buffer.length;
      for (const id of oldest.ids) {
        const slot = this.#slots.get(id);
        if (slot === undefined || slot.slab !== oldest) continue;
        this.#slots.delete(id);
        this.#bytes -= OVERHEAD_BYTES;
        if (slot.used) this.#put(slot.record);
      }
    }
  }
}
