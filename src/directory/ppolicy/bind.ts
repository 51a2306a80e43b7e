/**
 * Whether somebody who has proved a password may come in (draft §8.1): locked, not yet or no longer
 * valid, idle too long, to be changed, expired, in its grace, about to expire. Pure: time is an
 * argument. Counting failures is not its business; neither is what an answer looks like.
 *
 *   locked → window → idle → must change → expired → grace → warning
 *
 * Time on leave makes no password older and nobody idle.
 */
import type { PolicyErrorName } from '../../runtime/errors.js';
import type { PolicyWarning } from '../model/password-policy.js';
import type { PasswordPolicy } from './policy.js';
import { type PasswordState, secondsAtWork } from './state.js';

/** Times in whole seconds since 1970. */
export interface Moment {
  readonly now: number;
  /** When the person was last seen: asked only where a policy limits idleness. */
  readonly lastSeen: () => number | undefined;
}

export interface Shut {
  readonly open: false;
  readonly reason: string;
  readonly error: PolicyErrorName;
}

export interface Open {
  readonly open: true;
  /** Nothing may be done but change the password. */
  readonly mustChange: boolean;
  /** The password has expired: this login is one of those that are left. */
  readonly grace: boolean;
  readonly warning: PolicyWarning | undefined;
}

const open: Open = { open: true, mustChange: false, grace: false, warning: undefined };
const mustChange: Open = { ...open, mustChange: true };
const shut = (reason: string, error: PolicyErrorName): Shut => ({ open: false, reason, error });

/** What the policy says to a login at this moment. */
export function evaluateBind(
  policy: PasswordPolicy,
  state: PasswordState,
  moment: Moment,
): Open | Shut {
  const { now } = moment;
  if (isLocked(policy, state, now)) return shut('locked by an administrator', 'accountLocked');
  if (state.validFrom !== undefined && now < state.validFrom) {
    return shut('before pwdStartTime', 'accountLocked');
  }
  if (state.validUntil !== undefined && now >= state.validUntil) {
    return shut('after pwdEndTime', 'accountLocked');
  }
  if (policy.maxIdle > 0 && idleSeconds(state, moment) > policy.maxIdle) {
    return shut('idle for too long', 'accountLocked');
  }
  if (policy.mustChange && state.reset) return mustChange;
  const left = secondsLeft(policy, state, now);
  if (left === undefined) return open;
  if (left > 0) {
    if (left > policy.expireWarning) return open;
    return { ...open, warning: { kind: 'timeBeforeExpiration', seconds: left } };
  }
  const grace = graceLeft(policy, state, now);
  if (grace === 0) return shut('the password has expired', 'passwordExpired');
  return { ...open, grace: true, warning: { kind: 'graceAuthNsRemaining', count: grace - 1 } };
}

/** Whether an administrator's pwdAccountLockedTime holds now; with a duration it ends by itself. */
export function isLocked(policy: PasswordPolicy, state: PasswordState, now: number): boolean {
  const { lockedAt } = state;
  if (lockedAt === undefined) return false;
  if (policy.lockoutDuration === 0 || !Number.isFinite(lockedAt)) return true;
  return now < lockedAt + policy.lockoutDuration;
}

/** Seconds until the password expires, 0 or less where it has; undefined where it never does. */
export function secondsLeft(
  policy: PasswordPolicy,
  state: PasswordState,
  now: number,
): number | undefined {
  if (policy.maxAge === 0 || state.changedAt === undefined) return undefined;
  return policy.maxAge - secondsAtWork(state, state.changedAt, now);
}

/** Logins that an expired password still opens, this one included. */
export function graceLeft(policy: PasswordPolicy, state: PasswordState, now: number): number {
  const left = Math.max(0, policy.graceLimit - state.graceUses);
  const expired = secondsLeft(policy, state, now);
  if (left === 0 || expired === undefined || policy.graceExpiry === 0) return left;
  return -expired <= policy.graceExpiry ? left : 0;
}

/**
 * A change of the password counts as a sign of life: it is how an idle account is revived. Whoever
 * was never seen is not idle: nobody was watching.
 */
function idleSeconds(state: PasswordState, { now, lastSeen }: Moment): number {
  const seen = Math.max(lastSeen() ?? -Infinity, state.changedAt ?? -Infinity);
  return Number.isFinite(seen) ? secondsAtWork(state, seen, now) : 0;
}
