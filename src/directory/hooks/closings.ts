/**
 * Whom a write closes is counted, and one too many is refused (operations/lifecycle/closings.ts).
 * Runs behind the hook that makes timelines. A delete of a person closes them as well.
 */

import { closedness, type Timeline } from '../model/timeline.js';
import {
  CLOSINGS_KEPT_SECONDS,
  closes,
  closingGuard,
  oneTooMany,
  stateOf,
} from '../operations/lifecycle/index.js';
import type { Transaction } from '../operations/write/transaction.js';
import type { EntryRecord } from '../ports.js';
import type { Kind } from '../schema/index.js';
import type { WriteHook } from './types.js';

/** Timelines as they were before the write changed them. */
const before = new WeakMap<Transaction, Map<number, Timeline | undefined>>();

const isPerson = ({ isSubject, classes }: Kind): boolean =>
  isSubject || classes.some(({ name }) => name === 'person');

/** @throws HeldWrite where the policy lets no more pass */
function count(entry: EntryRecord, tx: Transaction): void {
  const { writer, tally, nowSeconds: now } = tx;
  const dn = tx.names.text(entry);
  if (tally !== undefined) {
    tally.closed.set(entry.id, dn);
    return;
  }
  const guard = closingGuard(writer);
  if (guard === undefined) return;
  const actor = tx.identity.dn;
  const others = writer.records.closings(actor, now - guard.seconds, entry.id);
  if (others >= guard.count) throw oneTooMany(guard, actor, { id: entry.id, dn, uuid: entry.uuid });
  writer.records.close(entry.id, actor, now, now - CLOSINGS_KEPT_SECONDS);
}

export const closings: WriteHook = {
  name: 'closings',
  onChange({ entry, kind }, tx) {
    if (tx.approved === true || (!kind.isSubject && !entry.kind.isSubject)) return;
    let known = before.get(tx);
    if (known === undefined) {
      known = new Map();
      before.set(tx, known);
    }
    if (!known.has(entry.id)) known.set(entry.id, tx.writer.timelines.of(entry.id));
  },
  afterChange({ entry }, tx) {
    const known = before.get(tx);
    if (known === undefined || !known.has(entry.id)) return;
    const after = tx.writer.timelines.of(entry.id);
    if (closes(known.get(entry.id), after, tx.nowSeconds)) count(entry, tx);
  },
  onDelete(entry, tx) {
    if (tx.approved === true || !isPerson(entry.kind)) return;
    // Whoever came in the same while is taken back, not closed: a slip, a trial.
    const guard = closingGuard(tx.writer);
    if (guard !== undefined && entry.createdAt > tx.nowSeconds - guard.seconds) return;
    const state = stateOf(entry.id, tx.writer, tx.nowSeconds);
    if (closedness(state) <= closedness('leave')) count(entry, tx);
  },
};
