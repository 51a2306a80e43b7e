/**
 * Who is in which group by rule, and when. A group's rule and the `gets` of kinds are one condition;
 * what a kind never gets is taken off it. Of those who do not fit any more, a group may keep movers
 * for a while:
 *
 *   fits      ├──────────────┤                 ├────────
 *   kept                     ├─ movers keep it ┤
 *   gone                                            ┼ destroyed: in no group from there on
 *
 * Pure. The answer is in spans, so that a membership turns by the clock with nothing having run.
 */
import type { Span } from '../../directory/model/holder.js';
import { shifted } from './calendar.js';
import { calendarOf, type Person, spansOf } from './conditions/index.js';
import type { Condition, Duration, Policy } from './language/index.js';

export interface RuledGroup {
  /** cn of the group. */
  readonly name: string;
  readonly condition: Condition;
  readonly keep: Duration | undefined;
}

/** How somebody is in a group by rule. */
export interface RuledMembership {
  /** Ascending, with gaps; none at all: always. */
  readonly spans: readonly Span[];
  /** Since when they do not fit and are kept, if they are. */
  readonly left: number | undefined;
}

/** Credentials and groups are gone for good from there on. */
const gone: Condition = { is: 'state', states: ['destroyed', 'archived', 'purged'] };
const known = new WeakMap<Policy, readonly RuledGroup[]>();

/** The groups that the policy fills; the same list for the same policy. */
export function ruledGroups(policy: Policy): readonly RuledGroup[] {
  let groups = known.get(policy);
  if (groups === undefined) {
    groups = gather(policy);
    known.set(policy, groups);
  }
  return groups;
}

function gather({ groups, kinds }: Policy): RuledGroup[] {
  const same = (a: string, b: string) => a.toLowerCase() === b.toLowerCase();
  const found = new Map<string, { name: string; any: Condition[]; keep: Duration | undefined }>();
  const of = (name: string) => {
    const key = name.toLowerCase();
    const group = found.get(key) ?? { name, any: [], keep: undefined };
    found.set(key, group);
    return group;
  };
  for (const { name, rule } of groups) if (rule !== undefined) of(name).any.push(rule);
  for (const { name, gets } of kinds) {
    for (const group of gets) of(group).any.push({ is: 'kind', kinds: [name] });
  }
  for (const { name, moversKeepIt } of groups) {
    const group = found.get(name.toLowerCase());
    if (group !== undefined) group.keep = moversKeepIt;
  }
  return [...found.values()].map(({ name, any, keep }) => {
    const fits: Condition = any.length === 1 ? any[0]! : { is: 'or', of: any };
    const never = kinds.filter((kind) => kind.neverGets.some((other) => same(other, name)));
    if (never.length === 0) return { name, condition: fits, keep };
    const none: Condition = {
      is: 'not',
      of: { is: 'kind', kinds: never.map((kind) => kind.name) },
    };
    return { name, condition: { is: 'and', of: [fits, none] }, keep };
  });
}

/** What was there before a write about the person. */
export interface Before {
  readonly holdsNow: boolean;
  readonly left: number | undefined;
  /** The person changed, not the policy: who does not fit now has moved. */
  readonly moved: boolean;
}

/** How the person is in the group from `now` on; undefined: not at all. */
export function membershipByRule(
  group: RuledGroup,
  person: Person,
  policy: Policy,
  now: number,
  before: Before,
): RuledMembership | undefined {
  const calendar = calendarOf(person, policy);
  const { condition, keep } = group;
  const later = (at: number) => (keep === undefined ? at : shifted(at, keep, 1, calendar));
  const spans = spansOf(condition, person, policy).map(({ from, until }) => {
    return { from, until: Number.isFinite(until) ? later(until) : until };
  });
  const fits = spans.some(({ from, until }) => from <= now && now < until);
  let left: number | undefined;
  if (
    keep !== undefined &&
    !fits &&
    before.holdsNow &&
    (before.moved || before.left !== undefined)
  ) {
    left = before.left ?? now;
    spans.push({ from: -Infinity, until: later(left) });
  }
  const here = spansOf({ is: 'not', of: gone }, person, policy);
  const coming = intersected(merged(spans), here).filter(({ until }) => until > now);
  if (coming.length === 0) return undefined;
  const shown = coming.map(({ from, until }) => ({ from: from <= now ? -Infinity : from, until }));
  const [first] = shown;
  const always = shown.length === 1 && first!.from === -Infinity && first!.until === Infinity;
  return { spans: always ? [] : shown, left };
}

function merged(spans: readonly Span[]): Span[] {
  const all: Span[] = [];
  for (const span of [...spans].sort((a, b) => a.from - b.from)) {
    const last = all.at(-1);
    if (last === undefined || span.from > last.until) all.push(span);
    else all[all.length - 1] = { from: last.from, until: Math.max(last.until, span.until) };
  }
  return all;
}

function intersected(a: readonly Span[], b: readonly Span[]): Span[] {
  const both: Span[] = [];
  for (const one of a) {
    for (const other of b) {
      const from = Math.max(one.from, other.from);
      const until = Math.min(one.until, other.until);
      if (from < until) both.push({ from, until });
    }
  }
  return merged(both);
}
