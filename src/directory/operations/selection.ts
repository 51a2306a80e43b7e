/**
 * Which attributes a search returns, worked out once per list of names and remembered (RFC 4511
 * §4.5.1.8, RFC 3673 `+`, RFC 4529 `@class`, `1.1`). Unknown names are ignored. Asking for a
 * supertype returns its subtypes; asking for an option returns what has at least that option.
 */
import { mayReadAttribute } from '../access/index.js';
import type { Identity, Role } from '../model/identity.js';
import type { DirectoryReader } from '../ports.js';
import type { AttributeDescription, AttributeType, Schema } from '../schema/index.js';
import type { Compiler } from './compile.js';
import { consumedAmong } from './nt-hashes.js';
import { type VirtualAttribute, virtualsOf } from './virtual.js';

export interface VirtualColumn {
  readonly type: AttributeType;
  readonly virtual: VirtualAttribute;
}

export interface Selection {
  /** All user attributes of the body. */
  readonly allUser: boolean;
  /** All user attributes of the body, and none of the operational ones behind them. */
  readonly wholeBody: boolean;
  /** By body attribute number: 1 = wanted. Numbers behind the end are new: see `allUser`. */
  readonly wanted: Uint8Array;
  /** By body attribute number: 1 = operational, so not part of `*`. */
  readonly operational: Uint8Array;
  readonly edges: readonly AttributeType[];
  readonly virtuals: readonly VirtualColumn[];
  /** User attributes that a state decides and nobody named: shown where the classes allow them. */
  readonly dialects: readonly VirtualColumn[];
  /** User attributes that are supplied and nobody named: shown where the classes allow them. */
  readonly supplied: readonly VirtualColumn[];
  readonly typesOnly: boolean;
  /** Asked for by name, and shown to those who consume NT hashes. */
  readonly consumed: readonly string[];
  /** Something is named that only some may read: what it is depends on more than the role. */
  readonly guarded: boolean;
  /** Slot 0 of a body, the classes, is shown without the one that says that there are facts. */
  readonly hidesSubject: boolean;
  /** memberOf is asked for: groups are read a page at a time. */
  readonly wantsGroups: boolean;
}

const CACHED_MAX = 512;

export class Selections {
  readonly #reader: DirectoryReader;
  readonly #compiler: Compiler;
  #schema: Schema | undefined;
  #descriptions: unknown;
  #cache = new Map<string, Selection>();
  /** The selection of an empty list, by role: the one asked for most. */
  readonly #all = new Map<Role, Selection>();

  constructor(reader: DirectoryReader, compiler: Compiler) {
    this.#reader = reader;
    this.#compiler = compiler;
  }

