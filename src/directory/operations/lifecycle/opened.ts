/**
 * Whether a write opens what was closed. Facts may be taken away only where the result is at least
 * as closed as before; a block is lifted by whoever set it, or by an administrator.
 */
import type { Block } from '../../../policy/core/index.js';
import { LdapError } from '../../../runtime/errors.js';
import type { Identity } from '../../model/identity.js';
import { closedness, type State, stateAt, type Timeline } from '../../model/timeline.js';
import type { Attributes } from '../write/attributes.js';
import { factsIn } from './fact-values.js';

/** One entry before and after a write. */
export interface Rewritten {
  readonly dn: string;
  readonly before: Attributes;
  readonly after: Attributes;
  readonly timelineBefore: Timeline | undefined;
  readonly timelineAfter: Timeline | undefined;
  readonly identity: Identity;
  readonly nowSeconds: number;
  readonly sameName: (a: string, b: string) => boolean;
}

const at = (timeline: Timeline | undefined, seconds: number): State =>
  timeline === undefined ? 'active' : stateAt(timeline, seconds);

/** The first moment from now on at which the second is more open than the first, or undefined. */
export function opensAt(
  before: Timeline | undefined,
  after: Timeline | undefined,
  nowSeconds: number,
): number | undefined {
  const instants = [...(before?.at ?? []), ...(after?.at ?? [])];
  const later = instants.filter((instant) => instant > nowSeconds).sort((a, b) => a - b);
  return [nowSeconds, ...later].find(
    (instant) => closedness(at(after, instant)) < closedness(at(before, instant)),
  );
}

/** @throws LdapError constraintViolation, insufficientAccessRights */
export function assertFactsKept(written: Rewritten): void {
  const { timelineBefore: was, timelineAfter: is, nowSeconds, dn } = written;
  assertBlocksKept(written);
  const bound = was?.principal ?? 0;
  if (bound !== 0 && (is?.principal ?? 0) === 0) {
    if (closedness(at(is, nowSeconds)) === 0) {
      throw refuse(`lifecyclePrincipal of ${dn} may be replaced, not taken away`);
    }
  }
  if (lost(written, 'lifecycleEngagement', ({ id }) => id)) {
    if (opensAt(was, is, nowSeconds) !== undefined) {
      throw refuse(
        `taking an engagement of ${dn} away would open what it closes: change its "end" instead`,
      );
    }
  }
  if (lost(written, 'lifecycleAbsence', ({ kind, from }) => `${kind} ${from}`)) {
    if (closedness(at(is, nowSeconds)) < closedness(at(was, nowSeconds))) {
      throw refuse(`an absence of ${dn} that has begun ends with "until"; it is not taken away`);
    }
  }
}

const refuse = (text: string) => new LdapError('constraintViolation', text);

/** Whether facts of before are gone, by what tells them apart. */
function lost<Name extends 'lifecycleEngagement' | 'lifecycleAbsence'>(
  { before, after }: Rewritten,
  name: Name,
  keyOf: (fact: ReturnType<typeof factsIn<Name>>[number]) => string,
): boolean {
  const kept = new Set(factsIn(after, name).map(keyOf));
  return factsIn(before, name).some((fact) => !kept.has(keyOf(fact)));
}

const spelled = ({ kind, by, since, until, reason }: Block) =>
  [kind, by, since, until, reason].join('\0');

function assertBlocksKept({ dn, before, after, identity, sameName }: Rewritten): void {
  if (identity.role === 'administrator') return;
  const was = factsIn(before, 'lifecycleBlock');
  const is = factsIn(after, 'lifecycleBlock');
  if (was.length === 0 && is.length === 0) return;
  const [old, now] = [new Set(was.map(spelled)), new Set(is.map(spelled))];
  const mine = ({ by }: Block) => sameName(by, identity.dn);
  const others = was.find((block) => !now.has(spelled(block)) && !mine(block));
  if (others !== undefined) {
    throw new LdapError(
      'insufficientAccessRights',
      `the ${others.kind} block of ${dn} by ${others.by} is theirs to lift, or an administrator's`,
    );
  }
  const forged = is.find((block) => !old.has(spelled(block)) && !mine(block));
  if (forged !== undefined) {
    throw new LdapError(
      'insufficientAccessRights',
      `a block says who set it: by=${JSON.stringify(identity.dn)}, not by ${forged.by}`,
    );
  }
}
