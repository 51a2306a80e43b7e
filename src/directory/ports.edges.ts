/**
 * What the directory asks of a store about references: values that name other entries, who holds
 * them (model/holder.ts), and when. A part of ports.ts, which is where everybody finds them.
 */
import type { Holder, Span } from './model/holder.js';
import type { AttributeType } from './schema/index.js';

/** One value of a DN-valued attribute under referential integrity (or a membership). */
export interface Edge {
  readonly source: number;
  readonly attribute: AttributeType;
  /** The entry that is named, or 0 where the name is outside the tree (then `text`). */
  readonly target: number;
  /** The value as written where target is 0, else empty. */
  readonly text: string;
}

/** A value with one of those who hold it. */
export interface HeldEdge extends Edge {
  readonly holder: Holder;
}

/** Two entries whose reference begins or ceases to hold. */
export interface EdgeMoment {
  readonly source: number;
  readonly target: number;
}

/** References that do not hold all the time (model/holder.ts). */
export interface TimedEdgeReader {
  /** Whether there is any at all: saves asking each. */
  readonly any: boolean;
  /** Whether the entry names somebody so. */
  names(source: number): boolean;
  /** Whether the entry is named so. */
  isNamed(target: number): boolean;
  /** When the value holds; undefined: always. */
  spansOf(source: number, attribute: AttributeType, target: number): readonly Span[] | undefined;
  /** When the group counts the entry among its members; undefined: always, or never. */
  membership(group: number, member: number): readonly Span[] | undefined;
  /** What changes from second to second, both inclusive. */
  between(fromSeconds: number, toSeconds: number, limit: number): EdgeMoment[];
  /** Every holding that has spans, regardless of time. */
  list(): HeldEdge[];
  /** The first second after that one at which anything changes. */
  next(afterSeconds: number): number | undefined;
}

export interface EdgeWrite {
  readonly attribute: AttributeType;
  /** 0 for a name outside the tree. */
  readonly target: number;
  /** As written; only where target is 0. */
  readonly text: string;
  /** NormalDn.key or the memberUid value; only where target is 0. */
  readonly textKey: string;
  /** Absent: by hand, always. Names outside the tree are held by nobody else. */
  readonly holder?: Holder;
}
