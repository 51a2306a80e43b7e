/**
 * Who is in which group, directly and through other groups. Groups form a graph of membership
 * edges that may have cycles; every walk is bounded and visits a group once. One instance serves
 * one slice of work: what it remembers is true only until the next commit, and until the next
 * membership that ends.
 */
import type { DirectoryReader } from '../ports.js';
import { mayBeShut } from './brownouts.js';
import { directGroupsNow, type Moment, membershipOids, shownEdges } from './shown-edges.js';

const none: readonly number[] = [];

/** Says whose memberships are not to be seen. */
export interface Hiding {
  hidesMember(id: number): boolean;
}

export class Memberships {
  readonly #reader: DirectoryReader;
  readonly #hiding: Hiding | undefined;
  readonly #moment: Moment;
  /** Whether any membership is for a time only, or any group may be shut. */
  readonly #timed: boolean;
  /** All groups by group. */
  #closures: Map<number, readonly number[]> | undefined;

  constructor(
    reader: DirectoryReader,
    nowMs: () => number,
    hiding?: Hiding,
    missed?: Moment['missed'],
  ) {
    this.#reader = reader;
    this.#hiding = hiding;
    this.#moment = { reader, nowMs, missed };
    this.#timed = reader.timedEdges.any || mayBeShut(reader);
  }

  /** Reads the direct groups of a page of entries in one go; the reader keeps them. */
  load(members: readonly number[]): void {
    this.#reader.groupsOf(members);
  }

  direct(member: number): readonly number[] {
    return this.#timed ? directGroupsNow(member, this.#moment) : this.#reader.directGroups(member);
  }

  /** Every group that the entry is in, directly or nested, each once. */
  groupsOf(member: number): readonly number[] {
    const direct = this.direct(member);
    if (direct.length === 0) return direct;
    if (this.#hiding?.hidesMember(member) === true) return none;
    if (direct.length === 1 && this.direct(direct[0]!).length === 0) return direct;
    let all: Set<number> | undefined;
    for (const group of direct) {
      for (const wider of this.#closure(group)) {
        all ??= new Set(direct);
        all.add(wider);
      }
    }
    return all === undefined ? direct : [...all];
  }

  /** The groups that a group is in, itself excluded unless a cycle leads back to it. */
  #closure(group: number): readonly number[] {
    this.#closures ??= new Map();
    const known = this.#closures.get(group);
    if (known !== undefined) return known;
    const seen = new Set<number>();
    const pending = [group];
    for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
      for (const wider of this.direct(next)) {
        if (!seen.has(wider)) {
          seen.add(wider);
          pending.push(wider);
        }
      }
    }
    const closure = seen.size === 0 ? none : [...seen];
    this.#closures.set(group, closure);
    return closure;
  }

  /** Entries in a group, directly or through groups in it; groups on the way included. */
  membersOf(group: number): Set<number> {
    const members = new Set<number>();
    const pending = [group];
    for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
      const kind = this.#reader.entry(next)?.kind;
      if (kind?.membership === undefined && kind?.allowsAll !== true) continue;
      for (const edge of shownEdges(next, undefined, this.#moment)) {
        if (edge.target === 0 || members.has(edge.target)) continue;
        if (!membershipOids.has(edge.attribute.oid)) continue;
        if (this.#hiding?.hidesMember(edge.target) === true) continue;
        members.add(edge.target);
        pending.push(edge.target);
      }
    }
    return members;
  }

  /** The groups that lead to a start set: the set itself and everything wider. */
  upward(start: readonly number[]): Set<number> {
    const all = new Set<number>(start);
    for (const group of start) for (const wider of this.#closure(group)) all.add(wider);
    return all;
  }
}
