/**
 * The guard on how many people are closed: in the rolling time that the policy says, and by each
 * actor for himself. Somebody is closed by a write that ends them now, or within a month, who was
 * not about to end before. Beyond what the policy lets pass, a write is refused and waits for a yes.
 */

import { MoveTally } from '../../../policy/core/index.js';
import { LdapError } from '../../../runtime/errors.js';
import type { NewDecision } from '../../model/records.js';
import { type State, stateAt, type Timeline } from '../../model/timeline.js';
import type { DirectoryReader } from '../../ports.js';
import { policyOf } from './policy-of.js';

/** An end that is further away than this is in time to be noticed in a plan. */
const NEAR_SECONDS = 31 * 86_400;
/** Whoever was closed longer ago than this counts in no guard. */
export const CLOSINGS_KEPT_SECONDS = 86_400;

/** A write that would close one too many; it may wait as a decision. */
export class HeldWrite extends LdapError {
  readonly decision: Omit<NewDecision, 'at' | 'detail'>;

  constructor(text: string, decision: Omit<NewDecision, 'at' | 'detail'>) {
    super('unwillingToPerform', text);
    this.decision = decision;
  }
}

/** Whom an import closes and moves: it is looked at as a whole. */
export class ClosingTally {
  readonly closed = new Map<number, string>();
  readonly moves = new MoveTally();
}

const isOpen = (state: State): boolean => state === 'active' || state === 'leave';

/** The instant from which on somebody is not open any more, seen from now. */
function closesAt(timeline: Timeline | undefined, now: number): number {
  if (timeline === undefined) return Number.POSITIVE_INFINITY;
  if (!isOpen(stateAt(timeline, now))) return now;
  const i = timeline.at.findIndex((at, n) => at > now && !isOpen(timeline.then[n]!));
  return i < 0 ? Number.POSITIVE_INFINITY : timeline.at[i]!;
}

/** Whether going from one timeline to the other closes somebody who was open. */
export function closes(
  before: Timeline | undefined,
  after: Timeline | undefined,
  now: number,
): boolean {
  const was = closesAt(before, now);
  const is = closesAt(after, now);
  return was > now && is < was && is - now <= NEAR_SECONDS;
}

export interface ClosingGuard {
  readonly count: number;
  readonly seconds: number;
  readonly per: 'hour' | 'day';
  /** Who says yes, in words. */
  readonly who: string;
}

/** Undefined where the policy does not guard. */
export function closingGuard(reader: DirectoryReader): ClosingGuard | undefined {
  const { peopleClosed, yesFrom } = policyOf(reader).policy.guards;
  if (peopleClosed === undefined) return undefined;
  const { count, per } = peopleClosed;
  const who = yesFrom.map((one) => ('name' in one ? one.name : one.is)).join(' and ');
  return { count, per, seconds: per === 'hour' ? 3_600 : 86_400, who: who || 'admins' };
}

/** The refusal of one person too many. */
export function oneTooMany(
  guard: ClosingGuard,
  actor: string,
  about: { readonly id: number; readonly dn: string; readonly uuid: string },
): HeldWrite {
  const { count, per, who } = guard;
  const limit = `no more than ${count} people an ${per} are closed by one hand`;
  const text = `${about.dn} would be one too many: ${limit.replace('an day', 'a day')}`;
  return new HeldWrite(text, {
    kind: 'write',
    key: `write|${about.uuid}`,
    who,
    actor,
    text: `${about.dn} would be closed by ${actor}`,
    about: about.id,
  });
}

const PEOPLE_MAX = 10_000_000;

/** `hr file: {hold when it shrinks by: 3 % or 5 people}`: of a file that is imported. */
function assertFile(size: number, people: string, reader: DirectoryReader): void {
  const { hrFile } = policyOf(reader).policy.guards;
  if (hrFile === undefined || size === 0) return;
  const { percent, people: most = Number.POSITIVE_INFINITY, text, at } = hrFile;
  const kinds = reader.kinds().filter(({ isSubject }) => isSubject);
  const all = percent === undefined ? 0 : reader.idsOfKinds(kinds, PEOPLE_MAX).ids.length;
  const share = percent === undefined ? Number.POSITIVE_INFINITY : (all * percent) / 100;
  if (size <= Math.min(most, share)) return;
  throw new LdapError(
    'unwillingToPerform',
    `the file closes ${people}, and the policy holds one that shrinks by ${text} (line ${at.line}); ` +
      `nothing was changed. If that is right, say --expect ${size}`,
  );
}

/** @throws LdapError unwillingToPerform where a file closes more than may be, or than expected */
export function assertTally(
  tally: ClosingTally,
  expect: number | undefined,
  actor: string,
  now: number,
  reader: DirectoryReader,
): void {
  const { size } = tally.closed;
  const people = size === 1 ? 'one person' : `${size} people`;
  if (expect !== undefined) {
    if (size === expect) return;
    throw new LdapError(
      'unwillingToPerform',
      `the file closes ${people}, and ${expect} were expected; nothing was changed`,
    );
  }
  assertFile(size, people, reader);
  const guard = closingGuard(reader);
  if (guard === undefined || size === 0) return;
  const before = reader.records.closings(actor, now - guard.seconds, 0);
  if (before + size <= guard.count) return;
  const names = [...tally.closed.values()].slice(0, 5).join('; ');
  throw new LdapError(
    'unwillingToPerform',
    `the file closes ${people} (${names}${size > 5 ? '; …' : ''}), and the policy lets ` +
      `${guard.count} pass in one ${guard.per}; nothing was changed. If that is right, ` +
      `say --expect ${size}`,
  );
}
