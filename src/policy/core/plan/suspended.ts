/**
 * Nobody stays suspended because it was forgotten: every thirty days of a block that has no end of its
 * own, the administrators are asked whether it is still meant. Pure.
 */
import { kindOf, type Person } from '../conditions/index.js';
import type { Policy } from '../language/index.js';
import { beginOf, type Calendar } from '../times.js';
import { dateText, type Whose } from './ruled-step.js';
import type { PlannedStep } from './step.js';

const DAY = 86_400;
const EVERY_SECONDS = 30 * DAY;
/** A question that comes later than this waits for the next time. */
const USEFUL_SECONDS = 7 * DAY;
/** Of one block in one plan. */
const TIMES_MAX = 24;
export const STILL_SUSPENDED = 'still-suspended';

/** What is asked about blocks of somebody until the end of the window. */
export function suspendedSteps(
  { person, marks }: { readonly person: Person; readonly marks: ReadonlyMap<string, number> },
  whose: () => Whose,
  policy: Policy,
  calendar: Calendar,
  { now, until }: { readonly now: number; readonly until: number },
): PlannedStep[] {
  const found: PlannedStep[] = [];
  for (const { kind, since, until: end } of person.facts.blocks) {
    if (end !== undefined) continue;
    const begun = beginOf(since, calendar);
    const first = Math.max(1, Math.ceil((now - USEFUL_SECONDS - begun) / EVERY_SECONDS));
    for (let time = first; time < first + TIMES_MAX; time += 1) {
      const at = begun + time * EVERY_SECONDS;
      if (at > until) break;
      const key = `suspended|${kind}|${begun}|${time}`;
      if (marks.has(key) || person.stateAt(Math.max(at, now)) !== 'suspended') continue;
      const { id, login, dn, zone } = whose();
      const place = kindOf(person, policy, at)?.at ?? { line: 0, column: 0 };
      found.push({
        at,
        id,
        login,
        dn,
        journey: 'suspended',
        line: place.line,
        step: {
          verb: 'tell',
          who: [{ is: 'admins' }],
          message: STILL_SUSPENDED,
          loudly: false,
          text: `tell admins ${STILL_SUSPENDED}`,
          at: place,
        },
        reason: `blocked (${kind}) since ${dateText(begun, zone)}: tenure lift, or tenure offboard, where that is not meant any more`,
        key,
        closes: false,
        writes: true,
      });
    }
  }
  return found;
}
