/**
 * Verify, the log against the content: the Changes since the last baseline are undone, newest
 * first, on a copy of the entries that they touched; what comes out must have the baseline's
 * digest. So nothing was written that is not in the log, and nothing logged that was not written.
 */
import type Database from 'better-sqlite3';
import type { ChangeItem, EntryMeta, EntryPlace } from '../directory/model/change.js';
import type { Schema } from '../directory/schema/index.js';
import {
  bytesOfChange,
  type CanonicalEntry,
  edgeText,
  entryDigest,
  exportDigest,
} from './canonical.js';
import { changeFormats } from './change-log.js';
import { Digester } from './entry-digest.js';
import { visitEntries } from './export.js';
import type { Findings } from './findings.js';
import type { Interned } from './interning.js';

/** Items about the schema carry this in place of an entry's UUID; they touch no entry. */
const NO_ENTRY = '00000000-0000-0000-0000-000000000000';

interface Baseline {
  readonly seq: number;
  readonly digest: string;
  readonly entries: number;
}

export function verifyReplay(db: Database.Database, interned: Interned, found: Findings): void {
  const baseline = db.prepare('SELECT * FROM baseline ORDER BY seq DESC LIMIT 1').get() as
    | Baseline
    | undefined;
  if (baseline === undefined) return;
  const touched = new Set(
    db
      .prepare('SELECT DISTINCT uuid FROM change_item WHERE seq > ?')
      .pluck()
      .all(baseline.seq) as string[],
  );
  const digests = new Map<string, string>();
  const undo = new Undo(interned.schema, found);
  const digester = new Digester(interned);
  visitEntries(db, interned, (entry) => {
    found.step();
    if (touched.has(entry.uuid)) undo.entries.set(entry.uuid, entry.canonical(interned));
    else digests.set(entry.uuid, digester.digest(entry));
  });
  if (!undoAll(db, baseline.seq, undo, found)) return;
  for (const entry of undo.entries.values()) {
    digests.set(entry.uuid, entryDigest(entry, interned.schema));
  }
  if (digests.size !== baseline.entries || exportDigest(digests) !== baseline.digest) {
    found.problem(
      `undoing the log back to change ${baseline.seq} does not give what was there then`,
    );
  }
}

/** False where something made going on useless. */
function undoAll(db: Database.Database, after: number, undo: Undo, found: Findings): boolean {
  const rows = db
    .prepare(
      `SELECT change_item.seq, change_item.payload, change.format FROM change_item
         JOIN change USING (seq) WHERE change_item.seq > ?
         ORDER BY change_item.seq DESC, change_item.n DESC`,
    )
    .raw();
  for (const row of rows.iterate(after)) {
    const [seq, payload, format] = row as [number, string | null, number];
    if (format !== changeFormats.items) continue;
    if (payload === null) {
      found.problem(`change ${seq}: an item was wiped, and no baseline follows it`);
      return false;
    }
    found.count('changes undone');
    let item: ChangeItem;
    try {
      item = JSON.parse(payload) as ChangeItem;
    } catch {
      found.problem(`change ${seq}: an item is not JSON`);
      return false;
    }
    undo.item(seq, item);
  }
  return true;
}

const sameMeta = (a: EntryMeta | undefined, b: EntryMeta | undefined) =>
  a?.csn === b?.csn &&
  a?.createdAt === b?.createdAt &&
  a?.createdBy === b?.createdBy &&
  a?.modifiedAt === b?.modifiedAt &&
  a?.modifiedBy === b?.modifiedBy;

/** The touched entries as they were after the change that is looked at. */
class Undo {
  readonly entries = new Map<string, CanonicalEntry>();
  readonly #schema: Schema;
  readonly #found: Findings;

  constructor(schema: Schema, found: Findings) {
    this.#schema = schema;
    this.#found = found;
  }

