/** The administration's question why something is as it is for somebody, and the answers. */

import type { MayAsked, MayWhy } from './may.js';

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

/** What can be asked about somebody, a service and a moment. */
export interface WhyAsked {
  readonly name: string;
  /** The service account through which they would come; undefined: directly. */
  readonly service?: string | undefined;
  /** In words; undefined is now. */
  readonly at?: string | undefined;
}

/** One way in: whether it opens, to what, and why (not). */
export interface DoorWhy {
  /** `password`, `app password "phone"`, `first password`, `certificate`. */
  readonly door: string;
  /** `change`: opens a session that may set a new password and nothing else. */
  readonly opens: 'yes' | 'change' | 'no';
  readonly because: string;
}

/** Times are ISO 8601, UTC. */
export interface PersonWhy {
  readonly dn: string;
  readonly login: string;
  readonly now: string;
  /** The moment that was asked about. */
  readonly at: string;
  readonly zone: string;
  /** DN. */
  readonly service: string | undefined;
  readonly state: string;
  /** Of somebody who has left: `sealed` or `destroyed`. */
  readonly stage: string | undefined;
  /** The facts that decide the state. */
  readonly because: readonly string[];
  /** Whether any door opens at that moment, for somebody who has what it takes. */
  readonly can: boolean;
  /** The first thing that stands in the way, or what lets them in. */
  readonly verdict: string;
  readonly doors: readonly DoorWhy[];
  readonly later: readonly { readonly at: string; readonly state: string }[];
}

export interface WhyEngine {
  password(name: string): Promise<PasswordWhy>;
  person(asked: WhyAsked): Promise<PersonWhy>;
  may(asked: MayAsked): Promise<MayWhy>;
}
