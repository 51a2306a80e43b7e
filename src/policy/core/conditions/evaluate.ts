/** Whether a condition holds of a person at an instant, and of which kind the person is. Pure. */
import type { Condition, Kind, Policy, Role } from '../language/index.js';
import { Look, plain } from './look.js';
import type { Person } from './person.js';

/** Whether the condition holds at `now` (seconds since 1970). */
export function holds(condition: Condition, person: Person, policy: Policy, now: number): boolean {
  return test(condition, new Look(person, policy, now));
}

/** One person at one instant, of whom many conditions are asked. */
export class Judge {
  readonly #look: Look;

  constructor(person: Person, policy: Policy, now: number) {
    this.#look = new Look(person, policy, now);
  }

  holds(condition: Condition): boolean {
    return test(condition, this.#look);
  }

  /** Whether a value of the attribute is one of these, which are as `valuesAsked` gives them. */
  hasOneOf(attribute: string, values: ReadonlySet<string>): boolean {
    return this.#look.plainValues(attribute).some((value) => values.has(value));
  }
}

/** The kind that the policy gives the person; undefined where none of its kinds fits. */
export function kindOf(person: Person, policy: Policy, now: number): Kind | undefined {
  return kindIn(new Look(person, policy, now));
}

/** The roles that the person has. */
export function rolesOf(person: Person, policy: Policy, now: number): readonly Role[] {
  const look = new Look(person, policy, now);
  return policy.roles.filter((role) => test(role.who, look));
}

/** What the entry itself says (lifecycleKind) wins; then the first kind that fits. */
function kindIn(look: Look): Kind | undefined {
  return look.kind(() => {
    const { kinds } = look.policy;
    const said = look.person.values('lifecyclekind')[0];
    const named = said === undefined ? undefined : kinds.find(({ name }) => same(name, said));
    return named ?? kinds.find(({ who }) => test(who, look));
  });
}

function test(condition: Condition, look: Look): boolean {
  switch (condition.is) {
    case 'everyone':
      return true;
    case 'and':
      return condition.of.every((inner) => test(inner, look));
    case 'or':
      return condition.of.some((inner) => test(inner, look));
    case 'not':
      return !test(condition.of, look);
    case 'kind': {
      const kind = kindIn(look);
      return kind !== undefined && condition.kinds.includes(kind.name);
    }
    case 'state':
      return condition.states.includes(look.person.stateAt(look.now));
    case 'value': {
      const values = look.plainValues(condition.attribute);
      return wantedBy(condition).some((wanted) => values.includes(wanted));
    }
    case 'present':
      return look.values(condition.attribute).length > 0;
    case 'below':
      return look.person.isBelow(condition.base);
    case 'group':
      return condition.groups.some((group) => look.person.inGroup(group, look.now));
    case 'role':
      return look.policy.roles.some(
        ({ name, who }) => (condition.role ?? name) === name && test(who, look),
      );
    default:
      return testTime(condition, look);
  }
}

type Timed = Extract<Condition, { is: 'held' | 'noticed' | 'never seen' | 'seen' | 'away' }>;

function testTime(condition: Timed, look: Look): boolean {
  const { facts, lastSeen } = look.person;
  switch (condition.is) {
    case 'held':
      return facts.holds.some(({ since }) => look.begun(since));
    case 'noticed':
      return facts.notice !== undefined && look.begun(facts.notice.since);
    case 'never seen':
      return lastSeen === undefined;
    case 'seen':
      return lastSeen !== undefined && look.isYounger(lastSeen, condition.within);
    case 'away':
      return look.wasAwayOver(condition.over);
  }
}

/**
 * What a condition asks, where it asks for nothing but values, of which one is enough: wanted values
 * by attribute. Undefined for every other condition.
 */
export function valuesAsked(
  condition: Condition,
): ReadonlyMap<string, readonly string[]> | undefined {
  const asked = new Map<string, readonly string[]>();
  const parts = condition.is === 'or' ? condition.of : [condition];
  for (const part of parts) {
    if (part.is !== 'value') return undefined;
    asked.set(part.attribute, [...(asked.get(part.attribute) ?? []), ...wantedBy(part)]);
  }
  return asked;
}

type ValueCondition = Extract<Condition, { is: 'value' }>;

const wanted = new WeakMap<ValueCondition, readonly string[]>();

/** The values of a condition as they are compared: worked out once. */
function wantedBy(condition: ValueCondition): readonly string[] {
  let values = wanted.get(condition);
  if (values === undefined) {
    values = condition.values.map(plain);
    wanted.set(condition, values);
  }
  return values;
}

function same(a: string, b: string): boolean {
  return a === b || plain(a) === plain(b);
}
