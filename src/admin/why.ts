/** The administration's question why something is as it is for somebody, and the answers. */

/** Why a policy holds: named by the entry, the first filter that matches, or for all who are left. */
export type PolicyBecause = 'explicit' | 'filter' | 'default';

export interface PolicyWhy {
  readonly dn: string;
  readonly because: PolicyBecause;
  /** Where `because` is `filter`. */
  readonly filter: string | undefined;
}

/**
 * What the right password would meet now: `open`, `mustChange` (may only set a new one), `grace`
 * (expired, with logins left), `expired`, `locked` (by an administrator, or outside its time, or
 * idle), `failures` (locked or delayed by wrong passwords), `none` (there is no password).
 */
export type PasswordStanding =
  | 'open'
  | 'mustChange'
  | 'grace'
  | 'expired'
  | 'locked'
  | 'failures'
  | 'none';

/** Times are ISO 8601, UTC; undefined where there is none. */
export interface PasswordWhy {
  readonly dn: string;
  /** The directory's own time. */
  readonly now: string;
  /** Undefined where no policy holds. */
  readonly policy: PolicyWhy | undefined;
  /** What pwdPolicySubentry names that is no password policy, and so does not hold. */
  readonly ignored: string | undefined;
  readonly state: PasswordStanding;
  /** Of `locked`: in a few words. */
  readonly reason: string | undefined;
  readonly changed: string | undefined;
  readonly expires: string | undefined;
  /** Logins that are left after `expires`; only where the policy grants any. */
  readonly graceLeft: number | undefined;
  /** pwdReset: somebody else set the password. */
  readonly reset: boolean;
  readonly validFrom: string | undefined;
  readonly validUntil: string | undefined;
  readonly lastLogin: string | undefined;
  /** When the account is shut for want of logins. */
  readonly idleAt: string | undefined;
  /** Failures that count now, and when the lock or delay that they led to ends. */
  readonly failures: number;
  readonly until: string | undefined;
  /** Former passwords that may not be used again. */
  readonly former: number;
}

export interface WhyEngine {
  password(name: string): Promise<PasswordWhy>;
}
