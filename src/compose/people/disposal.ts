/** When the policy does something for good to somebody who leaves. */

import { personOf, policyOf } from '../../directory/operations/lifecycle/index.js';
import type { DirectoryReader, EntryRecord } from '../../directory/ports.js';
import { calendarOf, kindOf } from '../../policy/core/conditions/index.js';
import { dueOf, type Facts, momentsOf } from '../../policy/core/index.js';

export interface Disposals {
  /** Seconds since 1970; undefined where the policy does not say. */
  readonly destroyed: number | undefined;
  readonly archived: number | undefined;
}

/** Counted from the departure at `departure`, by the journeys of the kind that the person is then. */
export function disposalsOf(
  entry: EntryRecord,
  departure: number,
  reader: DirectoryReader,
  facts?: Facts,
): Disposals {
  const { policy } = policyOf(reader);
  const stored = personOf(entry, reader);
  // Facts that are not written yet, under the eyes of whoever asks what they would mean.
  const person =
    facts === undefined
      ? stored
      : (Object.create(stored, { facts: { value: facts } }) as typeof stored);
  const kind = kindOf(person, policy, departure - 1);
  const journeys = policy.journeys.filter(({ name }) => kind?.journeys.includes(name));
  const occurrences = momentsOf(person, policy).filter(
    ({ moment, at }) => moment === 'end' && at === departure,
  );
  const calendar = calendarOf(person, policy);
  const first = (verb: 'destroy' | 'archive') => {
    const instants = journeys
      .flatMap(({ rules }) => rules)
      .filter(({ steps }) => steps.some((step) => step.verb === verb))
      .flatMap(({ timing }) => dueOf(timing, occurrences, calendar).map(({ at }) => at));
    return instants.length === 0 ? undefined : Math.min(...instants);
  };
  return { destroyed: first('destroy'), archived: first('archive') };
}
