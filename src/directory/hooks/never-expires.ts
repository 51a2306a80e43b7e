/**
 * Kinds that never expire (`never: expire`): an end that would end nothing is refused when it is
 * written, so that nobody relies on it. What was written before the policy said so stays, and is
 * passed over where facts are folded.
 */
import type { Person } from '../../policy/core/conditions/index.js';
import { kindOf } from '../../policy/core/conditions/index.js';
import { LdapError } from '../../runtime/errors.js';
import { personOf, policyOf, textsIn } from '../operations/lifecycle/index.js';
import type { Transaction } from '../operations/write/transaction.js';
import type { WriteHook } from './types.js';

/** An import is looked at as a whole. */
function isAsked(tx: Transaction): boolean {
  if (tx.tally !== undefined) return false;
  return policyOf(tx.writer).policy.kinds.some(({ never }) => never.includes('expire'));
}

const endsOf = (person: Person | undefined): string =>
  JSON.stringify(person?.facts.engagements.flatMap(({ end }) => end ?? []) ?? []);

/** @throws LdapError unwillingToPerform naming the line of the policy */
function assertNoEnd(before: Person | undefined, after: Person, tx: Transaction): void {
  const ends = endsOf(after);
  if (ends === '[]' || ends === endsOf(before)) return;
  const kind = kindOf(after, policyOf(tx.writer).policy, tx.nowSeconds);
  if (kind?.never.includes('expire') !== true) return;
  throw new LdapError(
    'unwillingToPerform',
    `${after.login || 'the entry'} is of kind ${kind.name}, which never expires ` +
      `(policy, line ${kind.at.line}): an end would end nothing. Suspend or delete it`,
  );
}

export const neverExpires: WriteHook = {
  name: 'kinds that never expire',
  afterAdd(id, { kind, attributes, parentId }, tx) {
    if (!kind.isSubject || !isAsked(tx)) return;
    assertNoEnd(undefined, personOf({ id, parentId }, tx.writer, textsIn(attributes)), tx);
  },
  afterChange({ entry, kind, before, after }, tx) {
    if (!kind.isSubject || !isAsked(tx)) return;
    const was = personOf(entry, tx.writer, textsIn(before));
    assertNoEnd(was, personOf(entry, tx.writer, textsIn(after)), tx);
  },
};
