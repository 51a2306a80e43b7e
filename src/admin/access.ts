/**
 * The administration's view of the access map: where somebody was seen, who was seen through an
 * application, when a departure has reached it; and reports about people, services and groups.
 */
import type { LastLogins } from './logins.js';

/** What is kept, and what for. */
export interface AccessKept {
  readonly enabled: boolean;
  readonly days: number;
  readonly purpose: string;
}

/** One way, through one application or machine, from one address; times are ISO 8601, UTC. */
export interface SeenRow {
  /** Short name and distinguished name; absent where none is known. */
  readonly consumer?: string;
  readonly consumerDn?: string;
  readonly address: string;
  readonly method: string;
  readonly first: string;
  readonly last: string;
  readonly count: number;
}

/** How long one application may go by what it knew of somebody who is shut out. */
export interface GoneBy {
  readonly consumer: string;
  readonly consumerDn: string;
  /** When somebody was last seen there. */
  readonly last: string;
  /** Seconds that it keeps what it has read; absent where nobody knows. */
  readonly seconds?: number;
  /** Why so long: `set on the account`, `SSSD: entry_cache_timeout` … */
  readonly because: string;
  /** When it has to have asked again; absent where somebody is not shut out, or nobody knows. */
  readonly at?: string;
  /** What may outlive it. */
  readonly but?: string;
  /** It has asked for somebody who had left: when last, how often. */
  readonly asked?: { readonly last: string; readonly count: number };
}

export interface Seen extends LastLogins {
  readonly login: string;
  readonly kept: AccessKept;
  /** Last seen first. */
  readonly rows: readonly SeenRow[];
  readonly goneBy: readonly GoneBy[];
}

export interface SeenPerson {
  readonly login: string;
  readonly dn: string;
  readonly methods: readonly string[];
  readonly last: string;
  readonly count: number;
  /** The state of the person now. */
  readonly state: string;
}

export interface SeenThrough {
  readonly dn: string;
  readonly now: string;
  readonly kept: AccessKept;
  /** Last seen first. */
  readonly people: readonly SeenPerson[];
  /** There are more than are shown. */
  readonly more: boolean;
  readonly cache?: { readonly seconds: number; readonly because: string };
}

export const reportKinds = [
  'idle',
  'never-seen',
  'expiring',
  'locked',
  'no-second-factor',
  'services',
  'groups',
] as const;
export type ReportKind = (typeof reportKinds)[number];

export interface ReportAsked {
  readonly kind: ReportKind;
  /** For `idle` without a trace so long, for `expiring` within so many days, for `services` unused. */
  readonly days: number;
  /** Somebody who signs in to see what they may see of it; of `expiring` alone. */
  readonly as?: { readonly name: string; readonly password: string } | undefined;
}

export interface Report {
  readonly kind: ReportKind;
  readonly now: string;
  /** A sentence: what is in it. */
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

export interface AccessEngine {
  seen(of: { readonly name: string }): Promise<Seen>;
  through(of: { readonly service: string }): Promise<SeenThrough>;
  report(asked: ReportAsked): Promise<Report>;
}
