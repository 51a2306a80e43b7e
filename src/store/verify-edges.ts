/**
 * Verify, what hangs on entries: edges in both directions, their texts, secrets, and what was seen
 * of binds.
 */
import type Database from 'better-sqlite3';
import { holderKinds, instantsOf, parseSpans } from '../directory/model/holder.js';
import { normalizeDn } from '../directory/schema/index.js';
import type { Findings } from './findings.js';
import type { Interned } from './interning.js';

type Row = [
  src: number,
  attr: number,
  dst: number,
  textKey: string,
  text: string,
  source: number,
  spans: string | null,
  note: string | null,
  target: number,
];

export function verifyEdges(db: Database.Database, interned: Interned, found: Findings): void {
  const sources = new Set<number>();
  const expected = new Set<string>();
  const rows = db
    .prepare(
      `SELECT src, attr, dst, text_key, text, source, spans, note, entry.id IS NOT NULL FROM edge
         LEFT JOIN entry ON entry.id = edge.dst ORDER BY src`,
    )
    .raw();
  for (const row of rows.iterate()) {
    const [src, attr, dst, textKey, text, holder, spans, note, exists] = row as Row;
    found.count('edges');
    found.step();
    sources.add(src);
    const type = interned.descriptions()[attr]?.type;
    if (type?.storage !== 'edge') {
      found.problem(`entry ${src}: it has an edge of attribute ${attr}, which names no entries`);
      continue;
    }
    const what = `entry ${src}: a value of ${type.name}`;
    const instants = instantsIn(spans);
    if (instants === undefined) found.problem(`${what} says of no time when it holds`);
    else for (const at of instants) expected.add([at, src, attr, dst, holder].join());
    if (holderKinds[holder] === undefined) found.problem(`${what} has a holder of no known kind`);
    if (dst !== 0) {
      if (exists !== 1) found.problem(`${what} names entry ${dst}, which does not exist`);
      if (textKey !== '' || text !== '') found.problem(`${what} names entry ${dst} and a text`);
      continue;
    }
    if (holder !== 0 || spans !== null || note !== null) {
      found.problem(`${what}, "${text}", is outside the tree and not held by hand`);
    }
    const key = type.dnValued ? normalizeDn(interned.schema, text)?.key : text;
    if (key === undefined || key === '') found.problem(`${what}, "${text}", is not a name`);
    else if (key !== textKey) found.problem(`${what} has a key that is not that of "${text}"`);
  }
  verifyInstants(db, expected, found);
  verifyMarks(db, sources, found);
  verifySecrets(db, found);
  verifyObserved(db, found);
}

/** The instants of a text of spans; undefined where it is none. */
function instantsIn(spans: string | null): readonly number[] | undefined {
  try {
    return spans === null ? [] : instantsOf(parseSpans(spans));
  } catch {
    return undefined;
  }
}

/** Each second in which an edge begins or ceases to hold has its row, and there is no other. */
function verifyInstants(db: Database.Database, expected: Set<string>, found: Findings): void {
  for (const row of db.prepare('SELECT at, src, attr, dst, source FROM edge_instant').raw().all()) {
    const name = (row as number[]).join();
    if (!expected.delete(name)) found.problem(`the instant ${name} of an edge is of none`);
  }
  for (const name of expected) found.problem(`the instant ${name} of an edge is missing`);
}

function verifyMarks(db: Database.Database, sources: ReadonlySet<number>, found: Findings): void {
  const marked = new Set(
    db.prepare('SELECT id FROM entry WHERE has_edges <> 0').pluck().all() as number[],
  );
  for (const id of marked) {
    if (!sources.has(id)) found.problem(`entry ${id} is marked to have edges and has none`);
  }
  const exists = db.prepare('SELECT 1 FROM entry WHERE id = ?').pluck();
  for (const id of sources) {
    if (exists.get(id) === undefined) found.problem(`entry ${id} has edges and does not exist`);
    else if (!marked.has(id)) found.problem(`entry ${id} has edges and is not marked so`);
  }
}

function verifySecrets(db: Database.Database, found: Findings): void {
  found.count('secrets', db.prepare('SELECT count(*) FROM secret').pluck().get() as number);
  const orphans = db
    .prepare('SELECT id, owner FROM secret WHERE owner NOT IN (SELECT id FROM entry)')
    .raw()
    .all() as [number, number][];
  for (const [id, owner] of orphans) {
    found.problem(`secret ${id} belongs to entry ${owner}, which does not exist`);
  }
  const odd = db
    .prepare("SELECT id FROM secret WHERE length(digest) <> 32 OR digest GLOB '*[^0-9a-f]*'")
    .pluck()
    .all() as number[];
  for (const id of odd) found.problem(`secret ${id} has no proper digest`);
}

/** What was seen of binds goes with the entry, or the secret, that it was seen of. */
function verifyObserved(db: Database.Database, found: Findings): void {
  for (const [table, column, of] of [
    ['last_use', 'owner', 'entry'],
    ['lockout', 'owner', 'entry'],
    ['access_map', 'person', 'entry'],
    ['secret_use', 'secret', 'secret'],
  ] as const) {
    const orphans = db
      .prepare(`SELECT ${column} FROM ${table} WHERE ${column} NOT IN (SELECT id FROM ${of})`)
      .pluck()
      .all() as number[];
    for (const id of orphans) found.problem(`${table}: ${of} ${id} does not exist`);
  }
}
