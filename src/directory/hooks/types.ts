/**
 * What a write hook sees and may do. Hooks run in the order of index.ts, inside the savepoint of
 * the write: what a hook throws refuses the whole write.
 */

import type { Attributes } from '../operations/write/attributes.js';
import type { Transaction } from '../operations/write/transaction.js';
import type { EntryRecord } from '../ports.js';
import type { Kind, NormalDn } from '../schema/index.js';

/** An entry about to be added; a hook may complete its attributes. */
export interface Draft {
  readonly dn: NormalDn;
  readonly dnText: string;
  readonly parentId: number;
  readonly kind: Kind;
  readonly attributes: Attributes;
}

/** An entry about to be changed: what it was and what it will be. */
export interface Revision {
  readonly entry: EntryRecord;
  readonly kind: Kind;
  readonly before: Attributes;
  readonly after: Attributes;
}

export interface WriteHook {
  /** For error reports. */
  readonly name: string;
  /** Before the schema check of an add. */
  onAdd?(draft: Draft, tx: Transaction): void;
  /** After the entry is there. */
  afterAdd?(id: number, draft: Draft, tx: Transaction): void;
  /** Before the schema check of a modify or rename. */
  onChange?(revision: Revision, tx: Transaction): void;
  /** After a modify or rename is stored. */
  afterChange?(revision: Revision, tx: Transaction): void;
  /** Before the entry goes; its incoming edges still exist. */
  onDelete?(entry: EntryRecord, tx: Transaction): void;
  /** After an entry (and all below it) has a new name. */
  afterRename?(entry: EntryRecord, tx: Transaction): void;
}
