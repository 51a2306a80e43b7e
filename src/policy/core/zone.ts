/**
 * Dates and wall-clock times in a time zone (IANA name), as instants: whole seconds since 1970. A
 * time that a clock change skips is the instant at which it was skipped; of one that comes twice
 * the first counts.
 */
const formats = new Map<string, Intl.DateTimeFormat>();
const ZONES_KEPT_MAX = 64;

/** Whether the zone is one that this machine knows. */
export function isZone(zone: string): boolean {
  try {
    formatOf(zone);
    return true;
  } catch {
    return false;
  }
}

/** @throws RangeError for a zone that nobody knows */
function formatOf(zone: string): Intl.DateTimeFormat {
  let format = formats.get(zone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
    if (formats.size >= ZONES_KEPT_MAX) formats.clear();
    formats.set(zone, format);
  }
  return format;
}

export interface LocalTime {
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
}

/**
 * Offsets by zone and quarter of an hour. A plan asks for the same midnights of everybody, and the
 * machine's answer takes longer than all the rest of it.
 */
const offsets = new Map<string, Map<number, number>>();
const QUARTER = 900;
const OFFSETS_KEPT_MAX = 50_000;
/** From here on (1973) every zone changes its offset at a full quarter of an hour. */
const QUARTERS_SINCE = 94_694_400;

function offsetOf(seconds: number, zone: string): number {
  let known = offsets.get(zone);
  if (known === undefined) {
    if (offsets.size >= ZONES_KEPT_MAX) offsets.clear();
    known = new Map();
    offsets.set(zone, known);
  }
  const quarter = Math.floor(seconds / QUARTER);
  let offset = known.get(quarter);
  if (offset === undefined) {
    offset = asUtc(shownBy(seconds, zone)) - Math.floor(seconds);
    if (known.size >= OFFSETS_KEPT_MAX) known.clear();
    known.set(quarter, offset);
  }
  return offset;
}

/** What clocks of the zone show at an instant. */
export function localTime(seconds: number, zone: string): LocalTime {
  if (!(seconds >= QUARTERS_SINCE)) return shownBy(seconds, zone);
  const date = new Date((Math.floor(seconds) + offsetOf(seconds, zone)) * 1000);
  return {
    year: date.getUTCFullYear(),
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    hour: date.getUTCHours(),
    minute: date.getUTCMinutes(),
    second: date.getUTCSeconds(),
  };
}

function shownBy(seconds: number, zone: string): LocalTime {
  const found: Record<string, number> = {};
  for (const { type, value } of formatOf(zone).formatToParts(seconds * 1000)) {
    found[type] = Number(value);
  }
  const { year, month, day, hour, minute, second } = found as unknown as LocalTime;
  return { year, month, day, hour, minute, second };
}

function asUtc({ year, month, day, hour, minute, second }: LocalTime): number {
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  date.setUTCHours(hour, minute, second);
  return date.getTime() / 1000;
}

/** Days and hours beyond a month's or a day's carry over, as in Date. */
export function instantOf(local: LocalTime, zone: string): number {
  const wanted = asUtc(local);
  const offset = (at: number) => asUtc(localTime(at, zone)) - at;
  const before = offset(wanted - 86_400);
  const after = offset(wanted + 86_400);
  const first = wanted - Math.max(before, after);
  const second = wanted - Math.min(before, after);
  if (offset(first) === wanted - first) return first;
  if (offset(second) === wanted - second) return second;
  return skippedAt(first - 86_400, second + 86_400, offset);
}

/** The instant in between at which the offset changes. */
function skippedAt(low: number, high: number, offset: (at: number) => number): number {
  const before = offset(low);
  let [a, b] = [low, high];
  while (b - a > 1) {
    const middle = Math.floor((a + b) / 2);
    if (offset(middle) === before) a = middle;
    else b = middle;
  }
  return b;
}

/** Midnight at the beginning of the day `days` after the one that contains the instant. */
export function dayStart(seconds: number, zone: string, days = 0): number {
  const { year, month, day } = localTime(seconds, zone);
  return instantOf({ year, month, day: day + days, hour: 0, minute: 0, second: 0 }, zone);
}
