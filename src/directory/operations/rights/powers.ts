/**
 * What the roles of the policy let somebody write: of which entries, and which attributes. Asked
 * where a write would be refused otherwise; whoever has no role pays one look into a map.
 *
 *   reset        userPassword, pwdReset          give notice  lifecycleNotice
 *   unlock       pwdAccountLockedTime, taken away     pause   lifecycleAbsence
 *   suspend      a block, lifecycleState suspended     lift   a block taken away, lifecycleState active
 *   hold         lifecycleHold                       release  the same, taken away
 *   offboard     lifecycleEnd, lifecycleState offboarded
 *   move         engagements, ends, department, type, title, manager, sponsor
 *   bypass       tenureBypassUntil, as far ahead as the role says
 *   grant        tenureHolder of groups (granting.ts)       join   adding people (joining.ts)
 *
 * Nobody's role is over the administrator that `tenure init` made, and what opens an account is for
 * those alone who hold every right that comes with it (surpassing.ts).
 */
import { calendarOf, rolesOf } from '../../../policy/core/conditions/index.js';
import { shifted } from '../../../policy/core/index.js';
import type { Policy, Power, Role } from '../../../policy/core/language/index.js';
import type { Identity } from '../../model/identity.js';
import { parseTime } from '../../model/time.js';
import type { DirectoryReader } from '../../ports.js';
import { personOf, policyOf } from '../lifecycle/index.js';
import { isOver, isRelated } from './related.js';
import { surpasses } from './surpassing.js';

/** One change of a modify. */
export interface TouchedValue {
  readonly op: 'add' | 'delete' | 'replace' | 'increment';
  /** The attribute, as the schema spells it. */
  readonly attribute: string;
  readonly values: readonly string[];
}

/** Of each list one power is enough; undefined: no power is. */
type Needs = readonly (readonly Power[])[] | undefined;

const both = (op: TouchedValue['op'], giving: Needs, taking: Needs): Needs => {
  if (op === 'add') return giving;
  if (op === 'delete') return taking;
  return giving && taking && [...giving, ...taking];
};

function needsOf({ op, attribute, values }: TouchedValue, policy: Policy): Needs {
  switch (attribute.toLowerCase()) {
    case 'userpassword':
    case 'pwdreset':
      return [['reset']];
    case 'pwdaccountlockedtime':
      return both(op, [['suspend']], [['unlock', 'lift']]);
    case 'tenurebypassuntil':
      return [['bypass']];
    case 'lifecyclenotice':
      return [['give notice']];
    case 'lifecyclehold':
      return both(op, [['hold']], [['release']]);
    case 'lifecycleblock':
      return both(op, [['suspend', 'contain']], [['lift']]);
    case 'lifecycleabsence':
      return [['pause']];
    case 'lifecycleend':
      return op === 'delete' || values.length === 0 ? [['move']] : [['offboard', 'move']];
    case 'lifecycleengagement':
      return [['move']];
    case 'lifecyclestate':
      if (op === 'delete' || values.length === 0) return undefined;
      return values.flatMap((value) => stateNeeds(value) ?? [[]]);
    default:
      return moves(attribute.toLowerCase(), policy) ? [['move']] : undefined;
  }
}

function stateNeeds(state: string): Needs {
  switch (state.toLowerCase()) {
    case 'suspended':
      return [['suspend']];
    case 'active':
      return [['lift']];
    case 'offboarded':
      return [['offboard']];
    default:
      return undefined;
  }
}

function moves(attribute: string, { words }: Policy): boolean {
  const moved = ['type', 'department', 'sponsor'].map((word) => words[word]);
  return ['title', 'manager', ...moved].includes(attribute);
}

/** What roles say to a write: those that let it, none, or let were it not that the account could do more. */
export type ByRole = readonly Role[] | 'no' | 'surpassed';

/** Whoever has one of these over an account can be the one whose it is. */
const opening: readonly Power[] = ['reset', 'unlock', 'bypass'];

/** What roles of the policy say to all of these changes to the entry. */
export function mayByRole(
  identity: Identity,
  entryId: number,
  touched: readonly TouchedValue[],
  reader: DirectoryReader,
  nowSeconds: number,
): ByRole {
  if (identity.role !== 'user' || identity.only !== undefined || touched.length === 0) return 'no';
  const { policy } = policyOf(reader);
  if (policy.roles.length === 0) return 'no';
  const roles = rolesOver(identity.entryId, entryId, reader, nowSeconds);
  if (roles.length === 0) return 'no';
  const has = new Set(roles.flatMap(({ may }) => may.map(({ power }) => power)));
  const used = new Set<Power>();
  let opens = false;
  for (const change of touched) {
    const needs = needsOf(change, policy);
    if (needs === undefined) return 'no';
    for (const one of needs) {
      const found = one.filter((power) => has.has(power));
      if (found.length === 0) return 'no';
      for (const power of found) used.add(power);
      opens ||= found.every((power) => opening.includes(power));
    }
    if (!isInTime(change, roles, entryId, policy, reader, nowSeconds)) return 'no';
  }
  const more = opens && surpasses(entryId, identity.entryId, policy, reader, nowSeconds);
  return more ? 'surpassed' : roles.filter(({ may }) => may.some(({ power }) => used.has(power)));
}

/** Whether a bypass is for no longer than one of the roles gives it. */
function isInTime(
  { attribute, values }: TouchedValue,
  roles: readonly Role[],
  entryId: number,
  policy: Policy,
  reader: DirectoryReader,
  now: number,
): boolean {
  if (attribute.toLowerCase() !== 'tenurebypassuntil' || values.length === 0) return true;
  const calendar = calendarOf(personOf(reader.entry(entryId)!, reader), policy);
  const lengths = roles.flatMap(({ may }) => may.filter(({ power }) => power === 'bypass'));
  return values.every((value) => {
    const until = parseTime(value);
    return lengths.some(
      ({ for: length }) =>
        length === undefined || (until !== undefined && until <= shifted(now, length, 1, calendar)),
    );
  });
}

/** The roles of somebody that are over an entry. */
export function rolesOver(
  author: number,
  entryId: number,
  reader: DirectoryReader,
  nowSeconds: number,
): readonly Role[] {
  const { policy } = policyOf(reader);
  const [by, target] = [reader.entry(author), reader.entry(entryId)];
  if (policy.roles.length === 0 || by === undefined || target === undefined) return [];
  if (entryId === reader.administratorId()) return [];
  const roles = [
    ...rolesOf(personOf(by, reader), policy, nowSeconds),
    ...policy.roles.filter(({ relation }) => isRelated(relation, author, entryId, reader)),
  ];
  if (roles.length === 0) return [];
  const over = personOf(target, reader);
  return roles.filter((role) => isOver(role, over, policy, nowSeconds));
}
