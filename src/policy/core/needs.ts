/** What somebody lacks of what the policy says that their kind must have. */
import { shifted } from './calendar.js';
import { calendarOf, holds, kindOf, type Person } from './conditions/index.js';
import type { Kind, Policy, Requirement } from './language/index.js';
import { employments } from './moments.js';

export interface Lack {
  readonly kind: Kind;
  readonly requirement: Requirement;
}

export function lacksOf(person: Person, policy: Policy, now: number): readonly Lack[] {
  const kind = kindOf(person, policy, now);
  if (kind === undefined) return [];
  return kind.mustHave
    .filter((requirement) => lacks(person, requirement, policy, now))
    .map((requirement) => ({ kind, requirement }));
}

function lacks(person: Person, requirement: Requirement, policy: Policy, now: number): boolean {
  if (requirement.is === 'attribute') {
    const { attribute } = requirement;
    return !holds({ is: 'present', attribute }, person, policy, now);
  }
  const calendar = calendarOf(person, policy);
  const last = employments(person.facts.engagements, calendar).at(-1);
  // Counted from the start of who is still to come; who has left has ended in time.
  const from = Math.max(now, last === undefined ? now : last.from);
  return last === undefined || last.until > shifted(from, requirement.within, 1, calendar);
}
