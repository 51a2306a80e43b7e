/**
 * What the state of somebody is at a second, worked out from the text of the facts with nothing of
 * the product.
 */
import { person } from './directory-people.js';
import type { TestDirectory } from './directory-temp.js';

interface Interval {
  readonly from: number;
  readonly until: number;
}

function secondsOf(text: string): number {
  const [, y, mo, d, h, mi, s] = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/.exec(text)!;
  return Date.UTC(Number(y), Number(mo) - 1, Number(d), Number(h), Number(mi), Number(s)) / 1_000;
}

function intervals(texts: readonly string[], begins: string, ends: string): Interval[] {
  const word = (text: string, key: string) => new RegExp(`(?:^| )${key}=(\\S+)`).exec(text)?.[1];
  return texts.map((text) => {
    const from = word(text, begins);
    const until = word(text, ends);
    return {
      from: from === undefined ? -Infinity : secondsOf(from),
      until: until === undefined ? Infinity : secondsOf(until),
    };
  });
}

/** The word of `lifecycleState` that facts mean at a second. */
export function stateOfFacts(
  facts: {
    readonly engagements: readonly string[];
    readonly absences: readonly string[];
    readonly blocks: readonly string[];
  },
  now: number,
): string {
  const live = ({ from, until }: Interval) => from <= now && now < until;
  const engagements = intervals(facts.engagements, 'start', 'end');
  const blocked = intervals(facts.blocks, 'since', 'until').some(live);
  if (engagements.length > 0 && !engagements.some(live)) {
    if (engagements.some(({ until }) => until <= now)) return 'offboarded';
    return blocked ? 'suspended' : 'staged';
  }
  if (blocked) return 'suspended';
  return intervals(facts.absences, 'from', 'until').some(live) ? 'leave' : 'active';
}

/** The same of a person of the directory, now, by the facts that an administrator reads. */
export function stateByFacts(d: TestDirectory, login: string): string {
  const names = ['lifecycleEngagement', 'lifecycleAbsence', 'lifecycleBlock'] as const;
  const entry = d.entry(person(login), names);
  const [engagements, absences, blocks] = names.map((name) => entry.texts(name));
  const facts = { engagements: engagements!, absences: absences!, blocks: blocks! };
  return stateOfFacts(facts, Math.floor(d.clock.nowMs() / 1_000));
}
