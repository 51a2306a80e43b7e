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
 *
 * Nobody's role is over the administrator that `tenure init` made.
 */
import { holds, rolesOf } from '../../../policy/core/conditions/index.js';
import type { Policy, Power } from '../../../policy/core/language/index.js';
import type { Identity } from '../../model/identity.js';
import type { DirectoryReader } from '../../ports.js';
import { personOf } from './person-of.js';
import { policyOf } from './policy-of.js';

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

/** Whether roles of the policy let the identity make all of these changes to the entry. */
export function mayByRole(
  identity: Identity,
  entryId: number,
  touched: readonly TouchedValue[],
  reader: DirectoryReader,
  nowSeconds: number,
): boolean {
  if (identity.role !== 'user' || identity.only !== undefined) return false;
  if (policyOf(reader).policy.roles.length === 0) return false;
  const has = powersOver(identity.entryId, entryId, reader, nowSeconds);
  if (has.size === 0 || touched.length === 0) return false;
  const { policy } = policyOf(reader);
  return touched.every((change) =>
    needsOf(change, policy)?.every((one) => one.some((power) => has.has(power))),
  );
}

const none: ReadonlySet<Power> = new Set();

/** The powers that somebody has over an entry. */
export function powersOver(
  author: number,
  entryId: number,
  reader: DirectoryReader,
  nowSeconds: number,
): ReadonlySet<Power> {
  const { policy } = policyOf(reader);
  const [by, target] = [reader.entry(author), reader.entry(entryId)];
  if (policy.roles.length === 0 || by === undefined || target === undefined) return none;
  if (entryId === reader.administratorId()) return none;
  const roles = rolesOf(personOf(by, reader), policy, nowSeconds);
  if (roles.length === 0) return none;
  const over = personOf(target, reader);
  const covering = roles.filter(
    (role) =>
      holds(role.over, over, policy, nowSeconds) &&
      (role.neverOver === undefined || !holds(role.neverOver, over, policy, nowSeconds)),
  );
  return new Set(covering.flatMap(({ may }) => may.map(({ power }) => power)));
}
