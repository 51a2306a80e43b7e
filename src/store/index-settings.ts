/**
 * Which attributes have which index, and whether it can be used yet. The table `index_state` is
 * what is there; the schema and its index settings are what is wanted. `reconcile` makes the
 * difference between them into work for reindex.ts. An index is used only while it is `ready`.
 */
import type Database from 'better-sqlite3';
import type { IndexUse } from '../directory/ports.js';
import type { AttributeType } from '../directory/schema/index.js';
import { type Interned, typeKey } from './interning.js';
import { SUBSTRING_SLOTS } from './substring-text.js';

const OBJECT_CLASS = '2.5.4.0';

export type IndexState = 'none' | 'building' | 'ready' | 'dropping';

export interface AttributeIndex {
  readonly type: AttributeType;
  /** The number of the type, as in `idx.attr`. */
  readonly number: number;
  readonly equality: IndexState;
  readonly substring: IndexState;
  /** Column of the substring table, or −1. */
  readonly slot: number;
  readonly ordering: boolean;
  /** Keys are the normal forms that substring pieces are compared with. */
  readonly keysServePieces: boolean;
}

interface StateRow {
  readonly attr: string;
  readonly use: 'eq' | 'sub';
  readonly state: IndexState;
  readonly cursor: number;
  readonly slot: number | null;
}

export class IndexSettings {
  readonly #db: Database.Database;
  readonly #interned: Interned;
  #byType = new Map<AttributeType, AttributeIndex>();
  #unfinished = false;

  constructor(db: Database.Database, interned: Interned) {
    this.#db = db;
    this.#interned = interned;
    this.load();
  }

  /** Reads the table anew. */
  load(): void {
    const { schema } = this.#interned;
    this.#byType = new Map();
    this.#unfinished = false;
    for (const row of this.rows()) {
      if (row.state !== 'ready') this.#unfinished = true;
      const type = schema.attribute(row.attr);
      if (type === undefined) continue;
      const number = this.#interned.typeNumber(type);
      const known = this.#byType.get(type);
      this.#byType.set(type, {
        type,
        number,
        equality: row.use === 'eq' ? row.state : (known?.equality ?? 'none'),
        substring: row.use === 'sub' ? row.state : (known?.substring ?? 'none'),
        slot: row.use === 'sub' ? (row.slot ?? -1) : (known?.slot ?? -1),
        ordering: type.index.ordering,
        keysServePieces:
          type.substring === undefined || type.substring.normalize === type.equality?.normalize,
      });
    }
  }

  rows(): StateRow[] {
    return this.#db
      .prepare('SELECT attr, use, state, cursor, slot FROM index_state ORDER BY attr, use')
      .all() as StateRow[];
  }

  /** Whether reindex.ts has work. */
  get unfinished(): boolean {
    return this.#unfinished;
  }

  of(type: AttributeType): AttributeIndex | undefined {
    return this.#byType.get(type);
  }

  all(): IterableIterator<AttributeIndex> {
    return this.#byType.values();
  }

  canUse(type: AttributeType, use: IndexUse): boolean {
    const index = this.#byType.get(type);
    if (index === undefined) return false;
    if (use === 'substring') return index.substring === 'ready';
    return index.equality === 'ready' && (use === 'equality' || index.ordering);
  }

  /**
   * Brings the table to what is wanted: new indexes start `building` (or `ready` where there is
   * nothing to index), unwanted ones `dropping`. Inside the caller's transaction.
   */
  reconcile(): void {
    const { schema } = this.#interned;
    const present = new Map(this.rows().map((row) => [`${row.attr} ${row.use}`, row]));
    const empty = this.#db.prepare('SELECT 1 FROM entry LIMIT 1').get() === undefined;
    const start = empty ? 'ready' : 'building';
    const wanted = new Set<string>();
    for (const type of schema.attributes) {
      // objectClass is found by kind.
      if (type.storage !== 'body' || type.oid === OBJECT_CLASS) continue;
      if (type.index.equality && type.equality !== undefined) {
        wanted.add(`${typeKey(type)} eq`);
        this.#want(type, 'eq', start, present);
      }
      if (type.index.substring && type.substring !== undefined) {
        wanted.add(`${typeKey(type)} sub`);
        this.#want(type, 'sub', start, present);
      }
    }
    for (const [key, row] of present) {
      if (wanted.has(key) || row.state === 'dropping') continue;
      this.#setState(row.attr, row.use, 'dropping');
    }
    this.load();
  }

  #want(
    type: AttributeType,
    use: 'eq' | 'sub',
    state: IndexState,
    present: ReadonlyMap<string, StateRow>,
  ): void {
    const attr = typeKey(type);
    const row = present.get(`${attr} ${use}`);
    if (row !== undefined && row.state !== 'dropping') return;
    if (row !== undefined) {
      this.#setState(attr, use, state);
      return;
    }
    const slot = use === 'sub' ? this.#freeSlot() : null;
    // More substring indexes than columns: the attribute stays without one, and canUse says so.
    if (slot === -1) return;
    this.#interned.internType(type);
    this.#db
      .prepare('INSERT INTO index_state(attr, use, state, cursor, slot) VALUES (?, ?, ?, 0, ?)')
      .run(attr, use, state, slot);
  }

  #setState(attr: string, use: string, state: IndexState): void {
    this.#db
      .prepare('UPDATE index_state SET state = ?, cursor = 0 WHERE attr = ? AND use = ?')
      .run(state, attr, use);
  }

  #freeSlot(): number {
    const taken = new Set(this.rows().map((row) => row.slot));
    for (let slot = 0; slot < SUBSTRING_SLOTS; slot += 1) if (!taken.has(slot)) return slot;
    return -1;
  }
}
