/**
 * The fold: facts become a timeline.
 *
 *   engagement        ├─────────── start … end ───────────┤
 *   absence                 ├─from … until─┤
 *   block                            ├──since … until──┤
 *   disposal                                                 ┼ destroyed      ┼ archived
 *            staged   │active│ leave │     suspended   │ act │ sealed │ destr. │ archived
 *            ─────────┼──────┼───────┼─────────────────┼─────┼────────┼────────┼─────────►
 *
 * At any moment: purged for good is purged; without a live engagement one is staged (none has
 * begun) or offboarded (one has ended); a live block closes whoever has not left; an absence is
 * leave. Blocks win over absences because an absence must never open what a block has closed. An
 * engagement that begins after a disposal brings the person back: what is gone stays gone.
 */
import type { Employed, State, Timeline, UnlessUsed } from '../../directory/model/timeline.js';
import type { Disposal, Facts } from './facts.js';
import { beginOf, type Calendar, endOf } from './times.js';

export interface FoldRules extends Calendar {
  /** What somebody is who has no engagement at all. */
  readonly withoutEngagement: 'active' | 'staged';
  readonly openEnds: boolean;
  /** The policy never lets them expire: an end that is written down ends nothing. */
  readonly neverEnds?: boolean;
  /** The last end shuts nobody who was seen so many seconds before it, until so many behind it. */
  readonly endsUnlessUsed?: { readonly within: number; readonly atMost: number } | undefined;
  /** The entry that bounds this one's state, or 0. */
  readonly principal: number;
}

interface Span {
  /** -Infinity where nobody wrote down when it began. */
  readonly from: number;
  /** The first second that is no longer in it; Infinity where it does not end. */
  readonly until: number;
}

interface Resolved {
  readonly engagements: readonly Span[];
  readonly absences: readonly Span[];
  readonly blocks: readonly Span[];
  readonly disposals: readonly { readonly kind: Disposal['kind']; readonly at: number }[];
}

const isLive = ({ from, until }: Span, at: number) => from <= at && at < until;

function resolve(facts: Facts, calendar: FoldRules): Resolved {
  const span = (from: string | undefined, until: string | undefined): Span => ({
    from: from === undefined ? -Infinity : beginOf(from, calendar),
    until: until === undefined ? Infinity : endOf(until, calendar),
  });
  return {
    engagements: facts.engagements.map(({ start, end }) =>
      span(start, calendar.neverEnds === true ? undefined : end),
    ),
    absences: facts.absences.map(({ from, until }) => span(from, until)),
    blocks: facts.blocks.map(({ since, until }) => span(since, until)),
    disposals: facts.disposals.map(({ kind, at }) => ({ kind, at: beginOf(at, calendar) })),
  };
}

/** The state that resolved facts give at one moment. */
function stateOfMoment(facts: Resolved, at: number, rules: FoldRules): State {
  const { engagements, absences, blocks, disposals } = facts;
  if (disposals.some((disposal) => disposal.kind === 'purged' && disposal.at <= at)) {
    return 'purged';
  }
  const blocked = blocks.some((block) => isLive(block, at));
  if (engagements.length === 0 && rules.withoutEngagement === 'staged') {
    return blocked ? 'suspended' : 'staged';
  }
  const employed =
    engagements.length === 0 || engagements.some((engagement) => isLive(engagement, at));
  if (!employed) {
    const ended = engagements.filter(({ until }) => until <= at).map(({ until }) => until);
    if (ended.length === 0) return blocked ? 'suspended' : 'staged';
    return stageOf(disposals, Math.max(...ended), at);
  }
  if (blocked) return 'suspended';
  return absences.some((absence) => isLive(absence, at)) ? 'leave' : 'active';
}

/** How far somebody is gone who left at `since`. */
function stageOf(disposals: Resolved['disposals'], since: number, at: number): State {
  const done = disposals.filter((disposal) => disposal.at >= since && disposal.at <= at);
  if (done.some(({ kind }) => kind === 'archived')) return 'archived';
  return done.some(({ kind }) => kind === 'destroyed') ? 'destroyed' : 'sealed';
}

/** The timeline of the facts; undefined where it is "active for ever, bounded by nobody". */
export function fold(facts: Facts, rules: FoldRules): Timeline | undefined {
  const resolved = resolve(facts, rules);
  const { engagements, absences, blocks, disposals } = resolved;
  const instants = new Set<number>();
  for (const { from, until } of [...engagements, ...absences, ...blocks]) {
    if (from !== -Infinity) instants.add(from);
    if (until !== Infinity) instants.add(until);
  }
  for (const disposal of disposals) instants.add(disposal.at);
  const unlessUsed = sparedBy(resolved, rules);
  if (unlessUsed !== undefined) instants.add(unlessUsed.until);
  const first = stateOfMoment(resolved, -Infinity, rules);
  const at: number[] = [];
  const then: State[] = [];
  let last = first;
  for (const instant of [...instants].sort((a, b) => a - b)) {
    const state = stateOfMoment(resolved, instant, rules);
    if (state === last && instant !== unlessUsed?.until) continue;
    at.push(instant);
    then.push(state);
    last = state;
  }
  const { principal, openEnds } = rules;
  const employed = employedBy(facts, rules);
  const plain = first === 'active' && at.length === 0 && principal === 0;
  if (plain && employed === undefined) return undefined;
  return {
    first,
    at,
    then,
    principal,
    openEnds,
    ...(unlessUsed !== undefined && { unlessUsed }),
    ...(employed !== undefined && { employed }),
  };
}

/** Undefined where no engagement says anything, or one of them leaves it open. */
function employedBy({ engagements }: Facts, calendar: Calendar): Employed | undefined {
  const starts = engagements.map(({ start }) => start && beginOf(start, calendar));
  const ends = engagements.map(({ end }) => end && endOf(end, calendar));
  const known = (list: readonly (number | '' | undefined)[]): list is readonly number[] =>
    list.length > 0 && list.every((one) => typeof one === 'number');
  const start = known(starts) ? Math.min(...starts) : undefined;
  const until = known(ends) ? Math.max(...ends) : undefined;
  return start === undefined && until === undefined ? undefined : { start, until };
}

/** Only the end that comes last, and only while nothing else shuts them behind it. */
function sparedBy(
  { engagements, blocks, disposals }: Resolved,
  { endsUnlessUsed }: FoldRules,
): UnlessUsed | undefined {
  if (endsUnlessUsed === undefined || engagements.length === 0) return undefined;
  const from = Math.max(...engagements.map(({ until }) => until));
  if (!Number.isFinite(from)) return undefined;
  const { within, atMost } = endsUnlessUsed;
  // A block from then on, or what was disposed of, ends the time that is left.
  const shut = [...blocks.filter(({ until }) => until > from).map((block) => block.from)];
  const until = Math.min(
    from + atMost,
    ...shut.map((at) => Math.max(from, at)),
    ...disposals.map(({ at }) => Math.max(from, at)),
  );
  return until <= from ? undefined : { since: from - within, from, until };
}
