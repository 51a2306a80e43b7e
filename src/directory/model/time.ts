/**
 * Times as the directory shows them: GeneralizedTime in UTC with whole seconds (RFC 4517 §3.3.13).
 * Clients are known to take a fraction or an offset for an expired account, so none is ever sent.
 */

/** Whole seconds since 1970 as `YYYYmmddHHMMSSZ`. */
export function formatTime(seconds: number): string {
  const iso = new Date(seconds * 1000).toISOString();
  return (
    iso.slice(0, 4) +
    iso.slice(5, 7) +
    iso.slice(8, 10) +
    iso.slice(11, 13) +
    iso.slice(14, 16) +
    iso.slice(17, 19) +
    'Z'
  );
}

const generalizedTime =
  /^(\d{4})(\d\d)(\d\d)(\d\d)(?:(\d\d)(?:(\d\d|60))?)?(?:[.,](\d+))?(?:(Z)|([+-])(\d\d)(\d\d)?)$/;

/** Whole seconds since 1970 of a GeneralizedTime (a fraction is cut off), or undefined. */
export function parseTime(text: string): number | undefined {
  const m = generalizedTime.exec(text);
  if (m === null) return undefined;
  const [month, day, hour] = [Number(m[2]), Number(m[3]), Number(m[4])];
  if (month < 1 || month > 12 || day < 1 || day > 31 || hour > 23) return undefined;
  const [minute, second] = [Number(m[5] ?? 0), Number(m[6] ?? 0)];
  if (minute > 59) return undefined;
  const date = new Date(0);
  date.setUTCFullYear(Number(m[1]), month - 1, day);
  if (date.getUTCDate() !== day) return undefined;
  date.setUTCHours(hour, minute, second);
  let seconds = date.getTime() / 1000;
  if (m[9] !== undefined) {
    const offset = Number(m[10]) * 3600 + Number(m[11] ?? 0) * 60;
    seconds += m[9] === '+' ? -offset : offset;
  }
  return seconds;
}

/** For people, in sentences: `2026-12-01 09:30 UTC`. */
export function spokenTime(seconds: number): string {
  return `${new Date(seconds * 1000).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
