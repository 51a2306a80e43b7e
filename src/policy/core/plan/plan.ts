/**
 * The plan: people, policy and what was done before go in, steps come out. One pure function that
 * the preview, the run and the replay of the past all use, one person at a time, so that a caller
 * may stop between any two. The same goes in twice, the same comes out twice.
 *
 * What an end date denies is not planned: it is so in that second whatever happens here. A step is
 * planned that does something beside it, now or later.
 */
import { closedness } from '../../../directory/model/timeline.js';
import { calendarOf, holds, kindOf, type Person } from '../conditions/index.js';
import type { Duration, Journey, Kind, Policy, Rule, Step } from '../language/index.js';
import { dueOf, momentsOf, type Occurrence } from '../moments.js';
import { beginOf, type Calendar, endOf } from '../times.js';
import { type Holding, neverSteps } from './never.js';
import { dateText, keyOf, RuledStep, type Whose } from './ruled-step.js';
import { answeredKey, byOrder, type PlannedStep } from './step.js';
import { suspendedSteps } from './suspended.js';

/** Somebody to plan for. */
export interface Subject {
  readonly id: number;
  readonly dn: string;
  readonly person: Person;
  /** Keys of the steps that were done, and when. */
  readonly marks: ReadonlyMap<string, number>;
  /** The groups that they are in otherwise than by a rule. */
  readonly held: () => readonly Holding[];
}

export interface Window {
  readonly now: number;
  /** Last second that is planned. */
  readonly until: number;
}

const DAY = 86_400;
/** A message, a question or a task that comes later than this is of no use to anybody. */
const USEFUL_SECONDS = 7 * DAY;

const disposing: ReadonlySet<Step['verb']> = new Set(['destroy', 'forget', 'archive', 'purge']);
const telling: ReadonlySet<Step['verb']> = new Set([
  'tell',
  'ask',
  'task',
  'give',
  'require',
  'call',
  'open case',
]);
/** Moments that come from what people do, not from their facts. */
const traces: ReadonlySet<Occurrence['moment']> = new Set([
  'last seen',
  'password set',
  'key added',
]);

/** Whether the policy does anything about people without facts. */
export function minds(policy: Policy): boolean {
  return policy.journeys.some(({ rules }) => rules.some(({ timing }) => traces.has(timing.moment)));
}

/** Whether anything could ever be planned for somebody by their facts. */
export function hasMoments({ facts }: Person): boolean {
  const { engagements, absences, blocks, notice } = facts;
  const dated = engagements.length + absences.length + blocks.length;
  return dated > 0 || notice !== undefined;
}

/** What is due for one person until the end of the window, in order. */
export function planFor(subject: Subject, policy: Policy, window: Window): PlannedStep[] {
  const { person } = subject;
  const found: PlannedStep[] = [];
  const occurrences = momentsOf(person, policy);
  if (occurrences.length === 0 && person.facts.blocks.length === 0) return found;
  const one = new Planning(subject, policy, window, occurrences);
  for (const journey of policy.journeys) {
    for (const rule of journey.rules) {
      const near = occurrences.filter(
        (of) => mayMatter(rule, of, window) || one.mayBeAnswered(rule, of),
      );
      if (near.length === 0) continue;
      for (const due of dueOf(rule.timing, near, one.calendar)) {
        const at = one.dueAt(due.at, due.occurrence);
        if (at > window.until) continue;
        one.rule(journey, rule, at, due.occurrence, found);
        if (asks(rule)) one.silences(journey, rule, at, due.occurrence, found);
      }
    }
  }
  const whose = () => one.whose;
  found.push(...neverSteps(subject, whose, policy, window));
  found.push(...suspendedSteps(subject, whose, policy, one.calendar, window));
  return onlyUseful(found.sort(byOrder), window.now);
}

