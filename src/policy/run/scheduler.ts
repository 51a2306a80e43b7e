/**
 * When the policy runs: one timer to the next instant at which anything is due for anybody, to be
 * reminded of, or to be sent. After any sleep what became due is done late and in order. Keeps for
 * each entry the next instant of its plan; a commit that touches an entry has it planned anew, one
 * that touches the policy has everybody planned anew. There is one of it for a database: whoever
 * makes it holds the folder.
 */
import { assertTheyMove, policyOf } from '../../directory/operations/lifecycle/index.js';
import type { Changes } from '../../directory/ports.js';
import type { Cancel } from '../../runtime/clock.js';
import { LdapError } from '../../runtime/errors.js';
import type { PlannedStep } from '../core/plan/index.js';
import { mindServices } from './custody.js';
import { remind } from './reminders.js';
import { reorganisationsIn } from './reorganisations.js';
import { nameOfStep, type RunOrder, type RunReport, runSteps } from './runner.js';
import { markedAmong, Planner, planAll, subjectsOf, visitAll } from './sweep.js';
import { nowOf, type RunTools } from './tools.js';

export interface SchedulerTools extends RunTools {
  /** What went wrong and was not meant to. */
  readonly onDefect: (error: unknown) => void;
  readonly onRun: (report: RunReport) => void;
  /** Sends what waits in the outbox; answers with the next instant at which something will. */
  readonly pump: () => Promise<number>;
}

/** However far away the next instant is: whoever was never seen may have been by then. */
const LONGEST_MS = 60 * 60 * 1000;
const SWEEP_SECONDS = 24 * 60 * 60;
/** The least from one look to the next. */
const EARLIEST_MS = 10;
/** Several commits in a row are one reason to look; nothing that anybody is denied waits for it. */
const SETTLE_MS = 500;
const cutShort = new Error('the server stops');

export class Scheduler {
  readonly #tools: SchedulerTools;
  /** The next instant of each entry that has one. */
  readonly #next = new Map<number, number>();
  readonly #dirty = new Set<number>();
  #policyCsn: string | undefined;
  #sweptAt = 0;
  #remindAt: number | undefined;
  /** When a service ends, or whoever answers for one leaves. */
  #custodyAt: number | undefined;
  #cancel: Cancel | undefined;
  #running: Promise<void> | undefined;
  #again = false;
  #settling = false;
  #stopped = false;

  constructor(tools: SchedulerTools) {
    this.#tools = tools;
    tools.reader.watch?.((changes) => this.#changed(changes));
  }

  /** What it works with: a preview looks through the same eyes. */
  get tools(): RunTools {
    return this.#tools;
  }

  /** The first look; resolves when what was due is done. */
  start(): Promise<void> {
    return this.tick();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#cancel?.();
    await this.#running;
  }

  /** Looks at once: the clock was moved, or somebody asks. One look at a time. */
  tick(): Promise<void> {
    if (this.#stopped) return Promise.resolve();
    if (this.#running !== undefined) {
      this.#again = true;
      return this.#running;
    }
    this.#cancel?.();
    this.#settling = false;
    this.#running = this.#look().finally(() => {
      this.#running = undefined;
      this.#schedule();
    });
    return this.#running;
  }

