/**
 * Reading edges: values of DN-valued attributes as rows, in both directions. An edge may be there
 * several times, once a source (by hand, by rule, granted); readers see it once.
 */
import type Database from 'better-sqlite3';
import { byHand, type Holder, holderKinds, parseSpans } from '../directory/model/holder.js';
import type { Edge, HeldEdge } from '../directory/ports.js';
import type { AttributeType } from '../directory/schema/index.js';
import { ascending, noIds } from './id-sets.js';
import type { Interned } from './interning.js';
import { membershipKeys } from './timed-edges.js';

type EdgeRow = [attr: number, dst: number, textKey: string, text: string];
type HolderRow = [source: number, spans: string | null, note: string | null];
type HeldToRow = [source: number, attr: number, ...HolderRow];
type HeldRow = [...EdgeRow, ...HolderRow];

function holderOf([source, spans, note]: HolderRow): Holder {
  if (source === 0 && spans === null && note === null) return byHand;
  return {
    kind: holderKinds[source]!,
    spans: spans === null ? [] : parseSpans(spans),
    note: note ?? '',
  };
}

export class EdgeReads {
  readonly #interned: Interned;
  readonly #all: Database.Statement;
  readonly #ofAttribute: Database.Statement;
  readonly #held: Database.Statement;
  readonly #heldTo: Database.Statement;
  readonly #holders: Database.Statement;
  readonly #sources: Database.Statement;
  readonly #subtreeSources: Database.Statement;
  readonly #textSources: Database.Statement;
  readonly #has: Database.Statement;
  readonly #count: Database.Statement;
  readonly #groups: Database.Statement;
  readonly #groupsBetween: Database.Statement;

