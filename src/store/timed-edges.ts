/**
 * References that do not hold all the time. A reader keeps when each of them holds in memory, by the
 * entry that is named; most entries are named for good and have nothing here. Edges whose holders
 * together always hold are not among them.
 */
import type Database from 'better-sqlite3';
import { holderKinds, parseSpans, type Span, unite } from '../directory/model/holder.js';
import type { EdgeMoment, HeldEdge, TimedEdgeReader } from '../directory/ports.js';
import type { AttributeType } from '../directory/schema/index.js';
import type { Interned } from './interning.js';

/** Attributes whose edges make the target a member of the source. */
export const membershipKeys = ['member', 'uniquemember', 'memberuid'] as const;

/** When one entry is named by others: only where that is not always. */
interface Named {
  /** By source and attribute number. */
  readonly values: ReadonlyMap<string, readonly Span[]>;
  /** By group: when it counts the entry among its members. */
  readonly groups: ReadonlyMap<number, readonly Span[]>;
}

type ListRow = [
  source: number,
  attr: number,
  target: number,
  kind: number,
  spans: string,
  note: string | null,
];
type Row = [src: number, attr: number, spans: string | null];

const nameOf = (source: number, attribute: number) => `${source} ${attribute}`;

export class TimedEdgeReads implements TimedEdgeReader {
  readonly #interned: Interned;
  readonly #of: Database.Statement;
  readonly #targets: Database.Statement;
  readonly #namesAny: Database.Statement;
  readonly #some: Database.Statement;
  readonly #between: Database.Statement;
  readonly #next: Database.Statement;
  readonly #list: Database.Statement;
  /** Undefined in a handle that keeps nothing: the writer's. */
  #kept: Map<number, Named> | undefined;
  /** How many timed values each source has. */
  readonly #sources = new Map<number, number>();

  constructor(db: Database.Database, interned: Interned) {
    this.#interned = interned;
    // Every holder of what has a timed one: another may hold it always.
    this.#of = db
      .prepare(
        `SELECT edge.src, edge.attr, edge.spans FROM edge INDEXED BY edge_target
           WHERE edge.dst = ? AND edge.src IN (
             SELECT src FROM edge INDEXED BY edge_timed WHERE dst = ? AND spans IS NOT NULL)`,
      )
      .raw();
    this.#targets = db
      .prepare('SELECT DISTINCT dst FROM edge INDEXED BY edge_timed WHERE spans IS NOT NULL')
      .pluck();
    this.#some = db
      .prepare('SELECT 1 FROM edge INDEXED BY edge_timed WHERE spans IS NOT NULL LIMIT 1')
      .pluck();
    this.#namesAny = db
      .prepare('SELECT 1 FROM edge_instant INDEXED BY edge_instant_of WHERE src = ? LIMIT 1')
      .pluck();
    this.#between = db
      .prepare('SELECT DISTINCT src, dst FROM edge_instant WHERE at BETWEEN ? AND ? LIMIT ?')
      .raw();
    this.#list = db
      .prepare(
        `SELECT src, attr, dst, source, spans, note FROM edge INDEXED BY edge_timed
           WHERE spans IS NOT NULL`,
      )
      .raw();
    this.#next = db.prepare('SELECT min(at) FROM edge_instant WHERE at > ?').pluck();
  }

  get any(): boolean {
    return this.#kept === undefined ? this.#some.get() !== undefined : this.#kept.size > 0;
  }

  names(source: number): boolean {
    if (this.#kept !== undefined) return this.#sources.has(source);
    return this.#namesAny.get(source) !== undefined;
  }

  isNamed(target: number): boolean {
    return this.#named(target) !== undefined;
  }

  spansOf(source: number, attribute: AttributeType, target: number): readonly Span[] | undefined {
    const named = this.#named(target);
    if (named === undefined) return undefined;
    return named.values.get(nameOf(source, this.#interned.typeNumber(attribute)));
  }

  membership(group: number, member: number): readonly Span[] | undefined {
    return this.#named(member)?.groups.get(group);
  }

  between(from: number, to: number, limit: number): EdgeMoment[] {
    const rows = this.#between.all(from, to, limit) as [number, number][];
    return rows.map(([source, target]) => ({ source, target }));
  }

  list(): HeldEdge[] {
    return (this.#list.all() as ListRow[]).map(([source, attr, target, kind, spans, note]) => ({
      source,
      attribute: this.#interned.description(attr).type,
      target,
      text: '',
      holder: { kind: holderKinds[kind]!, spans: parseSpans(spans), note: note ?? '' },
    }));
  }

  next(after: number): number | undefined {
    return (this.#next.get(after) as number | null) ?? undefined;
  }

  #named(target: number): Named | undefined {
    return this.#kept === undefined ? this.#read(target) : this.#kept.get(target);
  }

  #read(target: number): Named | undefined {
    const byValue = new Map<string, (readonly Span[])[]>();
    const byGroup = new Map<number, (readonly Span[])[]>();
    const memberships = membershipKeys.map((key) => this.#interned.attributeNumber(key));
    for (const [src, attr, text] of this.#of.all(target, target) as Row[]) {
      const spans = text === null ? [] : parseSpans(text);
      push(byValue, nameOf(src, attr), spans);
      if (memberships.includes(attr)) push(byGroup, src, spans);
    }
    const values = united(byValue);
    return values.size === 0 ? undefined : { values, groups: united(byGroup) };
  }

  /** Keeps all of them in memory from now on. */
  keep(): void {
    this.#kept = new Map();
    this.#sources.clear();
    if (this.#some.get() === undefined) return;
    for (const target of this.#targets.all() as number[]) this.#keepOne(target, this.#kept);
  }

  #keepOne(target: number, kept: Map<number, Named>): void {
    const named = this.#read(target);
    if (named === undefined) return;
    kept.set(target, named);
    for (const name of named.values.keys()) this.#count(Number.parseInt(name, 10), 1);
  }

  #count(source: number, by: number): void {
    const count = (this.#sources.get(source) ?? 0) + by;
    if (count === 0) this.#sources.delete(source);
    else this.#sources.set(source, count);
  }

  /** Reads those that a commit changed again. */
  renew(targets: readonly number[]): void {
    const kept = this.#kept;
    if (kept === undefined) return;
    for (const target of targets) {
      for (const name of kept.get(target)?.values.keys() ?? []) {
        this.#count(Number.parseInt(name, 10), -1);
      }
      kept.delete(target);
      this.#keepOne(target, kept);
    }
  }
}

function push<Key>(lists: Map<Key, (readonly Span[])[]>, key: Key, spans: readonly Span[]): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [spans]);
  else list.push(spans);
}

/** What does not hold always, with the spans in which it does. */
function united<Key>(lists: Map<Key, (readonly Span[])[]>): Map<Key, readonly Span[]> {
  const found = new Map<Key, readonly Span[]>();
  for (const [key, list] of lists) {
    const spans = unite(list);
    if (spans.length > 0) found.set(key, spans);
  }
  return found;
}

/** The number of a kind of holder in `edge.source`. */
export function holderNumber(kind: (typeof holderKinds)[number]): number {
  return holderKinds.indexOf(kind);
}