  async #look(): Promise<void> {
    try {
      do {
        this.#again = false;
        if (this.#folding) break;
        await this.#plan();
        await this.#run();
      } while (this.#again && !this.#stopped);
      if (!this.#folding) {
        this.#custodyAt = await mindServices(this.#tools);
        this.#remindAt = await remind(this.#tools);
      }
      await this.#tools.pump();
    } catch (error) {
      if (error !== cutShort) this.#tools.onDefect(error);
    }
  }

  #changed({ entries, timelines, all, schema }: Changes): void {
    if (all || schema) this.#sweptAt = 0;
    for (const id of entries) this.#dirty.add(id);
    for (const id of timelines) this.#dirty.add(id);
    if (this.#running !== undefined) this.#again ||= this.#dirty.size > 0;
    else if (!this.#settling && this.#dirty.size > 0) {
      // Once for many: commits without a pause must not put it off for ever.
      this.#settling = true;
      this.#later(SETTLE_MS);
    }
  }

  /** Brings the next instants up to date: of everybody, or of those that changed. */
  async #plan(): Promise<void> {
    const { reader, clock } = this.#tools;
    const now = nowOf(this.#tools);
    const { csn } = policyOf(reader);
    const everybody = this.#policyCsn !== csn || now - this.#sweptAt >= SWEEP_SECONDS;
    if (!everybody && this.#dirty.size === 0) return;
    if (everybody) {
      this.#policyCsn = csn;
      this.#sweptAt = now;
      this.#next.clear();
    }
    const ids = everybody ? subjectsOf(this.#tools) : [...this.#dirty];
    this.#dirty.clear();
    for (const id of ids ?? []) this.#next.delete(id);
    const planner = new Planner(this.#tools, undefined, markedAmong(ids, this.#tools));
    await visitAll(
      { reader, clock, turn: () => this.#turn() },
      (entry) => {
        const first = planner.next(entry, now);
        if (first !== undefined) this.#next.set(entry.id, first);
      },
      ids,
    );
  }

  /** Whoever stops the server does not wait until everybody is planned. */
  async #turn(): Promise<void> {
    await this.#tools.turn();
    if (this.#stopped) throw cutShort;
  }

  /** Does what is due. Entries whose steps are held keep no instant: the decision wakes them. */
  async #run(): Promise<void> {
    const now = nowOf(this.#tools);
    const due: number[] = [];
    for (const [id, at] of this.#next) if (at <= now) due.push(id);
    if (due.length === 0) return;
    const steps = await this.due(due);
    const report = await runSteps(steps, { by: 'the clock' }, this.#tools);
    for (const id of due) {
      this.#next.delete(id);
      this.#dirty.add(id);
    }
    for (const { id } of report.held) this.#dirty.delete(id);
    this.#tools.onRun(report);
    // Of a turn of which nothing came, the next one is waited for.
    const nothing = steps.length === 0 && !this.#tools.frozen();
    if (nothing || report.done.length > 0) await this.#plan();
  }

  /** What is due now, of these entries or of everybody. */
  async due(only?: readonly number[]): Promise<PlannedStep[]> {
    const now = nowOf(this.#tools);
    const steps = await planAll(
      { now, until: now },
      this.#tools,
      only === undefined ? {} : { only },
    );
    const frozen = this.#tools.frozen();
    return steps.filter(({ writes, step }) => writes && !(frozen && destroys(step.verb)));
  }

  /** A run that somebody asked for. */
  async runNow(order: RunOrder): Promise<RunReport> {
    await this.#running;
    if (this.#folding) {
      const text = 'a new policy is being worked out for everybody; say it again in a moment';
      throw new LdapError('busy', text);
    }
    const due = await this.due();
    const { reviewed } = order;
    const steps = reviewed === undefined ? due : due.filter((s) => reviewed.has(nameOfStep(s)));
    const now = nowOf(this.#tools);
    const found = await reorganisationsIn({ now, until: now }, steps, this.#tools);
    assertTheyMove(found, order.asMoves);
    const report = await runSteps(steps, order, this.#tools);
    this.#tools.onRun(report);
    return report;
  }

  /** What the policy says of people is not to be done by what the one before said of their states. */
  get #folding(): boolean {
    return this.#tools.reader.timelines.foldedTo !== undefined;
  }

  #schedule(): void {
    const { reader, clock } = this.#tools;
    if (this.#stopped) return;
    if (this.#folding) return this.#later(SETTLE_MS);
    let next = Number.POSITIVE_INFINITY;
    for (const at of this.#next.values()) if (at < next) next = at;
    const waiting = reader.records.nextMessageAt();
    if (waiting !== undefined && waiting < next) next = waiting;
    for (const at of [this.#remindAt, this.#custodyAt]) next = Math.min(next, at ?? next);
    const wait = next * 1000 - clock.nowMs();
    this.#later(Math.min(LONGEST_MS, Math.max(EARLIEST_MS, wait)));
  }

  #later(ms: number): void {
    this.#cancel?.();
    if (this.#stopped) return;
    this.#cancel = this.#tools.clock.later(ms, () => void this.tick());
  }
}

function destroys(verb: PlannedStep['step']['verb']): boolean {
  return verb === 'destroy' || verb === 'forget' || verb === 'archive' || verb === 'purge';
}
