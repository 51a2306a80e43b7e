/**
 * What is shut for a while has an end, and is nobody's last way in: a brownout without an end, for too
 * long, or of an account for emergencies is refused whichever way it is written. That two
 * administrators stay is looked at behind every write (operations/rights/two-administrators.ts).
 */
import { kindOf } from '../../policy/core/conditions/index.js';
import { endOf as endOfTime } from '../../policy/core/index.js';
import { LdapError } from '../../runtime/errors.js';
import {
  BROWNOUT,
  BROWNOUT_ABSENCE,
  BROWNOUT_SECONDS_MAX,
  isBrownout,
  readBrownout,
} from '../model/brownout.js';
import {
  badFact,
  factsIn,
  personOf,
  policyOf,
  rulesOf,
  textsIn,
} from '../operations/lifecycle/index.js';
import { appointedIn } from '../operations/rights/index.js';
import type { Attributes } from '../operations/write/attributes.js';
import type { Transaction } from '../operations/write/transaction.js';
import type { EntryRecord } from '../ports.js';
import type { Kind } from '../schema/index.js';
import type { WriteHook } from './types.js';

const KEY = BROWNOUT.toLowerCase();

const brownoutIn = (attributes: Attributes | undefined): string | undefined =>
  attributes?.get(KEY)?.values[0]?.toString('utf8');

/** @throws LdapError constraintViolation for what is no brownout of a group */
function assertValue(kind: Kind, attributes: Attributes): void {
  const value = brownoutIn(attributes);
  if (value === undefined) return;
  if (kind.membership === undefined) {
    const text = `${BROWNOUT} is for groups; of people and services it is lifecycleAbsence kind=${BROWNOUT_ABSENCE}`;
    throw new LdapError('constraintViolation', text);
  }
  const read = readBrownout(value);
  if ('fault' in read) throw badFact(BROWNOUT, read.fault);
}

/** Accounts for emergencies: they never expire, or every use of them alarms somebody. */
function isForEmergencies(id: number, parentId: number, tx: Transaction): boolean {
  const { policy } = policyOf(tx.writer);
  const kind = kindOf(personOf({ id, parentId }, tx.writer), policy, tx.nowSeconds);
  return kind !== undefined && (kind.never.includes('expire') || kind.everyUse.length > 0);
}

const refused = (dn: string, why: string) =>
  new LdapError('unwillingToPerform', `${dn} is for emergencies and is never browned out${why}`);

/** @throws LdapError unwillingToPerform where an account for emergencies would lose its rights by it */
function assertSparesEmergencies(group: EntryRecord, tx: Transaction): void {
  const { writer, names } = tx;
  const members = appointedIn(group.id, writer);
  for (const entry of writer.entries(members)) {
    if (entry.kind.membership !== undefined) continue;
    if (!isForEmergencies(entry.id, entry.parentId, tx)) continue;
    throw refused(names.text(entry), `, and "${names.text(group)}" makes it an administrator`);
  }
}

/** @throws LdapError for an absence of that kind that is new and none */
function assertAbsences(
  entry: EntryRecord,
  before: Attributes,
  after: Attributes,
  tx: Transaction,
) {
  const known = new Set(factsIn(before, 'lifecycleAbsence').map((one) => JSON.stringify(one)));
  const added = factsIn(after, 'lifecycleAbsence').filter(
    (one) => isBrownout(one) && !known.has(JSON.stringify(one)),
  );
  if (added.length === 0) return;
  const calendar = rulesOf(entry, tx.writer)(textsIn(after));
  for (const { from, until } of added) {
    if (until === undefined) throw badFact('lifecycleAbsence', 'is a brownout, and needs until=');
    if (endOfTime(until, calendar) - endOfTime(from, calendar) > BROWNOUT_SECONDS_MAX) {
      throw badFact('lifecycleAbsence', 'is a brownout of more than seven days');
    }
  }
  if (isForEmergencies(entry.id, entry.parentId, tx)) throw refused(tx.names.text(entry), '');
}

export const brownouts: WriteHook = {
  name: 'brownouts',
  onAdd({ kind, attributes }) {
    assertValue(kind, attributes);
  },
  onChange({ entry, kind, before, after }, tx) {
    if (brownoutIn(after) !== undefined && brownoutIn(after) !== brownoutIn(before)) {
      assertValue(kind, after);
      assertSparesEmergencies(entry, tx);
    }
    if (kind.isSubject && after.has('lifecycleabsence')) assertAbsences(entry, before, after, tx);
  },
};
