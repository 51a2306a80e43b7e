/** Who is asked for a second factor, and how a code may be written, as a policy says it. */
import { type OtpSeparator, otpSeparators } from './split.js';

export type FactorMode = 'off' | 'optional' | 'required';

export interface FactorRules {
  /** `optional`: whoever has one is asked for it. `off`: nobody is. */
  readonly mode: FactorMode;
  /** Days that somebody new may do without one where it is required. */
  readonly afterDays: number;
  /** Those days begin no earlier, seconds since 1970: for a rule made after the people came. */
  readonly since: number;
  readonly separators: readonly OtpSeparator[];
}

export const defaultFactorRules: FactorRules = {
  mode: 'optional',
  afterDays: 0,
  since: 0,
  separators: [''],
};

export const factorModes: readonly FactorMode[] = ['off', 'optional', 'required'];
const DAY_SECONDS = 86_400;
const DAYS_MAX = 36_500;

/** What an attribute of a policy's entry says, as text. */
export interface FactorTexts {
  readonly mode: string | undefined;
  readonly afterDays: string | undefined;
  /** Seconds since 1970. */
  readonly since: number | undefined;
  /** `none` and any of `,` `;` `:`, such as `none,;`. */
  readonly separators: string | undefined;
}

/** What is absent, or says nothing that is known, is as by default. */
export function readFactorRules(texts: FactorTexts): FactorRules {
  const mode = factorModes.find((one) => one === texts.mode?.toLowerCase());
  const days = Number(texts.afterDays ?? 0);
  const allowed = texts.separators?.toLowerCase() ?? '';
  const separators = otpSeparators.filter((one) => allowed.includes(one === '' ? 'none' : one));
  return {
    mode: mode ?? defaultFactorRules.mode,
    afterDays: Number.isFinite(days) ? Math.min(Math.max(0, days), DAYS_MAX) : 0,
    since: texts.since ?? 0,
    separators: separators.length > 0 ? separators : defaultFactorRules.separators,
  };
}

/** Whether somebody made at a time (seconds) may do without a second factor no longer. */
export function isRequired(rules: FactorRules, createdAt: number, nowMs: number): boolean {
  return nowMs / 1000 >= requiredFrom(rules, createdAt);
}

/** From which second on; Infinity where never. */
export function requiredFrom(rules: FactorRules, createdAt: number): number {
  if (rules.mode !== 'required') return Number.POSITIVE_INFINITY;
  return Math.max(createdAt, rules.since) + rules.afterDays * DAY_SECONDS;
}