  constructor(db: Database.Database, interned: Interned) {
    this.#interned = interned;
    const columns = 'SELECT attr, dst, text_key, text FROM edge';
    this.#all = db.prepare(`${columns} WHERE src = ?`).raw();
    this.#ofAttribute = db.prepare(`${columns} WHERE src = ? AND attr = ?`).raw();
    const held = 'SELECT attr, dst, text_key, text, source, spans, note FROM edge';
    this.#held = db.prepare(`${held} WHERE src = ?`).raw();
    this.#heldTo = db
      .prepare(
        'SELECT src, attr, source, spans, note FROM edge INDEXED BY edge_target WHERE dst = ?',
      )
      .raw();
    this.#holders = db
      .prepare(
        `SELECT source, spans, note FROM edge
           WHERE src = ? AND attr = ? AND dst = ? AND text_key = ? ORDER BY source`,
      )
      .raw();
    const one = (sql: string) => db.prepare(sql).pluck();
    this.#sources = one(
      'SELECT src FROM edge INDEXED BY edge_target WHERE dst = ? AND attr = ? ORDER BY src',
    );
    this.#subtreeSources = one(
      `WITH RECURSIVE below(id) AS (
         SELECT ? UNION ALL
         SELECT entry.id FROM below CROSS JOIN entry INDEXED BY entry_parent
           ON entry.parent = below.id)
       SELECT DISTINCT edge.src FROM below CROSS JOIN edge INDEXED BY edge_target
         ON edge.dst = below.id`,
    );
    this.#textSources = db
      .prepare('SELECT attr, src FROM edge INDEXED BY edge_text WHERE dst = 0 AND text_key = ?')
      .raw();
    this.#has = one(
      'SELECT 1 FROM edge WHERE src = ? AND attr = ? AND dst = ? AND text_key = ? LIMIT 1',
    );
    this.#count = one(
      `SELECT count(*) FROM (
         SELECT DISTINCT dst, text_key FROM edge WHERE src = ? AND attr = ?)`,
    );
    this.#groups = one(
      'SELECT src FROM edge INDEXED BY edge_target WHERE dst = ? AND attr IN (?, ?, ?)',
    );
    this.#groupsBetween = db
      .prepare(
        `SELECT dst, src FROM edge INDEXED BY edge_target
           WHERE dst BETWEEN ? AND ? AND attr IN (?, ?, ?)`,
      )
      .raw();
  }

  from(source: number, attribute: AttributeType | undefined): Edge[] {
    const rows =
      attribute === undefined
        ? this.#all.all(source)
        : this.#ofAttribute.all(source, this.#interned.typeNumber(attribute));
    const edges: Edge[] = [];
    let previous: EdgeRow | undefined;
    for (const row of rows as EdgeRow[]) {
      const [attr, target, key, text] = row;
      // Rows of one value are neighbours: they differ in the source only.
      if (
        previous !== undefined &&
        previous[0] === attr &&
        previous[1] === target &&
        previous[2] === key
      ) {
        continue;
      }
      previous = row;
      edges.push({
        source,
        attribute: attribute ?? this.#interned.description(attr).type,
        target,
        text,
      });
    }
    return edges;
  }

  /** Every value of the entry with each of its holders. */
  heldFrom(source: number): HeldEdge[] {
    return (this.#held.all(source) as HeldRow[]).map((row) => {
      const [attr, target, , text, ...holder] = row;
      const { type: attribute } = this.#interned.description(attr);
      return { source, attribute, target, text, holder: holderOf(holder) };
    });
  }

  /** Every value of others that names the entry, with each of its holders. */
  heldTo(target: number): HeldEdge[] {
    return (this.#heldTo.all(target) as HeldToRow[]).map(([source, attr, ...holder]) => {
      const { type: attribute } = this.#interned.description(attr);
      return { source, attribute, target, text: '', holder: holderOf(holder) };
    });
  }

  /** The holders of one value. */
  holdersOf(
    source: number,
    attribute: AttributeType,
    target: number,
    textKey: string,
  ): readonly Holder[] {
    const number = this.#interned.typeNumber(attribute);
    const rows = this.#holders.all(source, number, target, target === 0 ? textKey : '');
    return (rows as HolderRow[]).map(holderOf);
  }

  sourcesOf(target: number, attributes: readonly AttributeType[]): number[] {
    const ids: number[] = [];
    for (const attribute of attributes) {
      const number = this.#interned.typeNumber(attribute);
      if (number === 0) continue;
      for (const id of this.#sources.all(target, number) as number[]) ids.push(id);
    }
    return ascending(ids);
  }

  sourcesOfSubtree(root: number): number[] {
    return ascending(this.#subtreeSources.all(root) as number[]);
  }

  sourcesOfText(key: string, attributes: readonly AttributeType[]): number[] {
    const numbers = attributes.map((attribute) => this.#interned.typeNumber(attribute));
    const ids: number[] = [];
    for (const [attr, source] of this.#textSources.all(key) as [number, number][]) {
      if (numbers.includes(attr)) ids.push(source);
    }
    return ascending(ids);
  }

  has(source: number, attribute: AttributeType, target: number, textKey: string): boolean {
    const number = this.#interned.typeNumber(attribute);
    if (number === 0) return false;
    const key = target === 0 ? textKey : '';
    return this.#has.get(source, number, target, key) !== undefined;
  }

  count(source: number, attribute: AttributeType): number {
    return this.#count.get(source, this.#interned.typeNumber(attribute)) as number;
  }

  #memberships(): readonly [number, number, number] {
    const [member, uniqueMember, memberUid] = membershipKeys;
    return [
      this.#interned.attributeNumber(member),
      this.#interned.attributeNumber(uniqueMember),
      this.#interned.attributeNumber(memberUid),
    ];
  }

  /** Groups of one member, ascending. */
  groupsOf(member: number): readonly number[] {
    const [a, b, c] = this.#memberships();
    const found = this.#groups.all(member, a, b, c) as number[];
    return found.length === 0 ? noIds : ascending(found);
  }

  /** Groups of all entries with low ≤ id ≤ high that are in one. */
  groupsBetween(low: number, high: number): Map<number, number[]> {
    const [a, b, c] = this.#memberships();
    const groups = new Map<number, number[]>();
    for (const row of this.#groupsBetween.all(low, high, a, b, c)) {
      const [member, group] = row as [number, number];
      const list = groups.get(member);
      if (list === undefined) groups.set(member, [group]);
      else list.push(group);
    }
    for (const list of groups.values()) if (list.length > 1) ascending(list);
    return groups;
  }
}
