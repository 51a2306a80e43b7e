/**
 * Whether an account could do something that somebody else cannot. Who opens another's account
 * (sets its password, unlocks it, lets it in without its second factor) can be that person: so that
 * is for those alone who hold every right that the account holds. What counts is all that comes with the
 * login: its own roles, through groups in groups, those that begin later, and those of accounts and
 * groups that it answers for. An account that may ask as others is more than any desk is.
 */
import type { Duration, Policy, Role } from '../../../policy/core/language/index.js';
import { implies } from '../../../policy/core/language/index.js';
import type { DirectoryReader } from '../../ports.js';
import { personOf } from '../lifecycle/index.js';
import { textsOf } from '../texts-of.js';
import { proxiedBy } from './proxy-for.js';
import { isOver, relatedBy } from './related.js';
import { couldHave, groupsOfAll, lastingRoles } from './roles-of.js';

/** Accounts that one account answers for; whoever has more is more than any desk. */
const OWNED_MAX = 1_000;

const ownerAttributes = ['owner', 'lifecycleDeputy'];

interface Owned {
  /** The account and every one that it answers for, directly or through one of them. */
  readonly accounts: readonly number[];
  /** Groups whose owner says who gets in. */
  readonly groups: readonly number[];
}

/** Undefined where they are too many to look at. */
function ownedBy(id: number, policy: Policy, reader: DirectoryReader): Owned | undefined {
  const schema = reader.schema();
  const types = ownerAttributes.flatMap((name) => schema.attribute(name) ?? []);
  const asked = new Set(
    policy.groups
      .filter(({ ask }) => ask?.is === 'group owner')
      .map(({ name }) => name.toLowerCase()),
  );
  const accounts = new Set([id]);
  const groups = new Set<number>();
  const pending = [id];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    for (const source of reader.sourcesOf(next, types)) {
      const entry = reader.entry(source);
      if (entry === undefined || accounts.has(source)) continue;
      if (entry.kind.membership === undefined) {
        accounts.add(source);
        pending.push(source);
      } else if (textsOf(entry, 'cn', reader).some((cn) => asked.has(cn.toLowerCase()))) {
        groups.add(source);
      }
      if (accounts.size + groups.size > OWNED_MAX) return undefined;
    }
  }
  return { accounts: [...accounts], groups: [...groups] };
}

/** The roles that come with the login of an account. */
export function rolesBehind(
  id: number,
  policy: Policy,
  reader: DirectoryReader,
  now: number,
): readonly Role[] | undefined {
  const owned = ownedBy(id, policy, reader);
  if (owned === undefined) return undefined;
  const found = new Set<Role>();
  for (const account of owned.accounts) {
    const entry = reader.entry(account);
    if (entry === undefined) continue;
    const person = personOf(entry, reader);
    const groups = groupsOfAll([account], account === id ? owned.groups : [], reader, now);
    for (const role of policy.roles) {
      if (found.has(role)) continue;
      const has =
        role.relation === undefined
          ? couldHave(role, person, groups, policy, now)
          : isRelatedToAny(account, role, policy, reader, now);
      if (has) found.add(role);
    }
  }
  return [...found];
}

/** Others over whom somebody may have a role; whoever has more is taken to have it. */
const RELATED_MAX = 10_000;

/** What everybody may do to themselves comes with every account. */
function isRelatedToAny(
  account: number,
  role: Role,
  policy: Policy,
  reader: DirectoryReader,
  now: number,
): boolean {
  if (role.relation === undefined || role.relation === 'self') return false;
  const schema = reader.schema();
  const types = relatedBy[role.relation].flatMap((name) => schema.attribute(name) ?? []);
  const others = reader.sourcesOf(account, types);
  if (others.length > RELATED_MAX) return true;
  return others.some((id) => {
    const entry = reader.entry(id);
    return entry !== undefined && isOver(role, personOf(entry, reader), policy, now);
  });
}

/** Whether everything that the role lets somebody do is let by one of the others. */
export function isCovered(role: Role, others: readonly Role[]): boolean {
  if (role.relation === undefined && others.includes(role)) return true;
  if (role.may.length === 0) return false;
  return role.may.every(({ power, for: length }) =>
    others.some(
      (other) =>
        other.may.some(
          (one) => one.power === power && (one.for === undefined || sameLength(one.for, length)),
        ) &&
        implies(role.over, other.over) &&
        (other.neverOver === undefined ||
          (role.neverOver !== undefined && implies(other.neverOver, role.neverOver))),
    ),
  );
}

const sameLength = (a: Duration, b: Duration | undefined) =>
  a.count === b?.count && a.unit === b.unit;

/**
 * Whether the account holds, or comes to hold, a right that the author does not hold for good. One's own account
 * surpasses nobody.
 */
export function surpasses(
  account: number,
  author: number,
  policy: Policy,
  reader: DirectoryReader,
  now: number,
  own?: readonly Role[],
): boolean {
  if (account === author) return false;
  if (account === reader.administratorId()) return true;
  const owned = ownedBy(account, policy, reader)?.accounts;
  if (owned === undefined || owned.some((id) => proxiedBy(id, reader).length > 0)) return true;
  const behind = rolesBehind(account, policy, reader, now);
  if (behind === undefined) return true;
  if (behind.length === 0) return false;
  const roles = own ?? lastingRoles(author, policy, reader, now);
  return behind.some((role) => !isCovered(role, roles));
}