/** The longest that one of a unit can be, seconds; a week without a working day is a long one. */
const UNIT_SECONDS_MAX: Readonly<Record<Duration['unit'], number>> = {
  minutes: 60,
  hours: 3_600,
  days: DAY + 7_200,
  'working days': 8 * DAY,
  weeks: 7 * DAY + 7_200,
  months: 31 * DAY + 7_200,
  years: 366 * DAY + 7_200,
};

const onlyTelling = new WeakMap<Rule, boolean>();

function onlyTells(rule: Rule): boolean {
  let known = onlyTelling.get(rule);
  if (known === undefined) {
    known = rule.steps.every(({ verb }) => telling.has(verb));
    onlyTelling.set(rule, known);
  }
  return known;
}

/**
 * Whether a rule could be of any use at a moment: what is certain without a calendar. Most moments
 * of most people are long over, and the exact time of them is the dear part of a plan.
 */
function mayMatter(rule: Rule, { moment, at }: Occurrence, { now, until }: Window): boolean {
  const { timing } = rule;
  if (moment !== timing.moment) return false;
  const { offset } = timing;
  const most = offset === undefined ? 0 : offset.count * UNIT_SECONDS_MAX[offset.unit];
  const before = offset?.direction === 'before';
  if (at - (before ? most : 0) > until) return false;
  if (moment === 'last seen' || !onlyTells(rule)) return true;
  return at + (before ? 0 : most) >= now - USEFUL_SECONDS;
}

function asks({ steps }: Rule): boolean {
  return steps.some(({ verb }) => verb === 'ask');
}

/** One person in one window. */
class Planning {
  readonly calendar: ReturnType<typeof calendarOf>;
  readonly #subject: Subject;
  readonly #policy: Policy;
  readonly #now: number;
  readonly #until: number;
  readonly #occurrences: readonly Occurrence[];
  readonly #kinds = new Map<number, Kind | undefined>();
  #known: Whose | undefined;

  constructor(
    subject: Subject,
    policy: Policy,
    { now, until }: Window,
    occurrences: readonly Occurrence[],
  ) {
    this.#subject = subject;
    this.#policy = policy;
    this.#now = now;
    this.#until = until;
    this.#occurrences = occurrences;
    this.calendar = calendarOf(subject.person, policy);
  }

  /** The same one for all steps of somebody. */
  get whose(): Whose {
    const { id, dn, person } = this.#subject;
    this.#known ??= { id, login: person.login, dn, zone: this.calendar.zone };
    return this.#known;
  }

  /** Time on leave is no time in which anybody could be seen. */
  dueAt(at: number, { moment, at: from }: Occurrence): number {
    if (moment !== 'last seen') return at;
    return at + awaySince(from, this.#subject.person, this.#now, this.calendar);
  }

  #kind(at: number): Kind | undefined {
    if (!this.#kinds.has(at)) {
      this.#kinds.set(at, kindOf(this.#subject.person, this.#policy, at));
    }
    return this.#kinds.get(at);
  }

