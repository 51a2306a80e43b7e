/**
 * The Change: one committed write as value-level deltas, with everything already decided (times,
 * ids, numbers). It is what the log stores, and it can be inverted: applying the inverse of all
 * Changes since a baseline, newest first, gives the baseline again. Audit, sync, undo and
 * replication read this and nothing else.
 *
 * Values are UTF-8 text where they are valid UTF-8, else {b64}; a name of another entry is {ref}
 * with the entry's UUID, so that a later rename does not break the record; a secret is only ever
 * named by its number and a keyed digest.
 */
import type { ChangeOrigin } from './audit.js';
import type { HolderText } from './holder.js';

export type ChangeValue =
  | string
  | { readonly b64: string }
  | {
      readonly ref: string;
      readonly dn: string;
      /** Who holds the reference, where that is not by hand, always (model/holder.ts). */
      readonly holder?: HolderText;
    };

export interface ValueDelta {
  /** Attribute description in the schema's spelling. */
  readonly attribute: string;
  readonly removed: readonly ChangeValue[];
  readonly added: readonly ChangeValue[];
}

/** A secret that came or went: its number, kind (`userPassword` …) and keyed digest (hex). */
export interface SecretDelta {
  readonly id: number;
  readonly kind: string;
  readonly digest: string;
}

/** The operational columns of an entry. Times are whole seconds since 1970. */
export interface EntryMeta {
  readonly csn: string;
  readonly createdAt: number;
  readonly createdBy: string;
  readonly modifiedAt: number;
  readonly modifiedBy: string;
}

/** Where an entry hangs: its parent's UUID (empty for a suffix) and its RDN as written. */
export interface EntryPlace {
  readonly parent: string;
  readonly rdn: string;
}

/** What happened to one entry. `before`/`after` are absent where it did not exist. */
export interface ChangeItem {
  readonly op: 'add' | 'modify' | 'delete' | 'rename' | 'touch';
  readonly uuid: string;
  /** The entry's DN when the change was made (before a rename). */
  readonly dn: string;
  readonly before?: EntryMeta;
  readonly after?: EntryMeta;
  readonly placeBefore?: EntryPlace;
  readonly placeAfter?: EntryPlace;
  readonly values?: readonly ValueDelta[];
  readonly secretsRemoved?: readonly SecretDelta[];
  readonly secretsAdded?: readonly SecretDelta[];
}

export interface ChangeHeader {
  readonly csn: string;
  /** DN of who did it. */
  readonly actor: string;
  /** Why, in words: `ldap modify`, `import people.ldif`, later a policy line. */
  readonly reason: string;
  /** The run that it is part of, where it is part of one. */
  readonly run?: string;
  /** Where it came from: for the audit trail, not part of the log. */
  readonly origin?: ChangeOrigin;
}

/** A Change as it is read back from the log. Payloads that were wiped have no item. */
export interface LoggedChange extends ChangeHeader {
  readonly seq: number;
  readonly run: string;
  readonly items: readonly ChangeItem[];
}

/** Changes that somebody made together, or the engine: what `undo` takes back as one. */
export interface RunHead {
  readonly id: number;
  /** Whole seconds since 1970. */
  readonly at: number;
  /** Distinguished name, or `policy`. */
  readonly actor: string;
  readonly reason: string;
  /** The run that this one takes back, or 0. */
  readonly undoes: number;
}
