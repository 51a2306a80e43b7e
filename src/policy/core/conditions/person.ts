/**
 * A person as the policy sees them: facts, attributes, and the state they fold into. Whoever asks
 * makes one of an entry (`personOf` in directory/operations/lifecycle); everything in it is as it
 * was at one commit, so that two questions about the same person have answers that fit together.
 */
import type { State } from '../../../directory/model/timeline.js';
import type { Facts } from '../facts.js';

export interface Person {
  readonly login: string;
  readonly facts: Facts;
  /** Values as text; the attribute in lower case. Stored ones only: never one that is computed. */
  values(attribute: string): readonly string[];
  /** The state at an instant, principal included. */
  stateAt(seconds: number): State;
  /** Whether the entry is under `ou=services` of its suffix, or under a whole name. */
  isBelow(base: string): boolean;
  /** Whether they are a member of the group then, by its cn, directly or through others. */
  inGroup(cn: string, seconds: number): boolean;
  /** Seconds since 1970; undefined where there is no trace of them at all. */
  readonly lastSeen: number | undefined;
  /** When SSH keys were added. */
  readonly keysAdded: readonly number[];
  /** The instants of their timeline, principal included: when the state turns. Ascending. */
  readonly stateTurns: readonly number[];
}
