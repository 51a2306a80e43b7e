/**
 * Groups that the policy fills: whoever is written is put into them, or taken out, in the same
 * write. Runs behind the hook that makes timelines, because rules may ask for the state. A new
 * policy, a group that comes, and a move of a whole container bring everybody's groups up to date; in
 * a large directory that goes on in slices behind the write.
 */
import { ruledGroups } from '../../policy/core/index.js';
import type { Policy } from '../../policy/core/language/index.js';
import { builtInPolicy, isAccount, POLICY_CLASS, policyOf } from '../operations/lifecycle/index.js';
import { placeAll, RuledMembers } from '../operations/write/ruled-members.js';
import type { Transaction } from '../operations/write/transaction.js';
import type { EntryRecord } from '../ports.js';
import type { Kind } from '../schema/index.js';
import type { WriteHook } from './types.js';

function isPolicy(kind: Kind, tx: Transaction): boolean {
  const cls = tx.writer.schema().objectClass(POLICY_CLASS);
  return cls !== undefined && kind.has(cls);
}

/** One person, and the accounts whose state is bounded by theirs. */
function placeOne(id: number, tx: Transaction): void {
  const members = new RuledMembers(tx);
  if (!members.any) return;
  const principal = tx.writer.schema().attribute('lifecyclePrincipal');
  const seconds = principal === undefined ? [] : tx.writer.sourcesOf(id, [principal]);
  for (const one of tx.writer.entries([id, ...seconds])) members.place(one, true);
  members.finish();
}

/** Whether the place of an entry in the tree decides about any group. */
const dependsOnPlace = (policy: Policy) => {
  return JSON.stringify([ruledGroups(policy), policy.kinds]).includes('"is":"below"');
};

/** A group that is new, or has got this name: does a rule fill it, or did one fill it before? */
function groupCame(group: EntryRecord, tx: Transaction): void {
  const members = new RuledMembers(tx);
  if (!members.any) return;
  const isRuled = () => {
    return tx.writer.heldEdgesFrom(group.id).some(({ holder }) => holder.kind === 'rule');
  };
  if (members.fills(group) || (group.hasEdges && isRuled())) placeAll(tx);
}

export const ruledMembers: WriteHook = {
  name: 'memberships by rule',
  afterAdd(id, { kind }, tx) {
    if (isAccount(kind)) placeOne(id, tx);
    else if (kind.membership !== undefined) groupCame(tx.writer.entry(id)!, tx);
    else if (isPolicy(kind, tx)) placeAll(tx);
  },
  afterChange({ entry, kind, before, after }, tx) {
    if (isAccount(kind) || isAccount(entry.kind)) placeOne(entry.id, tx);
    else if (kind.membership !== undefined) {
      // Values that were not changed are the same array still.
      const renamed = before.get('cn')?.values !== after.get('cn')?.values;
      if (renamed) groupCame(tx.writer.entry(entry.id)!, tx);
    } else if (isPolicy(kind, tx)) placeAll(tx);
  },
  onDelete(entry, tx) {
    if (isPolicy(entry.kind, tx)) placeAll(tx, builtInPolicy(tx.writer));
  },
  afterRename(entry, tx) {
    if (tx.writer.childCount(entry.id) === 0) return;
    const { policy } = policyOf(tx.writer);
    if (dependsOnPlace(policy)) placeAll(tx, policy);
  },
};
