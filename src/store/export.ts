/**
 * Reads the whole content of a database in canonical form (see canonical.ts), in pages, through the
 * handle's present state. Digests are made from the stored bytes without taking values apart: an
 * attribute with one value is canonical as it is stored.
 */
import { hash } from 'node:crypto';
import type Database from 'better-sqlite3';
import {
  bodyCount,
  bodyNameAt,
  bodyNumberAt,
  bodyStartAt,
  bodyValuesAt,
  encodePartialAttribute,
} from '../directory/model/body.js';
import { bytesOf } from '../directory/model/bytes.js';
import type { EntryMeta } from '../directory/model/change.js';
import { type CanonicalEntry, edgeText, exportDigest, headText, tailText } from './canonical.js';
import type { Interned } from './interning.js';

const PAGE = 1_000;

type Row = [
  id: number,
  parent: number,
  rdn: string,
  uuid: string,
  csn: string,
  createdAt: number,
  createdBy: number,
  modifiedAt: number,
  modifiedBy: number,
  body: Buffer,
];

const noEdges: ReadonlyMap<string, string[]> = new Map();
const noSecrets: ReadonlyMap<number, string> = new Map();
/** The tail of most entries. */
const plainTail = tailText(noEdges, []);

/** An entry as its rows have it, before it is canonical. */
export class ExportedEntry {
  readonly uuid: string;
  readonly parent: string;
  readonly rdn: string;
  readonly meta: EntryMeta;
  readonly body: Buffer;
  readonly edges: ReadonlyMap<string, string[]>;
  readonly secrets: ReadonlyMap<number, string>;

  constructor(
    row: Row,
    parent: string,
    interned: Interned,
    edges: ReadonlyMap<string, string[]> | undefined,
    secrets: ReadonlyMap<number, string> | undefined,
  ) {
    this.uuid = row[3];
    this.parent = parent;
    this.rdn = row[2];
    this.meta = {
      csn: row[4],
      createdAt: row[5],
      createdBy: interned.name(row[6]),
      modifiedAt: row[7],
      modifiedBy: interned.name(row[8]),
    };
    this.body = row[9];
    this.edges = edges ?? noEdges;
    this.secrets = secrets ?? noSecrets;
  }

  /** In parts that a Change can be applied to. */
  canonical(interned: Interned): CanonicalEntry {
    const attributes = new Map<string, string[]>();
    for (let i = 0; i < bodyCount(this.body); i += 1) {
      const { key } = interned.description(bodyNumberAt(this.body, i));
      attributes.set(key, bodyValuesAt(this.body, i).map(bytesOf));
    }
    const { uuid, parent, rdn, meta } = this;
    const edges = new Map([...this.edges].map(([key, values]) => [key, [...values]]));
    return { uuid, parent, rdn, meta, attributes, edges, secrets: new Map(this.secrets) };
  }
}

/** Makes digests of exported entries; keeps what entries have in common. */
export class Digester {
  readonly #interned: Interned;
  /** Slots of a body in the order of their keys, by the numbers in it. */
  readonly #orders = new Map<string, number[]>();
  #scratch = Buffer.allocUnsafe(64 * 1024);

  constructor(interned: Interned) {
    this.#interned = interned;
  }

