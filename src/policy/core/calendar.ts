/**
 * Stretches of time as people count them: a day is a day of the calendar in the person's zone, a
 * month ends on its last day at the latest, working days skip weekends and holidays. The time of
 * day stays what it was.
 */
import type { Company, Duration } from './language/index.js';
import { instantOf, type LocalTime, localTime } from './zone.js';

export interface WorkCalendar extends Pick<Company, 'workingDays' | 'holidays'> {
  /** IANA name. */
  readonly zone: string;
}

const secondsPer = { minutes: 60, hours: 3_600 } as const;
/** Nobody means more working days in a row than a lifetime has, and a loop must end. */
const WORKING_DAYS_MAX = 40_000;

/** The instant `duration` after (or, with -1, before) another. */
export function shifted(
  seconds: number,
  { count, unit }: Duration,
  direction: 1 | -1,
  calendar: WorkCalendar,
): number {
  if (unit === 'minutes' || unit === 'hours') return seconds + direction * count * secondsPer[unit];
  const local = localTime(seconds, calendar.zone);
  return instantOf(movedDate(local, count * direction, unit, calendar), calendar.zone);
}

function movedDate(
  local: LocalTime,
  count: number,
  unit: Exclude<Duration['unit'], 'minutes' | 'hours'>,
  calendar: WorkCalendar,
): LocalTime {
  switch (unit) {
    case 'days':
      return { ...local, day: local.day + count };
    case 'weeks':
      return { ...local, day: local.day + 7 * count };
    case 'months':
      return inMonth(local, local.month - 1 + count);
    case 'years':
      return inMonth(local, local.month - 1 + 12 * count);
    case 'working days':
      return { ...local, day: local.day + workingDays(local, count, calendar) };
  }
}

/** The same day of another month (0 is January of that year), or its last. */
function inMonth(local: LocalTime, month: number): LocalTime {
  const year = local.year + Math.floor(month / 12);
  const within = ((month % 12) + 12) % 12;
  const last = dateOf(year, within + 2, 0).getUTCDate();
  return { ...local, year, month: within + 1, day: Math.min(local.day, last) };
}

/** Days of the calendar to as many working days on, or back. */
function workingDays({ year, month, day }: LocalTime, count: number, calendar: WorkCalendar) {
  const step = Math.sign(count);
  let left = Math.min(Math.abs(count), WORKING_DAYS_MAX);
  let moved = 0;
  while (left > 0 && Math.abs(moved) < 10 * WORKING_DAYS_MAX) {
    moved += step;
    if (isWorkingDay(dateOf(year, month, day + moved), calendar)) left -= 1;
  }
  return moved;
}

function isWorkingDay(date: Date, { workingDays: days, holidays }: WorkCalendar): boolean {
  const weekday = date.getUTCDay() === 0 ? 7 : date.getUTCDay();
  return days.includes(weekday) && !holidays.includes(date.toISOString().slice(0, 10));
}

function dateOf(year: number, month: number, day: number): Date {
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  return date;
}
