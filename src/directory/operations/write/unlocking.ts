/**
 * `pwdAccountLockedTime` taken away over LDAP (draft-behera §5.3.3): of somebody whom wrong passwords
 * have locked it is an unlocking, as `tenure unlock` does it. What was counted is no attribute of the
 * entry, so there is nothing that a modify could delete.
 */
import type { DirectoryReader } from '../../ports.js';
import { guardOf } from '../guard.js';
import { stateOf } from '../lifecycle/index.js';
import type { Names } from '../names.js';
import { type By, byRole, mayByRole, type TouchedValue } from '../rights/index.js';
import type { UnlockRequest, WriteRequest } from '../types.js';
import { assertMayModify } from './own.js';
import { seenId } from './seen.js';
import type { Transaction } from './transaction.js';

const LOCK = 'pwdAccountLockedTime';

/**
 * The unlocking that a request asks for; undefined where it is any other write. While somebody is
 * not active the attribute says so, and taking it away is refused with advice by the modify.
 * @throws LdapError insufficientAccessRights
 */
export function unlockingOf(
  request: WriteRequest,
  reader: DirectoryReader,
  names: Names,
  nowMs: number,
): UnlockRequest | undefined {
  if (request.op !== 'modify' || request.changes.length !== 1) return undefined;
  const { op, attribute, values } = request.changes[0]!;
  const type = reader.schema().attribute(attribute);
  const takes = op === 'delete' || (op === 'replace' && values.length === 0);
  if (type?.name !== LOCK || !takes || request.controls !== undefined) return undefined;
  const { context, reason } = request;
  const id = seenId(request.dn, context, { reader, names, nowMs: () => nowMs });
  if (id === 0 || guardOf(reader)?.lockout(id) === undefined) return undefined;
  assertMayModify(context.identity, id, [{ op: 'delete', type, values: [] }], reader, nowMs);
  if (stateOf(id, reader, Math.floor(nowMs / 1000)) !== 'active') return undefined;
  return { op: 'unlock', context, reason, owner: id };
}

/** The roles that let somebody unlock; whether they may was asked before the write was handed over. */
export function byToUnlock(
  owner: number,
  { identity, writer, nowSeconds }: Pick<Transaction, 'identity' | 'writer' | 'nowSeconds'>,
): readonly By[] {
  const taken: TouchedValue = { op: 'delete', attribute: LOCK, values: [] };
  const said = mayByRole(identity, owner, [taken], writer, nowSeconds);
  return typeof said === 'string' ? [] : said.map(byRole);
}
