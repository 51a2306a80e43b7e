/**
 * What a document says and the directory does not bear out: groups, bases, accounts and people that it
 * names and nobody has made; and roles that hang on an attribute which a rule lets people write of
 * themselves. Warnings: what is not there may be made yet.
 */
import type { PolicyProblem } from '../../admin/policy.js';
import { isInSet } from '../../directory/access/index.js';
import { basesOf } from '../../directory/operations/lifecycle/index.js';
import type { DirectoryReader } from '../../directory/ports.js';
import type { AttributeType } from '../../directory/schema/index.js';
import {
  type AccessRule,
  type Condition,
  isPowers,
  type Phrase,
  type Policy,
  type Step,
  type Who,
} from '../../policy/core/language/index.js';
import { waysIn } from '../../policy/language/index.js';

/** What stands somewhere, of which something is named. */
interface Said {
  /** Of a rule, a kind, a group …: how the document calls it. */
  readonly by: string;
  readonly at: Phrase['at'];
}

type Naming = Said &
  (
    | { readonly condition: Condition }
    | { readonly groups: readonly string[] }
    | { readonly base: string }
    | { readonly services: readonly string[] }
    | { readonly author: string }
  );

/** In the order of the document. */
export function directoryComplaints(policy: Policy, reader: DirectoryReader): PolicyProblem[] {
  const found = [
    ...namings(policy).flatMap((naming) => missing(naming, policy, reader)),
    ...givenToOneself(policy, reader),
  ];
  const once = new Map(found.map((one) => [`${one.line} ${one.message}`, one]));
  return [...once.values()].sort((a, b) => a.line - b.line || a.column - b.column);
}

const warning = ({ line, column }: Phrase['at'], message: string): PolicyProblem => {
  return { line, column, message, severity: 'warning' };
};

/** Everything in a document that names something of the directory. */
function namings(policy: Policy): Naming[] {
  const { company, kinds, passwords, journeys, groups, roles, resources, guards } = policy;
  const asks = (named: Phrase & { readonly name: string }, ...of: (Condition | undefined)[]) =>
    of.flatMap((condition) =>
      condition === undefined ? [] : [{ by: named.name, at: named.at, condition }],
    );
  const steps = journeys.flatMap(({ name, rules }) =>
    rules.flatMap((rule) => rule.steps.flatMap((step) => ofStep(name, step))),
  );
  const hold = guards.peopleClosed ?? guards.hrFile;
  return [
    ...company.newEntries.flatMap(({ below, madeBy, at }): Naming[] => [
      ...(below === undefined ? [] : [{ by: 'new entries', at, base: below }]),
      ...(madeBy === undefined ? [] : [{ by: 'new entries', at, author: madeBy }]),
    ]),
    ...kinds.flatMap((kind) => [
      ...asks(kind, kind.who),
      { by: kind.name, at: kind.at, groups: groupsOf(kind.everyUse) },
    ]),
    ...passwords.flatMap((rule) => asks(rule, rule.who)),
    ...steps,
    ...groups.flatMap((group) => [
      ...asks(group, group.rule),
      { by: group.name, at: group.at, groups: group.ask ? groupsOf([group.ask]) : [] },
    ]),
    ...roles.flatMap((role) => asks(role, role.who, role.over, role.neverOver)),
    ...resources.flatMap((one) => [
      ...asks(one, one.who),
      { by: one.name, at: one.at, groups: groupsOf(one.removedBy) },
    ]),
    ...(policy.access ?? []).flatMap((rule) =>
      asks(rule, rule.who.is === 'those' ? rule.who.condition : undefined, rule.what),
    ),
    ...(hold === undefined
      ? []
      : [{ by: 'when held', at: hold.at, groups: groupsOf(guards.yesFrom) }]),
  ];
}

const groupsOf = (who: readonly Who[]) =>
  who.flatMap((one) => (one.is === 'group' ? [one.name] : []));

function ofStep(by: string, step: Step): Naming[] {
  const { at, when } = step;
  const named =
    step.verb === 'join' || step.verb === 'quit'
      ? step.groups
      : 'who' in step
        ? groupsOf(step.who)
        : [];
  const asked = when === undefined ? [] : [{ by, at, condition: when }];
  const kept = step.verb === 'keep' ? [{ by, at, services: step.services }] : [];
  return [{ by, at, groups: named }, ...kept, ...asked];
}

