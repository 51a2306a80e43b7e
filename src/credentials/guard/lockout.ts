/**
 * When failures lock somebody out, and until when. Pure: what counts so far, the rules of the
 * person's policy and the time go in, what holds comes out.
 *
 *   open ──failure──▶ delayed (grows with each) ──too many──▶ locked ──its time──▶ open, none count
 *     ▲                   │                                    │
 *     └──success, unlock──┴─────────────unlock─────────────────┘
 *
 * Nothing here depends on a task having run: the end of a lock is in its beginning.
 */
import type { Lockout } from '../../directory/model/observed.js';

/** What a password policy says about failures (draft-behera §5.2.9 on). */
export interface LockoutRules {
  /** Failures that lock; 0: none do. */
  readonly maxFailures: number;
  /** Failures older than this do not count; 0: only a success forgets them. */
  readonly countIntervalMs: number;
  /** How long a lock holds; 0: until somebody unlocks. */
  readonly durationMs: number;
  /** Wait after the first failure, doubled with each further one; 0: none. */
  readonly minDelayMs: number;
  /** The longest such wait; 0: it grows without a bound. */
  readonly maxDelayMs: number;
  /** Failures kept, never fewer than lock; 0: as many as are of use. */
  readonly recordedMax: number;
}

/** What holds where no policy says anything. */
export const defaultLockoutRules: LockoutRules = {
  maxFailures: 10,
  countIntervalMs: 15 * 60_000,
  durationMs: 15 * 60_000,
  minDelayMs: 0,
  maxDelayMs: 0,
  recordedMax: 0,
};

/** How somebody stands; `untilMs` is undefined where only an unlocking ends it. */
export type Standing =
  | { readonly kind: 'open' }
  | { readonly kind: 'delayed'; readonly untilMs: number }
  | { readonly kind: 'locked'; readonly untilMs: number | undefined };

const open: Standing = { kind: 'open' };
/** Failures kept where no policy says: past it a doubled second is eighteen hours. */
const KEPT_LEAST = 16;
/** Whatever a policy says: each is written anew with the next. */
const KEPT_MOST = 1_000;

/** How somebody with these failures stands now. */
export function standingOf(
  lockout: Lockout | undefined,
  rules: LockoutRules,
  nowMs: number,
): Standing {
  if (lockout === undefined) return open;
  const { lockedMs } = lockout;
  if (lockedMs !== undefined && rules.maxFailures > 0) {
    const untilMs = rules.durationMs === 0 ? undefined : lockedMs + rules.durationMs;
    if (untilMs === undefined || nowMs < untilMs) return { kind: 'locked', untilMs };
    return open;
  }
  const untilMs = delayEnd(counting(lockout, rules, nowMs), rules);
  return nowMs < untilMs ? { kind: 'delayed', untilMs } : open;
}

/** The failures that still count for a lock, oldest first; a lock that has ended has none. */
export function countingFailures(
  lockout: Lockout | undefined,
  rules: LockoutRules,
  nowMs: number,
): readonly number[] {
  if (lockout?.lockedMs === undefined) return counting(lockout, rules, nowMs);
  return standingOf(lockout, rules, nowMs).kind === 'locked' ? lockout.failures : [];
}

/** The failures within the interval, oldest first. */
export function counting(
  lockout: Lockout | undefined,
  { countIntervalMs }: LockoutRules,
  nowMs: number,
): readonly number[] {
  if (lockout === undefined) return [];
  if (countIntervalMs === 0) return lockout.failures;
  return lockout.failures.filter((atMs) => atMs > nowMs - countIntervalMs);
}

function delayEnd(failures: readonly number[], rules: LockoutRules): number {
  const { minDelayMs, maxDelayMs } = rules;
  if (minDelayMs === 0 || failures.length === 0) return 0;
  const grown = minDelayMs * 2 ** (failures.length - 1);
  return failures.at(-1)! + (maxDelayMs === 0 ? grown : Math.min(grown, maxDelayMs));
}

/** What counts after one more failure; `lockedMs` is set where it was one too many. */
export function withFailure(
  lockout: Lockout | undefined,
  rules: LockoutRules,
  nowMs: number,
): Lockout {
  // A lock that has ended has taken its failures with it.
  const before = lockout?.lockedMs === undefined ? counting(lockout, rules, nowMs) : [];
  const { recordedMax, maxFailures } = rules;
  const kept = recordedMax === 0 ? KEPT_LEAST : Math.min(recordedMax, KEPT_MOST);
  const failures = [...before, nowMs].slice(-Math.max(kept, maxFailures));
  const locks = maxFailures > 0 && failures.length >= maxFailures;
  return { failures, lockedMs: locks ? nowMs : undefined };
}

/** What counts once a failure turns out not to have been one; undefined: nothing does. */
export function withoutFailure(
  lockout: Lockout | undefined,
  rules: LockoutRules,
  atMs: number,
): Lockout | undefined {
  if (lockout === undefined) return undefined;
  const at = lockout.failures.lastIndexOf(atMs);
  if (at < 0) return lockout;
  const failures = lockout.failures.filter((_, i) => i !== at);
  if (failures.length === 0) return undefined;
  const locked = failures.length >= rules.maxFailures ? lockout.lockedMs : undefined;
  return { failures, lockedMs: locked };
}
