/** The same for steps: what is too early, what undoes its neighbour, what takes turns. */
import {
  type Duration,
  isNever,
  type Journey,
  kindsOf,
  type Policy,
  type Rule,
  type Step,
  type Timing,
  type Verb,
} from '../core/language/index.js';
import { found } from './check.js';
import type { Problem } from './tree.js';

interface Placed {
  readonly journey: Journey;
  readonly rule: Rule;
  readonly step: Step;
}

export function checkSteps(policy: Policy): Problem[] {
  const all = policy.journeys.flatMap((journey) =>
    journey.rules.flatMap((rule) => rule.steps.map((step) => ({ journey, rule, step }))),
  );
  return [
    ...all.flatMap((placed) => [
      ...neverFires(placed, policy),
      ...tooEarly(placed),
      ...misplaced(placed),
      ...unheard(placed),
      ...groupsOf(placed, policy),
    ]),
    ...policy.journeys.flatMap(({ rules }) => [
      ...rules.flatMap(opposed),
      ...wrongOrder(rules),
      ...turns(rules),
    ]),
  ];
}

function neverFires({ journey, step }: Placed, { kinds }: Policy): Problem[] {
  if (step.when === undefined) return [];
  if (isNever(step.when))
    return [found(step, 'warning', 'this never fires: its condition cannot hold')];
  const names = kinds.map(({ name }) => name);
  const possible = kindsOf(step.when, names);
  const going = kinds.filter(({ journeys }) => journeys.includes(journey.name));
  if (going.length === 0 || going.some(({ name }) => possible.includes(name))) return [];
  const who = going.map(({ name }) => name).join(', ');
  return [found(step, 'warning', `this never fires: ${journey.name} is a journey of ${who}`)];
}

/** What has a meaning at one moment only. */
function misplaced({ rule, step }: Placed): Problem[] {
  const { moment, offset } = rule.timing;
  if (step.verb === 'keep' && (moment !== 'leave' || offset !== undefined)) {
    const message = `"${step.text}" says what goes on while somebody is away; write it "at leave"`;
    return [found(step, 'warning', message)];
  }
  const known = moment === 'notice' || moment === 'end';
  if (step.verb === 'open case' && !(known && offset === undefined)) {
    const message =
      'a case is open as soon as an end or a notice is written: "at notice", "at end"';
    return [found(step, 'warning', message)];
  }
  return [];
}

/** A silence that never comes: the journey goes on at no later moment. */
function unheard({ journey, rule, step }: Placed): Problem[] {
  if (step.verb !== 'ask' || step.silence === 'nothing') return [];
  const { offset } = rule.timing;
  const others = journey.rules.some((other) => other !== rule);
  if (offset?.direction === 'before' || others) return [];
  const message = `silence means ${step.silence} at the next moment of ${journey.name}, and there is none`;
  return [found(step, 'warning', message)];
}

const final: readonly Verb[] = ['destroy', 'forget', 'archive', 'purge'];

/** Nothing is done for good to anybody who has not left. */
function tooEarly({ rule, step }: Placed): Problem[] {
  const { moment, offset } = rule.timing;
  const before = offset?.direction === 'before';
  if (step.verb === 'offboard' && moment === 'end' && before) {
    return [found(step, 'error', 'nobody is shut out before their end; write it "at end"')];
  }
  if (!final.includes(step.verb)) return [];
  if (moment !== 'end' || before) {
    const message = `"${step.text}" is done for good, and only to people who have left: "7 days after end"`;
    return [found(step, 'error', message)];
  }
  if (offset !== undefined) return [];
  const message = `"${step.text}" at the very end leaves no time to take an end back; 7 days are usual`;
  return [found(step, 'warning', message)];
}

