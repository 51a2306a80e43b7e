/**
 * Who is not active now, and whose coming end is open: the index behind filters over attributes that
 * a state decides. Made of all timelines once, a slice at a time where somebody warms it before it is
 * asked; then moved on: by the instants that have passed since it was asked last, and by the commits
 * that changed a timeline. One a reader.
 */
import type { DirectoryReader } from '../../ports.js';
import { PRINCIPALS_MAX, stateOf } from './state.js';

/** More instants than this at once, and all timelines are looked at anew. */
const INSTANTS_MAX = 10_000;

class Turned {
  readonly #reader: DirectoryReader;
  #at = Number.NaN;
  #closed = new Set<number>();
  #open = new Set<number>();
  /** Second accounts by whoever bounds them. */
  #bounded = new Map<number, Set<number>>();
  #bounds = new Map<number, number>();
  #changed = new Set<number>();
  /** Entries that are still to be looked at for the first time, from a place in them on. */
  #left: { readonly ids: readonly number[]; next: number } | undefined;
  #sorted: { readonly closed: readonly number[]; readonly either: readonly number[] } | undefined;

  constructor(reader: DirectoryReader) {
    this.#reader = reader;
    reader.watch?.(({ timelines, all }) => {
      if (all) this.#at = Number.NaN;
      for (const id of timelines) this.#changed.add(id);
    });
  }

  /** Ids ascending: of those who are not active, and of those together with open ends. */
  at(nowSeconds: number) {
    this.#moveTo(nowSeconds);
    if (this.#sorted === undefined) {
      const closed = sorted(this.#closed);
      const either = this.#open.size === 0 ? closed : sorted([...this.#closed, ...this.#open]);
      this.#sorted = { closed, either };
    }
    return this.#sorted;
  }

  /** Looks at some more of all; false where nothing is left. */
  warm(nowSeconds: number, count: number): boolean {
    if (Number.isNaN(this.#at)) this.#begin(nowSeconds);
    this.#lookOn(count);
    return this.#left !== undefined;
  }

  #moveTo(now: number): void {
    const { timelines } = this.#reader;
    if (!(this.#at <= now)) return this.#anew(now);
    this.#lookOn(Number.POSITIVE_INFINITY);
    if (this.#at < now) {
      const { ids, complete } = timelines.idsBetween(this.#at + 1, now, INSTANTS_MAX);
      if (!complete) return this.#anew(now);
      for (const id of ids) this.#changed.add(id);
    }
    this.#at = now;
    for (const id of this.#changed) this.#look(id);
    this.#changed.clear();
  }

  #anew(now: number): void {
    this.#begin(now);
    this.#lookOn(Number.POSITIVE_INFINITY);
  }

  #begin(now: number): void {
    this.#at = now;
    this.#closed = new Set();
    this.#open = new Set();
    this.#bounded = new Map();
    this.#bounds = new Map();
    this.#changed.clear();
    this.#sorted = undefined;
    this.#left = { ids: this.#reader.timelines.ids(), next: 0 };
  }

  #lookOn(count: number): void {
    const left = this.#left;
    if (left === undefined) return;
    const end = Math.min(left.ids.length, left.next + count);
    for (; left.next < end; left.next += 1) this.#look(left.ids[left.next]!);
    if (end === left.ids.length) this.#left = undefined;
  }

  #look(id: number): void {
    this.#sorted = undefined;
    const timeline = this.#reader.timelines.of(id);
    put(this.#open, id, timeline?.openEnds === true);
    this.#bind(id, timeline?.principal ?? 0);
    this.#judge(id, 0);
  }

  /** A second account turns with its person. */
  #judge(id: number, depth: number): void {
    put(this.#closed, id, stateOf(id, this.#reader, this.#at) !== 'active');
    if (depth >= PRINCIPALS_MAX) return;
    for (const other of this.#bounded.get(id) ?? []) this.#judge(other, depth + 1);
  }

  #bind(id: number, principal: number): void {
    const before = this.#bounds.get(id) ?? 0;
    if (before === principal) return;
    this.#bounded.get(before)?.delete(id);
    if (principal === 0) {
      this.#bounds.delete(id);
      return;
    }
    this.#bounds.set(id, principal);
    const others = this.#bounded.get(principal) ?? new Set();
    this.#bounded.set(principal, others.add(id));
  }
}

function put(set: Set<number>, id: number, is: boolean): void {
  if (is) set.add(id);
  else set.delete(id);
}

const sorted = (ids: Iterable<number>) => [...new Set(ids)].sort((a, b) => a - b);

const byReader = new WeakMap<DirectoryReader, Turned>();

/** Who is not active at the moment, and whose end is open. */
export function turnedAt(reader: DirectoryReader, nowSeconds: number) {
  return turnedOf(reader).at(nowSeconds);
}

/** Makes some more of that ready, for so many entries; false where all of it is. */
export function warmTurned(reader: DirectoryReader, nowSeconds: number, count: number): boolean {
  return turnedOf(reader).warm(nowSeconds, count);
}

function turnedOf(reader: DirectoryReader): Turned {
  let turned = byReader.get(reader);
  if (turned === undefined) {
    turned = new Turned(reader);
    byReader.set(reader, turned);
  }
  return turned;
}
