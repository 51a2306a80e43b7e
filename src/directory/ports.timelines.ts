/** What the directory asks of a store about states: how they turn, and which turns are written down. */
import type { Employed, Timeline } from './model/timeline.js';
import type { DirectoryReader, EntryRecord, IdSet } from './ports.js';

/** How the states of entries change with time (model/timeline.ts). */
export interface TimelineReader {
  /** Undefined: active for ever, bounded by nobody. */
  of(id: number): Timeline | undefined;
  /**
   * Whether the entry is certainly active at the second, bounded by nobody, with no open end to come.
   * False says nothing: the timeline has the answer.
   */
  isQuiet(id: number, seconds: number): boolean;
  /** Whether any entry has a timeline at all: saves asking each. */
  readonly any: boolean;
  /** Entries that have one, ascending. */
  ids(): readonly number[];
  /** Entries with an instant from second to second, both inclusive. */
  idsBetween(fromSeconds: number, toSeconds: number, limit: number): IdSet;
  /** Entries whose employment begins, or is over, from second to second, both inclusive. */
  idsEmployed(side: keyof Employed, fromSeconds: number, toSeconds: number, limit: number): IdSet;
  /** The second up to which passed instants are in the time stamps of entries. */
  readonly stampedTo: number;
  /**
   * Entries behind this one have the timeline that the policy before gave them; undefined: nobody. What
   * is shown of them is by that policy, and in comes who is let in by both (lifecycle/folding.ts).
   */
  readonly foldedTo: number | undefined;
  /** The first instant of any timeline after the second. */
  next(afterSeconds: number): number | undefined;
}

/** How entries fold, in a reader as it is now: what verify holds stored timelines against. */
export type TimelinesOf = (reader: DirectoryReader) => (entry: EntryRecord) => Timeline | undefined;
