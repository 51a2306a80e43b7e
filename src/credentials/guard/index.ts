/** Lockout, last use, and the passwords that were verified a moment ago. */
export { type FailedAttempt, Guard, type GuardedAttempt, type GuardOptions } from './guard.js';
export { defaultLockoutRules, type LockoutRules, type Standing } from './lockout.js';
export { type VerifiedOptions, VerifiedPasswords } from './verified.js';
