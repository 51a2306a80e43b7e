/**
 * Rights that a write would hand out. Whoever writes by a rule, and is no administrator, gives nobody
 * a right that they do not hold for good themselves: neither by an attribute that a role looks at nor by a group.
 */
import { type Policy, partsOf, type Role } from '../../../policy/core/language/index.js';
import type { DirectoryReader } from '../../ports.js';
import { policyOf } from '../lifecycle/index.js';
import { groupsOfAll, lastingRoles } from './roles-of.js';
import { isCovered, rolesBehind } from './surpassing.js';

/** The roles that a membership of the group gives, through wider groups too. */
export function rolesGivenBy(
  group: number,
  policy: Policy,
  reader: DirectoryReader,
  now: number,
): readonly Role[] {
  const names = groupsOfAll([], [group], reader, now).ever;
  return policy.roles.filter(({ who }) =>
    partsOf(who).some(
      (part) => part.is === 'group' && part.groups.some((name) => names.has(name.toLowerCase())),
    ),
  );
}

/**
 * The first role that a membership of the group gives and the author lacks; `before` are the roles
 * of the author, where the group may be what gives them now.
 */
export function lackedOf(
  group: number,
  author: number,
  reader: DirectoryReader,
  now: number,
  before?: readonly Role[],
): Role | undefined {
  const { policy } = policyOf(reader);
  const giving = rolesGivenBy(group, policy, reader, now);
  if (giving.length === 0) return undefined;
  const own = before ?? lastingRoles(author, policy, reader, now);
  return giving.find((role) => !own.includes(role));
}

/**
 * Call before a write to an account; what it answers says behind it whether the account has gained
 * a right that the author lacked before.
 */
export function gainingBy(
  account: number,
  author: number,
  reader: DirectoryReader,
  now: number,
): () => boolean {
  const { policy } = policyOf(reader);
  const had = rolesBehind(account, policy, reader, now);
  const own = lastingRoles(author, policy, reader, now);
  return () => {
    const has = rolesBehind(account, policy, reader, now);
    if (had === undefined || has === undefined) return has === undefined && had !== undefined;
    return has.some((role) => !had.includes(role) && !isCovered(role, own));
  };
}
