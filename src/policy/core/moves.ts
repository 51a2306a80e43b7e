/**
 * Many people who go from one value to the same other: a reorganisation. It may be no more than a new
 * name for what there was, and then the name is what should change: nobody leaves a group meanwhile.
 * Pure: values of people before and after go in, what so many have in common comes out.
 */
import { type Person, toldBy, valuesAt } from './conditions/index.js';
import { type Condition, type Policy, partsOf } from './language/index.js';
import { beginOf, type Calendar } from './times.js';

export interface Reorganisation {
  /** A word of the policy where it has one, else the attribute in lower case. */
  readonly attribute: string;
  readonly from: string;
  readonly to: string;
  readonly people: number;
}

/** As many may go the same way without anybody asking why. */
export const MOVERS_MAX = 10;

const plain = (text: string) => text.trim().toLowerCase();

interface Course {
  readonly before: readonly string[];
  after: readonly string[];
}

/** Values as they were first and as they were last, of everybody who is looked at. */
export class MoveTally {
  readonly #courses = new Map<string, Map<number, Course>>();

  note(attribute: string, who: number, before: readonly string[], after: readonly string[]): void {
    let people = this.#courses.get(attribute);
    if (people === undefined) {
      people = new Map();
      this.#courses.set(attribute, people);
    }
    const known = people.get(who);
    if (known === undefined) people.set(who, { before, after });
    else known.after = after;
  }

  /** The ways that more than so many go, the widest first. */
  reorganisations({ words }: Policy): Reorganisation[] {
    const found: Reorganisation[] = [];
    for (const [name, people] of this.#courses) {
      const word = Object.entries(words).find(([, attribute]) => attribute === name)?.[0];
      const ways = new Map<string, Reorganisation>();
      for (const { before, after } of people.values()) {
        const way = wayOf(before, after);
        if (way === undefined) continue;
        const key = `${plain(way.from)}\n${plain(way.to)}`;
        const count = (ways.get(key)?.people ?? 0) + 1;
        ways.set(key, { ...way, attribute: word ?? name, people: count });
      }
      found.push(...[...ways.values()].filter((way) => way.people > MOVERS_MAX));
    }
    return found.sort((a, b) => b.people - a.people);
  }
}

/** One value went and one came; anything else is no other name for a value. */
function wayOf(before: readonly string[], after: readonly string[]) {
  const without = (some: readonly string[], others: readonly string[]) => {
    const known = new Set(others.map(plain));
    return new Map(
      some.filter((text) => !known.has(plain(text))).map((text) => [plain(text), text]),
    );
  };
  const gone = [...without(before, after).values()];
  const come = [...without(after, before).values()];
  return gone.length === 1 && come.length === 1 ? { from: gone[0]!, to: come[0]! } : undefined;
}

/** The command that gives the value its new name. */
export function renameCommand({ attribute, from, to }: Reorganisation): string {
  return `tenure rename value ${[attribute, from, to].map(inShell).join(' ')}`;
}

function inShell(word: string): string {
  return /^[\w.,:@%/+-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

/** `12 people go from department R-210 to R-300`, and what to say if nobody really moves. */
export function offerOf(one: Reorganisation): string {
  const { people, attribute, from, to } = one;
  return (
    `${people} people go from ${attribute} "${from}" to "${to}"; ` +
    `if that is another name for the same, say this first: ${renameCommand(one)}`
  );
}

const looked = new WeakMap<Policy, readonly string[]>();

/** Attributes by which the policy can move somebody: its words, and what its conditions ask for. */
export function movingAttributes(policy: Policy): readonly string[] {
  let known = looked.get(policy);
  if (known === undefined) {
    const conditions: (Condition | undefined)[] = [
      ...policy.kinds.map(({ who }) => who),
      ...policy.groups.map(({ rule }) => rule),
      ...policy.roles.map(({ who }) => who),
      ...policy.journeys.flatMap(({ rules }) =>
        rules.flatMap(({ steps }) => steps.map(({ when }) => when)),
      ),
    ];
    const parts = conditions.flatMap((condition) => (condition ? partsOf(condition) : []));
    const asked = parts.flatMap((part) => (part.is === 'value' ? [part.attribute] : []));
    known = [...new Set([...Object.values(policy.words), ...asked])];
    looked.set(policy, known);
  }
  return known;
}

/**
 * Values as they will be when everything that is stored has begun: what a file says of next month is
 * a move as well.
 */
export function valuesInTheEnd(
  person: Pick<Person, 'facts' | 'values'>,
  attribute: string,
  policy: Policy,
  now: number,
  calendar: Calendar,
): readonly string[] {
  let at = now;
  if (toldBy(attribute, policy) !== undefined) {
    for (const { start } of person.facts.engagements) {
      if (start !== undefined) at = Math.max(at, beginOf(start, calendar));
    }
  }
  return valuesAt(person, attribute, policy, at);
}
