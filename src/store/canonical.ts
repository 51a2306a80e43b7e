/**
 * The canonical export: every entry as one line of JSON that depends on nothing but its content.
 * Two databases with the same content have the same digest, whatever their ids, order and history.
 * Operational columns are in it; secrets are by kind and keyed digest.
 *
 * Values are written as in a Change: text where the bytes are UTF-8, else {"b64"}, and {"ref"} with
 * the UUID for a name inside the tree.
 */
import { isUtf8 } from 'node:buffer';
import { hash } from 'node:crypto';
import type Database from 'better-sqlite3';
import { bodyCount, bodyNumberAt, bodyValuesAt } from '../directory/model/body.js';
import type { ChangeValue, EntryMeta } from '../directory/model/change.js';
import type { Interned } from './interning.js';

/** One entry, comparable: values are canonical JSON texts, in no order. */
export interface CanonicalEntry {
  readonly uuid: string;
  parent: string;
  rdn: string;
  meta: EntryMeta;
  /** By AttributeDescription.key. */
  readonly attributes: Map<string, string[]>;
  /** By secret id: `kind digest`. */
  readonly secrets: Map<number, string>;
}

/** The canonical JSON text of a value. */
export function valueText(value: ChangeValue): string {
  if (typeof value === 'string') return JSON.stringify(value);
  return JSON.stringify('b64' in value ? { b64: value.b64 } : { ref: value.ref });
}

/** The same of a stored value. */
export function bytesText(value: Buffer): string {
  return isUtf8(value)
    ? JSON.stringify(value.utf8Slice(0, value.length))
    : JSON.stringify({ b64: value.toString('base64') });
}

/** The line of an entry. */
export function canonicalText(entry: CanonicalEntry): string {
  const { csn, createdAt, createdBy, modifiedAt, modifiedBy } = entry.meta;
  const meta = JSON.stringify({ csn, createdAt, createdBy, modifiedAt, modifiedBy });
  const keys = [...entry.attributes.keys()].sort();
  let attributes = '';
  for (const key of keys) {
    const values = entry.attributes.get(key)!;
    if (values.length === 0) continue;
    if (values.length > 1) values.sort();
    attributes += `${attributes === '' ? '' : ','}"${key}":[${values.join(',')}]`;
  }
  const secrets = JSON.stringify([...entry.secrets.values()].sort());
  const rdn = JSON.stringify(entry.rdn);
  return (
    `{"uuid":"${entry.uuid}","parent":"${entry.parent}","rdn":${rdn},` +
    `"meta":${meta},"attributes":{${attributes}},"secrets":${secrets}}`
  );
}

/** Digest of one entry, hex. */
export function entryDigest(entry: CanonicalEntry): string {
  return hash('sha256', canonicalText(entry), 'hex');
}

/** Digest of an export: of the entries' digests in the order of their UUIDs. */
export function exportDigest(digests: ReadonlyMap<string, string>): string {
  const uuids = [...digests.keys()].sort();
  return hash('sha256', uuids.map((uuid) => digests.get(uuid)!).join('\n'), 'hex');
}

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

interface PageParts {
  readonly edges: Map<number, [attr: number, dst: number, text: string][]>;
  readonly secrets: Map<number, [id: number, text: string][]>;
}

function gather<T>(into: Map<number, T[]>, key: number, value: T): void {
  const list = into.get(key);
  if (list === undefined) into.set(key, [value]);
  else list.push(value);
}

/** Calls `visit` with every entry, by id. Reads the handle's present state, in pages. */
export function visitEntries(
  db: Database.Database,
  interned: Interned,
  visit: (entry: CanonicalEntry, id: number) => void,
): void {
  const uuids: string[] = [];
  for (const row of db.prepare('SELECT id, uuid FROM entry').raw().all() as [number, string][]) {
    uuids[row[0]] = row[1];
  }
  const rows = db
    .prepare(
      `SELECT id, parent, rdn, uuid, csn, created_at, created_by, modified_at, modified_by, body
         FROM entry WHERE id > ? ORDER BY id LIMIT ${PAGE}`,
    )
    .raw();
  const parts = pageReader(db);
  for (let after = 0; ; ) {
    const page = rows.all(after) as Row[];
    const last = page.at(-1);
    if (last === undefined) return;
    const { edges, secrets } = parts(page[0]![0], last[0]);
    for (const row of page) {
      const id = row[0];
      const attributes = attributesOf(row[9], interned);
      for (const [attr, dst, text] of edges.get(id) ?? []) {
        const value = dst === 0 ? text : { ref: uuids[dst] ?? '', dn: '' };
        addEdge(attributes, interned.description(attr).key, valueText(value));
      }
      visit(entryOf(row, uuids[row[1]] ?? '', attributes, secrets.get(id), interned), id);
    }
    after = last[0];
  }
}

/** Edges of several sources are one value. */
function addEdge(attributes: Map<string, string[]>, key: string, value: string): void {
  const values = attributes.get(key);
  if (values === undefined) attributes.set(key, [value]);
  else if (values.at(-1) !== value) values.push(value);
}

function pageReader(db: Database.Database): (low: number, high: number) => PageParts {
  const edgeRows = db
    .prepare('SELECT src, attr, dst, text FROM edge WHERE src BETWEEN ? AND ?')
    .raw();
  const secretRows = db
    .prepare(
      `SELECT owner, id, kind || ' ' || digest FROM secret INDEXED BY secret_owner
         WHERE owner BETWEEN ? AND ?`,
    )
    .raw();
  return (low, high) => {
    const parts: PageParts = { edges: new Map(), secrets: new Map() };
    for (const row of edgeRows.all(low, high)) {
      const [source, attr, dst, text] = row as [number, number, number, string];
      gather(parts.edges, source, [attr, dst, text]);
    }
    for (const row of secretRows.all(low, high)) {
      const [owner, id, text] = row as [number, number, string];
      gather(parts.secrets, owner, [id, text]);
    }
    return parts;
  };
}

function attributesOf(body: Buffer, interned: Interned): Map<string, string[]> {
  const attributes = new Map<string, string[]>();
  const count = bodyCount(body);
  for (let i = 0; i < count; i += 1) {
    const { key } = interned.description(bodyNumberAt(body, i));
    attributes.set(key, bodyValuesAt(body, i).map(bytesText));
  }
  return attributes;
}

function entryOf(
  row: Row,
  parent: string,
  attributes: Map<string, string[]>,
  secrets: readonly [number, string][] | undefined,
  interned: Interned,
): CanonicalEntry {
  return {
    uuid: row[3],
    parent,
    rdn: row[2],
    meta: {
      csn: row[4],
      createdAt: row[5],
      createdBy: interned.name(row[6]),
      modifiedAt: row[7],
      modifiedBy: interned.name(row[8]),
    },
    attributes,
    secrets: new Map(secrets),
  };
}

/** Digest of the whole content and how many entries it has. */
export function contentDigest(
  db: Database.Database,
  interned: Interned,
): { digest: string; entries: number } {
  const digests = new Map<string, string>();
  visitEntries(db, interned, (entry) => digests.set(entry.uuid, entryDigest(entry)));
  return { digest: exportDigest(digests), entries: digests.size };
}
