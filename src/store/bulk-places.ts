/**
 * Where entries are and which UUIDs they have, in memory while an import runs: the two unique
 * indexes of the entry table are made at its end, and this stands in for them. Knows every entry,
 * those from before included. Once an entry has moved, got another UUID or may have gone, what is
 * found is looked at in the table before it is believed.
 */
import type Database from 'better-sqlite3';
import { PackedKeys } from './packed-keys.js';

const PARENT_BYTES = 8;
const UUID_BYTES = 36;

export class BulkPlaces {
  readonly #places = new PackedKeys({ lookedUp: true });
  readonly #uuids = new PackedKeys({ lookedUp: true });
  readonly #row: Database.Statement;
  #scratch = Buffer.allocUnsafeSlow(1024);
  /** Whether every place, and every UUID, that was noted still holds. */
  #placesHold = true;
  #uuidsHold = true;

  constructor(db: Database.Database) {
    this.#row = db.prepare('SELECT parent, rdn_key, uuid FROM entry WHERE id = ?').raw();
    for (const row of db.prepare('SELECT id, parent, rdn_key, uuid FROM entry').raw().all()) {
      const [id, parent, rdnKey, uuid] = row as [number, number, string, string];
      this.place(id, parent, rdnKey);
      this.uuid(id, uuid);
    }
  }

  /** An entry goes, or a savepoint begins that may take back what is noted in it. */
  doubt(): void {
    this.#placesHold = false;
    this.#uuidsHold = false;
  }

  /** A new entry has this place. */
  place(id: number, parent: number, rdnKey: string): void {
    this.#places.add(this.#placeKey(parent, rdnKey), id);
  }

  /** A new entry has this UUID. */
  uuid(id: number, uuid: string): void {
    this.#uuids.add(this.#uuidKey(uuid), id);
  }

  /** An entry gets this place instead of its own, which is nobody else's. */
  move(id: number, parent: number, rdnKey: string): void {
    if (this.idAt(parent, rdnKey) === id) return;
    this.#placesHold = false;
    this.place(id, parent, rdnKey);
  }

  /** An entry gets this UUID instead of its own, which is nobody else's. */
  renumber(id: number, uuid: string): void {
    if (this.idOf(uuid) === id) return;
    this.#uuidsHold = false;
    this.uuid(id, uuid);
  }

  /** The entry in that place, or 0. */
  idAt(parent: number, rdnKey: string): number {
    for (const id of this.#places.find(this.#placeKey(parent, rdnKey)) ?? []) {
      if (this.#placesHold) return id;
      const row = this.#row.get(id) as [number, string, string] | undefined;
      if (row !== undefined && row[0] === parent && row[1] === rdnKey) return id;
    }
    return 0;
  }

  /** The entry with that UUID, or 0. */
  idOf(uuid: string): number {
    for (const id of this.#uuids.find(this.#uuidKey(uuid)) ?? []) {
      if (this.#uuidsHold) return id;
      const row = this.#row.get(id) as [number, string, string] | undefined;
      if (row?.[2] === uuid) return id;
    }
    return 0;
  }

  #placeKey(parent: number, rdnKey: string): Buffer {
    const most = PARENT_BYTES + rdnKey.length;
    if (this.#scratch.length < most) this.#scratch = Buffer.allocUnsafeSlow(2 * most);
    this.#scratch.writeDoubleBE(parent, 0);
    // One character a byte.
    const length = PARENT_BYTES + this.#scratch.latin1Write(rdnKey, PARENT_BYTES);
    return this.#scratch.subarray(0, length);
  }

  #uuidKey(uuid: string): Buffer {
    return this.#scratch.subarray(0, this.#scratch.latin1Write(uuid, 0, UUID_BYTES));
  }
}
