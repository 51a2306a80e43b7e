/**
 * What a kind of people must have (`must have: [sponsor, end within 6 months]`): nobody with facts is
 * added without it, and no write takes it from somebody who had it. Those who lack it already, and
 * imports, are let be: `tenure policy check` lists them.
 */
import type { Person } from '../../policy/core/conditions/index.js';
import { lacksOf } from '../../policy/core/index.js';
import { LdapError } from '../../runtime/errors.js';
import { personOf, policyOf, textsIn } from '../operations/lifecycle/index.js';
import type { Transaction } from '../operations/write/transaction.js';
import type { WriteHook } from './types.js';

/** An import is looked at as a whole; what was said yes to has been looked at. */
function isAsked(tx: Transaction): boolean {
  if (tx.tally !== undefined || tx.approved === true) return false;
  return policyOf(tx.writer).policy.kinds.some(({ mustHave }) => mustHave.length > 0);
}

/** @throws LdapError constraintViolation naming the line of the policy */
function assertNothingLost(before: Person | undefined, after: Person, tx: Transaction): void {
  const { policy } = policyOf(tx.writer);
  const now = tx.nowSeconds;
  const had = before === undefined ? [] : lacksOf(before, policy, now);
  const lost = lacksOf(after, policy, now).find(
    ({ requirement }) => !had.some((lack) => lack.requirement.text === requirement.text),
  );
  if (lost === undefined) return;
  const { kind, requirement } = lost;
  throw new LdapError(
    'constraintViolation',
    `${after.login || 'the entry'} is of kind ${kind.name}, which must have ` +
      `${requirement.text} (policy, line ${requirement.at.line})`,
  );
}

export const kindNeeds: WriteHook = {
  name: 'what kinds must have',
  afterAdd(id, { kind, attributes, parentId }, tx) {
    if (!kind.isSubject || !isAsked(tx)) return;
    const after = personOf({ id, parentId }, tx.writer, textsIn(attributes));
    assertNothingLost(undefined, after, tx);
  },
  afterChange({ entry, kind, before, after }, tx) {
    if (!kind.isSubject || !isAsked(tx)) return;
    const was = personOf(entry, tx.writer, textsIn(before));
    assertNothingLost(was, personOf(entry, tx.writer, textsIn(after)), tx);
  },
};
