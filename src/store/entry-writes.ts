/**
 * Writing rows of the entry table together with their index keys. On an update only the attributes
 * whose stored bytes differ are looked at, and their keys are moved by difference. Knows nothing of
 * children, edges, secrets or the log.
 */
import type Database from 'better-sqlite3';
import {
  type BodyAttribute,
  bodyCount,
  bodyFind,
  bodyNumberAt,
  bodyStartAt,
  bodyValuesAt,
  encodeBody,
} from '../directory/model/body.js';
import type { BodyValues, EntryRecord, EntryUpdate, EntryWrite } from '../directory/ports.js';
import type { AttributeType } from '../directory/schema/index.js';
import { LdapError } from '../runtime/errors.js';
import type { BulkKeys } from './bulk-keys.js';
import { indexKey, keysOfValues, keysWithout } from './index-keys.js';
import type { AttributeIndex, IndexSettings } from './index-settings.js';
import type { Interned } from './interning.js';
import { hasSqliteCode } from './sqlite-errors.js';
import type { SubstringWrites } from './substring-index.js';

/** Room for the body of any but an unusual entry. */
const BODY_BYTES = 64 * 1024;

export class EntryWrites {
  readonly #interned: Interned;
  readonly #settings: IndexSettings;
  readonly #substring: SubstringWrites;
  readonly #noteSubstring: (id: number) => void;
  readonly #noteKey: (attribute: number, key: Buffer) => void;
  readonly #insert: Database.Statement;
  readonly #updateMeta: Database.Statement;
  readonly #updateBody: Database.Statement;
  readonly #updateAll: Database.Statement;
  readonly #delete: Database.Statement;
  readonly #touch: Database.Statement;
  readonly #insertKey: Database.Statement;
  readonly #deleteKey: Database.Statement;
  #held: BulkKeys | undefined;
  /** Bodies are made here: SQLite takes a copy. */
  readonly #scratch = Buffer.allocUnsafeSlow(BODY_BYTES);

