/**
 * Who goes which way with the time of a plan: an engagement ends in one department and the next begins
 * in another. Where many go the same way, the plan says so before anything else.
 */
import { nameable, personOf, policyOf } from '../../directory/operations/lifecycle/index.js';
import { valuesAt } from '../core/conditions/index.js';
import { MoveTally, type Reorganisation } from '../core/index.js';
import type { PlannedStep, Window } from '../core/plan/index.js';
import { type PlanTools, visitAll } from './sweep.js';

/**
 * From now, or from before the first step that is late, until the end of the window. Of what is due now
 * only those who have a step can have moved.
 */
export async function reorganisationsIn(
  { now, until }: Window,
  steps: readonly PlannedStep[],
  tools: PlanTools,
): Promise<Reorganisation[]> {
  const { reader } = tools;
  const first = new Map<number, number>();
  for (const { id, at } of steps) first.set(id, Math.min(at - 1, first.get(id) ?? now));
  const tally = new MoveTally();
  const { policy } = policyOf(reader);
  const attributes = nameable(reader);
  await visitAll(
    tools,
    (entry) => {
      if (!entry.kind.isSubject) return;
      const person = personOf(entry, reader);
      if (person.facts.engagements.length < 2) return;
      const from = first.get(entry.id) ?? now;
      for (const attribute of attributes) {
        const valuesThen = (at: number) => valuesAt(person, attribute, policy, at);
        tally.note(attribute, entry.id, valuesThen(from), valuesThen(until));
      }
    },
    until > now ? undefined : [...first.keys()],
  );
  return tally.reorganisations(policy);
}
