/**
 * Whether an entry is valid (RFC 4512 §2.4, §2.5.2): required and allowed attributes, syntaxes,
 * single values, lengths, repeated values. Says in each refusal which attribute, which value and
 * what to do. Never shows a secret value.
 */
import { LdapError } from '../../runtime/errors.js';
import type {
  AttributeDescription,
  AttributeType,
  AttributeValues,
  Kind,
  Schema,
} from './types.js';

const SHOWN_CHARS_MAX = 60;

/** The value for a message: quoted text, or its place where it is secret, binary or long. */
function shown(type: AttributeType, value: Buffer, at: number): string {
  if (type.secret || !type.syntax.humanReadable || value.length > SHOWN_CHARS_MAX) {
    return `value ${at + 1}`;
  }
  return `value "${value.toString('utf8')}"`;
}

function characters(type: AttributeType, value: Buffer): number {
  if (!type.syntax.humanReadable) return value.length;
  let count = 0;
  for (let i = 0; i < value.length; i += 1) if ((value[i]! & 0xc0) !== 0x80) count += 1;
  return count;
}

/**
 * @throws LdapError invalidAttributeSyntax with the reason, where the value does not follow the
 * syntax of its attribute type. `at` is its place among the values, from 0.
 */
export function checkValue(description: AttributeDescription, value: Buffer, at: number): void {
  const { type } = description;
  const reason = type.syntax.validate(value);
  if (reason === undefined) return;
  throw new LdapError(
    'invalidAttributeSyntax',
    `${description.text}: ${shown(type, value, at)} ${reason}`,
  );
}

/** @throws LdapError constraintViolation where the value is longer than its type allows. */
export function checkLength(description: AttributeDescription, value: Buffer): void {
  const { type } = description;
  if (type.lengthMax === undefined || value.length <= type.lengthMax) return;
  const length = characters(type, value);
  if (length <= type.lengthMax) return;
  throw new LdapError(
    'constraintViolation',
    `${description.text}: a value has ${length} characters, at most ${type.lengthMax} are allowed`,
  );
}

/** The place of the first value that equals an earlier one by the equality rule, or -1. */
export function duplicateValue(type: AttributeType, values: readonly Buffer[]): number {
  if (values.length < 2) return -1;
  const seen = new Set<string>();
  for (let i = 0; i < values.length; i += 1) {
    const value = values[i]!;
    const normal = type.equality?.normalize(value) ?? value;
    const key = normal.latin1Slice(0, normal.length);
    if (seen.has(key)) return i;
    seen.add(key);
  }
  return -1;
}

function checkAttribute(description: AttributeDescription, values: readonly Buffer[]): void {
  const { type, text } = description;
  for (let i = 0; i < values.length; i += 1) {
    checkValue(description, values[i]!, i);
    checkLength(description, values[i]!);
  }
  if (type.singleValue && values.length > 1) {
    throw new LdapError(
      'constraintViolation',
      `${text}: may have one value only, not ${values.length}`,
    );
  }
  const repeated = duplicateValue(type, values);
  if (repeated >= 0) {
    const which = shown(type, values[repeated]!, repeated);
    throw new LdapError('attributeOrValueExists', `${text}: ${which} is given twice`);
  }
}

function notAllowed(schema: Schema, kind: Kind, description: AttributeDescription): never {
  const { type } = description;
  const owners = schema.objectClasses
    .filter(
      (cls) => cls.kind === 'AUXILIARY' && (cls.must.includes(type) || cls.may.includes(type)),
    )
    .map((cls) => cls.name);
  const classes = kind.classes.map((cls) => cls.name).join(', ');
  const advice = owners.length === 0 ? '' : `; add object class ${owners.slice(0, 3).join(' or ')}`;
  throw new LdapError(
    'objectClassViolation',
    `${description.text}: not allowed by the object classes of the entry (${classes})${advice}`,
  );
}

function checkRequired(
  kind: Kind,
  attributes: AttributeValues,
  elsewhere: ReadonlySet<AttributeType> | undefined,
): void {
  for (const type of kind.must) {
    if (elsewhere?.has(type) || attributes.has(type.name.toLowerCase())) continue;
    // Rare: only under a language tag, which is a subtype (RFC 4512 §2.5.2.1).
    let found = type.storage === 'virtual' || type.storage === 'column';
    for (const { description, values } of attributes.values()) {
      if (description.type === type && values.length > 0) found = true;
    }
    if (found) continue;
    const cls = kind.classes.find((candidate) => candidate.must.includes(type));
    throw new LdapError(
      'objectClassViolation',
      `${type.name}: missing, and required by object class ${cls?.name ?? 'of the entry'}`,
    );
  }
}

/**
 * Checks a whole entry, objectClass included, as it would be stored. Attributes whose values are
 * kept apart and already checked (references, secrets) may be named in `elsewhere` instead.
 * @throws LdapError objectClassViolation (missing or not allowed), invalidAttributeSyntax,
 * constraintViolation (single value, length), attributeOrValueExists.
 */
export function validateEntry(
  schema: Schema,
  kind: Kind,
  attributes: AttributeValues,
  elsewhere?: ReadonlySet<AttributeType>,
): void {
  for (const { description, values } of attributes.values()) {
    const { type } = description;
    if (type.storage === 'virtual') continue;
    if (!kind.allows(type)) notAllowed(schema, kind, description);
    checkAttribute(description, values);
  }
  checkRequired(kind, attributes, elsewhere);
  if (elsewhere === undefined) return;
  for (const type of elsewhere) {
    if (!kind.allows(type)) notAllowed(schema, kind, describePlain(schema, type));
  }
}

function describePlain(schema: Schema, type: AttributeType): AttributeDescription {
  return schema.describe(type.name) ?? { type, options: [], text: type.name, key: type.name };
}
