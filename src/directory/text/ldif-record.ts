/**
 * What an LDIF file says (RFC 2849), as plain data: content records and change records. Names and
 * values are exactly what was written; nothing here knows a schema, normalises or lower-cases.
 */

/** One attribute of a record; `line` is the physical line, 1-based, of its first value. */
export interface LdifAttribute {
  readonly description: string;
  readonly values: readonly Buffer[];
  readonly line: number;
}

/** One control line of a change record; `value` is undefined where none was given. */
export interface LdifControl {
  readonly oid: string;
  readonly critical: boolean;
  readonly value: Buffer | undefined;
}

/** One step of a modify; `increment` is RFC 4525. `line` is that of the keyword. */
export interface LdifModification extends LdifAttribute {
  readonly op: 'add' | 'delete' | 'replace' | 'increment';
}

interface RecordBase {
  /** Physical line, 1-based, of the `dn:` line. */
  readonly line: number;
  readonly dn: string;
}

interface ChangeBase extends RecordBase {
  readonly controls: readonly LdifControl[];
}

/** An entry as it is. Values of one description are together, in the order first seen. */
export interface LdifContent extends RecordBase {
  readonly kind: 'content';
  readonly attributes: readonly LdifAttribute[];
}

/** `changetype: add` with its attributes, in the same shape as a content record. */
export interface LdifAdd extends ChangeBase {
  readonly kind: 'add';
  readonly attributes: readonly LdifAttribute[];
}

/** `changetype: delete`. */
export interface LdifDelete extends ChangeBase {
  readonly kind: 'delete';
}

/** `changetype: modify`: the changes in the order written, never merged. */
export interface LdifModify extends ChangeBase {
  readonly kind: 'modify';
  readonly changes: readonly LdifModification[];
}

/** `changetype: modrdn` or `moddn`: a rename, a move, or both. */
export interface LdifModrdn extends ChangeBase {
  readonly kind: 'modrdn';
  readonly newRdn: string;
  readonly deleteOldRdn: boolean;
  readonly newSuperior: string | undefined;
}

export type LdifRecord = LdifContent | LdifAdd | LdifDelete | LdifModify | LdifModrdn;

/** LDIF that cannot be read: the physical line, 1-based, and what is wrong and how to mend it. */
export class LdifError extends Error {
  readonly line: number;

  constructor(line: number, message: string) {
    super(message);
    this.name = 'LdifError';
    this.line = line;
  }
}
