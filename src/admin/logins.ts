/** The administration's use cases around somebody's logins, and what they give back. */

/** One bind as it was seen; times are ISO 8601, UTC. */
export interface LoginInfo {
  readonly at: string;
  /** The address, or `local`. */
  readonly from: string;
  /** The service account through which it came; undefined where none is known. */
  readonly service: string | undefined;
}

export interface LastLogins {
  readonly dn: string;
  /** The directory's own time, ISO 8601. */
  readonly now: string;
  /** Undefined where nobody has seen one. */
  readonly success: LoginInfo | undefined;
  readonly failure: LoginInfo | undefined;
  /** Failures that count towards a lock. */
  readonly failures: number;
  /** How the entry stands now: `open`, `delayed` after a failure, `locked` by too many. */
  readonly state: 'open' | 'delayed' | 'locked';
  /** When a delay or a lock ends by itself; undefined where it has none, or there is none. */
  readonly until: string | undefined;
  /** Until when the second factor is not asked for. */
  readonly bypassUntil: string | undefined;
}

/** Whose logins, and who asks for what reason; both go into the change log. */
export interface LoginChange {
  /** A login, common name or distinguished name. */
  readonly name: string;
  readonly by: string;
  /** In the administrator's words; empty where none were given. */
  readonly because: string;
}

export interface Unlocked {
  readonly dn: string;
  /** Whether anything stood against the entry before. */
  readonly wasLocked: boolean;
  readonly failures: number;
}

export interface BypassChange extends LoginChange {
  /** Milliseconds from now; undefined ends a bypass. */
  readonly forMs: number | undefined;
}

export interface Bypassed {
  readonly dn: string;
  /** ISO 8601; undefined where the second factor is asked for again. */
  readonly until: string | undefined;
}

export interface LoginsEngine {
  last(name: string): Promise<LastLogins>;
  unlock(change: LoginChange): Promise<Unlocked>;
  bypass(change: BypassChange): Promise<Bypassed>;
}
