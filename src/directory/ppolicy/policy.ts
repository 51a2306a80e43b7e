/**
 * A password policy as the draft has it (draft-behera-ldap-password-policy-10 §5.2), read from the
 * attributes of its entry. Times are seconds; 0 switches a rule off, as an absent attribute does.
 */

/** What is asked of the characters of a password and of how hard it is to guess. */
export interface Needs {
  readonly minLower: number;
  readonly minUpper: number;
  readonly minDigits: number;
  readonly minSymbols: number;
  readonly minKinds: number;
  readonly minScore: number;
  readonly refuseCommon: boolean;
  readonly refuseBreached: boolean;
}

export interface PasswordPolicy {
  readonly minAge: number;
  readonly maxAge: number;
  readonly minLength: number;
  readonly maxLength: number;
  /** Former passwords that may not come back. */
  readonly inHistory: number;
  /** 0 none; 1 of people, where the password can be read; 2 always, and of everybody. */
  readonly checkQuality: number;
  /** Asked for where quality is checked. */
  readonly needs: Needs;
  readonly expireWarning: number;
  readonly graceLimit: number;
  readonly graceExpiry: number;
  readonly mustChange: boolean;
  readonly allowUserChange: boolean;
  readonly safeModify: boolean;
  readonly lockout: boolean;
  readonly lockoutDuration: number;
  readonly maxFailure: number;
  readonly failureCountInterval: number;
  readonly minDelay: number;
  readonly maxDelay: number;
  readonly maxIdle: number;
  /** Failures that are kept. */
  readonly maxRecordedFailure: number;
}

/** First value of an attribute of the policy's entry, by name. */
export type ReadValue = (attribute: string) => string | undefined;

/** Reads a policy; what is absent is off, and people may change their password. */
export function readPolicy(value: ReadValue): PasswordPolicy {
  const number = (name: string): number => {
    const n = Number(value(name) ?? 0);
    // The schema takes integers of any size and sign; what makes no sense switches the rule off.
    return Number.isFinite(n) && n > 0 ? Math.min(n, SECONDS_MAX) : 0;
  };
  const flag = (name: string, otherwise: boolean): boolean => {
    const text = value(name);
    return text === undefined ? otherwise : text.toUpperCase() === 'TRUE';
  };
  return {
    minAge: number('pwdMinAge'),
    maxAge: number('pwdMaxAge'),
    minLength: number('pwdMinLength'),
    maxLength: number('pwdMaxLength'),
    inHistory: number('pwdInHistory'),
    checkQuality: number('pwdCheckQuality'),
    needs: {
      minLower: number('tenureMinLower'),
      minUpper: number('tenureMinUpper'),
      minDigits: number('tenureMinDigits'),
      minSymbols: number('tenureMinSymbols'),
      minKinds: number('tenureMinKinds'),
      minScore: number('tenureMinScore'),
      refuseCommon: flag('tenureRefuseCommon', true),
      refuseBreached: flag('tenureRefuseBreached', true),
    },
    expireWarning: number('pwdExpireWarning'),
    graceLimit: number('pwdGraceAuthNLimit'),
    graceExpiry: number('pwdGraceExpiry'),
    mustChange: flag('pwdMustChange', false),
    allowUserChange: flag('pwdAllowUserChange', true),
    safeModify: flag('pwdSafeModify', false),
    lockout: flag('pwdLockout', false),
    lockoutDuration: number('pwdLockoutDuration'),
    maxFailure: number('pwdMaxFailure'),
    failureCountInterval: number('pwdFailureCountInterval'),
    minDelay: number('pwdMinDelay'),
    maxDelay: number('pwdMaxDelay'),
    maxIdle: number('pwdMaxIdle'),
    maxRecordedFailure: number('pwdMaxRecordedFailure'),
  };
}

/** Largest number of the draft's INTEGERs that fits a response control. */
const SECONDS_MAX = 2_147_483_647;

/** What holds where no policy does: nothing is asked. */
export const noPolicy: PasswordPolicy = readPolicy(() => undefined);