  /** The same as entryDigest of the entry's canonical parts. */
  digest(entry: ExportedEntry): string {
    const { body, edges, secrets } = entry;
    const head = headText(entry.uuid, entry.parent, entry.rdn, entry.meta);
    const plain = edges.size === 0 && secrets.size === 0;
    const tail = plain ? plainTail : tailText(edges, secrets.values());
    const most = 3 * (head.length + tail.length) + body.length;
    if (most > this.#scratch.length) this.#scratch = Buffer.allocUnsafe(2 * most);
    const out = this.#scratch;
    let at = out.utf8Write(head, 0);
    for (const slot of this.#order(body)) at = writeCanonical(body, slot, out, at);
    at += out.utf8Write(tail, at);
    return hash('sha256', out.subarray(0, at), 'hex');
  }

  #order(body: Buffer): number[] {
    const count = bodyCount(body);
    let signature = '';
    for (let i = 0; i < count; i += 1) signature += String.fromCharCode(bodyNumberAt(body, i));
    let order = this.#orders.get(signature);
    if (order === undefined) {
      const keys = Array.from({ length: count }, (_, i) => ({
        i,
        key: this.#interned.description(bodyNumberAt(body, i)).key,
      }));
      keys.sort((a, b) => (a.key < b.key ? -1 : 1));
      order = keys.map(({ i }) => i);
      this.#orders.set(signature, order);
    }
    return order;
  }
}

/** Copies one attribute with its values in order; returns the offset behind it. */
function writeCanonical(body: Buffer, slot: number, out: Buffer, at: number): number {
  const start = bodyStartAt(body, slot);
  const end = bodyStartAt(body, slot + 1);
  const values = bodyValuesAt(body, slot);
  let sorted = true;
  for (let i = 1; i < values.length && sorted; i += 1) {
    sorted = values[i - 1]!.compare(values[i]!) <= 0;
  }
  if (sorted) body.copy(out, at, start, end);
  else encodePartialAttribute(bodyNameAt(body, slot), values.sort(Buffer.compare)).copy(out, at);
  return at + end - start;
}

/** Calls `visit` with every entry, by id. */
export function visitEntries(
  db: Database.Database,
  interned: Interned,
  visit: (entry: ExportedEntry, id: number) => void,
): void {
  const uuids: string[] = [''];
  for (const row of db.prepare('SELECT id, uuid FROM entry').raw().all() as [number, string][]) {
    uuids[row[0]] = row[1];
  }
  const rows = db
    .prepare(
      `SELECT id, parent, rdn, uuid, csn, created_at, created_by, modified_at, modified_by, body
         FROM entry WHERE id > ? ORDER BY id LIMIT ${PAGE}`,
    )
    .raw();
  const edgesOf = edgeReader(db, interned, uuids);
  const secretsOf = secretReader(db);
  for (let after = 0; ; ) {
    const page = rows.all(after) as Row[];
    const last = page.at(-1);
    if (last === undefined) return;
    const edges = edgesOf(page[0]![0], last[0]);
    const secrets = secretsOf(page[0]![0], last[0]);
    for (const row of page) {
      const id = row[0];
      const parent = uuids[row[1]] ?? '';
      visit(new ExportedEntry(row, parent, interned, edges.get(id), secrets.get(id)), id);
    }
    after = last[0];
  }
}

function edgeReader(db: Database.Database, interned: Interned, uuids: readonly string[]) {
  // One value for several sources of an edge.
  const rows = db
    .prepare('SELECT DISTINCT src, attr, dst, text FROM edge WHERE src BETWEEN ? AND ?')
    .raw();
  return (low: number, high: number): Map<number, Map<string, string[]>> => {
    const edges = new Map<number, Map<string, string[]>>();
    for (const row of rows.all(low, high)) {
      const [source, attr, target, text] = row as [number, number, number, string];
      const value = edgeText(target === 0 ? text : { ref: uuids[target] ?? '', dn: '' });
      const { key } = interned.description(attr);
      let lists = edges.get(source);
      if (lists === undefined) {
        lists = new Map();
        edges.set(source, lists);
      }
      const list = lists.get(key);
      if (list === undefined) lists.set(key, [value]);
      else list.push(value);
    }
    return edges;
  };
}

function secretReader(db: Database.Database) {
  const rows = db
    .prepare(
      `SELECT owner, id, kind || ' ' || digest FROM secret
         WHERE owner BETWEEN ? AND ?`,
    )
    .raw();
  return (low: number, high: number): Map<number, Map<number, string>> => {
    const secrets = new Map<number, Map<number, string>>();
    for (const row of rows.all(low, high)) {
      const [owner, id, text] = row as [number, number, string];
      const list = secrets.get(owner);
      if (list === undefined) secrets.set(owner, new Map([[id, text]]));
      else list.set(id, text);
    }
    return secrets;
  };
}

/** Digest of the whole content and how many entries it has. */
export function contentDigest(
  db: Database.Database,
  interned: Interned,
): { digest: string; entries: number } {
  const digests = new Map<string, string>();
  const digester = new Digester(interned);
  visitEntries(db, interned, (entry) => digests.set(entry.uuid, digester.digest(entry)));
  return { digest: exportDigest(digests), entries: digests.size };
}
