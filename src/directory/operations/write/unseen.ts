/**
 * Values that the state of somebody, or a rule, keeps from the author of a write. They stay when the attribute
 * is replaced or deleted as a whole, and adding one of them again is no mistake: whoever writes back
 * what was read must not take anything from people who are away for a while. A value that is named
 * in a delete goes: its author knows of it.
 */
import { LdapError } from '../../../runtime/errors.js';
import type { EntryRecord } from '../../ports.js';
import type { AttributeDescription, AttributeType } from '../../schema/index.js';
import type { Withholding } from '../lifecycle/index.js';
import { type Attributes, findValue } from './attributes.js';
import type { Unreadable } from './unreadable.js';

interface Written {
  readonly entry: EntryRecord;
  readonly attributes: Attributes;
  readonly withheld: Withholding | undefined;
  readonly unreadable: Unreadable;
}

const none: readonly Buffer[] = [];

/** The values of the attribute that are withheld from the author. */
export function unseenValues(
  { entry, attributes, withheld, unreadable }: Written,
  { key, type }: AttributeDescription,
): readonly Buffer[] {
  const values = attributes.get(key)?.values;
  if (values === undefined) return none;
  if (unreadable.isBlind(type)) return values;
  if (withheld === undefined) return none;
  const seen = withheld.left(entry, type, values);
  return seen.length === values.length ? none : values.filter((value) => !seen.includes(value));
}

/** Deletes all of an attribute but what is withheld. @throws LdapError where all of it is */
export function leaveUnseen(
  { attributes }: Written,
  { key, text }: AttributeDescription,
  unseen: readonly Buffer[],
): void {
  const held = attributes.get(key)!;
  if (held.values.length === unseen.length) {
    throw new LdapError('noSuchAttribute', `the entry has no ${text}`);
  }
  held.values = [...unseen];
}

/** The values that are not among those that stay anyway. */
export function without(
  unseen: readonly Buffer[],
  values: readonly Buffer[],
  type: AttributeType,
): readonly Buffer[] {
  if (unseen.length === 0) return values;
  return values.filter((value) => findValue(type, unseen, value) < 0);
}
