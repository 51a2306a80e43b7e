/**
 * What somebody has that LDAP cannot reach, as the policy says it: with whoever takes it away and by
 * when, counted from the departure.
 */
import { calendarOf, holds } from '../../../policy/core/conditions/index.js';
import { shifted } from '../../../policy/core/index.js';
import type { Policy, Resource } from '../../../policy/core/language/index.js';
import type { CaseItem } from '../../model/cases.js';
import type { DirectoryReader, DirectoryWriter, EntryRecord } from '../../ports.js';
import { personOf, policyOf } from '../lifecycle/index.js';

export const RESOURCE = 'resource:';

export type Wanted = Pick<CaseItem, 'key' | 'text' | 'owner' | 'due'>;

/** Items for what the person has of the policy's resources at `now`. */
export function resourcesOf(
  entry: EntryRecord,
  departure: number,
  reader: DirectoryReader,
  now: number,
): Wanted[] {
  const { policy } = policyOf(reader);
  if (policy.resources.length === 0) return [];
  const person = personOf(entry, reader);
  const calendar = calendarOf(person, policy);
  return policy.resources
    .filter((resource) => has(resource, person, policy, now))
    .map(({ name, removedBy, within }) => ({
      key: `${RESOURCE}${name}`,
      text: `remove from ${name}`,
      owner: removedBy.map((who) => ('name' in who ? who.name : who.is)).join(', ') || 'admins',
      due: within === undefined ? departure : shifted(departure, within, 1, calendar),
    }));
}

function has(
  { who }: Resource,
  person: ReturnType<typeof personOf>,
  policy: Policy,
  now: number,
): boolean {
  return holds(who, person, policy, now);
}

/** Keeps in a case what is wanted of somebody, where it is not yet there. */
export function keepItems(number: number, items: readonly Wanted[], writer: DirectoryWriter): void {
  for (const item of items) writer.cases.keep(number, item);
}
