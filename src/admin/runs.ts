/** The administration's use cases around plans, runs and what waits, and what they give back. */
import type { Reorganisation } from '../policy/core/index.js';

/** A step of a plan; times are ISO 8601, UTC. */
export interface StepInfo {
  readonly at: string;
  readonly login: string;
  readonly dn: string;
  readonly journey: string;
  /** Of the policy's document. */
  readonly line: number;
  /** In the words of the document. */
  readonly step: string;
  readonly reason: string;
  /** False where the facts do it of themselves in that second. */
  readonly writes: boolean;
  readonly closes: boolean;
  /** Tells it from all others, by its person and the fact that it rests on. */
  readonly name: string;
}

export interface PlanAsk {
  /** In words (`in 30 days`, 2026-11-30), or what is due now. */
  readonly until?: string | undefined;
  /** With what would be written. */
  readonly ldif?: boolean | undefined;
}

export interface PlanResult {
  readonly now: string;
  readonly until: string;
  /** In which its times are read. */
  readonly zone: string;
  /** Ways that more than ten people go in that time: their values may only have a new name. */
  readonly reorganisations: readonly Reorganisation[];
  readonly steps: readonly StepInfo[];
  /** What would be written, as LDIF change records; empty where it was not asked for. */
  readonly ldif: string;
}

export interface RunAsk {
  readonly by: string;
  /** So many people are closed by it, exactly. */
  readonly expect?: number | undefined;
  /** Names of steps of a plan that was looked at: nothing else is done. */
  readonly reviewed?: readonly string[] | undefined;
  /** Many who go from one value to the same other move: a rename of the value was looked at. */
  readonly asMoves?: boolean | undefined;
}

export interface RunResult {
  /** 0 where there was nothing to do. */
  readonly run: number;
  readonly done: readonly StepInfo[];
  readonly held: readonly StepInfo[];
  /** What the held ones wait for, or 0. */
  readonly decision: number;
  readonly failed: readonly { readonly step: StepInfo; readonly error: string }[];
  readonly zone: string;
  /** Names of reviewed steps that are not due any more: what they rested on has moved. */
  readonly moved: readonly string[];
}

export interface UndoAsk {
  readonly run: number;
  readonly by: string;
  readonly because: string;
  /** Says what would be done, and does nothing. */
  readonly rehearse: boolean;
}

export interface UndoResult {
  readonly run: number;
  /** What that run was. */
  readonly reason: string;
  /** The run that took it back; 0 for a rehearsal, and where there was nothing to do. */
  readonly by: number;
  readonly entries: readonly {
    readonly dn: string;
    readonly back: number;
    readonly conflicts: readonly {
      readonly attribute?: string | undefined;
      readonly text: string;
      readonly by?: { readonly seq: number; readonly actor: string; readonly reason: string };
    }[];
    /** What does not come back. */
    readonly gone: readonly string[];
  }[];
  /** Messages of the run that have gone out. */
  readonly sent: readonly { readonly to: string; readonly subject: string }[];
}

export interface RunInfo {
  readonly id: number;
  readonly at: string;
  readonly actor: string;
  readonly reason: string;
  /** The run that it took back, or 0. */
  readonly undoes: number;
}

export interface DecisionInfo {
  readonly id: number;
  readonly at: string;
  readonly kind: 'ask' | 'task' | 'run' | 'write' | 'failed';
  readonly who: string;
  readonly text: string;
  /** Who has said yes so far. */
  readonly yesBy: readonly string[];
}

export interface DecideAsk {
  readonly id: number;
  readonly answer: 'yes' | 'no' | 'done';
  readonly by: string;
  readonly because: string;
  /** Somebody who signs in to answer as themself. */
  readonly as?: { readonly name: string; readonly password: string } | undefined;
}

export interface Decided {
  readonly id: number;
  readonly text: string;
  readonly state: 'open' | 'yes' | 'no' | 'done';
  /** How many more have to say yes. */
  readonly missing: number;
  /** Whose, in words; empty where nobody's. */
  readonly needs: string;
  /** What was done then, where it was a run. */
  readonly run?: RunResult;
}

export interface MessageInfo {
  readonly id: number;
  readonly at: string;
  readonly run: number;
  readonly channel: 'mail' | 'hook';
  readonly to: string;
  readonly subject: string;
  readonly state: 'waiting' | 'sent' | 'given up';
  readonly tries: number;
  /** When it went, was given up, or is tried next. */
  readonly next: string;
  readonly error: string;
}

export interface BacktestAsk {
  /** The document. */
  readonly text: string;
  /** How far back: milliseconds. */
  readonly lastMs: number;
}

export interface BacktestSpan {
  readonly login: string;
  readonly dn: string;
  readonly from: string;
  readonly until: string;
}

export interface BacktestResult {
  readonly since: string;
  readonly now: string;
  readonly zone: string;
  readonly people: number;
  /** Whom the policy would have closed while they were at work; `seen`: when they last were. */
  readonly atWork: readonly (StepInfo & { readonly seen?: string })[];
  readonly sooner: readonly BacktestSpan[];
  readonly longer: readonly BacktestSpan[];
}

export interface RunsEngine {
  plan(ask: PlanAsk): Promise<PlanResult>;
  run(ask: RunAsk): Promise<RunResult>;
  undo(ask: UndoAsk): Promise<UndoResult>;
  /** The newest first. */
  list(ask: { readonly limit: number }): Promise<readonly RunInfo[]>;
  decisions(ask: object): Promise<readonly DecisionInfo[]>;
  decide(ask: DecideAsk): Promise<Decided>;
  backtest(ask: BacktestAsk): Promise<BacktestResult>;
  /** Behind a cursor: the id of the last one seen. */
  outbox(ask: { readonly after: number; readonly limit: number }): Promise<readonly MessageInfo[]>;
}
