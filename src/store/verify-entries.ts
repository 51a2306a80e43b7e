/**
 * Verify, the tree: places, names, bodies, kinds and counts of entries. Each entry must be where
 * its name says, hold what its name says, and be of the kind that its classes say.
 */
import type Database from 'better-sqlite3';
import { bodyCount, bodyNumberAt, bodyStartAt, decodeBody } from '../directory/model/body.js';
import { isCsn } from '../directory/model/csn.js';
import { parseRdn } from '../directory/model/dn.js';
import { normalizeDn, normalizeRdn } from '../directory/schema/index.js';
import type { Findings } from './findings.js';
import type { Interned } from './interning.js';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

interface Row {
  readonly id: number;
  readonly parent: number;
  readonly rdn_key: string;
  readonly rdn: string;
  readonly uuid: string;
  readonly csn: string;
  readonly created_by: number;
  readonly modified_by: number;
  readonly kind: number;
  readonly body: Buffer;
}

export function verifyEntries(db: Database.Database, interned: Interned, found: Findings): void {
  const parents = new Map<number, number>();
  const byKind = new Map<number, number>();
  const children = new Map<number, number>();
  const actors = new Set(db.prepare('SELECT id FROM name').pluck().all());
  const kinds = new Set(db.prepare('SELECT id FROM kind').pluck().all());
  const rows = db.prepare(
    `SELECT id, parent, rdn_key, rdn, uuid, csn, created_by, modified_by, kind, body FROM entry`,
  );
  for (const row of rows.iterate() as IterableIterator<Row>) {
    found.count('entries');
    found.step();
    parents.set(row.id, row.parent);
    byKind.set(row.kind, (byKind.get(row.kind) ?? 0) + 1);
    children.set(row.parent, (children.get(row.parent) ?? 0) + 1);
    if (!UUID.test(row.uuid)) found.problem(`entry ${row.id}: "${row.uuid}" is not a UUID`);
    if (!isCsn(row.csn)) found.problem(`entry ${row.id}: "${row.csn}" is not a CSN`);
    if (!actors.has(row.created_by) || !actors.has(row.modified_by)) {
      found.problem(`entry ${row.id}: its creator or modifier is not in the table of names`);
    }
    if (!kinds.has(row.kind)) found.problem(`entry ${row.id}: kind ${row.kind} does not exist`);
    else if (verifyBody(row, interned, found)) verifyName(row, interned, found);
  }
  verifyTree(parents, found);
  verifyCounts(db, byKind, children, found);
  verifyFacts(db, parents, found);
}

/** True where the body can be read. */
function verifyBody(row: Row, interned: Interned, found: Findings): boolean {
  const fault = bodyFault(row.body, interned);
  if (fault !== undefined) {
    found.problem(`entry ${row.id}: ${fault}`);
    return false;
  }
  const classes = decodeBody(row.body).find(({ name }) => name === 'objectClass')?.values ?? [];
  try {
    const kind = interned.schema.kind(classes.map((value) => value.toString('latin1')));
    if (kind !== interned.kind(row.kind)) {
      found.problem(`entry ${row.id}: its kind is not that of its object classes`);
    }
  } catch (error) {
    found.problem(`entry ${row.id}: ${error instanceof Error ? error.message : 'no kind'}`);
  }
  return true;
}

/** What is wrong with the layout of a body (see model/body.ts), if anything. */
function bodyFault(body: Buffer, interned: Interned): string | undefined {
  if (body.length < 3 || body[0] !== 1) return 'its body is not of a known version';
  const count = bodyCount(body);
  let expected = 3 + 6 * count;
  if (body.length < expected) return 'its body is cut off';
  const seen = new Set<number>();
  for (let i = 0; i < count; i += 1) {
    const number = bodyNumberAt(body, i);
    if (seen.has(number)) return `its body holds attribute ${number} twice`;
    seen.add(number);
    if (interned.descriptions()[number] === undefined) {
      return `its body holds attribute ${number}, which does not exist`;
    }
    const start = bodyStartAt(body, i);
    const end = bodyStartAt(body, i + 1);
    if (start !== expected || end > body.length || !isWholeSequence(body, start, end)) {
      return `its body is damaged at attribute ${number}`;
    }
    expected = end;
  }
  for (const { number, name, values } of decodeBody(body)) {
    if (interned.descriptions()[number]!.text !== name) {
      return `its body spells attribute ${number} as "${name}"`;
    }
    if (values.length === 0) return `its body holds ${name} without a value`;
  }
  return undefined;
}