  rule(journey: Journey, rule: Rule, at: number, of: Occurrence, found: PlannedStep[]): void {
    const when = Math.max(at, this.#now);
    const kind = this.#kind(when);
    if (kind === undefined || !kind.journeys.includes(journey.name)) return;
    if (of.moment === 'last seen' && kind.never.includes('idle')) return;
    if (of.moment === 'end' && kind.never.includes('expire')) return;
    for (const step of rule.steps) {
      const { marks } = this.#subject;
      if (marks.size > 0 && marks.has(keyOf(journey, rule, step, of))) continue;
      if (!this.#applies(step, rule, at, of)) continue;
      found.push(new RuledStep(this.whose, journey, rule, step, at, of));
    }
  }

  /** A question that was asked waits for its time, however long ago its own moment was. */
  mayBeAnswered(rule: Rule, { moment }: Occurrence): boolean {
    return this.#subject.marks.size > 0 && moment === rule.timing.moment && asks(rule);
  }

  /** Questions that nobody has answered by the next moment of the journey. */
  silences(journey: Journey, rule: Rule, at: number, of: Occurrence, found: PlannedStep[]): void {
    const { marks } = this.#subject;
    for (const step of rule.steps) {
      if (step.verb !== 'ask') continue;
      const question = keyOf(journey, rule, step, of);
      const key = answeredKey(question);
      if (marks.has(key)) continue;
      const planned = found.find((one) => one.key === question);
      const asked = marks.get(question) ?? (planned && Math.max(planned.at, this.#now));
      if (asked === undefined) continue;
      const over = this.#nextMoment(journey, Math.max(at, asked), of);
      if (over === undefined || over > this.#until) continue;
      if (this.#kind(Math.max(over, this.#now))?.journeys.includes(journey.name) !== true) continue;
      found.push(this.#silence(journey, step, { key, at: over, asked }, of));
    }
  }

  #silence(
    { name }: Journey,
    step: Extract<Step, { verb: 'ask' }>,
    { key, at, asked }: { readonly key: string; readonly at: number; readonly asked: number },
    of: Occurrence,
  ): PlannedStep {
    const { person } = this.#subject;
    const { id, login, dn, zone } = this.whose;
    const { silence, question } = step;
    const gone = closedness(person.stateAt(Math.max(at, this.#now))) >= closedness('sealed');
    // Of a question about an end that is there already, silence lets that end stand.
    const closes = silence === 'end' && of.moment !== 'end' && !gone;
    return {
      at,
      id,
      login,
      dn,
      journey: name,
      line: step.at.line,
      step: { ...step, text: `no answer to "${question}": silence means ${silence}` },
      reason: `asked ${dateText(asked, zone)}`,
      key,
      silence,
      closes,
      writes: true,
    };
  }

  /** When the journey goes on behind an instant; the moment itself is one of its moments. */
  #nextMoment({ rules }: Journey, after: number, of: Occurrence): number | undefined {
    const instants = rules.flatMap(({ timing }) =>
      dueOf(timing, this.#occurrences, this.calendar).map((due) =>
        this.dueAt(due.at, due.occurrence),
      ),
    );
    const later = [of.at, ...instants].filter((at) => at > after);
    return later.length === 0 ? undefined : Math.min(...later);
  }

  #applies(step: Step, rule: Rule, at: number, of: Occurrence): boolean {
    const { person } = this.#subject;
    const when = Math.max(at, this.#now);
    const state = person.stateAt(when);
    const gone = closedness(state) >= closedness('sealed');
    if (disposing.has(step.verb)) {
      // Whoever came back since is not disposed of for an end of before.
      if (!gone || state === 'purged') return false;
      if (step.verb === 'archive' && state === 'archived') return false;
    } else if (of.moment === 'last seen' && state !== 'active') return false;
    else if ((step.verb === 'suspend' || step.verb === 'activate') && gone) return false;
    if (telling.has(step.verb) && at < this.#now) {
      if (this.#now - at > USEFUL_SECONDS) return false;
      // What was to be said before something is pointless behind it.
      if (rule.timing.offset?.direction === 'before' && of.at <= this.#now) return false;
    }
    return step.when === undefined || holds(step.when, person, this.#policy, when);
  }
}

/** Of what is late to be told in one journey, the last. */
function onlyUseful(steps: PlannedStep[], now: number): PlannedStep[] {
  const last = new Map<string, number>();
  steps.forEach(({ at, journey, step }, i) => {
    if (at < now - DAY && step.verb === 'tell') last.set(journey, i);
  });
  if (last.size === 0) return steps;
  return steps.filter(
    ({ at, journey, step }, i) =>
      !(at < now - DAY && step.verb === 'tell') || last.get(journey) === i,
  );
}

function awaySince(from: number, { facts }: Person, now: number, calendar: Calendar): number {
  let away = 0;
  for (const absence of facts.absences) {
    const begin = Math.max(from, beginOf(absence.from, calendar));
    const end = absence.until === undefined ? now : endOf(absence.until, calendar);
    away += Math.max(0, end - begin);
  }
  return away;
}
