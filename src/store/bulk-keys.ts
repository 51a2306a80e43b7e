/**
 * Equality keys of an import, held back packed and written sorted, many in one statement: a b-tree
 * that grows at its end takes a third of the time of one that grows everywhere. Keys that an import
 * itself looks up (login names, numbers and SSH keys, for uniqueness) are found here meanwhile;
 * others are not found until they are flushed.
 */
import type Database from 'better-sqlite3';
import type { AttributeIndex } from './index-settings.js';
import { JsonbRows } from './jsonb.js';
import { PackedKeys } from './packed-keys.js';

/** Attributes that imports look up while they run. */
const LOOKED_UP = new Set(['uid', 'uidNumber', 'gidNumber', 'sshPublicKey']);
/** Keys of one attribute held back at most: some 15 MB. */
const HELD_MAX = 500_000;
/** One statement's keys: about this many bytes. */
const STATEMENT_BYTES = 1024 * 1024;
/** Up to so many keys of an attribute that were there before are looked up here as well. */
const KNOWN_MAX = 2_000;
/** Times that the keys of an attribute are fetched: after each flush at most once. */
const FETCHES_MAX = 16;

interface HeldKeys {
  readonly keys: PackedKeys;
  /** Whether `keys` has all that the table has: then nobody needs to ask it. */
  whole: boolean;
  fetches: number;
}

export class BulkKeys {
  readonly #insert: Database.Statement;
  readonly #stored: Database.Statement;
  /** By attribute number. */
  readonly #held = new Map<number, HeldKeys>();

  constructor(db: Database.Database) {
    // What was fetched is there already.
    this.#insert = db.prepare(
      `INSERT OR IGNORE INTO idx(attr, key, id)
         SELECT ?, CAST(key AS BLOB), value FROM json_each(?)`,
    );
    this.#stored = db
      .prepare(`SELECT key, id FROM idx WHERE attr = ? LIMIT ${KNOWN_MAX + 1}`)
      .raw();
  }

  #of(index: AttributeIndex): HeldKeys {
    let held = this.#held.get(index.number);
    if (held === undefined) {
      const lookedUp = LOOKED_UP.has(index.type.name);
      held = { keys: new PackedKeys({ lookedUp }), whole: false, fetches: 0 };
      this.#held.set(index.number, held);
    }
    return held;
  }

  add(index: AttributeIndex, key: Buffer, id: number): void {
    const held = this.#of(index);
    held.keys.add(key, id);
    if (held.keys.count >= HELD_MAX) this.#write(index.number, held);
  }

  /**
   * Entries under the key that are held back; `whole` where the table has no others. Undefined for
   * attributes that imports do not look up.
   */
  find(index: AttributeIndex, key: Buffer): { ids: number[]; whole: boolean } | undefined {
    if (!LOOKED_UP.has(index.type.name)) return undefined;
    const held = this.#of(index);
    if (!held.whole && held.fetches < FETCHES_MAX) this.#fetch(index.number, held);
    return { ids: held.keys.find(key) ?? [], whole: held.whole };
  }

  /** Takes in what the table has of the attribute, where that is little. */
  #fetch(attribute: number, held: HeldKeys): void {
    const rows = this.#stored.all(attribute) as [Buffer, number][];
    held.fetches = rows.length > KNOWN_MAX ? FETCHES_MAX : held.fetches + 1;
    if (rows.length > KNOWN_MAX) return;
    for (const [key, id] of rows) held.keys.add(key, id);
    held.whole = true;
  }

  #write(attribute: number, held: HeldKeys): void {
    const { keys } = held;
    const rows = new JsonbRows();
    for (const i of keys.order()) {
      rows.add(keys.bytes, keys.starts[i]!, keys.starts[i + 1]!, keys.idAt(i));
      if (rows.size >= STATEMENT_BYTES) this.#insert.run(attribute, rows.take());
    }
    if (!rows.empty) this.#insert.run(attribute, rows.take());
    keys.clear();
    held.whole = false;
  }

  /** Writes everything that is held back. */
  flush(): void {
    for (const [attribute, held] of this.#held) this.#write(attribute, held);
  }
}
