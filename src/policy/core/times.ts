/**
 * Times of facts as instants. A date is a whole day: something that starts then starts with the
 * day; something that ends then ends with it, unless the company says that an end date is the first
 * day without.
 */
import { parseTime } from '../../directory/model/time.js';
import type { TimeText } from './facts.js';
import { instantOf } from './zone.js';

export interface Calendar {
  /** IANA name of the zone in which dates are read. */
  readonly zone: string;
  /** What an end that is a date means. */
  readonly endDateMeans: 'the whole of the last day' | 'the first day without';
}

const localTimePattern = /^(\d{4})-(\d\d)-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d))?)?$/;

/** Why the text is no time, as a phrase that completes "the value …", or undefined. */
export function faultOfTime(text: TimeText): string | undefined {
  if (parseTime(text) !== undefined) return undefined;
  const fields = fieldsOf(text);
  if (fields === undefined) {
    return `has "${text}" for a time: write 2026-11-30, 2026-11-30T17:00 or 20261130170000Z`;
  }
  const { year, month, day, hour, minute, second } = fields;
  const date = new Date(Date.UTC(year, month - 1, day));
  const exists = month >= 1 && month <= 12 && date.getUTCDate() === day && year >= 1900;
  if (!exists) return `has "${text}" for a time, and there is no such day`;
  if (hour > 23 || minute > 59 || second > 59) {
    return `has "${text}" for a time, and there is no such time of day`;
  }
  return undefined;
}

function fieldsOf(text: TimeText) {
  const m = localTimePattern.exec(text);
  if (m === null) return undefined;
  return {
    year: Number(m[1]),
    month: Number(m[2]),
    day: Number(m[3]),
    hour: Number(m[4] ?? 0),
    minute: Number(m[5] ?? 0),
    second: Number(m[6] ?? 0),
    dateOnly: m[4] === undefined,
  };
}

/** The instant of something that begins. @throws Error where {@link faultOfTime} finds one */
export function beginOf(text: TimeText, { zone }: Calendar): number {
  return parseTime(text) ?? instantOf(readLocal(text), zone);
}

/** The instant from which on something is over. @throws Error where the text is no time */
export function endOf(text: TimeText, calendar: Calendar): number {
  const instant = parseTime(text);
  if (instant !== undefined) return instant;
  const local = readLocal(text);
  const wholeDay = local.dateOnly && calendar.endDateMeans === 'the whole of the last day';
  return instantOf(wholeDay ? { ...local, day: local.day + 1 } : local, calendar.zone);
}

function readLocal(text: TimeText) {
  const local = fieldsOf(text);
  if (local === undefined) throw new Error(`"${text}" is no time`);
  return local;
}