  item(seq: number, item: ChangeItem): void {
    if (item.uuid === NO_ENTRY) return;
    const what = `change ${seq}: ${item.op} of ${item.uuid}`;
    const entry = item.op === 'delete' ? this.#revive(what, item) : this.entries.get(item.uuid);
    if (entry === undefined) {
      this.#found.problem(`${what}: there is no such entry`);
      return;
    }
    if (item.op !== 'delete') this.#expect(what, entry, item);
    this.#values(what, entry, item);
    this.#secrets(what, entry, item);
    if (item.op === 'add') this.#remove(what, entry);
    else {
      if (item.before !== undefined) entry.meta = item.before;
      if (item.placeBefore !== undefined) setPlace(entry, item.placeBefore);
    }
  }

  #revive(what: string, item: ChangeItem): CanonicalEntry | undefined {
    if (this.entries.has(item.uuid)) this.#found.problem(`${what}: the entry is still there`);
    if (item.before === undefined || item.placeBefore === undefined) {
      this.#found.problem(`${what}: it does not say what the entry was`);
      return undefined;
    }
    const { parent, rdn } = item.placeBefore;
    const entry: CanonicalEntry = {
      uuid: item.uuid,
      parent,
      rdn,
      meta: item.before,
      attributes: new Map(),
      edges: new Map(),
      secrets: new Map(),
    };
    this.entries.set(item.uuid, entry);
    return entry;
  }

  #expect(what: string, entry: CanonicalEntry, item: ChangeItem): void {
    if (!sameMeta(entry.meta, item.after)) {
      this.#found.problem(`${what}: its operational attributes are not what the change left`);
    }
    const { placeAfter } = item;
    if (placeAfter === undefined) return;
    if (placeAfter.parent !== entry.parent || placeAfter.rdn !== entry.rdn) {
      this.#found.problem(`${what}: it is not where the change left it`);
    }
  }

  #remove(what: string, entry: CanonicalEntry): void {
    const all = [...entry.attributes, ...entry.edges];
    const left = all.filter(([, values]) => values.length > 0);
    if (left.length > 0 || entry.secrets.size > 0) {
      const names = left.map(([key]) => key).join(', ');
      this.#found.problem(`${what}: it has more than what was added (${names || 'secrets'})`);
    }
    this.entries.delete(entry.uuid);
  }

  #values(what: string, entry: CanonicalEntry, item: ChangeItem): void {
    for (const { attribute, removed, added } of item.values ?? []) {
      const description = this.#schema.describe(attribute);
      const key = description?.key ?? attribute.toLowerCase();
      const isEdge = description?.type.storage === 'edge';
      const lists = isEdge ? entry.edges : entry.attributes;
      const text = isEdge ? edgeText : bytesOfChange;
      const values = lists.get(key) ?? [];
      lists.set(key, values);
      takeOut(values, added.map(text), () =>
        this.#found.problem(`${what}: a value of ${attribute} that it added is not there`),
      );
      for (const value of removed) values.push(text(value));
    }
  }

  #secrets(what: string, entry: CanonicalEntry, item: ChangeItem): void {
    for (const { id, kind, digest } of item.secretsAdded ?? []) {
      if (entry.secrets.get(id) !== `${kind} ${digest}`) {
        this.#found.problem(`${what}: secret ${id} that it added is not there`);
      }
      entry.secrets.delete(id);
    }
    for (const { id, kind, digest } of item.secretsRemoved ?? []) {
      entry.secrets.set(id, `${kind} ${digest}`);
    }
  }
}

function setPlace(entry: CanonicalEntry, place: EntryPlace): void {
  entry.parent = place.parent;
  entry.rdn = place.rdn;
}

const MANY = 32;

/** Takes each of `gone` out of `values` once; `missing` is called for each that is not there. */
function takeOut(values: string[], gone: readonly string[], missing: () => void): void {
  if (gone.length < MANY) {
    for (const value of gone) {
      const at = values.indexOf(value);
      if (at < 0) missing();
      else values.splice(at, 1);
    }
    return;
  }
  const counts = new Map<string, number>();
  for (const text of gone) counts.set(text, (counts.get(text) ?? 0) + 1);
  const kept = values.filter((text) => {
    const left = counts.get(text) ?? 0;
    if (left > 0) counts.set(text, left - 1);
    return left === 0;
  });
  for (const left of counts.values()) for (let i = 0; i < left; i += 1) missing();
  values.length = 0;
  for (const text of kept) values.push(text);
}
