/**
 * Why a state holds at a moment: the facts that decide it, in sentences. The state itself is asked
 * of the fold, so that an explanation never tells of another state than the one that holds.
 */
import { type State, stateAt } from '../../directory/model/timeline.js';
import type { Engagement, Facts } from './facts.js';
import { type FoldRules, fold } from './fold.js';
import { beginOf, endOf } from './times.js';

/** One fact that has to do with it. */
export interface Because {
  /** A phrase such as `blocked (security) by cn=admin,… since …: phishing`. */
  readonly text: string;
  /** When that began and when it ends, seconds since 1970; undefined where nobody said. */
  readonly since?: number;
  readonly until?: number;
}

export interface Explained {
  readonly state: State;
  /** Empty where no fact is written down at all. */
  readonly because: readonly Because[];
}

export function explain(facts: Facts, rules: FoldRules, at: number): Explained {
  const timeline = fold(facts, rules);
  const state = timeline === undefined ? 'active' : stateAt(timeline, at);
  return { state, because: reasons(state, facts, rules, at) };
}

function reasons(state: State, facts: Facts, rules: FoldRules, at: number): Because[] {
  switch (state) {
    case 'active':
      return live(facts, rules, at).map((one) => engaged(one, rules));
    case 'leave':
      return absences(facts, rules, at);
    case 'suspended':
      return blocks(facts, rules, at);
    case 'staged':
      return facts.engagements
        .filter(({ start }) => start !== undefined && beginOf(start, rules) > at)
        .map(({ id, kind, start }) => {
          const until = beginOf(start!, rules);
          return { text: `${nameOf(id, kind)} begins only on ${start}`, until };
        });
    case 'sealed':
      return lastEnds(facts, rules, at);
    case 'destroyed':
    case 'archived':
    case 'purged':
      return [...disposed(facts, rules, at), ...lastEnds(facts, rules, at)];
  }
}

const nameOf = (id: string, kind: string | undefined) =>
  kind === undefined ? `engagement ${id}` : `engagement ${id} (${kind})`;

function live(facts: Facts, rules: FoldRules, at: number): Engagement[] {
  return facts.engagements.filter(({ start, end }) => holds(start, end, rules, at));
}

function holds(from: string | undefined, until: string | undefined, rules: FoldRules, at: number) {
  if (from !== undefined && beginOf(from, rules) > at) return false;
  return until === undefined || endOf(until, rules) > at;
}

function engaged({ id, kind, start, end }: Engagement, rules: FoldRules): Because {
  const text = [
    nameOf(id, kind),
    start === undefined ? 'holds' : `holds since ${start}`,
    end === undefined ? '' : `to ${end}`,
  ];
  return { text: text.filter(Boolean).join(' '), ...span(start, end, rules) };
}

function absences(facts: Facts, rules: FoldRules, at: number): Because[] {
  return facts.absences
    .filter(({ from, until }) => holds(from, until, rules, at))
    .map(({ kind, from, until }) => {
      const end = until === undefined ? 'until further notice' : `to ${until}`;
      return { text: `on leave (${kind}) from ${from} ${end}`, ...span(from, until, rules) };
    });
}

function blocks(facts: Facts, rules: FoldRules, at: number): Because[] {
  return facts.blocks
    .filter(({ since, until }) => holds(since, until, rules, at))
    .map(({ kind, by, since, until, reason }) => {
      const end = until === undefined ? '' : ` to ${until}`;
      const why = reason === undefined ? '' : `: ${reason}`;
      const text = `blocked (${kind}) by ${by} since ${since}${end}${why}`;
      return { text, ...span(since, until, rules) };
    });
}

function lastEnds(facts: Facts, rules: FoldRules, at: number): Because[] {
  const ended = facts.engagements.flatMap(({ id, kind, end }) => {
    const since = end === undefined ? Infinity : endOf(end, rules);
    return since > at ? [] : [{ text: `${nameOf(id, kind)} ended with ${end}`, since }];
  });
  const last = Math.max(...ended.map(({ since }) => since));
  return ended.filter(({ since }) => since === last);
}

function disposed(facts: Facts, rules: FoldRules, at: number): Because[] {
  return facts.disposals.flatMap(({ kind, at: time }) => {
    const since = beginOf(time, rules);
    return since > at ? [] : [{ text: `${kind} for good at ${time}`, since }];
  });
}

function span(from: string | undefined, until: string | undefined, rules: FoldRules) {
  return {
    ...(from !== undefined && { since: beginOf(from, rules) }),
    ...(until !== undefined && { until: endOf(until, rules) }),
  };
}
