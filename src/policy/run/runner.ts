/**
 * A run: what is due now is done, person by person, each person's steps in one transaction together
 * with the marks that say so and the messages about them. Who would be closed beyond what a guard
 * allows waits for a yes instead; everything else goes on. What fails is asked about, not repeated.
 */

import type { PreparedWrite, WriteOutcome } from '../../directory/operations/index.js';
import { policyOf } from '../../directory/operations/lifecycle/index.js';
import { LdapError } from '../../runtime/errors.js';
import type { Guards } from '../core/language/index.js';
import type { PlannedStep } from '../core/plan/index.js';
import { effectsOf, noEffects, reasonOf } from './effects.js';
import { nameOfWho } from './recipients.js';
import { nowOf, type RunTools } from './tools.js';
import { must } from './undo.js';

export interface RunOrder {
  /** Who asked for it, or `policy` where it was the time. */
  readonly by: string;
  /** So many people are closed, exactly. */
  readonly expect?: number;
  /** Names of steps that somebody said yes to. */
  readonly approved?: ReadonlySet<string>;
  /** Names of the steps of a plan that was looked at: nothing else is done. */
  readonly reviewed?: ReadonlySet<string>;
  /** Many who went from one value to the same other have moved; the value has no new name. */
  readonly asMoves?: boolean | undefined;
}

export interface RunReport {
  /** 0 where nothing was done. */
  readonly run: number;
  readonly done: readonly PlannedStep[];
  readonly held: readonly PlannedStep[];
  /** The decision that the held steps wait for, or 0. */
  readonly decision: number;
  readonly failed: readonly { readonly step: PlannedStep; readonly error: string }[];
}

/** Tells a step from all others: by its person, and by the fact that it rests on. */
export const nameOfStep = ({ id, key }: Pick<PlannedStep, 'id' | 'key'>): string => `${id} ${key}`;

/** Transactions on their way at once. */
const IN_FLIGHT = 32;

/** @throws LdapError unwillingToPerform where another number was expected */
export async function runSteps(
  steps: readonly PlannedStep[],
  order: RunOrder,
  tools: RunTools,
): Promise<RunReport> {
  const closing = steps.filter(
    (step) => step.closes && order.approved?.has(nameOfStep(step)) !== true,
  );
  assertExpected(new Set(closing.map(({ id }) => id)).size, order);
  const held = order.expect === undefined ? heldOf(closing, tools) : [];
  const due = withoutHeld(steps, held);
  const decision = held.length === 0 ? 0 : await hold(held, tools);
  if (due.length === 0) return { run: 0, done: [], held, decision, failed: [] };
  const context = tools.context();
  const reason = `run of the policy by ${order.by}`;
  const { run } = await must(tools.write({ op: 'openRun', context, reason }));
  const done: PlannedStep[] = [];
  const failed: { step: PlannedStep; error: string }[] = [];
  const people = byPerson(due);
  for (let from = 0; from < people.length; from += IN_FLIGHT) {
    const slice = people.slice(from, from + IN_FLIGHT);
    const outcomes = await Promise.all(slice.map((of) => onePerson(of, run!, tools)));
    outcomes.forEach((outcome, i) => {
      if (outcome.ok) done.push(...slice[i]!);
      else failed.push({ step: slice[i]![0]!, error: outcome.error.text });
    });
    await tools.turn();
  }
  for (const step of failed) await tellFailure(step.step, step.error, run!, tools);
  if (done.length === 0) await tools.write({ op: 'dropRun', context, reason, dropped: run! });
  return { run: run!, done, held, decision, failed };
}

function assertExpected(closes: number, { expect }: RunOrder): void {
  if (expect === undefined || expect === closes) return;
  throw new LdapError(
    'unwillingToPerform',
    `${closes} people would be closed, and ${expect} were expected; nothing was done`,
  );
}

/** All that close, where they are more than the guard lets pass in its time. */
function heldOf(closing: readonly PlannedStep[], tools: RunTools): readonly PlannedStep[] {
  const guard = policyOf(tools.reader).policy.guards.peopleClosed;
  if (guard === undefined || closing.length === 0) return [];
  const since = nowOf(tools) - secondsOf(guard);
  const before = tools.reader.records.closings(tools.context().identity.dn, since, 0);
  const people = new Set(closing.map(({ id }) => id)).size;
  return before + people > guard.count ? closing : [];
}

/** The rolling time that a guard looks at. */
export function secondsOf({ per }: NonNullable<Guards['peopleClosed']>): number {
  return per === 'hour' ? 3_600 : 86_400;
}

/** What comes behind a held step of the same person and journey waits with it. */
function withoutHeld(
  steps: readonly PlannedStep[],
  held: readonly PlannedStep[],
): readonly PlannedStep[] {
  if (held.length === 0) return steps;
  const since = new Map<string, number>();
  for (const { id, journey, at } of held) {
    const key = `${id} ${journey}`;
    since.set(key, Math.min(at, since.get(key) ?? at));
  }
  return steps.filter(({ id, journey, at }) => at < (since.get(`${id} ${journey}`) ?? Infinity));
}

