/**
 * A new policy held against the past: whom it would have closed while they were at work, and who
 * would have been closed sooner, or later, by the way it reads dates. Facts say what was known when;
 * of binds only the last of each is known, so that of idleness only the present silence counts.
 */

import { type State, stateAt, type Timeline } from '../../directory/model/timeline.js';
import { personOf, readText, timelineOf } from '../../directory/operations/lifecycle/index.js';
import type { EntryRecord } from '../../directory/ports.js';
import { LdapError } from '../../runtime/errors.js';
import type { Policy } from '../core/language/index.js';
import type { PlannedStep } from '../core/plan/index.js';
import { Planner, type PlanTools, visitAll } from './sweep.js';
import { nowOf } from './tools.js';

/** Somebody whom the policy would have closed, and who was there behind it. */
export interface ClosedAtWork {
  readonly step: PlannedStep;
  /** Seconds since 1970; undefined where they are active now and were never seen. */
  readonly seen: number | undefined;
}

/** A stretch of time in which two policies differ about somebody. */
export interface Difference {
  readonly login: string;
  readonly dn: string;
  readonly from: number;
  readonly until: number;
}

export interface Backtest {
  readonly since: number;
  readonly now: number;
  readonly people: number;
  readonly atWork: readonly ClosedAtWork[];
  /** Closed by the new policy where they were open. */
  readonly sooner: readonly Difference[];
  /** Open by the new policy where they were closed. */
  readonly longer: readonly Difference[];
}

const isOpen = (state: State) => state === 'active' || state === 'leave';
const stateOf = (timeline: Timeline | undefined, at: number): State =>
  timeline === undefined ? 'active' : stateAt(timeline, at);

/** @throws LdapError constraintViolation for a text that is no policy */
export async function backtest(text: string, since: number, tools: PlanTools): Promise<Backtest> {
  const { reader } = tools;
  const { policy, problems } = readText(text, reader.schema());
  if (policy === undefined) {
    const { line, column, message } = problems[0]!;
    const what = `the policy, line ${line}, column ${column}: ${message}`;
    throw new LdapError('constraintViolation', what);
  }
  const now = nowOf(tools);
  const replay = new Replay(policy, since, now, tools);
  await visitAll(tools, (entry) => replay.take(entry));
  return { since, now, ...replay.found };
}

class Replay {
  readonly found = {
    people: 0,
    atWork: [] as ClosedAtWork[],
    sooner: [] as Difference[],
    longer: [] as Difference[],
  };
  readonly #policy: Policy;
  readonly #since: number;
  readonly #now: number;
  readonly #tools: PlanTools;
  readonly #planner: Planner;

  constructor(policy: Policy, since: number, now: number, tools: PlanTools) {
    this.#policy = policy;
    this.#since = since;
    this.#now = now;
    this.#tools = tools;
    // What was done under the old policy says nothing about what the new one would have done.
    this.#planner = new Planner(tools, policy, new Set());
  }

  take(entry: EntryRecord): void {
    if (!entry.kind.isSubject) return;
    this.found.people += 1;
    this.#closings(entry);
    this.#dates(entry);
  }

  /** Steps that would have closed somebody who went on working. */
  #closings(entry: EntryRecord): void {
    const window = { now: this.#since, until: this.#now };
    const steps = this.#planner.plan(entry, window).filter(({ closes }) => closes);
    if (steps.length === 0) return;
    const person = personOf(entry, this.#tools.reader);
    for (const step of steps) {
      const at = Math.max(step.at, this.#since);
      if (!isOpen(person.stateAt(at)) || at > this.#now) continue;
      const seen = person.lastSeen;
      const wasThere = seen === undefined ? isOpen(person.stateAt(this.#now)) : seen > at;
      const isIdle = step.key.includes('|last seen|');
      if (wasThere || isIdle) this.found.atWork.push({ step, seen });
    }
  }

  /** Where the two policies read the same facts differently. */
  #dates(entry: EntryRecord): void {
    const { reader, names } = this.#tools;
    const before = reader.timelines.of(entry.id);
    const after = timelineOf(entry, this.#policy, reader);
    const instants = [...(before?.at ?? []), ...(after?.at ?? [])]
      .filter((at) => at > this.#since && at < this.#now)
      .sort((a, b) => a - b);
    const turns = [this.#since, ...new Set(instants), this.#now];
    const person = personOf(entry, reader);
    for (let i = 0; i + 1 < turns.length; i += 1) {
      const [from, until] = [turns[i]!, turns[i + 1]!];
      const was = isOpen(stateOf(before, from));
      const is = isOpen(stateOf(after, from));
      if (was === is) continue;
      const one = { login: person.login, dn: names.text(entry), from, until };
      (was ? this.found.sooner : this.found.longer).push(one);
    }
  }
}
