/**
 * The shapes of a loaded schema (RFC 4512 §4): what every other room sees of it. Everything here is
 * readonly data made once when the schema is loaded; nothing here changes while a request runs.
 */

/** Where the store keeps the values of an attribute type. */
export type Storage = 'body' | 'edge' | 'secret' | 'column' | 'virtual';

/** What the store indexes; `ordering` = the equality index also serves `>=` and `<=`. */
export interface IndexSpec {
  readonly equality: boolean;
  readonly substring: boolean;
  readonly ordering: boolean;
}

/** An LDAP syntax (RFC 4517 §3.3). */
export interface Syntax {
  readonly oid: string;
  readonly name: string;
  readonly description: string;
  /** Why the value is invalid, as a phrase that follows the value's name, or undefined. */
  readonly validate: (value: Buffer) => string | undefined;
  /** The values are text that may be shown as it is. */
  readonly humanReadable: boolean;
  /** Values are returned under `;binary` (RFC 4522, RFC 4523): certificates and lists. */
  readonly binaryTransfer: boolean;
}

/** Which part of a substring assertion a piece is (RFC 4511 §4.5.1.7.2). */
export type PiecePosition = 'initial' | 'any' | 'final';

/** A matching rule (RFC 4512 §4.1.3) as a normal form. */
export interface MatchingRule {
  readonly oid: string;
  readonly name: string;
  readonly names: readonly string[];
  readonly description: string;
  readonly use: 'equality' | 'ordering' | 'substring' | 'extensible';
  /** The syntax of the assertion. */
  readonly syntaxOid: string;
  /**
   * The normal form as bytes that order by memcmp; undefined where the rule cannot take the value.
   * May be the value itself: copy it before the value's bytes are reused.
   */
  readonly normalize: (value: Buffer) => Buffer | undefined;
  /** The normal form of an assertion where it differs from a stored value's (first component). */
  readonly normalizeAssertion?: (assertion: Buffer) => Buffer | undefined;
  /** Substring rules: a piece normalised for its position; undefined where it cannot be. */
  readonly normalizePiece?: (piece: Buffer, position: PiecePosition) => Buffer | undefined;
  /** Rules that are not byte equality of normal forms (bit rules, words). */
  readonly test?: (storedNormalized: Buffer, assertionNormalized: Buffer) => boolean;
}

/** An attribute type (RFC 4512 §4.1.2) with everything inherited from its supertypes filled in. */
export interface AttributeType {
  /** Dense, 0..n-1 within this Schema instance; never stored. */
  readonly id: number;
  readonly oid: string;
  /** The primary spelling: how it is returned. */
  readonly name: string;
  readonly names: readonly string[];
  readonly description: string;
  readonly sup: AttributeType | undefined;
  /** All transitive subtypes, excluding itself. */
  readonly subtypes: readonly AttributeType[];
  readonly syntax: Syntax;
  /** Characters for text syntaxes, else bytes: an upper bound this server enforces. */
  readonly lengthMax: number | undefined;
  readonly equality: MatchingRule | undefined;
  readonly ordering: MatchingRule | undefined;
  readonly substring: MatchingRule | undefined;
  readonly singleValue: boolean;
  readonly collective: boolean;
  readonly noUserModification: boolean;
  readonly obsolete: boolean;
  readonly usage: AttributeUsage;
  /** Any usage but userApplications: returned only when asked by name or by `+`. */
  readonly operational: boolean;
  /** X-SECRET: kept in the secret table, never indexed, never logged. */
  readonly secret: boolean;
  /** Who may read it: everybody, administrators, or whom the policy gives that power as well. */
  readonly readers: 'all' | 'administrators' | 'read facts' | 'see end dates';
  /** The values are names of entries (with or without an optional unique identifier). */
  readonly dnValued: boolean;
  readonly storage: Storage;
  readonly index: IndexSpec;
  /** The RFC 4512 text as published. */
  readonly definition: string;
  /** The name of the schema file it came from. */
  readonly origin: string;
}

export type AttributeUsage =
  | 'userApplications'
  | 'directoryOperation'
  | 'distributedOperation'
  | 'dSAOperation';

export type ObjectClassKind = 'ABSTRACT' | 'STRUCTURAL' | 'AUXILIARY';

/** An object class (RFC 4512 §4.1.1). */
export interface ObjectClass {
  /** Dense, 0..n-1 within this Schema instance; never stored. */
  readonly id: number;
  readonly oid: string;
  readonly name: string;
  readonly names: readonly string[];
  readonly description: string;
  /** Direct superclasses. */
  readonly sups: readonly ObjectClass[];
  /** All transitive superclasses, excluding itself. */
  readonly superclasses: readonly ObjectClass[];
  readonly kind: ObjectClassKind;
  /** Its own required attribute types; those of its superclasses are theirs. */
  readonly must: readonly AttributeType[];
  readonly may: readonly AttributeType[];
  readonly obsolete: boolean;
  readonly definition: string;
  readonly origin: string;
}

