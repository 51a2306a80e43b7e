/**
 * What the writer does otherwise while an import runs: index keys, rows of the substring index,
 * places, UUIDs and digests of entries stay in memory, packed, until the end. Whoever asks the
 * writer meanwhile gets the same answers as ever. Outside an import all of this is absent.
 */
import type Database from 'better-sqlite3';
import type { EntryRecord, EntryUpdate, EntryWrite, IdSet, Secret } from '../directory/ports.js';
import type { AttributeType } from '../directory/schema/index.js';
import type { Random } from '../runtime/random.js';
import { BulkDigests } from './bulk-digests.js';
import { BulkKeys } from './bulk-keys.js';
import { BulkPlaces } from './bulk-places.js';
import { EntryWrites, placeTaken } from './entry-writes.js';
import { idSet } from './id-sets.js';
import { indexKey } from './index-keys.js';
import { SecretWrites } from './secrets.js';
import { Transactions } from './transactions.js';

export abstract class Importing extends Transactions {
  protected readonly entryWrites: EntryWrites;
  protected readonly secretWrites: SecretWrites;
  /** Index keys that are not written yet. */
  #keys: BulkKeys | undefined;
  /** Digests of entries, until the baseline is written. */
  #digests: BulkDigests | undefined;
  /** Where the unique indexes of the entry table are put off. */
  #places: BulkPlaces | undefined;

  constructor(db: Database.Database, random: Random, cacheBytes: number) {
    super(db, random, cacheBytes);
    this.entryWrites = new EntryWrites(
      db,
      this.interned,
      this.settings,
      this.substring,
      (id) => this.noteSubstring(id),
      (attribute, key) => this.committed.key(attribute, key),
    );
    this.secretWrites = new SecretWrites(db);
  }

  override bulkBegin(): void {
    super.bulkBegin();
    this.#keys = new BulkKeys(this.db);
    this.entryWrites.holdKeys(this.#keys);
    this.secretWrites.holding = true;
    this.#digests = new BulkDigests(this.db, this.interned);
    if (this.rebuilding) this.#places = new BulkPlaces(this.db);
  }

  override bulkEnd(): void {
    this.#keys?.flush();
    this.secretWrites.holding = false;
    this.#dropHeld();
    super.bulkEnd();
  }

  override commit(): void {
    super.commit();
    this.#digests = undefined;
  }

  override rollback(): void {
    this.#digests = undefined;
    this.#dropHeld();
    this.secretWrites.drop();
    super.rollback();
  }

  #dropHeld(): void {
    this.#keys = undefined;
    this.entryWrites.holdKeys(undefined);
    this.#places = undefined;
  }

  /** Keys that are held back would survive a savepoint that fails: inside one none are. */
  override savepoint<T>(operation: () => T): T {
    this.#digests?.lose();
    this.#places?.doubt();
    const held = this.#keys;
    if (held === undefined) return super.savepoint(operation);
    held.flush();
    this.entryWrites.holdKeys(undefined);
    this.secretWrites.holding = false;
    try {
      return super.savepoint(operation);
    } finally {
      this.entryWrites.holdKeys(this.#keys);
      this.secretWrites.holding = this.#keys !== undefined;
    }
  }

  // ---- what the writer says of its writes -------------------------------------------------------

  /** Inserts the row. @throws LdapError entryAlreadyExists */
  protected insertRow(id: number, entry: EntryWrite): void {
    const places = this.#places;
    if (places !== undefined) {
      const { parentId, rdnKey, uuid } = entry;
      if (places.idAt(parentId, rdnKey) !== 0 || places.idOf(uuid) !== 0) {
        throw placeTaken(entry.rdn);
      }
      places.place(id, parentId, rdnKey);
      places.uuid(id, uuid);
    }
    // The body of the last entry is about to be written over.
    this.#digests?.close();
    const body = this.entryWrites.insert(id, entry);
    this.#digests?.entry(id, entry, body);
  }

  /** Changes the row. @throws LdapError entryAlreadyExists */
  protected updateRow(before: EntryRecord, update: EntryUpdate): void {
    // Its keys must be in place to be moved.
    this.#keys?.flush();
    if (update.uuid !== undefined) this.#digests?.renumber();
    if (this.#places !== undefined) this.#move(before, update, this.#places);
    this.entryWrites.update(before, update);
  }

  #move(before: EntryRecord, update: EntryUpdate, places: BulkPlaces): void {
    const { uuid, rdnKey } = update;
    const { id } = before;
    const parentId = update.parentId ?? before.parentId;
    const rdn = update.rdn ?? before.rdn;
    const others = [uuid && places.idOf(uuid), rdnKey && places.idAt(parentId, rdnKey)];
    if (others.some((other) => other && other !== id)) throw placeTaken(rdn);
    if (uuid !== undefined) places.renumber(id, uuid);
    if (rdnKey !== undefined) places.move(id, parentId, rdnKey);
  }

  protected deleteRow(before: EntryRecord): void {
    this.#digests?.lose();
    this.#places?.doubt();
    this.entryWrites.delete(before);
  }

  protected flushKeys(): void {
    this.#keys?.flush();
  }

  protected override touched(id: number): void {
    super.touched(id);
    this.#digests?.stale(id);
  }

  protected secretAdded(id: number, owner: number, kind: string, digest: string): void {
    this.#digests?.secret(id, owner, kind, digest);
  }

  protected secretRemoved(owner: number): void {
    this.#digests?.stale(owner);
  }

  /** Digest of all there is, where it is known without reading it; once. */
  protected takeDigest(): { digest: string; entries: number } | undefined {
    const digests = this.#digests;
    this.#digests = undefined;
    return digests?.finish(this.counts.total);
  }

  // ---- reads that see what is not written -------------------------------------------------------

  override idsEqual(attribute: AttributeType, key: Buffer, limit: number): IdSet {
    const index = this.#keys === undefined ? undefined : this.settings.of(attribute);
    const held = index?.equality === 'ready' && this.#keys?.find(index, indexKey(key));
    if (!held) return super.idsEqual(attribute, key, limit);
    if (held.whole) return idSet(held.ids, limit, true);
    const found = super.idsEqual(attribute, key, limit);
    if (held.ids.length === 0 || !found.complete) return found;
    return idSet([...found.ids, ...held.ids], limit, true);
  }

  override secrets(owner: number): Secret[] {
    this.secretWrites.flush();
    return super.secrets(owner);
  }

  override childId(parentId: number, rdnKey: string): number {
    if (this.#places === undefined) return super.childId(parentId, rdnKey);
    return this.#places.idAt(parentId, rdnKey);
  }

  override idByUuid(uuid: string): number {
    return this.#places === undefined ? super.idByUuid(uuid) : this.#places.idOf(uuid);
  }
}
