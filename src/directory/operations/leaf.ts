/**
 * The compiled form of a filter: attribute names resolved against the schema, assertion values
 * brought to normal form, everything that can never be decided turned into Undefined (RFC 4511
 * §4.5.1.7). Compiled once a search; evaluated per entry by evaluate.ts, planned by candidates.ts.
 */
import type { AttributeType, Kind, MatchingRule } from '../schema/index.js';

/** Three-valued logic as numbers: AND is min, OR is max, NOT is 2 − x. */
export const FALSE = 0;
export const UNDEFINED = 1;
export const TRUE = 2;
export type Truth = typeof FALSE | typeof UNDEFINED | typeof TRUE;

export type Test = 'equal' | 'greaterOrEqual' | 'lessOrEqual' | 'substrings' | 'present';

/** A test of the values of one attribute type, its subtypes and options. */
export interface Leaf {
  readonly node: 'leaf';
  readonly test: Test;
  readonly type: AttributeType;
  /** Options that the description must have; empty: any. */
  readonly options: readonly string[];
  /** Rule for the values; absent for presence. */
  readonly rule: MatchingRule | undefined;
  /** Normal form of the assertion (not for substrings and presence). */
  readonly key: Buffer;
  readonly pieces: Pieces | undefined;
  /** The assertion as it was sent. */
  readonly raw: Buffer;
  /** Numbers under which the body may hold values, for body attributes. */
  readonly numbers: readonly number[];
  /** An extensible match that also looks at the entry's name. */
  readonly dnAttributes: boolean;
  /** True where the values are tested by a rule other than the attribute's own (no index). */
  readonly foreignRule: boolean;
  /** Entries that store no value may have a computed one. */
  readonly supplied: boolean;
  /** What is shown of the values may depend on a state, or on who asks. */
  readonly guarded: boolean;
  /** Follow the attribute from entry to entry (1.2.840.113556.1.4.1941). */
  readonly chain: boolean;
}

export interface Pieces {
  readonly initial: Buffer | undefined;
  readonly any: readonly Buffer[];
  readonly final: Buffer | undefined;
}

/** objectClass=…: decided per kind of entry, not per entry. */
export interface ClassLeaf {
  readonly node: 'class';
  readonly matches: (kind: Kind) => boolean;
}

export type Node =
  | { readonly node: 'and' | 'or'; readonly children: readonly Node[] }
  | { readonly node: 'not'; readonly child: Node }
  | { readonly node: 'constant'; readonly truth: Truth }
  /** An extensible match on any attribute that the rule fits. */
  | { readonly node: 'anyOf'; readonly leaves: readonly Leaf[] }
  | ClassLeaf
  | Leaf;

export const always: Node = { node: 'constant', truth: TRUE };
export const never: Node = { node: 'constant', truth: FALSE };
export const undecidable: Node = { node: 'constant', truth: UNDEFINED };
