/**
 * Who can put whom into a group that gives a role, and by which attribute. Whoever may write an
 * attribute that a rule looks at hands out the role, whether anybody meant that or not.
 */
import {
  type Condition,
  type GroupRule,
  type Kind,
  type Place,
  type Policy,
  type Power,
  partsOf,
  type Role,
} from '../core/language/index.js';

/** One way into a role. */
export interface Way {
  readonly role: string;
  /** The group that gives it; undefined where an attribute does so directly. */
  readonly group: string | undefined;
  readonly by: 'hand' | 'rule' | 'kind' | 'journey' | 'grant' | 'attribute';
  /** What has to be written for it, in words of the policy. */
  readonly attributes: readonly string[];
  /** Who can do that: `administrators`, `owner of the group`, roles. */
  readonly who: readonly string[];
  readonly at: Place;
}

const ADMINISTRATORS = 'administrators';

/** Verbs that write attributes: whoever has the power can change what they say. */
const writtenBy: Readonly<Record<string, readonly Power[]>> = {
  type: ['join', 'move'],
  department: ['join', 'move'],
  manager: ['join', 'move'],
  sponsor: ['join', 'move'],
  number: ['join', 'move'],
};

export function waysIn(policy: Policy): readonly Way[] {
  return policy.roles.flatMap((role) => {
    if (role.relation === undefined) {
      return partsOf(role.who).flatMap((part) => ways(role, part, policy));
    }
    const attributes = related[role.relation];
    if (attributes.length === 0) return [];
    const base = { role: role.name, group: undefined, by: 'attribute' as const, at: role.at };
    return [{ ...base, attributes, who: writers(attributes, policy) }];
  });
}

/** Over whom somebody has it is said by what names the one in the entry of the other. */
const related: Readonly<Record<NonNullable<Role['relation']>, readonly string[]>> = {
  manager: ['manager', 'sponsor'],
  self: [],
};

function ways(role: Role, part: Condition, policy: Policy): Way[] {
  if (part.is === 'group') return part.groups.flatMap((name) => intoGroup(role, name, policy));
  const attributes = lookedAt(part, policy);
  if (attributes.length === 0) return [];
  const base = { role: role.name, group: undefined, by: 'attribute' as const, at: role.at };
  return [{ ...base, attributes, who: writers(attributes, policy) }];
}

function intoGroup(role: Role, name: string, policy: Policy): Way[] {
  const group = policy.groups.find((other) => other.name === name);
  const base = { role: role.name, group: name, at: group?.at ?? role.at };
  const found: Way[] = [{ ...base, by: 'hand', attributes: [], who: [ADMINISTRATORS] }];
  const grants = rolesWith(['grant'], policy);
  if (grants.length > 0 || group?.longest !== undefined) {
    found.push({
      ...base,
      by: 'grant',
      attributes: [],
      who: [ADMINISTRATORS, ...asked(group), ...grants],
    });
  }
  if (group?.rule !== undefined) {
    const attributes = partsOf(group.rule).flatMap((part) => lookedAt(part, policy));
    found.push({
      ...base,
      by: 'rule',
      attributes: unique(attributes),
      who: writers(attributes, policy),
    });
  }
  for (const kind of policy.kinds.filter(({ gets }) => gets.includes(name))) {
    const attributes = kindAttributes(kind, policy);
    const way = { ...base, by: 'kind' as const, at: kind.at, attributes };
    found.push({ ...way, who: writers(attributes, policy) });
  }
  for (const journey of policy.journeys) {
    for (const step of journey.rules.flatMap(({ steps }) => steps)) {
      if (step.verb !== 'join' || !step.groups.includes(name)) continue;
      found.push({
        ...base,
        by: 'journey',
        at: step.at,
        attributes: [],
        who: [`journey ${journey.name}`],
      });
    }
  }
  return found;
}

const asked = (group: GroupRule | undefined): string[] => {
  if (group?.ask === undefined) return [];
  return ['name' in group.ask ? group.ask.name : group.ask.is];
};

/** The attributes that a part of a condition looks at; kinds are looked through. */
function lookedAt(part: Condition, policy: Policy): string[] {
  switch (part.is) {
    case 'value':
    case 'present':
      return [wordOf(part.attribute, policy)];
    case 'below':
      return [`place below ${part.base}`];
    case 'kind': {
      const named = policy.kinds.filter(({ name }) => part.kinds.includes(name));
      return unique(named.flatMap((kind) => kindAttributes(kind, policy)));
    }
    default:
      return [];
  }
}

/** Whatever makes somebody that kind, or keeps them from being an earlier one, and its own name. */
function kindAttributes(kind: Kind, policy: Policy): string[] {
  const upTo = policy.kinds.slice(0, policy.kinds.indexOf(kind) + 1);
  const attributes = upTo.flatMap(({ who }) =>
    partsOf(who).flatMap((part) => lookedAt(part, policy)),
  );
  return unique([...attributes, 'lifecycleKind']);
}

function wordOf(attribute: string, { words }: Policy): string {
  return Object.entries(words).find(([, name]) => name === attribute)?.[0] ?? attribute;
}

function writers(attributes: readonly string[], policy: Policy): string[] {
  const powers = attributes.flatMap((attribute) => writtenBy[attribute] ?? []);
  return [ADMINISTRATORS, ...rolesWith(powers, policy)];
}

function rolesWith(powers: readonly Power[], { roles }: Policy): string[] {
  return roles
    .filter(({ may }) => may.some(({ power }) => powers.includes(power)))
    .map(({ name }) => `role ${name}`);
}

const unique = (words: readonly string[]) => [...new Set(words)];
