/**
 * Who may grant a membership, or end one that was granted: administrators, the owners whom the policy
 * asks, and roles with the power over each of the members.
 */
import { LdapError } from '../../../runtime/errors.js';
import { bufferOf } from '../../model/bytes.js';
import type { EntryRecord } from '../../ports.js';
import { readHolderValue } from '../groups/index.js';
import { type By, byRole, mayGrant } from '../rights/index.js';
import type { PreparedChange } from '../types.js';
import { isAskedOwner } from './grant-rules.js';
import type { Transaction } from './transaction.js';

/** Of changes that are about grants and nothing else: by what. @throws LdapError insufficientAccessRights */
export function mayGrantHere(
  group: EntryRecord,
  changes: readonly PreparedChange[],
  tx: Transaction,
): readonly By[] | undefined {
  if (isAskedOwner(tx.identity, group, tx)) return [{ is: 'owner' }];
  if (tx.identity.role !== 'user') return undefined;
  const members = changes.flatMap(({ op, values }) =>
    values.length === 0 || (op !== 'add' && op !== 'delete')
      ? [0]
      : values.map((value) => memberOfValue(bufferOf(value), tx)),
  );
  const said = mayGrant(tx.identity, group.id, members, tx.writer, tx.nowSeconds);
  if (!('gives' in said)) return said.may ? said.roles.map(byRole) : undefined;
  throw new LdapError(
    'insufficientAccessRights',
    `members of the group have the role ${said.gives}, which you do not: an administrator grants it`,
  );
}

/** The entry that a value of tenureHolder is about, or 0. */
function memberOfValue(value: Buffer, tx: Transaction): number {
  const read = readHolderValue(value.toString('utf8'));
  if ('fault' in read) return 0;
  return tx.names.resolve(tx.names.parse(read.entry)).id;
}
