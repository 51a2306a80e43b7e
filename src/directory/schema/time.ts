/**
 * The normal form of Generalized Time (RFC 4517 §3.3.13): bytes that order by memcmp as the
 * instants do. Knows the proleptic Gregorian calendar, years 0000 to 9999; keeps leap seconds and
 * fractions exactly. Reads no clock.
 */

/** Longest fraction that is accepted, digits: more says nothing and costs arithmetic. */
const FRACTION_DIGITS_MAX = 32;

/** A point of time in UTC; `fraction` holds digits of a second without trailing zeros. */
interface UtcTime {
  /** Minutes from 0000-01-01T00:00Z. */
  readonly minutes: number;
  /** 0 to 60: a leap second stays one. */
  readonly second: number;
  readonly fraction: string;
}

const MINUTES_PER_DAY = 1440;

/** Days from 0000-01-01 to the first of March of `year`-based calendars, by whole arithmetic. */
function daysFromCivil(year: number, month: number, day: number): number {
  const shiftedYear = month <= 2 ? year + 399 : year + 400;
  const era = Math.floor(shiftedYear / 400);
  const yearOfEra = shiftedYear - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100);
  return era * 146_097 + dayOfEra + dayOfYear - 146_097 + 60;
}

const DAYS_MAX = daysFromCivil(9999, 12, 31);

function civilFromDays(days: number): { year: number; month: number; day: number } {
  const shifted = days - 60 + 146_097;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra -
      Math.floor(dayOfEra / 1460) +
      Math.floor(dayOfEra / 36_524) -
      Math.floor(dayOfEra / 146_096)) /
      365,
  );
  const dayOfYear =
    dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const monthIndex = Math.floor((5 * dayOfYear + 2) / 153);
  const day = dayOfYear - Math.floor((153 * monthIndex + 2) / 5) + 1;
  const month = monthIndex < 10 ? monthIndex + 3 : monthIndex - 9;
  return { year: yearOfEra + era * 400 - 400 + (month <= 2 ? 1 : 0), month, day };
}

function daysInMonth(year: number, month: number): number {
  if (month === 2) {
    return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  }
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

/** The number in `count` digits at `at`, or -1. */
function digits(value: Buffer, at: number, count: number): number {
  if (at + count > value.length) return -1;
  let number = 0;
  for (let i = at; i < at + count; i += 1) {
    const digit = value[i]! - 0x30;
    if (digit < 0 || digit > 9) return -1;
    number = number * 10 + digit;
  }
  return number;
}

/** Minutes that the zone lies ahead of UTC, or undefined; the zone must end the value. */
function parseZone(value: Buffer, at: number): number | undefined {
  const sign = value[at];
  if (sign === 0x5a) return at + 1 === value.length ? 0 : undefined;
  if (sign !== 0x2b && sign !== 0x2d) return undefined;
  const hour = digits(value, at + 1, 2);
  const minute = at + 3 === value.length ? 0 : digits(value, at + 3, 2);
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59) return undefined;
  if (value.length !== at + 3 && value.length !== at + 5) return undefined;
  return sign === 0x2b ? hour * 60 + minute : -(hour * 60 + minute);
}

function parse(value: Buffer): UtcTime | undefined {
  const year = digits(value, 0, 4);
  const month = digits(value, 4, 2);
  const day = digits(value, 6, 2);
  const hour = digits(value, 8, 2);
  if (year < 0 || month < 1 || month > 12 || hour < 0 || hour > 23) return undefined;
  if (day < 1 || day > daysInMonth(year, month)) return undefined;
  let at = 10;
  let unitSeconds = 3600;
  let minute = digits(value, at, 2);
  let second = 0;
  if (minute >= 0) {
    at += 2;
    unitSeconds = 60;
    second = digits(value, at, 2);
    if (second >= 0) {
      at += 2;
      unitSeconds = 1;
    } else second = 0;
  } else minute = 0;
  if (minute > 59 || second > 60) return undefined;
  let fraction = '';
  if (value[at] === 0x2e || value[at] === 0x2c) {
    const from = at + 1;
    at = from;
    while (at < value.length && value[at]! >= 0x30 && value[at]! <= 0x39) at += 1;
    if (at === from || at - from > FRACTION_DIGITS_MAX) return undefined;
    fraction = value.latin1Slice(from, at);
  }
  const ahead = parseZone(value, at);
  if (ahead === undefined) return undefined;
  const minutes = daysFromCivil(year, month, day) * MINUTES_PER_DAY + hour * 60 + minute - ahead;
  if (minutes < 0 || minutes >= (DAYS_MAX + 1) * MINUTES_PER_DAY) return undefined;
  return withFraction(minutes, second, fraction, unitSeconds);
}

/** Turns a fraction of an hour or a minute into minutes, seconds and a fraction of a second. */
function withFraction(
  minutes: number,
  second: number,
  fraction: string,
  unitSeconds: number,
): UtcTime {
  if (fraction === '') return { minutes, second, fraction };
  if (unitSeconds === 1) return { minutes, second, fraction: trimZeros(fraction) };
  const scale = 10n ** BigInt(fraction.length);
  const scaled = BigInt(fraction) * BigInt(unitSeconds);
  const seconds = Number(scaled / scale);
  const rest = (scaled % scale).toString().padStart(fraction.length, '0');
  return {
    minutes: minutes + Math.floor(seconds / 60),
    second: seconds % 60,
    fraction: trimZeros(rest),
  };
}

function trimZeros(text: string): string {
  let end = text.length;
  while (end > 0 && text.charCodeAt(end - 1) === 0x30) end -= 1;
  return text.slice(0, end);
}

function pad(number: number, width: number): string {
  return number.toString().padStart(width, '0');
}

function format(time: UtcTime): string {
  const date = civilFromDays(Math.floor(time.minutes / MINUTES_PER_DAY));
  const minuteOfDay = time.minutes % MINUTES_PER_DAY;
  const hour = pad(Math.floor(minuteOfDay / 60), 2);
  const day = pad(date.year, 4) + pad(date.month, 2) + pad(date.day, 2);
  const whole = day + hour + pad(minuteOfDay % 60, 2) + pad(time.second, 2);
  return time.fraction === '' ? whole : `${whole}.${time.fraction}`;
}

/** Whether a valid value is 14 digits and Z, without a fraction: then they are the normal form. */
function isPlain(value: Buffer): boolean {
  return value.length === 15 && value[14] === 0x5a && value[10]! >= 0x30 && value[12]! >= 0x30;
}

/** The normal form `YYYYMMDDHHMMSS[.fraction]` in UTC; undefined for an invalid value. */
export function normalizeGeneralizedTime(value: Buffer): Buffer | undefined {
  const time = parse(value);
  if (time === undefined) return undefined;
  if (isPlain(value)) return value.subarray(0, 14);
  return Buffer.from(format(time), 'latin1');
}