async function hold(held: readonly PlannedStep[], tools: RunTools): Promise<number> {
  const names = held.slice(0, 5).map(({ login }) => login);
  const more = held.length > names.length ? ` and ${held.length - names.length} more` : '';
  const { guards } = policyOf(tools.reader).policy;
  const decision = {
    kind: 'run' as const,
    key: 'run of the policy',
    who: guards.yesFrom.map(nameOfWho).join(' and ') || 'admins',
    text: `${held.length} people would be closed by the policy: ${names.join(', ')}${more}`,
    about: 0,
    detail: JSON.stringify({ steps: held.map(({ key, id }) => [id, key]) }),
  };
  const request = { op: 'together', context: tools.context(), reason: 'held', writes: [] } as const;
  await must(tools.write({ ...request, decisions: [decision] }));
  const open = tools.reader.records.openDecisions(0, 10_000);
  return open.find(({ key }) => key === decision.key)?.id ?? 0;
}

function byPerson(steps: readonly PlannedStep[]): (readonly PlannedStep[])[] {
  const people = new Map<number, PlannedStep[]>();
  for (const step of steps) {
    const of = people.get(step.id);
    if (of === undefined) people.set(step.id, [step]);
    else of.push(step);
  }
  return [...people.values()];
}

/** All memberships of somebody. */
const EVERY_GROUP = 'groups';
const ONE_GROUP = 'group ';

/** What a step moves: two that move the same are two transactions, each looks at what is there. */
function slotsOf({ step, closes }: PlannedStep): readonly string[] {
  if (closes) return ['facts'];
  switch (step.verb) {
    case 'join':
    case 'quit':
      return step.groups.map((name) => `${ONE_GROUP}${name}`);
    case 'forget':
    case 'archive':
      return [EVERY_GROUP];
    case 'suspend':
    case 'resume':
    case 'activate':
    case 'offboard':
      return ['facts'];
    default:
      return [];
  }
}

function isMoved(slot: string, moved: ReadonlySet<string>): boolean {
  if (moved.has(slot)) return true;
  if (slot === EVERY_GROUP) return [...moved].some((other) => other.startsWith(ONE_GROUP));
  return slot.startsWith(ONE_GROUP) && moved.has(EVERY_GROUP);
}

/** The steps in order, cut where one moves what another before it has moved. */
function batchesOf(steps: readonly PlannedStep[]): PlannedStep[][] {
  const batches: PlannedStep[][] = [];
  const moved = new Set<string>();
  for (const step of steps) {
    const slots = slotsOf(step);
    if (batches.length === 0 || slots.some((slot) => isMoved(slot, moved))) {
      batches.push([]);
      moved.clear();
    }
    for (const slot of slots) moved.add(slot);
    batches.at(-1)!.push(step);
  }
  return batches;
}

/** All steps of one person: they stand and fall together, but for those that follow each other. */
async function onePerson(
  steps: readonly PlannedStep[],
  run: number,
  tools: RunTools,
): Promise<WriteOutcome> {
  let last: WriteOutcome = { ok: true };
  for (const batch of batchesOf(steps)) {
    last = await oneBatch(batch, run, tools);
    if (!last.ok) return last;
  }
  return last;
}

async function oneBatch(
  steps: readonly PlannedStep[],
  run: number,
  tools: RunTools,
): Promise<WriteOutcome> {
  const { id } = steps[0]!;
  const entry = tools.reader.entry(id);
  if (entry === undefined) return { ok: true };
  const all = noEffects();
  for (const step of steps) {
    const { writes, decisions, messages, answers } = effectsOf(step, entry, tools);
    all.writes.push(...writes);
    all.decisions.push(...decisions);
    all.messages.push(...messages);
    all.answers.push(...answers);
  }
  const purges = steps.some(({ step }) => step.verb === 'purge');
  const context = tools.context();
  const last = steps.at(-1)!;
  const writes: PreparedWrite[] = all.writes.map((write) => ({ ...write, approved: true }));
  if (purges) writes.push({ op: 'purge', context, reason: reasonOf(last), owners: [id] });
  return tools.write({
    op: 'together',
    context,
    reason: reasonOf(last),
    run,
    ...all,
    writes,
    marks: purges ? [] : steps.map(({ key }) => ({ entry: id, key })),
  });
}

/** A step that cannot be done is marked and asked about: it would fail again in the next second. */
async function tellFailure(
  step: PlannedStep,
  error: string,
  run: number,
  tools: RunTools,
): Promise<void> {
  await tools.write({
    op: 'together',
    context: tools.context(),
    reason: reasonOf(step),
    run,
    writes: [],
    marks: [{ entry: step.id, key: step.key }],
    decisions: [
      {
        kind: 'failed',
        key: `failed|${step.id}|${step.key}`,
        who: 'admins',
        text: `${step.login}: ${step.step.text} failed: ${error}`,
        about: step.id,
        detail: JSON.stringify({ reason: reasonOf(step) }),
      },
    ],
  });
}
