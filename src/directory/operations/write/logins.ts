/**
 * What an administrator does about somebody's logins: unlocking, and letting somebody in for a while
 * without a lost second factor. Both are Changes with author and reason. A bypass ends by itself: it
 * is a time on the entry, held against the clock at each bind.
 */
import { LdapError } from '../../../runtime/errors.js';
import { formatTime, parseTime } from '../../model/time.js';
import type { EntryRecord } from '../../ports.js';
import { type Attributes, attributesOf, bodyOf, describe } from './attributes.js';
import { recordBody } from './body-delta.js';
import { Delta, metaAfter, metaOf, recordModify, type Transaction } from './transaction.js';

/** Set by hand (draft-behera §5.3.3), or by another server before an import. */
const LOCKED_BY_HAND = 'pwdAccountLockedTime';
export const BYPASS = 'tenureBypassUntil';
/** Longer than this a second factor is not lost but given up. */
const BYPASS_SECONDS_MAX = 7 * 24 * 60 * 60;

/** @throws LdapError noSuchObject */
export function unlockEntry(owner: number, tx: Transaction): void {
  const entry = existing(owner, tx);
  tx.writer.observations.unlock(owner);
  const changed = change(entry, tx, (attributes) => {
    attributes.delete(describe(tx.writer, LOCKED_BY_HAND).key);
  });
  // What counted is no directory data; that somebody was unlocked, by whom and why, is.
  if (!changed) recordModify(tx, entry, metaOf(entry), new Delta(), tx.names.text(entry));
}

/** @throws LdapError noSuchObject; unwillingToPerform for an administrator, or for too long */
export function bypassSecondFactor(
  owner: number,
  until: number | undefined,
  tx: Transaction,
): void {
  const entry = existing(owner, tx);
  if (until !== undefined) assertBypass(owner, until, tx);
  const description = describe(tx.writer, BYPASS);
  const changed = change(entry, tx, (attributes) => {
    if (until === undefined) attributes.delete(description.key);
    else {
      const values = [Buffer.from(formatTime(until))];
      attributes.set(description.key, { description, values });
    }
  });
  if (!changed) recordModify(tx, entry, metaOf(entry), new Delta(), tx.names.text(entry));
}

/**
 * The same where it is written as an attribute. @throws LdapError unwillingToPerform,
 * constraintViolation
 */
export function assertBypassed(owner: number, attributes: Attributes, tx: Transaction): void {
  const value = attributes.get(describe(tx.writer, BYPASS).key)?.values[0];
  const until = value === undefined ? undefined : parseTime(value.toString('latin1'));
  if (until !== undefined) assertBypass(owner, until, tx);
}

function assertBypass(owner: number, until: number, tx: Transaction): void {
  if (owner === tx.writer.administratorId()) {
    throw new LdapError(
      'unwillingToPerform',
      'an administrator never gets in without the second factor; use tenure admin recover',
    );
  }
  if (until <= tx.nowSeconds) {
    throw new LdapError('constraintViolation', 'a bypass has to end in the future');
  }
  if (until - tx.nowSeconds > BYPASS_SECONDS_MAX) {
    throw new LdapError(
      'constraintViolation',
      'a bypass is for 7 days at most; take the second factor away instead',
    );
  }
}

function existing(owner: number, tx: Transaction): EntryRecord {
  const entry = tx.writer.entry(owner);
  if (entry === undefined) throw new LdapError('noSuchObject', 'the entry is gone');
  return entry;
}

/** Changes the body and records it; false where nothing was different. */
function change(
  entry: EntryRecord,
  tx: Transaction,
  work: (attributes: Attributes) => void,
): boolean {
  const before = attributesOf(entry, tx.writer);
  const after: Attributes = new Map(before);
  work(after);
  const delta = new Delta();
  if (!recordBody(before, after, delta)) return false;
  const meta = metaAfter(entry, tx);
  tx.writer.updateEntry(entry, { meta, attributes: bodyOf(after) });
  recordModify(tx, entry, meta, delta, tx.names.text(entry));
  return true;
}
