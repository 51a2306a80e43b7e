/**
 * The digest of everything at the end of an import, made while the import runs: each entry's when
 * the next one comes, from what was in hand when it was written. Entries that something happened to
 * later, and those that were there before, are read at the end. What would make a digest wrong in a
 * way that cannot be followed (`lose`) leaves the whole to contentDigest.
 */
import type Database from 'better-sqlite3';
import type { EntryWrite } from '../directory/ports.js';
import { DigestList } from './digest-list.js';
import { Digester } from './entry-digest.js';
import { EntryExport } from './export.js';
import type { Interned } from './interning.js';

/** An entry that may still get secrets. */
interface Open {
  readonly id: number;
  readonly parent: string;
  readonly entry: EntryWrite;
  readonly body: Buffer;
  readonly secrets: Map<number, string>;
}

const noEdges: ReadonlyMap<string, string[]> = new Map();
/** UUIDs of entries that were there before, kept. */
const UUIDS_MAX = 10_000;

export class BulkDigests {
  readonly #db: Database.Database;
  readonly #interned: Interned;
  readonly #digester: Digester;
  readonly #list = new DigestList();
  readonly #uuid: Database.Statement;
  readonly #uuids = new Map<number, string>();
  readonly #stale = new Set<number>();
  #lastStale = 0;
  /** Id of the first entry; the others follow without a gap. */
  #first = 0;
  #open: Open | undefined;
  #lost = false;

  constructor(db: Database.Database, interned: Interned) {
    this.#db = db;
    this.#interned = interned;
    this.#digester = new Digester(interned);
    this.#uuid = db.prepare('SELECT uuid FROM entry WHERE id = ?').pluck();
  }

  /** An entry that was added; `body` is looked at until `close`, at the next one. */
  entry(id: number, entry: EntryWrite, body: Buffer): void {
    this.close();
    if (this.#first === 0) this.#first = id;
    if (id !== this.#first + this.#list.count) this.#lost = true;
    if (this.#lost) return;
    const parent = entry.parentId === 0 ? '' : this.#uuidOf(entry.parentId);
    this.#open = { id, parent, entry, body, secrets: new Map() };
  }

  /** A secret that was added. */
  secret(id: number, owner: number, kind: string, digest: string): void {
    if (this.#open?.id === owner) this.#open.secrets.set(id, `${kind} ${digest}`);
    else this.stale(owner);
  }

  /** Something happened to the entry: it will be read. */
  stale(id: number): void {
    if (id === this.#lastStale) return;
    if (this.#open?.id === id) this.close();
    // What was there before is read in any case, what is being added is not there yet.
    const place = id - this.#first;
    if (place < 0 || place >= this.#list.count) return;
    this.#stale.add(id);
    this.#lastStale = id;
  }

  /** An entry got another UUID: fine until it is in the digest of a child or an edge. */
  renumber(): void {
    this.#uuids.clear();
    if (this.#first !== 0) this.lose();
  }

  /** An entry went, or a savepoint may take back what was added. */
  lose(): void {
    this.#lost = true;
    this.#open = undefined;
  }

  /** Makes the digest of the last entry; its body is not looked at any more. */
  close(): void {
    if (this.#open === undefined) return;
    const { parent, entry, body, secrets } = this.#open;
    this.#open = undefined;
    const { uuid, rdn, meta } = entry;
    const digested = { uuid, parent, rdn, meta, body, edges: noEdges, secrets };
    this.#list.add(uuid, this.#digester.digest(digested));
  }

  #uuidOf(id: number): string {
    const place = id - this.#first;
    if (this.#first !== 0 && place >= 0 && place < this.#list.count) {
      return this.#list.uuidAt(place);
    }
    let uuid = this.#uuids.get(id);
    if (uuid === undefined) {
      uuid = (this.#uuid.get(id) as string | undefined) ?? '';
      if (this.#uuids.size >= UUIDS_MAX) this.#uuids.clear();
      this.#uuids.set(id, uuid);
    }
    return uuid;
  }

  /** Digest and number of all `entries`, or undefined where they have to be read anew. */
  finish(entries: number): { digest: string; entries: number } | undefined {
    this.close();
    if (this.#lost) return undefined;
    const list = this.#list;
    const added = list.count;
    const content = new EntryExport(this.#db, this.#interned, (id) => this.#uuidOf(id));
    const stale = [...this.#stale].sort((a, b) => a - b);
    content.visitIds(stale, (entry, id) => {
      list.replace(id - this.#first, this.#digester.digest(entry));
    });
    content.visitBelow(added === 0 ? Number.MAX_SAFE_INTEGER : this.#first, (entry) => {
      list.add(entry.uuid, this.#digester.digest(entry));
    });
    return list.count === entries ? { digest: list.digest(), entries } : undefined;
  }
}