/** A step about groups that something else in the policy undoes. */
function groupsOf({ journey, step }: Placed, { groups, kinds }: Policy): Problem[] {
  if (step.verb !== 'join' && step.verb !== 'quit') return [];
  const going = kinds.filter(({ journeys }) => journeys.includes(journey.name));
  return step.groups.flatMap((name) => {
    const group = groups.find((other) => other.name === name);
    if (step.verb === 'join') {
      const never = going.filter(({ neverGets }) => neverGets.includes(name));
      const problems = never.map((kind) =>
        found(step, 'error', `${kind.name} never gets ${name}, line ${kind.at.line}`),
      );
      if (group?.byHand !== true) return problems;
      const message = `members of ${name} come by hand, line ${group.at.line}`;
      return [...problems, found(step, 'error', message)];
    }
    const giver = going.find(({ gets }) => gets.includes(name)) ?? (group?.rule && group);
    if (giver === undefined) return [];
    const message = `line ${giver.at.line} would put them back into ${name} at once`;
    return [found(step, 'error', message)];
  });
}

const opposites: readonly (readonly [Verb, Verb])[] = [
  ['suspend', 'activate'],
  ['suspend', 'resume'],
  ['pause', 'resume'],
  ['pause', 'activate'],
  ['offboard', 'activate'],
  ['offboard', 'resume'],
  ['offboard', 'pause'],
];

/** Steps of one moment that undo each other, or say the same twice. */
function opposed({ steps }: Rule): Problem[] {
  const problems: Problem[] = [];
  for (const [i, step] of steps.entries()) {
    for (const other of steps.slice(0, i)) {
      if (step.when === undefined && other.text === step.text) {
        problems.push(found(step, 'warning', `"${step.text}" is said twice`));
      }
      const both = (a: Verb, b: Verb) => step.verb === a && other.verb === b;
      const fights = opposites.some(([a, b]) => both(a, b) || both(b, a));
      const always = step.when === undefined && other.when === undefined;
      if (always && (fights || sharesGroup(step, other))) {
        problems.push(
          found(step, 'error', `"${step.text}" undoes "${other.text}" in the same second`),
        );
      }
    }
  }
  return problems;
}

function sharesGroup(a: Step, b: Step): boolean {
  const pair = a.verb === 'join' ? b.verb === 'quit' : a.verb === 'quit' && b.verb === 'join';
  if (!pair || !('groups' in a) || !('groups' in b)) return false;
  return a.groups.some((group) => b.groups.includes(group));
}

const days: Readonly<Record<Duration['unit'], number>> = {
  minutes: 1 / 1440,
  hours: 1 / 24,
  days: 1,
  'working days': 1.4,
  weeks: 7,
  months: 30.4,
  years: 365.25,
};

function dayOf({ offset }: Timing): number {
  if (offset === undefined) return 0;
  return (offset.direction === 'before' ? -1 : 1) * offset.count * days[offset.unit];
}

/** Credentials are destroyed before somebody is archived, and people archived before they go. */
function wrongOrder(rules: readonly Rule[]): Problem[] {
  const when = new Map<Verb, { day: number; step: Step }>();
  for (const { timing, steps } of rules) {
    for (const step of steps) {
      if (timing.moment === 'end') when.set(step.verb, { day: dayOf(timing), step });
    }
  }
  const order: readonly Verb[] = ['destroy', 'archive', 'purge'];
  return order.flatMap((verb, i) => {
    const early = when.get(verb);
    if (early === undefined) return [];
    const late = order.slice(0, i).find((before) => {
      const other = when.get(before);
      return other !== undefined && other.day > early.day;
    });
    if (late === undefined) return [];
    const message = `${verb} comes before ${late}, which could then never be done`;
    return [found(early.step, 'error', message)];
  });
}

const again = ['last seen', 'password set', 'key added'];

/** What recurs and undoes what recurs would take turns for ever. */
function turns(rules: readonly Rule[]): Problem[] {
  const recurring = rules.filter(({ timing }) => again.includes(timing.moment));
  return recurring.flatMap((rule, i) =>
    rule.steps.flatMap((step) =>
      recurring
        .slice(0, i)
        .flatMap(({ steps }) => steps)
        .filter((other) => sharesGroup(step, other))
        .map((other) =>
          found(
            step,
            'warning',
            `takes turns for ever with "${other.text}", line ${other.at.line}`,
          ),
        ),
    ),
  );
}
