/**
 * The user attributes of an entry while it is written: a map from description to values, with the
 * equality rule deciding what is the same value (RFC 4511 §4.6). Knows nothing of edges, secrets
 * or the store.
 */
import { LdapError } from '../../../runtime/errors.js';
import { decodeBody } from '../../model/body.js';
import type { BodyValues, DirectoryReader, EntryRecord } from '../../ports.js';
import type { AttributeDescription, AttributeType, Kind } from '../../schema/index.js';

export interface Held {
  readonly description: AttributeDescription;
  values: Buffer[];
}

export type Attributes = Map<string, Held>;

/**
 * The description for a write.
 * @throws LdapError undefinedAttributeType with the name; constraintViolation for an option on an
 * attribute whose values are kept apart (references, secrets), where options have no meaning.
 */
export function describe(reader: DirectoryReader, attribute: string): AttributeDescription {
  const description = reader.schema().describe(attribute);
  if (description === undefined) {
    throw new LdapError(
      'undefinedAttributeType',
      `"${attribute.slice(0, 100)}" is not an attribute of the schema`,
    );
  }
  const { type, options } = description;
  if (options.length > 0 && type.storage !== 'body') {
    throw new LdapError('constraintViolation', `${type.name} takes no options (${attribute})`);
  }
  return description;
}

/** The attributes of a stored body, in display order; values are views into it. */
export function attributesOf(entry: EntryRecord, reader: DirectoryReader): Attributes {
  const descriptions = reader.descriptions();
  const attributes: Attributes = new Map();
  for (const { number, values } of decodeBody(entry.body)) {
    const description = descriptions[number];
    if (description === undefined) throw new Error(`attribute number ${number} has no name`);
    attributes.set(description.key, { description, values: values as Buffer[] });
  }
  return attributes;
}

/**
 * In display order, objectClass first; behind the others what not everybody may read, and last what is
 * operational: so that `*` is one range for everybody.
 */
export function bodyOf(attributes: Attributes): BodyValues[] {
  const body: BodyValues[] = [];
  const guarded: BodyValues[] = [];
  const operational: BodyValues[] = [];
  for (const [key, { description, values }] of attributes) {
    const part = { key, name: description.text, type: description.type, values };
    if (key === 'objectclass') body.unshift(part);
    else if (description.type.operational) operational.push(part);
    else if (description.type.readers !== 'all') guarded.push(part);
    else body.push(part);
  }
  if (guarded.length === 0 && operational.length === 0) return body;
  return [...body, ...guarded, ...operational];
}

/** The form in which equal values are equal: the rule's, or the bytes where there is none. */
function normal(type: AttributeType, value: Buffer): Buffer {
  return type.equality?.normalize(value) ?? value;
}

/** Index of the stored value that equals `value`, or −1. */
export function findValue(type: AttributeType, values: readonly Buffer[], value: Buffer): number {
  for (let i = 0; i < values.length; i++) if (values[i]!.equals(value)) return i;
  const key = normal(type, value);
  for (let i = 0; i < values.length; i++) if (normal(type, values[i]!).equals(key)) return i;
  return -1;
}

/** Adds values. @throws LdapError attributeOrValueExists */
export function addValues(
  attributes: Attributes,
  description: AttributeDescription,
  values: readonly Buffer[],
): void {
  const held = attributes.get(description.key);
  if (held === undefined) {
    if (values.length > 0) attributes.set(description.key, { description, values: [...values] });
    return;
  }
  // Many values against many: look them up by key, not each by each.
  const known = new Set(held.values.map((value) => keyOf(description.type, value)));
  for (const value of values) {
    const key = keyOf(description.type, value);
    if (known.has(key)) {
      throw new LdapError(
        'attributeOrValueExists',
        `${description.text} already has the value ${shown(description.type, value)}`,
      );
    }
    known.add(key);
  }
  held.values = [...held.values, ...values];
}

function keyOf(type: AttributeType, value: Buffer): string {
  const key = normal(type, value);
  return key.latin1Slice(0, key.length);
}

/** Deletes those of the values that are there. */
export function deleteAmong(
  attributes: Attributes,
  description: AttributeDescription,
  values: readonly Buffer[],
): void {
  const held = attributes.get(description.key)?.values ?? [];
  const there = values.filter((value) => findValue(description.type, held, value) >= 0);
  if (there.length > 0) deleteValues(attributes, description, there);
}

/** Deletes values, or the whole attribute where none is named. @throws LdapError noSuchAttribute */
export function deleteValues(
  attributes: Attributes,
  description: AttributeDescription,
  values: readonly Buffer[],
): void {
  const held = attributes.get(description.key);
  if (held === undefined) {
    throw new LdapError('noSuchAttribute', `the entry has no ${description.text}`);
  }
  if (values.length === 0) {
    attributes.delete(description.key);
    return;
  }
  const left = [...held.values];
  for (const value of values) {
    const at = findValue(description.type, left, value);
    if (at < 0) {
      throw new LdapError(
        'noSuchAttribute',
        `${description.text} has no value ${shown(description.type, value)}`,
      );
    }
    left.splice(at, 1);
  }
  if (left.length === 0) attributes.delete(description.key);
  else held.values = left;
}

/** RFC 4525: adds an integer to each value. */
export function incrementValues(
  attributes: Attributes,
  description: AttributeDescription,
  values: readonly Buffer[],
): void {
  const { type, text } = description;
  const held = attributes.get(description.key);
  if (type.syntax.oid !== INTEGER_SYNTAX) {
    throw new LdapError('constraintViolation', `${text} is not an integer`);
  }
  if (values.length !== 1) {
    throw new LdapError('protocolError', 'increment takes exactly one value (RFC 4525 §3)');
  }
  if (held === undefined) throw new LdapError('noSuchAttribute', `the entry has no ${text}`);
  const by = values[0]!.toString('latin1');
  if (!/^-?\d{1,40}$/.test(by)) {
    throw new LdapError('invalidAttributeSyntax', `"${by.slice(0, 60)}" is not an integer`);
  }
  held.values = held.values.map((value) =>
    Buffer.from((BigInt(value.toString('latin1')) + BigInt(by)).toString()),
  );
}

const INTEGER_SYNTAX = '1.3.6.1.4.1.1466.115.121.1.27';

/** A value for an error text: short, and only where it is text. */
export function shown(type: AttributeType, value: Buffer): string {
  if (type.secret || !type.syntax.humanReadable) return `(${value.length} bytes)`;
  const text = value.toString('utf8');
  return `"${text.length > 60 ? `${text.slice(0, 60)}…` : text}"`;
}

/** Kinds are few and entries many; values are never written to. */
const classValues = new WeakMap<Kind, readonly Buffer[]>();

/** The classes of a kind as the objectClass attribute shows them. */
export function setClasses(attributes: Attributes, kind: Kind, of: AttributeDescription): void {
  let values = classValues.get(kind);
  if (values === undefined) {
    values = kind.classes.map((cls) => Buffer.from(cls.name));
    classValues.set(kind, values);
  }
  attributes.set(of.key, { description: of, values: [...values] });
}
