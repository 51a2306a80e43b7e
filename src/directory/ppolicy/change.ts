/**
 * Whether a password may be changed (draft §8.2), before anything is computed about the new one.
 * Pure. Quality and history need dictionaries and hashes and are asked by whoever prepares the write. An administrator who sets somebody else's password is above all of
 * this: the policy binds the person, and pwdMustChange is the administrator's way to say so.
 */
import type { PolicyErrorName, ResultCodeName } from '../../runtime/errors.js';
import type { PasswordPolicy } from './policy.js';
import type { PasswordState } from './state.js';

export interface Change {
  /** The old password came with it and is right. */
  readonly gaveOld: boolean;
  readonly now: number;
}

/** A refusal as result code, policy error and a sentence for the person. */
export interface ChangeRefusal {
  readonly code: ResultCodeName;
  readonly error: PolicyErrorName;
  readonly text: string;
}

/** Whether the person may change the password now; undefined: yes. */
export function evaluateChange(
  policy: PasswordPolicy,
  state: PasswordState,
  { gaveOld, now }: Change,
): ChangeRefusal | undefined {
  const forced = policy.mustChange && state.reset;
  if (!policy.allowUserChange) {
    return {
      code: 'insufficientAccessRights',
      error: 'passwordModNotAllowed',
      text: 'the password policy leaves changes of this password to an administrator',
    };
  }
  if (policy.safeModify && !gaveOld) {
    return {
      code: 'insufficientAccessRights',
      error: 'mustSupplyOldPassword',
      text: 'the password policy asks for the old password together with the new one',
    };
  }
  const age = state.changedAt === undefined ? Infinity : now - state.changedAt;
  if (age < policy.minAge && !forced) {
    return {
      code: 'constraintViolation',
      error: 'passwordTooYoung',
      text: `the password can be changed again in ${inWords(policy.minAge - age)}`,
    };
  }
  return undefined;
}

const units = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
] as const;

/** `3 days`, `2 hours`, `1 minute`, rounded up: who comes back then is not sent away again. */
export function inWords(seconds: number): string {
  for (const [unit, size] of units) {
    if (seconds < size) continue;
    const count = Math.ceil(seconds / size);
    return `${count} ${unit}${count === 1 ? '' : 's'}`;
  }
  return seconds === 1 ? '1 second' : `${seconds} seconds`;
}
