/**
 * What a kind never gets, where somebody becomes of that kind by the clock alone: whatever holds them in
 * such a group, but a rule, goes in that second. Rules know their turns themselves. Pure.
 */
import { kindOf, type Person, spansOf } from '../conditions/index.js';
import type { Kind, Policy } from '../language/index.js';
import { dateText, type Whose } from './ruled-step.js';
import type { PlannedStep } from './step.js';

/** A group that somebody is in by hand or by a grant. */
export interface Holding {
  readonly group: string;
  /** Seconds since 1970; Infinity where it does not end. */
  readonly until: number;
}

const forbidding = new WeakMap<Policy, readonly Kind[]>();

/** The kinds of which something is never given to anybody. */
function forbiddingKinds(policy: Policy): readonly Kind[] {
  let kinds = forbidding.get(policy);
  if (kinds === undefined) {
    kinds = policy.kinds.filter(({ neverGets }) => neverGets.length > 0);
    forbidding.set(policy, kinds);
  }
  return kinds;
}

/** The next second in which somebody becomes of such a kind. */
export function nextForbidding(person: Person, policy: Policy, now: number): number | undefined {
  let next: number | undefined;
  for (const { name } of forbiddingKinds(policy)) {
    for (const { from } of spansOf({ is: 'kind', kinds: [name] }, person, policy)) {
      if (from > now && (next === undefined || from < next)) next = from;
    }
  }
  return next;
}

/** The steps by which somebody is taken out of groups until the end of the window. */
export function neverSteps(
  { person, held, marks }: NeverSubject,
  whose: () => Whose,
  policy: Policy,
  { now, until }: { readonly now: number; readonly until: number },
): PlannedStep[] {
  const found: PlannedStep[] = [];
  if (forbiddingKinds(policy).length === 0) return found;
  const holdings = held();
  if (holdings.length === 0) return found;
  const same = (a: string, b: string) => a.toLowerCase() === b.toLowerCase();
  for (const { group, until: ends } of holdings) {
    const kinds = forbiddingKinds(policy)
      .filter(({ neverGets }) => neverGets.some((name) => same(name, group)))
      .map(({ name }) => name);
    if (kinds.length === 0) continue;
    for (const span of spansOf({ is: 'kind', kinds }, person, policy)) {
      // Who was always of that kind was never let in.
      if (!Number.isFinite(span.from) || span.from > until || span.until <= now) continue;
      const key = `never|${group}|${span.from}`;
      if (ends <= Math.max(span.from, now) || marks.has(key)) continue;
      const kind = kindOf(person, policy, span.from)!;
      const { id, login, dn, zone } = whose();
      found.push({
        at: span.from,
        id,
        login,
        dn,
        journey: `kind ${kind.name}`,
        line: kind.at.line,
        step: { verb: 'quit', groups: [group], text: `quit ${group}`, at: kind.at },
        reason: `is of the kind ${kind.name} from ${dateText(span.from, zone)} on, which never gets it`,
        key,
        closes: false,
        writes: true,
        keepsOut: true,
      });
    }
  }
  return found;
}

interface NeverSubject {
  readonly person: Person;
  readonly marks: ReadonlyMap<string, number>;
  /** Asked only where the policy keeps anybody out of anything. */
  readonly held: () => readonly Holding[];
}
