/**
 * Entries as stored, kept up to a number of bytes. Second chance: an entry that was used since the
 * hand last passed stays. Holds no rendered state and no secrets; what a commit changed is dropped
 * by id.
 */
import type { EntryRecord } from '../directory/ports.js';

interface Slot {
  readonly record: EntryRecord;
  readonly bytes: number;
  used: boolean;
}

/** What an entry takes besides its body: the record, its strings, its places in the maps. */
const OVERHEAD_BYTES = 1_100;

export class EntryCache {
  readonly #bytesMax: number;
  readonly #slots = new Map<number, Slot>();
  #hand: IterableIterator<[number, Slot]> | undefined;
  #bytes = 0;

  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax;
  }

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
    const bytes = record.body.length + OVERHEAD_BYTES;
    if (bytes > this.#bytesMax / 8) return;
    if (this.#bytes + bytes > this.#bytesMax) this.#makeRoom(bytes);
    this.#slots.set(record.id, { record, bytes, used: false });
    this.#bytes += bytes;
  }

  /** The same for a scan: only where there is room, so that a scan pushes nothing out. */
  addIfRoom(record: EntryRecord): void {
    if (this.#bytes + record.body.length + OVERHEAD_BYTES <= this.#bytesMax) this.add(record);
  }

  drop(id: number): void {
    const slot = this.#slots.get(id);
    if (slot === undefined) return;
    this.#bytes -= slot.bytes;
    this.#slots.delete(id);
  }

  clear(): void {
    this.#slots.clear();
    this.#hand = undefined;
    this.#bytes = 0;
  }

  #makeRoom(bytes: number): void {
    // Two rounds at most: the first may only take the marks off.
    for (let round = 0; round < 3 && this.#bytes + bytes > this.#bytesMax; ) {
      this.#hand ??= this.#slots.entries();
      const next = this.#hand.next();
      if (next.done === true) {
        this.#hand = undefined;
        round += 1;
        continue;
      }
      const [id, slot] = next.value;
      if (slot.used) slot.used = false;
      else this.drop(id);
    }
  }
}
