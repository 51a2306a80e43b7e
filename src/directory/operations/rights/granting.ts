/**
 * The power to grant: memberships for a time, given to those over whom the role is. Nobody grants to
 * themselves, and a group that gives a role is granted by those alone who have that role for good:
 * otherwise granting would be a way to every right there is.
 */
import type { Power, Role } from '../../../policy/core/language/index.js';
import type { Identity } from '../../model/identity.js';
import type { DirectoryReader } from '../../ports.js';
import { policyOf } from '../lifecycle/index.js';
import { lackedOf } from './gaining.js';
import { rolesOver } from './powers.js';

/** What roles say to a grant: let, not let, or not for a group that gives that role. */
export type MayGrant =
  | { readonly may: true; readonly roles: readonly Role[] }
  | { readonly may: false }
  | { readonly may: false; readonly gives: string };

/** Whether the identity may grant these members a membership of the group, or end one. */
export function mayGrant(
  identity: Identity,
  group: number,
  members: readonly number[],
  reader: DirectoryReader,
  nowSeconds: number,
): MayGrant {
  const { role, entryId, only } = identity;
  const { policy } = policyOf(reader);
  if (role !== 'user' || only !== undefined || policy.roles.length === 0) return { may: false };
  const roles = members.map((member) =>
    member === entryId ? [] : rolesWith(entryId, member, 'grant', reader, nowSeconds),
  );
  if (members.length === 0 || roles.some((some) => some.length === 0)) return { may: false };
  const lacking = lackedOf(group, entryId, reader, nowSeconds);
  return lacking === undefined
    ? { may: true, roles: [...new Set(roles.flat())] }
    : { may: false, gives: lacking.name };
}

/** The roles of somebody that give them the power over an entry. */
export function rolesWith(
  author: number,
  entryId: number,
  power: Power,
  reader: DirectoryReader,
  nowSeconds: number,
): readonly Role[] {
  return rolesOver(author, entryId, reader, nowSeconds).filter(({ may }) =>
    may.some((one) => one.power === power),
  );
}
