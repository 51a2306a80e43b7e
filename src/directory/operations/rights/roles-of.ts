/**
 * Which roles of the policy an entry has, could have, and has for good. `holds` answers for one
 * second; whoever decides whether one account may open another has to know what else is coming:
 * a membership that begins tomorrow, a block that is lifted, an engagement of another kind.
 *
 *   could    now or at any time to come, by what is stored
 *   surely   now, and with no end in sight
 */
import { holds, type Person, turnsOf } from '../../../policy/core/conditions/index.js';
import type { Condition, Policy, Role } from '../../../policy/core/language/index.js';
import type { DirectoryReader } from '../../ports.js';
import { shutsFrom } from '../brownouts.js';
import { personOf } from '../lifecycle/index.js';

const everyone: Condition = { is: 'everyone' };
const nobody: Condition = { is: 'not', of: everyone };

/** Memberships of an entry by name, through other groups too, regardless of this second. */
export interface GroupsOfAll {
  /** That hold now or begin later. */
  readonly ever: ReadonlySet<string>;
  /** That hold now and have no end. */
  readonly lasting: ReadonlySet<string>;
}

/** Group names of entries, each taken as if it were the one who is asked about. */
export function groupsOfAll(
  ids: readonly number[],
  also: readonly number[],
  reader: DirectoryReader,
  now: number,
): GroupsOfAll {
  const ever = walk(ids, reader, ({ until }) => until > now);
  for (const id of also) {
    ever.add(id);
    for (const wider of walk([id], reader, ({ until }) => until > now)) ever.add(wider);
  }
  const lasting = walk(
    ids,
    reader,
    ({ from, until }) => from <= now && until === Infinity,
    (group) => shutsFrom(group, reader, now) === undefined,
  );
  return { ever: namesOf(ever, reader), lasting: namesOf(lasting, reader) };
}

interface Spanned {
  readonly from: number;
  readonly until: number;
}

/** Every group above, over memberships that are as asked. */
function walk(
  start: readonly number[],
  reader: DirectoryReader,
  fits: (span: Spanned) => boolean,
  stays: (group: number) => boolean = () => true,
): Set<number> {
  const seen = new Set<number>();
  const pending = [...start];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    for (const group of reader.directGroups(next)) {
      if (seen.has(group)) continue;
      const spans = reader.timedEdges.any ? reader.timedEdges.membership(group, next) : undefined;
      if (spans !== undefined && spans.length > 0 && !spans.some(fits)) continue;
      if (!stays(group)) continue;
      seen.add(group);
      pending.push(group);
    }
  }
  return seen;
}

/** Names by which the policy speaks of groups, in lower case. */
function namesOf(groups: ReadonlySet<number>, reader: DirectoryReader): Set<string> {
  const names = new Set<string>();
  for (const id of groups) {
    const rdn = reader.entry(id)?.rdn.toLowerCase() ?? '';
    if (rdn.startsWith('cn=')) names.add(rdn.slice(3));
  }
  return names;
}

type Leaf = Exclude<Condition, { is: 'and' | 'or' | 'not' }>;

/** The condition with other leaves; `positive` is false under an odd number of `not`. */
function replaced(
  condition: Condition,
  leaf: (found: Leaf, positive: boolean) => Condition,
  positive = true,
): Condition {
  switch (condition.is) {
    case 'not':
      return { is: 'not', of: replaced(condition.of, leaf, !positive) };
    case 'and':
    case 'or':
      return { is: condition.is, of: condition.of.map((of) => replaced(of, leaf, positive)) };
    default:
      return leaf(condition, positive);
  }
}

const passing: ReadonlySet<Condition['is']> = new Set([
  'state',
  'held',
  'noticed',
  'never seen',
  'seen',
  'away',
]);

const inOne = (names: ReadonlySet<string>, groups: readonly string[]): Condition =>
  groups.some((group) => names.has(group.toLowerCase())) ? everyone : nobody;

/** Whether the role may be theirs now or later: in doubt it may. */
export function couldHave(
  role: Role,
  person: Person,
  groups: GroupsOfAll,
  policy: Policy,
  now: number,
): boolean {
  const asked = replaced(role.who, (leaf, positive) => {
    if (leaf.is === 'group') return inOne(positive ? groups.ever : groups.lasting, leaf.groups);
    if (!passing.has(leaf.is)) return leaf;
    return positive ? everyone : nobody;
  });
  const moments = [now, ...turnsOf(person, policy).filter((at) => at > now)];
  return moments.some((at) => holds(asked, person, policy, at));
}

/** Whether the role is theirs now and stays so: in doubt it does not. */
export function surelyHas(
  role: Role,
  person: Person,
  groups: GroupsOfAll,
  policy: Policy,
  now: number,
): boolean {
  const asked = replaced(role.who, (leaf, positive) =>
    leaf.is === 'group' ? inOne(positive ? groups.lasting : groups.ever, leaf.groups) : leaf,
  );
  return holds(role.who, person, policy, now) && holds(asked, person, policy, now);
}

/** The roles that an entry has for good. */
export function lastingRoles(
  id: number,
  policy: Policy,
  reader: DirectoryReader,
  now: number,
): readonly Role[] {
  const entry = reader.entry(id);
  if (entry === undefined) return [];
  const person = personOf(entry, reader);
  const groups = groupsOfAll([id], [], reader, now);
  return policy.roles.filter((role) => surelyHas(role, person, groups, policy, now));
}
