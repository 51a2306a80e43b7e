/** Lockout, last use, and the passwords that were verified a moment ago. */
export {
  type FailedAttempt,
  Guard,
  type GuardedAttempt,
  type GuardOptions,
  type Noted,
} from './guard.js';
export {
  countingFailures,
  defaultLockoutRules,
  type LockoutRules,
  type Standing,
  standingOf,
} from './lockout.js';
export { type VerifiedOptions, VerifiedPasswords } from './verified.js';
