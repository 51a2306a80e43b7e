/**
 * Ends that shut nobody who is in use: `at end: suspend unless used in 7 days` in a journey of a kind.
 * Whoever was seen so shortly before the end goes on, at most for two weeks.
 */
import type { Condition, Duration, Kind, Policy, Step } from './language/index.js';

const DAY = 86_400;
/** How long an account that is in use goes on behind its end. */
const IN_USE_SECONDS = 14 * DAY;

export interface EndsUnlessUsed {
  /** Seconds before the end in which a trace of it counts. */
  readonly within: number;
  /** Seconds behind the end at which it is shut whoever still uses it. */
  readonly atMost: number;
}

/** What the journeys of a kind say; undefined where the end is the end. */
export function endsUnlessUsed(kind: Kind, { journeys }: Policy): EndsUnlessUsed | undefined {
  const steps = journeys
    .filter(({ name }) => kind.journeys.includes(name))
    .flatMap(({ rules }) =>
      rules.filter(({ timing }) => timing.moment === 'end' && timing.offset === undefined),
    )
    .flatMap((rule) => rule.steps);
  if (steps.some(({ verb }) => verb === 'offboard')) return undefined;
  const within = steps.flatMap(seenOf);
  if (within.length === 0) return undefined;
  return { within: Math.min(...within.map(secondsOf)), atMost: IN_USE_SECONDS };
}

function seenOf({ verb, when }: Step): readonly Duration[] {
  return verb === 'suspend' && when !== undefined ? unlessSeen(when) : [];
}

function unlessSeen(condition: Condition): readonly Duration[] {
  if (condition.is !== 'not' || condition.of.is !== 'seen') return [];
  return [condition.of.within];
}

const unitSeconds: Readonly<Record<Duration['unit'], number>> = {
  minutes: 60,
  hours: 3_600,
  days: DAY,
  'working days': DAY,
  weeks: 7 * DAY,
  months: 30 * DAY,
  years: 365 * DAY,
};

const secondsOf = ({ count, unit }: Duration) => count * unitSeconds[unit];
