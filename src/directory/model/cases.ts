/**
 * Departure cases: what has to be done by people when somebody leaves. A case is there as soon as an
 * end or a notice is written down, or the entry is deleted, in the same transaction, and ends when somebody closes it, or by itself when
 * the person stays. What is open in it is worked out when it is looked at; kept are the ticks, and
 * what would be forgotten otherwise. Times are whole seconds since 1970. No directory data: in no
 * export and no Change.
 */
import { closedness, type Timeline } from './timeline.js';

export interface DepartureCase {
  readonly id: number;
  /** Of the person's entry. */
  readonly uuid: string;
  readonly login: string;
  readonly opened: number;
  /** Distinguished name of whoever wrote the end. */
  readonly actor: string;
  /** 0 while it is open. */
  readonly closed: number;
  readonly closedBy: string;
  /** Why it was closed, where items were open. */
  readonly closing: string;
}

/** An item that is kept: one that was ticked, or one that may not be forgotten. */
export interface CaseItem {
  /** `resource:github`, `heir:UUID`: the same item whenever it is worked out. */
  readonly key: string;
  readonly text: string;
  /** Who does it, as the policy says it. */
  readonly owner: string;
  /** 0 where it is due at once. */
  readonly due: number;
  /** 0 until it was ticked. */
  readonly done: number;
  readonly by: string;
  readonly note: string;
}

/** When somebody leaves, or left, for good; undefined for those who stay. */
export function departureOf({ at, then }: Timeline): number | undefined {
  const leaves = closedness('sealed');
  let departure: number | undefined;
  for (let i = at.length - 1; i >= 0 && closedness(then[i]!) >= leaves; i -= 1) departure = at[i];
  return departure;
}
