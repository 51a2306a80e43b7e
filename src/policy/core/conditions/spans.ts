/**
 * When the answer to a condition can turn by the clock alone, and so from when until when it holds.
 * Only for conditions that follow from facts, attributes and the state; what depends on traces of
 * somebody turns with the traces.
 */
import type { Condition, Policy } from '../language/index.js';
import { beginOf, endOf } from '../times.js';
import { holds } from './evaluate.js';
import { calendarOf } from './look.js';
import type { Person } from './person.js';

/** From the first second on until the last: Infinity where it does not end. */
export interface Span {
  readonly from: number;
  readonly until: number;
}

/** Instants at which kind, values of engagements, facts or state may change, ascending. */
export function turnsOf(person: Person, policy: Policy): readonly number[] {
  const calendar = calendarOf(person, policy);
  const turns = new Set(person.stateTurns);
  const { engagements, holds: held, notice } = person.facts;
  for (const { start, end } of engagements) {
    if (start !== undefined) turns.add(beginOf(start, calendar));
    if (end !== undefined) turns.add(endOf(end, calendar));
  }
  for (const { since } of held) turns.add(beginOf(since, calendar));
  if (notice !== undefined) turns.add(beginOf(notice.since, calendar));
  return [...turns].sort((a, b) => a - b);
}

/** The spans in which the condition holds, in order; -Infinity where it always did. */
export function spansOf(condition: Condition, person: Person, policy: Policy): readonly Span[] {
  const found: Span[] = [];
  let since: number | undefined;
  const turns = turnsOf(person, policy);
  for (const at of [-Infinity, ...turns]) {
    // Before the first turn any second is as good as another.
    const asked = at === -Infinity ? (turns[0] ?? 0) - 1 : at;
    const now = holds(condition, person, policy, asked);
    if (now && since === undefined) since = at;
    if (!now && since !== undefined) {
      found.push({ from: since, until: at });
      since = undefined;
    }
  }
  if (since !== undefined) found.push({ from: since, until: Infinity });
  return found;
}
