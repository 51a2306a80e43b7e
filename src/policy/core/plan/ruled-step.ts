/**
 * A step as a rule of the policy gives it. A plan for many people is many of these and nothing else,
 * so each keeps what it is made of, and what can be said of it is put into words when somebody asks.
 */
import type { Journey, Rule, Step } from '../language/index.js';
import type { Occurrence } from '../moments.js';
import { localTime } from '../zone.js';
import type { PlannedStep } from './step.js';

/** What facts do of themselves at these moments. */
const byItself: Partial<Record<Step['verb'], readonly Occurrence['moment'][]>> = {
  activate: ['start'],
  pause: ['leave'],
  resume: ['return'],
  offboard: ['end'],
  // The fact that ends somebody, or announces it, opens the case in the same transaction.
  'open case': ['notice', 'end'],
};

/**
 * Tells a step of somebody from every other one: by the fact that it rests on. The same words at several
 * times around one moment (30, 14, 7 days before) are several steps.
 */
export function keyOf({ name, rules }: Journey, rule: Rule, step: Step, of: Occurrence): string {
  const key = `${name}|${step.text}|${of.moment}|${of.about}|${of.at}`;
  const isSaidAgain = rules.some(
    (other) =>
      other !== rule &&
      other.timing.moment === rule.timing.moment &&
      other.steps.some(({ text }) => text === step.text),
  );
  return isSaidAgain ? `${key}|${rule.timing.text}` : key;
}

/** Whose step it is. */
export interface Whose {
  readonly id: number;
  readonly login: string;
  readonly dn: string;
  readonly zone: string;
}

export class RuledStep implements PlannedStep {
  readonly at: number;
  readonly step: Step;
  readonly #whose: Whose;
  readonly #journey: Journey;
  readonly #rule: Rule;
  readonly #of: Occurrence;

  constructor(whose: Whose, journey: Journey, rule: Rule, step: Step, at: number, of: Occurrence) {
    this.at = at;
    this.#journey = journey;
    this.step = step;
    this.#whose = whose;
    this.#rule = rule;
    this.#of = of;
  }

  get journey(): string {
    return this.#journey.name;
  }

  get id(): number {
    return this.#whose.id;
  }

  get login(): string {
    return this.#whose.login;
  }

  get dn(): string {
    return this.#whose.dn;
  }

  get line(): number {
    return this.step.at.line;
  }

  get reason(): string {
    return `${this.#rule.timing.text} (${dateText(this.#of.at, this.#whose.zone)})`;
  }

  get key(): string {
    return keyOf(this.#journey, this.#rule, this.step, this.#of);
  }

  get writes(): boolean {
    const { verb } = this.step;
    return byItself[verb]?.includes(this.#of.moment) !== true && verb !== 'keep';
  }

  get closes(): boolean {
    const { verb } = this.step;
    return this.writes && (verb === 'suspend' || verb === 'offboard');
  }

  toJSON(): PlannedStep {
    const { at, id, login, dn, journey, line, step, reason, key, closes, writes } = this;
    return { at, id, login, dn, journey, line, step, reason, key, closes, writes };
  }
}

/** `2026-11-30 17:00`, as clocks of the zone show it. */
export function dateText(seconds: number, zone: string): string {
  const { year, month, day, hour, minute } = localTime(seconds, zone);
  const two = (n: number) => String(n).padStart(2, '0');
  return `${year}-${two(month)}-${two(day)} ${two(hour)}:${two(minute)}`;
}
