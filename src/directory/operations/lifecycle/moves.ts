/**
 * Reorganisations that somebody is about to make (policy/core/moves.ts): people are looked at as they
 * were and as they will be, by the attributes that the policy can move them by.
 */
import type { Person } from '../../../policy/core/conditions/index.js';
import { calendarOf } from '../../../policy/core/conditions/index.js';
import {
  type MoveTally,
  movingAttributes,
  offerOf,
  type Reorganisation,
  valuesInTheEnd,
} from '../../../policy/core/index.js';
import { LdapError } from '../../../runtime/errors.js';
import type { DirectoryReader } from '../../ports.js';
import type { AttributeType } from '../../schema/index.js';
import { policyOf } from './policy-of.js';

/** Whether its values can be called otherwise: names of entries, secrets and facts cannot. */
export function hasNames(type: AttributeType): boolean {
  const ordinary = type.storage === 'body' && !type.operational && type.readers === 'all';
  return ordinary && type.name !== 'objectClass';
}

type Looked = Pick<Person, 'facts' | 'values'>;

/** Counts in which way somebody goes. */
export function noteMoves(
  tally: MoveTally,
  who: number,
  { before, after }: { readonly before: Looked; readonly after: Looked },
  reader: DirectoryReader,
  now: number,
): void {
  const { policy } = policyOf(reader);
  const valuesOf = (person: Looked, attribute: string) =>
    valuesInTheEnd(person, attribute, policy, now, calendarOf(person, policy));
  for (const attribute of nameable(reader)) {
    tally.note(attribute, who, valuesOf(before, attribute), valuesOf(after, attribute));
  }
}

/** Of the attributes that move people those whose values are names. */
export function nameable(reader: DirectoryReader): readonly string[] {
  const schema = reader.schema();
  return movingAttributes(policyOf(reader).policy).filter((attribute) => {
    const type = schema.attribute(attribute);
    return type !== undefined && hasNames(type);
  });
}

/** @throws LdapError unwillingToPerform where more than a few go the same way, and nobody has said that they move */
export function assertTheyMove(
  found: readonly Reorganisation[],
  asMoves: boolean | undefined,
): void {
  if (asMoves === true || found.length === 0) return;
  throw new LdapError(
    'unwillingToPerform',
    `${found.map(offerOf).join('; ')}; if they move, say --as-moves. Nothing was changed`,
  );
}
