/**
 * The audit trail: who did what, from where, through which service, and why. A write is here beside
 * its Change, which has the values; binds, refusals and reads of secrets are observations, up to a
 * second late, and repeats of one are one event with a count. No secret is ever in one.
 */

/** In the order of their numbers in the database: append only. */
export const auditKinds = ['bind', 'refusal', 'write', 'run', 'secret', 'forgotten'] as const;

export type AuditKind = (typeof auditKinds)[number];

/** Somebody or something as they were called then; the UUID is empty where the name is nobody's. */
export interface AuditName {
  readonly uuid: string;
  readonly text: string;
}

export const nobody: AuditName = { uuid: '', text: '' };

export interface AuditEvent {
  readonly kind: AuditKind;
  /** First and last of `count` alike. */
  readonly atMs: number;
  readonly untilMs: number;
  readonly count: number;
  /** Whom it is about. */
  readonly who: AuditName;
  /** Who did it. */
  readonly by: AuditName;
  /** Address, TLS, and for whom a trusted service asked. */
  readonly from: string;
  /** The service account through which it came. */
  readonly through: AuditName;
  readonly what: string;
  readonly why: string;
  /** Of a write: its number in the log; of what was forgotten: the last batch. 0: none. */
  readonly change: number;
  /** The run that it is part of, or 0. */
  readonly run: number;
}

export interface StoredAuditEvent extends AuditEvent {
  /** Ascending, without a gap. */
  readonly id: number;
}

/** Where a write came from, beside what its Change says. */
export interface ChangeOrigin {
  readonly by: AuditName;
  readonly from: string;
  readonly through: AuditName;
  /** The rules and roles that let it, with their lines in the policy. */
  readonly rule?: string;
}

/** What is asked of the trail; what is not said is not asked. */
export interface AuditAsk {
  /** Ids in between: afterId < id ≤ untilId. */
  readonly afterId: number;
  readonly untilId: number;
  readonly who?: AuditName;
  readonly by?: AuditName;
  readonly kinds?: readonly AuditKind[];
  readonly sinceMs?: number;
  readonly untilMs?: number;
  readonly run?: number;
  readonly limit: number;
}

/** What verify found of the trail. */
export interface AuditVerified {
  readonly problems: readonly string[];
  readonly events: number;
  readonly batches: number;
  /** Batches whose events were forgotten by retention. */
  readonly forgotten: number;
  /** Names that were forgotten. */
  readonly namesForgotten: number;
  readonly head: string;
}

/** A line of cn=changelog: an item of a Change with a number of its own. */
export interface NumberedItem {
  readonly number: number;
  readonly seq: number;
  readonly csn: string;
  readonly actor: string;
  /** JSON of a ChangeItem. */
  readonly payload: string;
}

export interface AuditReader {
  /** The last event, 0 where there is none. */
  lastId(): number;
  /** An id at or before the first event of that time. */
  idBefore(atMs: number): number;
  page(ask: AuditAsk): StoredAuditEvent[];
  /** Head of the chain, hex. */
  head(): string;
  /** @param head one that was noted earlier, hex: it must be in the chain */
  verify(head?: string): AuditVerified;
  /** First and last number of the change log; undefined where it is empty. */
  numbers(): { readonly first: number; readonly last: number } | undefined;
  /** Items with from ≤ number ≤ until, ascending; those that were wiped are left out. */
  numbered(from: number, until: number, limit: number): NumberedItem[];
  /** Why an item was, as its event has it; undefined where that was forgotten. */
  whyOf(item: NumberedItem, uuid: string): string | undefined;
  /** Items of one Change. */
  itemsOf(seq: number): readonly string[];
}

export interface AuditWriter extends AuditReader {
  /** In the chain with this commit. */
  note(event: AuditEvent): void;
}