/** The interned set of object classes of an entry, with superclasses. */
export interface Kind {
  /** Sorted OIDs joined by a space: stable across restarts and schema reloads. */
  readonly key: string;
  /** Most specific first, as displayed. */
  readonly classes: readonly ObjectClass[];
  readonly structural: ObjectClass;
  readonly must: ReadonlySet<AttributeType>;
  /** Optional attribute types; subtypes of these are allowed too ({@link Kind.allows}). */
  readonly may: ReadonlySet<AttributeType>;
  /** extensibleObject is among the classes. */
  readonly allowsAll: boolean;
  has(cls: ObjectClass): boolean;
  /** Whether the type may stand in such an entry: named in must or may, or operational. */
  allows(type: AttributeType): boolean;
  /**
   * Group kinds: the attribute that direct members are shown under: member, else uniqueMember,
   * else memberUid. Undefined for what is no group.
   */
  readonly membership: AttributeType | undefined;
  /** Whether sshPublicKey may stand in such an entry: keys that have expired are withheld. */
  readonly holdsSshKeys: boolean;
  /** lifecycleSubject is among the classes: facts may stand in such an entry. */
  readonly isSubject: boolean;
}

/** An attribute description (RFC 4512 §2.5) resolved against the schema. */
export interface AttributeDescription {
  readonly type: AttributeType;
  /** Lower-cased and sorted; `binary` is left out where the syntax always transfers so. */
  readonly options: readonly string[];
  /** Schema spelling and options: how it is returned. */
  readonly text: string;
  /** Lower-case canonical form: equal for equal descriptions. */
  readonly key: string;
}

/** Definitions of one source, in the order in which they may refer to each other. */
export interface SchemaFile {
  /** Shown in errors and as the origin of each definition. */
  readonly name: string;
  readonly attributeTypes: readonly string[];
  readonly objectClasses: readonly string[];
  /** Index settings that replace those of the definitions: words out of `eq sub ord`. */
  readonly indexes?: readonly { readonly attribute: string; readonly words: string }[];
}

/** The values of the subschema subentry (RFC 4512 §4.2). */
export interface PublishedSchema {
  readonly attributeTypes: readonly string[];
  readonly objectClasses: readonly string[];
  readonly matchingRules: readonly string[];
  readonly ldapSyntaxes: readonly string[];
  readonly matchingRuleUse: readonly string[];
}

/** A loaded schema. */
export interface Schema {
  readonly attributes: readonly AttributeType[];
  readonly objectClasses: readonly ObjectClass[];
  readonly matchingRules: readonly MatchingRule[];
  readonly syntaxes: readonly Syntax[];
  /** Case-insensitive; undefined when unknown. Options are not accepted: see `describe`. */
  attribute(nameOrOid: string): AttributeType | undefined;
  /**
   * Resolves `userCertificate;binary` or `cn;lang-de`; undefined if the type is unknown or the
   * description malformed. Cached, bounded.
   */
  describe(description: string): AttributeDescription | undefined;
  objectClass(nameOrOid: string): ObjectClass | undefined;
  matchingRule(nameOrOid: string): MatchingRule | undefined;
  syntax(oid: string): Syntax | undefined;
  /**
   * The kind of an entry with these classes; superclasses are added (RFC 4512 §3.3). Interned.
   * @throws LdapError objectClassViolation, with a sentence: unknown class, no structural class,
   * two unrelated structural classes.
   */
  kind(classNames: readonly string[]): Kind;
  publish(): PublishedSchema;
}

/** One relative name, normalised. */
export interface NormalRdn {
  /** One character a byte (latin1): equal for equal names, unambiguous when joined. */
  readonly key: string;
  /** As written, trimmed. */
  readonly text: string;
}

/** A distinguished name, normalised against a schema. */
export interface NormalDn {
  /** Leaf first, as written; empty for the root. */
  readonly rdns: readonly NormalRdn[];
  /**
   * The keys of the relative names joined by NUL, leaf first, one character a byte: equal for equal
   * names. A name lies below another exactly where its key ends with NUL and the other's key.
   */
  readonly key: string;
}

/** The attributes of an entry to be validated, by {@link AttributeDescription.key}. */
export type AttributeValues = ReadonlyMap<
  string,
  { readonly description: AttributeDescription; readonly values: readonly Buffer[] }
>;
