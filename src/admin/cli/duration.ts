/** Lengths of time as people write them: `90s`, `15m`, `2h`, `1d12h`, `2w`. */

const units: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};

const whole = /^(?:[0-9]{1,9}(?:ms|[smhdw]))+$/;
const part = /([0-9]{1,9})(ms|[smhdw])/g;

/** Milliseconds, or undefined where `text` is no length of time. */
export function parseDuration(text: string): number | undefined {
  if (!whole.test(text)) return undefined;
  let totalMs = 0;
  for (const [, digits, unit] of text.matchAll(part)) totalMs += Number(digits) * units[unit!]!;
  return Number.isSafeInteger(totalMs) ? totalMs : undefined;
}