/** Whether start..end is exactly one PartialAttribute whose parts fill it. */
function isWholeSequence(body: Buffer, start: number, end: number): boolean {
  const outer = header(body, start, end);
  if (outer === undefined || body[start] !== 0x30 || outer.end !== end) return false;
  const name = header(body, outer.start, end);
  if (name === undefined || body[outer.start] !== 0x04) return false;
  const set = header(body, name.end, end);
  if (set === undefined || body[name.end] !== 0x31 || set.end !== end) return false;
  for (let at = set.start; at < end; ) {
    const value = header(body, at, end);
    if (value === undefined || body[at] !== 0x04) return false;
    at = value.end;
  }
  return true;
}

function header(body: Buffer, at: number, end: number): { start: number; end: number } | undefined {
  if (at + 2 > end) return undefined;
  const first = body[at + 1]!;
  const more = first < 0x80 ? 0 : first & 0x7f;
  if (at + 2 + more > end) return undefined;
  let length = first;
  if (more > 0) {
    length = 0;
    for (let i = 0; i < more; i += 1) length = length * 256 + body[at + 2 + i]!;
  }
  const start = at + 2 + more;
  return start + length > end ? undefined : { start, end: start + length };
}

function verifyName(row: Row, interned: Interned, found: Findings): void {
  const { schema } = interned;
  const dn = row.parent === 0 ? normalizeDn(schema, row.rdn) : undefined;
  const key = row.parent === 0 ? dn?.key : normalizeRdn(schema, row.rdn)?.key;
  if (key === undefined) {
    found.problem(`entry ${row.id}: "${row.rdn}" is not a name`);
    return;
  }
  if (key !== row.rdn_key) {
    found.problem(`entry ${row.id}: the key of its place is not that of "${row.rdn}"`);
  }
  const parsed = parseRdn(dn?.rdns[0]?.text ?? row.rdn);
  if ('fault' in parsed) return;
  const attributes = decodeBody(row.body);
  for (const { type: name, value } of parsed.avas) {
    const description = schema.describe(name);
    const number = description === undefined ? 0 : interned.attributeNumber(description.key);
    const values = attributes.find((attribute) => attribute.number === number)?.values ?? [];
    const normal = (v: Buffer) => description?.type.equality?.normalize(v) ?? v;
    const wanted = normal(value);
    if (!values.some((held) => normal(held).equals(wanted))) {
      found.problem(`entry ${row.id}: it does not hold the value "${row.rdn}" of its name`);
    }
  }
}

/** Every entry must hang on a suffix: parents exist and lead nowhere in a circle. */
function verifyTree(parents: ReadonlyMap<number, number>, found: Findings): void {
  const rooted = new Set<number>([0]);
  for (const id of parents.keys()) {
    const path: number[] = [];
    const onPath = new Set<number>();
    let at = id;
    while (!rooted.has(at)) {
      if (onPath.has(at)) {
        found.problem(`entry ${at} is its own ancestor`);
        break;
      }
      onPath.add(at);
      path.push(at);
      const parent = parents.get(at);
      if (parent === undefined) break;
      if (parent !== 0 && !parents.has(parent)) {
        found.problem(`entry ${at}: its parent ${parent} does not exist`);
        break;
      }
      at = parent;
    }
    // Told once: what hangs on it is not a problem of its own.
    for (const seen of path) rooted.add(seen);
  }
}

function verifyCounts(
  db: Database.Database,
  byKind: ReadonlyMap<number, number>,
  children: ReadonlyMap<number, number>,
  found: Findings,
): void {
  for (const row of db.prepare('SELECT id, entries FROM kind').raw().all()) {
    const [id, entries] = row as [number, number];
    const actual = byKind.get(id) ?? 0;
    if (entries !== actual) {
      found.problem(`kind ${id} counts ${entries} entries where there are ${actual}`);
    }
  }
  const counted = new Map(
    db.prepare('SELECT parent, n FROM child_count').raw().all() as [number, number][],
  );
  for (const parent of new Set([...counted.keys(), ...children.keys()])) {
    const [n, actual] = [counted.get(parent) ?? 0, children.get(parent) ?? 0];
    if (n !== actual) {
      found.problem(`entry ${parent} counts ${n} children where there are ${actual}`);
    }
  }
}

function verifyFacts(
  db: Database.Database,
  parents: ReadonlyMap<number, number>,
  found: Findings,
): void {
  const administrator = db.prepare("SELECT value FROM meta WHERE key = 'administrator'").pluck();
  const id = administrator.get() as number | undefined;
  if (id !== undefined && !parents.has(id)) {
    found.problem(`the administrator, entry ${id}, does not exist`);
  }
  for (const table of ['entry', 'secret'] as const) {
    const largest = db.prepare(`SELECT coalesce(max(id), 0) FROM ${table}`).pluck().get();
    const given = db.prepare('SELECT value FROM counter WHERE name = ?').pluck().get(`${table} id`);
    if ((largest as number) > ((given as number | undefined) ?? 0)) {
      found.problem(`${table} ${String(largest)} has an id that was never given out`);
    }
  }
}
