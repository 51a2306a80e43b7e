/**
 * Reads the whole content of a database in canonical form (see canonical.ts), in pages, through the
 * handle's present state. Digests of what is read are entry-digest.ts.
 */
import type Database from 'better-sqlite3';
import { bodyCount, bodyNumberAt, bodyValuesAt } from '../directory/model/body.js';
import { bytesOf } from '../directory/model/bytes.js';
import type { EntryMeta } from '../directory/model/change.js';
import { type HolderText, holderKinds } from '../directory/model/holder.js';
import { type CanonicalEntry, edgeText, referenceText } from './canonical.js';
import { DigestList } from './digest-list.js';
import { type DigestedEntry, Digester } from './entry-digest.js';
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

/** An entry as its rows have it, before it is canonical. */
export class ExportedEntry implements DigestedEntry {
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

type Visit = (entry: ExportedEntry, id: number) => void;

/** Reads entries in pages; `uuidOf` says the UUID of a parent or of what an edge leads to. */
export class EntryExport {
  readonly #interned: Interned;
  readonly #uuidOf: (id: number) => string;
  readonly #after: Database.Statement;
  readonly #chosen: Database.Statement;
  readonly #edgesOf: ReturnType<typeof edgeReader>;
  readonly #secretsOf: ReturnType<typeof secretReader>;

  constructor(db: Database.Database, interned: Interned, uuidOf: (id: number) => string) {
    this.#interned = interned;
    this.#uuidOf = uuidOf;
    const columns =
      'id, parent, rdn, uuid, csn, created_at, created_by, modified_at, modified_by, body';
    this.#after = db
      .prepare(`SELECT ${columns} FROM entry WHERE id > ? AND id < ? ORDER BY id LIMIT ${PAGE}`)
      .raw();
    this.#chosen = db
      .prepare(
        `SELECT ${columns} FROM entry WHERE id IN (SELECT value FROM json_each(?)) ORDER BY id`,
      )
      .raw();
    this.#edgesOf = edgeReader(db, interned, uuidOf);
    this.#secretsOf = secretReader(db);
  }

  /** Every entry with an id below `end`, by id. */
  visitBelow(end: number, visit: Visit): void {
    for (let after = 0; ; ) {
      const page = this.#after.all(after, end) as Row[];
      const last = page.at(-1);
      if (last === undefined) return;
      this.#visit(page, visit);
      after = last[0];
    }
  }

  /** The entries of `ids`, which ascend. */
  visitIds(ids: readonly number[], visit: Visit): void {
    for (let from = 0; from < ids.length; from += PAGE) {
      const page = ids.slice(from, from + PAGE);
      this.#visit(this.#chosen.all(JSON.stringify(page)) as Row[], visit);
    }
  }

  #visit(page: readonly Row[], visit: Visit): void {
    const [first, last] = [page[0], page.at(-1)];
    if (first === undefined || last === undefined) return;
    const edges = this.#edgesOf(first[0], last[0]);
    const secrets = this.#secretsOf(first[0], last[0]);
    for (const row of page) {
      const id = row[0];
      const parent = row[1] === 0 ? '' : this.#uuidOf(row[1]);
      visit(new ExportedEntry(row, parent, this.#interned, edges.get(id), secrets.get(id)), id);
    }
  }
}

/** Calls `visit` with every entry, by id. */
export function visitEntries(db: Database.Database, interned: Interned, visit: Visit): void {
  const uuids: string[] = [''];
  for (const row of db.prepare('SELECT id, uuid FROM entry').raw().all() as [number, string][]) {
    uuids[row[0]] = row[1];
  }
  const content = new EntryExport(db, interned, (id) => uuids[id] ?? '');
  content.visitBelow(Number.MAX_SAFE_INTEGER, visit);
}

type HolderRow = [holder: number, spans: string | null, note: string | null];
type EdgeRow = [source: number, attr: number, target: number, text: string, ...HolderRow];

/** Undefined where nothing has to be said of the holder. */
function holderTextOf([holder, spans, note]: HolderRow): HolderText | undefined {
  if (holder === 0 && spans === null && note === null) return undefined;
  return {
    kind: holderKinds[holder]!,
    ...(spans !== null && { spans }),
    ...(note !== null && { note }),
  };
}

function edgeReader(db: Database.Database, interned: Interned, uuidOf: (id: number) => string) {
  const rows = db
    .prepare('SELECT src, attr, dst, text, source, spans, note FROM edge WHERE src BETWEEN ? AND ?')
    .raw();
  return (low: number, high: number): Map<number, Map<string, string[]>> => {
    const edges = new Map<number, Map<string, string[]>>();
    for (const row of rows.all(low, high)) {
      const [source, attr, target, text, ...held] = row as EdgeRow;
      const value =
        target === 0 ? edgeText(text) : referenceText(uuidOf(target), holderTextOf(held));
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
  const digests = new DigestList();
  const digester = new Digester(interned);
  visitEntries(db, interned, (entry) => digests.add(entry.uuid, digester.digest(entry)));
  return { digest: digests.digest(), entries: digests.count };
}
