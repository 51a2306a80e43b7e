/**
 * Moments in the words that people use: `today`, `tomorrow 09:30`, `17:00`, `friday`, `in 30 days`,
 * `2026-11-30`, `now`. They become times of facts (facts.ts): a day stays a day, so that a rule can
 * say what its end means; a time of day is one of the person's zone. Reads text, decides nothing.
 */
import { formatTime, parseTime } from '../../directory/model/time.js';
import type { Fault, TimeText } from './facts.js';
import { faultOfTime } from './times.js';
import { instantOf, type LocalTime, localTime } from './zone.js';

const examples = 'today, tomorrow 09:30, 17:00, friday, "in 30 days", 2026-11-30, or now';
const weekdays = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];
const clock = /^(\d{1,2}):(\d\d)(?::(\d\d))?$/;
const away = /^(in )?(\d{1,6}) (minute|hour|day|week|month|year)s?( ago)?$/;
const day = /^\d{4}-\d\d-\d\d$/;

const pad = (value: number) => String(value).padStart(2, '0');
const dateText = ({ year, month, day: of }: LocalTime): TimeText =>
  `${String(year).padStart(4, '0')}-${pad(month)}-${pad(of)}`;

/** The time that `words` mean at the second `now` on clocks of `zone`; a fault completes "it …". */
export function momentOf(words: string, now: number, zone: string): TimeText | Fault {
  const text = words.trim().replace(/\s+/g, ' ').replace(/^at /i, '');
  if (parseTime(text) !== undefined) return text;
  const lower = text.toLowerCase();
  if (lower === 'now') return formatTime(now);
  if (clock.test(lower)) return laterToday(lower, now, zone);
  const relative = away.exec(lower);
  if (relative !== null) return awayFrom(relative, now, zone);
  const exact = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d(?::\d\d)?)$/i.exec(text);
  if (exact !== null) return checked(`${exact[1]}T${exact[2]}`);
  const [first = '', second, ...rest] = lower.split(' ');
  const date = dayOf(first, now, zone);
  if (date === undefined || rest.length > 0) return { fault: `is no time; write ${examples}` };
  if (second === undefined) return checked(date);
  return clock.test(second)
    ? checked(`${date}T${timeOfDay(second)}`)
    : { fault: `ends in "${second}", which is no time of day such as 17:00` };
}

/** Of a phrase that is one, whether it names a whole day. */
export function isWholeDay(time: TimeText): boolean {
  return day.test(time);
}

function checked(time: TimeText): TimeText | Fault {
  const fault = faultOfTime(time);
  return fault === undefined ? time : { fault };
}

function timeOfDay(text: string): string {
  const [, hour, minute, second] = clock.exec(text)!;
  return `${hour!.padStart(2, '0')}:${minute}${second === undefined ? '' : `:${second}`}`;
}

/** A bare time of day is one that is still to come: yesterday's would be a slip. */
function laterToday(text: string, now: number, zone: string): TimeText | Fault {
  const today = dateText(localTime(now, zone));
  const time = checked(`${today}T${timeOfDay(text)}`);
  if (typeof time !== 'string') return time;
  const [, hour, minute, second = '0'] = clock.exec(text)!;
  const local = localTime(now, zone);
  const at = instantOf(
    { ...local, hour: Number(hour), minute: Number(minute), second: Number(second) },
    zone,
  );
  if (at >= now) return time;
  return { fault: `has passed today; write "tomorrow ${text}", "today ${text}", or now` };
}

function awayFrom(match: RegExpExecArray, now: number, zone: string): TimeText | Fault {
  const [, before, digits, unit, ago] = match;
  if ((before === undefined) === (ago === undefined)) {
    return { fault: 'lacks a direction; write "in 30 days" or "30 days ago"' };
  }
  const count = Number(digits) * (ago === undefined ? 1 : -1);
  if (unit === 'minute' || unit === 'hour') {
    return formatTime(now + count * (unit === 'minute' ? 60 : 3600));
  }
  const { year, month, day: of } = localTime(now, zone);
  if (unit === 'day' || unit === 'week') {
    return dateOf({ year, month, day: of + count * (unit === 'week' ? 7 : 1) });
  }
  const months = month + count * (unit === 'year' ? 12 : 1);
  const last = new Date(Date.UTC(year, months, 0)).getUTCDate();
  return dateOf({ year, month: months, day: Math.min(of, last) });
}

/** Days and months beyond the last carry over. */
function dateOf(local: Pick<LocalTime, 'year' | 'month' | 'day'>): TimeText | Fault {
  const date = new Date(Date.UTC(local.year, local.month - 1, local.day));
  if (Number.isNaN(date.getTime())) return { fault: 'is too far away' };
  return checked(date.toISOString().slice(0, date.toISOString().indexOf('T')));
}

function dayOf(word: string, now: number, zone: string): TimeText | undefined {
  if (day.test(word)) return word;
  const local = localTime(now, zone);
  const inDays = (days: number): TimeText => {
    const date = dateOf({ ...local, day: local.day + days });
    return typeof date === 'string' ? date : word;
  };
  if (word === 'today') return inDays(0);
  if (word === 'tomorrow') return inDays(1);
  if (word === 'yesterday') return inDays(-1);
  const wanted = weekdays.indexOf(word);
  if (wanted < 0) return undefined;
  const today = new Date(Date.UTC(local.year, local.month - 1, local.day)).getUTCDay();
  return inDays(((wanted - today + 6) % 7) + 1);
}