  constructor(
    db: Database.Database,
    interned: Interned,
    settings: IndexSettings,
    substring: SubstringWrites,
    noteSubstring: (id: number) => void,
    noteKey: (attribute: number, key: Buffer) => void,
  ) {
    this.#interned = interned;
    this.#settings = settings;
    this.#substring = substring;
    this.#noteSubstring = noteSubstring;
    this.#noteKey = noteKey;
    this.#insert = db.prepare(
      `INSERT INTO entry(id, parent, rdn_key, rdn, uuid, csn, created_at, created_by, modified_at,
         modified_by, kind, has_edges, body) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, ?)`,
    );
    const meta = 'csn = ?, modified_at = ?, modified_by = ?';
    this.#updateMeta = db.prepare(`UPDATE entry SET ${meta} WHERE id = ?`);
    this.#updateBody = db.prepare(`UPDATE entry SET ${meta}, body = ? WHERE id = ?`);
    this.#updateAll = db.prepare(
      `UPDATE entry SET ${meta}, body = ?, created_at = ?, created_by = ?, kind = ?, parent = ?,
         rdn = ?, rdn_key = coalesce(?, rdn_key), uuid = coalesce(?, uuid) WHERE id = ?`,
    );
    this.#delete = db.prepare('DELETE FROM entry WHERE id = ?');
    this.#touch = db.prepare(
      `UPDATE entry SET ${meta} WHERE id IN (SELECT value FROM json_each(?))`,
    );
    // REPLACE overwrites in place; IGNORE would look first whether the key is there.
    this.#insertKey = db.prepare('INSERT OR REPLACE INTO idx(attr, key, id) VALUES (?, ?, ?)');
    this.#deleteKey = db.prepare('DELETE FROM idx WHERE attr = ? AND key = ? AND id = ?');
  }

  /** From here on the keys of new entries go there; undefined: into the index, as ever. */
  holdKeys(held: BulkKeys | undefined): void {
    this.#held = held;
  }

  /**
   * Returns the stored body, which is there until the next entry is inserted.
   * @throws LdapError entryAlreadyExists where the place or the UUID is taken.
   */
  insert(id: number, entry: EntryWrite): Buffer {
    const { meta } = entry;
    const body = encodeBody(this.#bodyAttributes(entry.attributes), this.#scratch);
    try {
      this.#insert.run(
        id,
        entry.parentId,
        entry.rdnKey,
        entry.rdn,
        entry.uuid,
        meta.csn,
        meta.createdAt,
        this.#interned.internName(meta.createdBy),
        meta.modifiedAt,
        this.#interned.internName(meta.modifiedBy),
        this.#interned.internKind(entry.kind),
        body,
      );
    } catch (error) {
      throw taken(error, entry.rdn);
    }
    this.#insertAllKeys(id, entry.attributes);
    return body;
  }

  #insertAllKeys(id: number, attributes: readonly BodyValues[]): void {
    let substring = false;
    for (const { type, values } of attributes) {
      const index = this.#settings.of(type);
      if (index === undefined) continue;
      if (maintained(index.substring)) substring = true;
      if (!maintained(index.equality)) continue;
      for (const value of values) {
        const normal = type.equality!.normalize(value);
        if (normal === undefined) continue;
        const key = indexKey(normal);
        if (this.#held !== undefined) {
          this.#held.add(index, key, id);
          continue;
        }
        this.#insertKey.run(index.number, key, id);
        this.#noteKey(index.number, key);
      }
    }
    if (!substring) return;
    if (this.#held === undefined) this.#noteSubstring(id);
    else this.#substring.hold(id, attributes);
  }

  #bodyAttributes(attributes: readonly BodyValues[]): BodyAttribute[] {
    const list: BodyAttribute[] = [];
    for (const { key, name, values } of attributes) {
      list.push({ number: this.#interned.internAttribute(key, name), name, values });
    }
    return list;
  }

  /** @throws LdapError entryAlreadyExists where the new place is taken. */
  update(before: EntryRecord, update: EntryUpdate): void {
    const { meta } = update;
    let body = before.body;
    if (update.attributes !== undefined) {
      body = encodeBody(this.#bodyAttributes(update.attributes));
      this.#moveKeys(before, body);
    }
    const modifiedBy = this.#interned.internName(meta.modifiedBy);
    const same =
      !isRename(update) &&
      update.uuid === undefined &&
      (update.kind === undefined || update.kind === before.kind) &&
      meta.createdAt === before.createdAt &&
      meta.createdBy === before.createdBy;
    if (same && body === before.body) {
      this.#updateMeta.run(meta.csn, meta.modifiedAt, modifiedBy, before.id);
      return;
    }
    if (same) {
      this.#updateBody.run(meta.csn, meta.modifiedAt, modifiedBy, body, before.id);
      return;
    }
    const rdn = update.rdn ?? before.rdn;
    try {
      this.#updateAll.run(
        meta.csn,
        meta.modifiedAt,
        modifiedBy,
        body,
        meta.createdAt,
        this.#interned.internName(meta.createdBy),
        this.#interned.internKind(update.kind ?? before.kind),
        update.parentId ?? before.parentId,
        rdn,
        update.rdnKey ?? null,
        update.uuid ?? null,
        before.id,
      );
    } catch (error) {
      throw taken(error, rdn);
    }
  }

  delete(before: EntryRecord): void {
    this.#delete.run(before.id);
    this.#moveKeys(before, nobody);
  }

  touch(ids: readonly number[], csn: string, modifiedAt: number, modifiedBy: string): void {
    const actor = this.#interned.internName(modifiedBy);
    this.#touch.run(csn, modifiedAt, actor, JSON.stringify(ids));
  }

  /** Moves the keys of every attribute that differs between the entry's body and `body`. */
  #moveKeys(before: EntryRecord, body: Buffer): void {
    const changed: AttributeType[] = [];
    collectChanged(before.body, body, changed, this.#interned);
    collectChanged(body, before.body, changed, this.#interned);
    let substring = false;
    for (const type of changed) {
      const index = this.#settings.of(type);
      if (index === undefined) continue;
      if (maintained(index.equality)) this.#moveKeysOf(before, body, index);
      if (maintained(index.substring)) substring = true;
    }
    if (substring) this.#noteSubstring(before.id);
  }

  #moveKeysOf(before: EntryRecord, body: Buffer, index: AttributeIndex): void {
    const old = keysOfBody(before.body, index.type, this.#interned);
    const now = keysOfBody(body, index.type, this.#interned);
    for (const key of keysWithout(old, now)) {
      this.#deleteKey.run(index.number, key, before.id);
      this.#noteKey(index.number, key);
      this.#noteKey(index.number, key);
    }
    for (const key of keysWithout(now, old)) {
      this.#insertKey.run(index.number, key, before.id);
      this.#noteKey(index.number, key);
      this.#noteKey(index.number, key);
    }
  }

  /** Adds the keys of one attribute of a stored entry: an index being built. */
  addKeys(id: number, body: Buffer, index: AttributeIndex): void {
    for (const key of keysOfBody(body, index.type, this.#interned)) {
      this.#insertKey.run(index.number, key, id);
      this.#noteKey(index.number, key);
    }
  }
}

const nobody = encodeBody([]);

/** Whether the update gives the entry a place. */
export function isRename(update: EntryUpdate): boolean {
  return update.rdn !== undefined || update.rdnKey !== undefined || update.parentId !== undefined;
}

/** What is being dropped needs no care: its rows go by and by. */
function maintained(state: AttributeIndex['equality']): boolean {
  return state === 'ready' || state === 'building';
}

/** Index keys of an attribute of a stored body, over all its options. */
export function keysOfBody(body: Buffer, type: AttributeType, interned: Interned): Buffer[] {
  const keys: Buffer[] = [];
  const normalize = type.equality?.normalize;
  if (normalize === undefined) return keys;
  const descriptions = interned.descriptions();
  const count = bodyCount(body);
  for (let i = 0; i < count; i += 1) {
    if (descriptions[bodyNumberAt(body, i)]?.type !== type) continue;
    keysOfValues(bodyValuesAt(body, i), normalize, keys);
  }
  return keys;
}

/** Adds the types of the attributes in `one` that `other` does not hold byte by byte. */
function collectChanged(
  one: Buffer,
  other: Buffer,
  changed: AttributeType[],
  interned: Interned,
): void {
  const count = bodyCount(one);
  for (let i = 0; i < count; i += 1) {
    const number = bodyNumberAt(one, i);
    const j = bodyFind(other, number);
    if (j >= 0 && sameAttribute(one, i, other, j)) continue;
    const type = interned.descriptions()[number]?.type;
    if (type !== undefined && !changed.includes(type)) changed.push(type);
  }
}

function sameAttribute(one: Buffer, i: number, other: Buffer, j: number): boolean {
  const from = bodyStartAt(one, i);
  const to = bodyStartAt(one, i + 1);
  const start = bodyStartAt(other, j);
  const end = bodyStartAt(other, j + 1);
  if (to - from !== end - start) return false;
  return one.compare(other, start, end, from, to) === 0;
}

/** The refusal for a place, or a UUID, that another entry has. */
export function placeTaken(rdn: string): LdapError {
  return new LdapError('entryAlreadyExists', `there is an entry in the place of "${rdn}" already`);
}

function taken(error: unknown, rdn: string): unknown {
  return hasSqliteCode(error, 'SQLITE_CONSTRAINT_UNIQUE') ? placeTaken(rdn) : error;
}
