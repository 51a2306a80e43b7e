/**
 * What is seen of binds: when somebody last got in or was refused, which failures still count, who
 * is locked. None of it is directory data: it is in no Change, moves no modifyTimestamp, and
 * reaches the disk up to a second late, except that a lock is there before its bind is answered.
 */
import type { AccessNews, AccessReader, AccessSeen } from './access.js';
import type { AuditEvent } from './audit.js';

/** One bind as it was seen. */
export interface Sighting {
  readonly atMs: number;
  /** The address it came from, or `local`. */
  readonly from: string;
  /** The service account through which it came, 0 where none is known. */
  readonly service: number;
}

export interface LastUse {
  readonly success: Sighting | undefined;
  readonly failure: Sighting | undefined;
}

/** What counts against an entry. */
export interface Lockout {
  /** Times of failures in milliseconds, oldest first. */
  readonly failures: readonly number[];
  /** Since when it is locked. */
  readonly lockedMs: number | undefined;
}

/** What is known of an address. */
export interface SourceRecord {
  /** Failures since the window began. */
  readonly failures: number;
  readonly sinceMs: number;
  readonly lockedMs: number | undefined;
  /** The last bind from there that succeeded. */
  readonly successMs: number | undefined;
}

/**
 * Many sightings, flat: owner, time, address, service, and so on. A structured clone of thousands of
 * small objects takes milliseconds of the connection thread; flat lists of the same take a tenth.
 */
export type FlatSightings = readonly (number | string)[];

/** The sightings in such a list. */
export function* sightingsIn(flat: FlatSightings): Generator<Sighting & { owner: number }> {
  for (let i = 0; i < flat.length; i += 4) {
    yield {
      owner: Number(flat[i]),
      atMs: Number(flat[i + 1]),
      from: String(flat[i + 2]),
      service: Number(flat[i + 3]),
    };
  }
}

/** What one flush brings to the writer: each row once, as it is now. Structured-clonable. */
export interface Observed {
  /** Of those who are not in it what is stored stays. */
  readonly successes: FlatSightings;
  readonly failures: FlatSightings;
  readonly secrets: readonly { readonly secret: number; readonly used: Sighting }[];
  /** Undefined: nothing counts against the entry any more. */
  readonly lockouts: readonly {
    readonly owner: number;
    readonly lockout: Lockout | undefined;
  }[];
  readonly sources: readonly { readonly address: string; readonly record: SourceRecord }[];
  /** Absent where no access map is kept. */
  readonly access?: AccessSeen;
  /** For the audit trail, which its writer has. */
  readonly audit?: readonly AuditEvent[];
}

/** A flush of nothing. */
export const nothingSeen: Observed = {
  successes: [],
  failures: [],
  secrets: [],
  lockouts: [],
  sources: [],
};

/** Reads what was flushed. Of what a flush has not reached yet it knows nothing. */
export interface ObservedReader {
  lastUse(owner: number): LastUse;
  secretUse(secret: number): Sighting | undefined;
  /** Of everybody who has one: few at any time. */
  lockouts(): ReadonlyMap<number, Lockout>;
  sources(): ReadonlyMap<string, SourceRecord>;
  /** Where people were seen. */
  readonly access: AccessReader;
}

/** Writes a flush, inside a transaction; gives back what it shows for the first time. */
export interface ObservedWriter {
  write(observed: Observed): readonly AccessNews[];
  /** Takes what counts against an entry away; false where nothing did. */
  unlock(owner: number): boolean;
}
