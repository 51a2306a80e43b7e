/**
 * Rows of the entry table as records, and where entries hang. Every statement the hot path needs is
 * prepared once and answers with arrays. Owns no cache: reads.ts does.
 */
import type Database from 'better-sqlite3';
import type { EntryRecord, Suffix } from '../directory/ports.js';
import type { Interned } from './interning.js';

export type EntryRow = [
  id: number,
  parent: number,
  rdn: string,
  uuid: string,
  csn: string,
  createdAt: number,
  createdBy: number,
  modifiedAt: number,
  modifiedBy: number,
  kind: number,
  hasEdges: number,
  body: Buffer,
];

const columns =
  'id, parent, rdn, uuid, csn, created_at, created_by, modified_at, modified_by, kind, ' +
  'has_edges, body';

export class EntryReads {
  readonly #interned: Interned;
  readonly #byId: Database.Statement;
  readonly #after: Database.Statement;
  readonly #idsAfter: Database.Statement;
  readonly #child: Database.Statement;
  readonly #childIds: Database.Statement;
  readonly #childCount: Database.Statement;
  readonly #byUuid: Database.Statement;
  readonly #suffixes: Database.Statement;

  constructor(db: Database.Database, interned: Interned) {
    this.#interned = interned;
    this.#byId = db.prepare(`SELECT ${columns} FROM entry WHERE id = ?`).raw();
    this.#after = db
      .prepare(`SELECT ${columns} FROM entry WHERE id > ? ORDER BY id LIMIT +?`)
      .raw();
    const one = (sql: string) => db.prepare(sql).pluck();
    this.#idsAfter = one('SELECT id FROM entry WHERE id > ? ORDER BY id LIMIT +?');
    this.#child = one('SELECT id FROM entry WHERE parent = ? AND rdn_key = ?');
    this.#childIds = one(
      `SELECT id FROM entry INDEXED BY entry_parent
         WHERE parent = ? AND id > ? ORDER BY id LIMIT +?`,
    );
    this.#childCount = one('SELECT n FROM child_count WHERE parent = ?');
    this.#byUuid = one('SELECT id FROM entry WHERE uuid = ?');
    this.#suffixes = db.prepare(
      'SELECT id, rdn AS dn, rdn_key AS key FROM entry WHERE parent = 0 ORDER BY id',
    );
  }

  #record(row: EntryRow): EntryRecord {
    return {
      id: row[0],
      parentId: row[1],
      rdn: row[2],
      uuid: row[3],
      csn: row[4],
      createdAt: row[5],
      createdBy: this.#interned.name(row[6]),
      modifiedAt: row[7],
      modifiedBy: this.#interned.name(row[8]),
      kind: this.#interned.kind(row[9]),
      hasEdges: row[10] !== 0,
      body: row[11],
    };
  }

  entry(id: number): EntryRecord | undefined {
    const row = this.#byId.get(id) as EntryRow | undefined;
    return row === undefined ? undefined : this.#record(row);
  }

  entriesAfter(afterId: number, limit: number): EntryRecord[] {
    const rows = this.#after.all(afterId, limit) as EntryRow[];
    return rows.map((row) => this.#record(row));
  }

  idsAfter(afterId: number, limit: number): number[] {
    return this.#idsAfter.all(afterId, limit) as number[];
  }

  childId(parentId: number, rdnKey: string): number {
    return (this.#child.get(parentId, rdnKey) as number | undefined) ?? 0;
  }

  childIds(parentId: number, afterId: number, limit: number): number[] {
    return this.#childIds.all(parentId, afterId, limit) as number[];
  }

  childCount(id: number): number {
    return (this.#childCount.get(id) as number | undefined) ?? 0;
  }

  idByUuid(uuid: string): number {
    return (this.#byUuid.get(uuid) as number | undefined) ?? 0;
  }

  suffixes(): Suffix[] {
    return this.#suffixes.all() as Suffix[];
  }
}
