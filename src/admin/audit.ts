/** The administration's use cases around the audit trail, and what they give back. */
import type { AuditKind, AuditVerified } from '../directory/model/audit.js';

export { type AuditKind, auditKinds } from '../directory/model/audit.js';

export interface AuditQuery {
  /** Whom it is about: a name as people say it, or the distinguished name of somebody who is gone. */
  readonly name?: string | undefined;
  /** Who did it. */
  readonly by?: string | undefined;
  readonly kinds?: readonly AuditKind[] | undefined;
  /** Moments in words, by the clock of the company. */
  readonly since?: string | undefined;
  readonly until?: string | undefined;
  readonly run?: number | undefined;
  /** Only events with larger numbers. */
  readonly after?: number | undefined;
  readonly limit: number;
}

/** Values before and after; of secrets only that they moved. */
export interface AuditedChange {
  readonly attribute: string;
  readonly before: readonly string[];
  readonly after: readonly string[];
}

/** One event; empty where nothing is known. Times are ISO 8601, UTC. */
export interface AuditedEvent {
  readonly id: number;
  readonly at: string;
  /** The last of `count` alike. */
  readonly until: string;
  readonly count: number;
  readonly kind: AuditKind;
  readonly who: string;
  readonly by: string;
  readonly from: string;
  readonly through: string;
  readonly what: string;
  readonly why: string;
  readonly run: number;
  /** Number of the Change in the log, or 0. */
  readonly change: number;
  readonly changes: readonly AuditedChange[];
}

export interface AuditPage {
  readonly now: string;
  readonly zone: string;
  readonly events: readonly AuditedEvent[];
  /** `after` of the next page; absent at the end. */
  readonly next?: number;
  /** The last event that there is: where `--follow` goes on. */
  readonly last: number;
}

export interface AuditCheck extends AuditVerified {
  readonly ok: boolean;
}

export interface AuditEngine {
  list(query: AuditQuery): Promise<AuditPage>;
  /** @param of a head that was noted earlier: it must be in the chain */
  verify(of: { readonly head?: string | undefined }): Promise<AuditCheck>;
}
