/**
 * Facts of people: refuses values that make no sense, and folds what an entry says into its timeline
 * in the same write. Nothing that is read depends on anything else having run. Whoever is bounded by
 * somebody who goes is closed with them.
 */
import { assertSound, type Folded, rulesOf, textsIn } from '../operations/lifecycle/index.js';
import type { Attributes } from '../operations/write/attributes.js';
import { foldWaiting } from '../operations/write/folding.js';
import { closeBounded, refold } from '../operations/write/timelines.js';
import type { Transaction } from '../operations/write/transaction.js';
import type { WriteHook } from './types.js';

function check(attributes: Attributes, entry: Folded, tx: Transaction): void {
  assertSound(textsIn(attributes), rulesOf(entry, tx.writer));
}

export const lifecycle: WriteHook = {
  name: 'lifecycle',
  onAdd({ kind, attributes, parentId }, tx) {
    if (kind.isSubject) check(attributes, { id: 0, parentId, createdBy: tx.identity.dn }, tx);
  },
  onChange({ entry, kind, after }, tx) {
    foldWaiting(entry, tx);
    if (kind.isSubject) check(after, entry, tx);
  },
  afterAdd(id, { kind, attributes, parentId }, tx) {
    refold({ id, kind, attributes, parentId, createdBy: tx.identity.dn }, tx, { alone: true });
  },
  afterChange({ entry, kind, after }, tx) {
    const { id, createdBy } = entry;
    const { parentId } = tx.writer.entry(id)!;
    refold({ id, kind, attributes: after, parentId, createdBy }, tx);
  },
  onDelete: closeBounded,
};