function missing(naming: Naming, policy: Policy, reader: DirectoryReader): PolicyProblem[] {
  const { by, at } = naming;
  if ('condition' in naming) {
    return partsNaming(naming.condition).flatMap((part) => {
      if (part.is === 'group') return missing({ by, at, groups: part.groups }, policy, reader);
      if (part.is === 'below') return missing({ by, at, base: part.base }, policy, reader);
      if (part.attribute !== (policy.words['login'] ?? 'uid')) return [];
      return part.values
        .filter((login) => !isThere(part.attribute, login, reader))
        .map((login) => warning(at, `${by}: nobody here has the login ${login}`));
    });
  }
  if ('base' in naming) {
    const is = basesOf(naming.base, reader).length > 0;
    return is ? [] : [warning(at, `${by}: this directory has no ${naming.base}`)];
  }
  if ('services' in naming) {
    return naming.services
      .filter((name) => !['uid', 'cn'].some((attribute) => isThere(attribute, name, reader)))
      .map((name) => warning(at, `${by}: this directory has no service ${name}, nor a group`));
  }
  if ('author' in naming) {
    // A login, or the beginning of a name.
    const [, attribute = 'uid', value = naming.author] =
      /^\s*([^=,]+)=([^,]+)/.exec(naming.author) ?? [];
    if (isThere(attribute, value, reader)) return [];
    return [warning(at, `${by}: nobody here is ${naming.author}, so nothing is made by it`)];
  }
  return naming.groups
    .filter((name) => !isThere('cn', name, reader, true))
    .map((name) => warning(at, `${by}: this directory has no group ${name}`));
}

type NamingPart = Extract<Condition, { is: 'group' | 'below' | 'value' }>;

function partsNaming(condition: Condition): NamingPart[] {
  switch (condition.is) {
    case 'and':
    case 'or':
      return condition.of.flatMap(partsNaming);
    case 'not':
      return partsNaming(condition.of);
    case 'group':
    case 'below':
    case 'value':
      return [condition];
    default:
      return [];
  }
}

const SAME_NAME_MAX = 50;

/** Whether an entry has the value; `group`: one that has members. */
function isThere(
  attribute: string,
  value: string,
  reader: DirectoryReader,
  group = false,
): boolean {
  const type = reader.schema().attribute(attribute);
  const key = type?.equality?.normalize(Buffer.from(value, 'utf8'));
  // What cannot be looked up is not complained of.
  if (type === undefined || !reader.canUse(type, 'equality')) return true;
  if (key === undefined) return false;
  const { ids } = reader.idsEqual(type, key, SAME_NAME_MAX);
  return group ? ids.some((id) => reader.entry(id)?.kind.membership !== undefined) : ids.length > 0;
}

/** The directory refuses whoever would gain it; that it is tried at all was hardly meant. */
function givenToOneself(policy: Policy, reader: DirectoryReader): PolicyProblem[] {
  const own = (policy.access ?? []).filter(
    ({ who, writes }) => writes.includes('write') && (who.is === 'self' || who.is === 'bound'),
  );
  if (own.length === 0) return [];
  return waysIn(policy).flatMap(({ role, group, at, attributes }) =>
    attributes.flatMap((word) => {
      const type = reader.schema().attribute(policy.words[word] ?? word);
      const rule = type && own.find((one) => isOf(type, one, reader));
      if (rule === undefined) return [];
      const through = group === undefined ? '' : ` through the group ${group}`;
      const text = `people write their own ${word} by the rule ${rule.name}, line ${rule.at.line}`;
      return [
        warning(at, `${text}, and the role ${role} hangs on it${through}: such a write is refused`),
      ];
    }),
  );
}

/** Whether the rule is about the attribute, or about what it is a kind of; powers are in no rule. */
function isOf(type: AttributeType, rule: AccessRule, reader: DirectoryReader): boolean {
  if (type.secret || type.readers !== 'all' || isPowers(type.name)) return false;
  if (rule.sets.some((set) => isInSet(type, set))) return true;
  return rule.attributes.some((name) => {
    const named = reader.schema().attribute(name);
    return named !== undefined && (named === type || named.subtypes.includes(type));
  });
}
