/**
 * What a handle remembers besides entries: where children are and which groups members are in.
 * Bounded: what grows past `max` is forgotten as a whole and gathered anew.
 */
import type { EdgeReads } from './edge-reads.js';
import { IdMap } from './id-map.js';
import { noIds } from './id-sets.js';

/** Longer lists are rarely alike. */
const SHARED_IDS_MAX = 32;

/** Ids of children by parent and RDN key; only of those that exist. */
export class KeptPlaces {
  readonly #max: number;
  readonly #places = new Map<number, Map<string, number>>();
  #count = 0;

  constructor(max: number) {
    this.#max = max;
  }

  get(parentId: number, rdnKey: string): number | undefined {
    return this.#places.get(parentId)?.get(rdnKey);
  }

  add(parentId: number, rdnKey: string, id: number): void {
    if (this.#count >= this.#max) this.clear();
    let children = this.#places.get(parentId);
    if (children === undefined) {
      children = new Map();
      this.#places.set(parentId, children);
    }
    children.set(rdnKey, id);
    this.#count += 1;
  }

  clear(): void {
    this.#places.clear();
    this.#count = 0;
  }
}

/** Ids of the groups that name a member directly; people in the same groups share one list. */
export class KeptGroups {
  readonly #edges: EdgeReads;
  readonly #max: number;
  readonly #groups = new IdMap<readonly number[]>();
  readonly #lists = new Map<string, readonly number[]>();

  constructor(edges: EdgeReads, max: number) {
    this.#edges = edges;
    this.#max = max;
  }

  known(member: number): readonly number[] | undefined {
    return this.#groups.get(member);
  }

  read(member: number): readonly number[] {
    if (this.#groups.size >= this.#max) this.clear();
    return this.#keep(member, this.#edges.groupsOf(member));
  }

  /** Reads the groups of many members, at least one, and adds them to `found`. */
  readAll(members: readonly number[], found: Map<number, readonly number[]>): void {
    if (this.#groups.size + members.length > this.#max) this.clear();
    let low = members[0]!;
    let high = low;
    for (const member of members) {
      if (member < low) low = member;
      else if (member > high) high = member;
    }
    // A page of a scan lies close together: one walk over the index beats a seek each.
    const near = members.length > 8 && high - low < members.length * 4;
    const range = near ? this.#edges.groupsBetween(low, high) : undefined;
    for (const member of members) {
      const groups =
        range === undefined ? this.#edges.groupsOf(member) : (range.get(member) ?? noIds);
      found.set(member, this.#keep(member, groups));
    }
  }

  #keep(member: number, groups: readonly number[]): readonly number[] {
    let list = groups;
    if (groups.length > 0 && groups.length <= SHARED_IDS_MAX) {
      const name = groups.length === 1 ? String(groups[0]) : groups.join();
      list = this.#lists.get(name) ?? groups;
      if (list === groups) this.#lists.set(name, groups);
    }
    this.#groups.set(member, list);
    return list;
  }

  drop(member: number): void {
    this.#groups.delete(member);
  }

  clear(): void {
    this.#groups.clear();
    this.#lists.clear();
  }
}