  select(attributes: readonly string[], typesOnly: boolean, identity: Identity): Selection {
    const schema = this.#reader.schema();
    const descriptions = this.#reader.descriptions();
    const { sees } = identity;
    if (attributes.length === 0 && !typesOnly && sees === undefined && schema === this.#schema) {
      const all = descriptions === this.#descriptions && this.#all.get(identity.role);
      if (all) return all;
    }
    if (schema !== this.#schema || descriptions !== this.#descriptions) {
      this.#schema = schema;
      this.#descriptions = descriptions;
      this.#cache.clear();
      this.#all.clear();
    }
    // The count makes a name with a NUL in it unable to pass for a valid list.
    const list = `${attributes.length} ${attributes.join('\0')}`;
    const view = sees === undefined ? '' : [...sees].join(' ');
    const key = `${identity.role}\0${view}\0${typesOnly ? 1 : 0} ${list}`;
    let selection = this.#cache.get(key);
    if (selection?.guarded === true) selection = this.#cache.get(`${key} ${powersOf(identity)}`);
    if (selection === undefined) {
      if (this.#cache.size >= CACHED_MAX) this.#cache.clear();
      selection = this.#make(schema, attributes, typesOnly, identity);
      this.#cache.set(key, selection);
      if (selection.guarded) this.#cache.set(`${key} ${powersOf(identity)}`, selection);
    }
    if (attributes.length === 0 && !typesOnly && sees === undefined) {
      this.#all.set(identity.role, selection);
    }
    return selection;
  }

  #make(
    schema: Schema,
    attributes: readonly string[],
    typesOnly: boolean,
    identity: Identity,
  ): Selection {
    const descriptions = this.#reader.descriptions();
    const wanted = new Uint8Array(descriptions.length);
    const operational = new Uint8Array(descriptions.length);
    descriptions.forEach((description, number) => {
      if (description === undefined) return;
      // What somebody may not read, or not without naming it, is no more part of `*`.
      const { type } = description;
      if (type.operational || !mayReadAttribute(identity, type, false)) operational[number] = 1;
    });
    const types = new Set<AttributeType>();
    const picked: AttributeDescription[] = [];
    let allUser = attributes.length === 0;
    let allOperational = false;
    for (const name of attributes) {
      if (name === '*') allUser = true;
      else if (name === '+') allOperational = true;
      else if (name.startsWith('@')) for (const type of ofClass(schema, name)) types.add(type);
      else {
        const description = schema.describe(name);
        if (description !== undefined) picked.push(description);
      }
    }
    for (const type of schema.attributes) {
      if (type.operational ? allOperational : allUser) types.add(type);
    }
    const named = new Set(picked.map(({ type }) => type));
    for (const { type, options } of picked) {
      if (!mayReadAttribute(identity, type)) continue;
      if (options.length === 0) types.add(type);
      for (const number of this.#compiler.numbersFor(type, options)) wanted[number] = 1;
    }
    const all = new Set<AttributeType>();
    for (const type of types) {
      for (const one of [type, ...type.subtypes]) {
        if (mayReadAttribute(identity, one, named.has(one))) all.add(one);
      }
    }
    // `*` takes the user attributes in one piece; only what stands apart is marked one by one.
    descriptions.forEach((description, number) => {
      if (description !== undefined && all.has(description.type)) wanted[number] = 1;
    });
    const virtuals = virtualsOf(schema);
    const columns = [...all].flatMap((type) => {
      const virtual = virtuals.get(type.oid);
      return virtual === undefined ? [] : [{ type, virtual }];
    });
    const isUnnamed = ({ type, virtual }: VirtualColumn) =>
      virtual.byState !== undefined && !type.operational && !named.has(type);
    const isSupplied = ({ type, virtual }: VirtualColumn) =>
      virtual.whereAllowed === true && !named.has(type);
    return {
      allUser,
      // A view leaves out what stands between the rest.
      wholeBody:
        allUser &&
        identity.sees === undefined &&
        !operational.some((is, number) => is === 1 && wanted[number] === 1),
      wanted,
      operational,
      edges: [...all].filter((type) => type.storage === 'edge'),
      virtuals: columns.filter((column) => !isUnnamed(column) && !isSupplied(column)),
      supplied: columns.filter(isSupplied),
      dialects: columns.filter(isUnnamed),
      typesOnly,
      consumed: consumedAmong(picked),
      guarded: identity.role === 'user' && picked.some(({ type }) => type.readers !== 'all'),
      hidesSubject: identity.role !== 'administrator',
      wantsGroups: [...all].some((type) => type.name === 'memberOf'),
    };
  }
}

/** What the policy lets somebody read, in a word. */
function powersOf(identity: Identity): string {
  const facts = identity.reads?.('read facts') === true;
  const ends = identity.reads?.('see end dates') === true;
  return `${facts ? 'facts' : ''} ${ends ? 'ends' : ''}`;
}

function ofClass(schema: Schema, name: string): readonly AttributeType[] {
  const cls = schema.objectClass(name.slice(1));
  if (cls === undefined) return [];
  return [cls, ...cls.superclasses].flatMap((c) => [...c.must, ...c.may]);
}
