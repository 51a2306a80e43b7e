/**
 * The moments of a person's life as instants, and what is due around them.
 *
 *   engagements   ├──────────────┤   ├────────┤        touching or overlapping ones are one
 *                 start        end   start  end
 *   absences              ├────┤
 *                      leave  return
 */

import { isBrownout } from '../../directory/model/brownout.js';
import { parseTime } from '../../directory/model/time.js';
import { shifted, type WorkCalendar } from './calendar.js';
import { calendarOf, type Person } from './conditions/index.js';
import type { Engagement } from './facts.js';
import type { Moment, Policy, Timing } from './language/index.js';
import { beginOf, type Calendar, endOf } from './times.js';

export interface Occurrence {
  readonly moment: Moment;
  /** Seconds since 1970. */
  readonly at: number;
  /** Ids of the engagements, kind of the absence: what it is the moment of. */
  readonly about: string;
}

/** Something that is due. */
export interface Due {
  readonly at: number;
  readonly occurrence: Occurrence;
}

/** Every occurrence of every moment, in order of time. */
export function momentsOf(person: Person, policy: Policy): readonly Occurrence[] {
  const calendar = calendarOf(person, policy);
  const found: Occurrence[] = [];
  const add = (moment: Moment, at: number | undefined, about: string) => {
    if (at !== undefined && Number.isFinite(at)) found.push({ moment, at, about });
  };
  const { engagements, absences, notice } = person.facts;
  for (const { from, until, ids } of employments(engagements, calendar)) {
    const about = ids.join(' ');
    add('start', from, about);
    add('end', until, about);
    if (from !== -Infinity) {
      const over = shifted(from, policy.company.probation, 1, calendar);
      if (over < until) add('probation end', over, about);
    }
  }
  for (const absence of absences) {
    // Somebody who is shut for a while, to see who needs them, has neither left nor come back.
    if (isBrownout(absence)) continue;
    const { kind, from, until } = absence;
    add('leave', beginOf(from, calendar), kind);
    if (until !== undefined) add('return', endOf(until, calendar), kind);
  }
  if (notice !== undefined) add('notice', beginOf(notice.since, calendar), '');
  add('last seen', person.lastSeen, '');
  add('password set', parseTime(person.values('pwdchangedtime')[0] ?? ''), '');
  for (const at of person.keysAdded) add('key added', at, '');
  return found.sort((a, b) => a.at - b.at || (a.moment < b.moment ? -1 : 1));
}

/** When what the timing says is due, for each occurrence of its moment. */
export function dueOf(
  { moment, offset }: Timing,
  occurrences: readonly Occurrence[],
  calendar: WorkCalendar,
): readonly Due[] {
  return occurrences
    .filter((occurrence) => occurrence.moment === moment)
    .map((occurrence) => ({ at: dueAt(occurrence.at, offset, calendar), occurrence }));
}

function dueAt(at: number, offset: Timing['offset'], calendar: WorkCalendar): number {
  return offset === undefined
    ? at
    : shifted(at, offset, offset.direction === 'before' ? -1 : 1, calendar);
}

/** A stretch in which somebody is employed without a gap. */
export interface Employment {
  /** -Infinity where nobody wrote down when it began. */
  readonly from: number;
  readonly until: number;
  /** Of the engagements that it is made of. */
  readonly ids: readonly string[];
}

/** The union of the engagements, in order of time. */
export function employments(
  engagements: readonly Engagement[],
  calendar: Calendar,
): readonly Employment[] {
  const spans = engagements
    .map(({ id, start, end }) => ({
      from: start === undefined ? -Infinity : beginOf(start, calendar),
      until: end === undefined ? Infinity : endOf(end, calendar),
      ids: [id],
    }))
    .filter(({ from, until }) => from < until)
    .sort((a, b) => (a.from === b.from ? a.until - b.until : a.from - b.from));
  const joined: Employment[] = [];
  for (const span of spans) {
    const last = joined.at(-1);
    if (last === undefined || span.from > last.until) {
      joined.push(span);
      continue;
    }
    const until = Math.max(last.until, span.until);
    joined[joined.length - 1] = { from: last.from, until, ids: [...last.ids, ...span.ids] };
  }
  return joined;
}
