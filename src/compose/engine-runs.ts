/** Plans, runs, undo, decisions and the outbox for the administration. */
import { AdminError } from '../admin/index.js';
import type {
  MessageInfo,
  PlanAsk,
  PlanResult,
  RunResult,
  RunsEngine,
  StepInfo,
  UndoAsk,
  UndoResult,
} from '../admin/runs.js';
import { textOfBytes } from '../directory/model/bytes.js';
import type { Identity, Origin } from '../directory/model/identity.js';
import type { Message } from '../directory/model/records.js';
import type { PreparedWrite } from '../directory/operations/index.js';
import { policyOf } from '../directory/operations/lifecycle/index.js';
import { endOf, momentOf } from '../policy/core/index.js';
import type { PlannedStep } from '../policy/core/plan/index.js';
import {
  backtest,
  effectsOf,
  mapped,
  nameOfStep,
  nowOf,
  planAll,
  type RunReport,
  reorganisationsIn,
  type Scheduler,
  undoRun,
} from '../policy/run/index.js';
import { decide, namesIn } from './deciding.js';
import type { EngineParts } from './engine.js';

type Directory = Pick<EngineParts, 'reader' | 'write'>;

export interface RunsParts {
  readonly scheduler: Scheduler;
  readonly administrator: () => Identity;
  readonly origin: Origin;
  /** Proves who somebody is; undefined where no server runs. */
  readonly signIn?: (name: string, password: string) => Promise<string>;
}

const DECISIONS_MAX = 10_000;
const iso = (seconds: number) => new Date(seconds * 1000).toISOString();

export function runsEngine(engine: Directory, parts: RunsParts): RunsEngine {
  const { scheduler } = parts;
  const { reader } = engine;
  const { records, history } = reader;
  const zone = () => policyOf(reader).policy.company.zone;

  const resultOf = ({ run, done, held, decision, failed }: RunReport): RunResult => ({
    run,
    done: done.map(infoOf),
    held: held.map(infoOf),
    decision,
    failed: failed.map(({ step, error }) => ({ step: infoOf(step), error })),
    zone: zone(),
    moved: [],
  });

  return {
    plan: (ask) => plan(ask, engine, scheduler),
    async run({ by, expect, reviewed, asMoves }) {
      const order = {
        by,
        asMoves,
        ...(expect !== undefined && { expect }),
        ...(reviewed !== undefined && { reviewed: new Set(reviewed) }),
      };
      const report = await scheduler.runNow(order);
      const left = [...report.done, ...report.held, ...report.failed.map(({ step }) => step)];
      const met = new Set(left.map(nameOfStep));
      return { ...resultOf(report), moved: reviewed?.filter((name) => !met.has(name)) ?? [] };
    },
    undo: (ask) => undo(ask, engine, parts),
    async list({ limit }) {
      return history.runs(limit).map(({ at, ...run }) => ({ ...run, at: iso(at) }));
    },
    async decisions() {
      return records.openDecisions(0, DECISIONS_MAX).map(({ id, at, kind, who, text, by }) => {
        return { id, at: iso(at), kind, who, text, yesBy: namesIn(by) };
      });
    },
    async decide(ask) {
      const decided = await decide(ask, engine, parts);
      if (decided.approved === undefined) return decided.answer;
      const report = await scheduler.runNow({
        by: ask.by,
        approved: decided.approved,
        asMoves: true,
      });
      return { ...decided.answer, run: resultOf(report) };
    },
    async backtest({ text, lastMs }) {
      const { tools } = scheduler;
      const since = nowOf(tools) - Math.floor(lastMs / 1000);
      const { atWork, sooner, longer, ...found } = await backtest(text, since, tools);
      const spanOf = ({ from, until, ...one }: (typeof sooner)[number]) => {
        return { ...one, from: iso(from), until: iso(until) };
      };
      return {
        since: iso(found.since),
        now: iso(found.now),
        zone: zone(),
        people: found.people,
        atWork: atWork.map(({ step, seen }) => {
          return { ...infoOf(step), ...(seen !== undefined && { seen: iso(seen) }) };
        }),
        sooner: sooner.map(spanOf),
        longer: longer.map(spanOf),
      };
    },
    async outbox({ after, limit }) {
      return records.messages(after, limit).map(messageInfo);
    },
  };
}

function infoOf(planned: PlannedStep): StepInfo {
  const { at, login, dn, journey, line, step, reason, writes, closes } = planned;
  const name = nameOfStep(planned);
  return { at: iso(at), login, dn, journey, line, step: step.text, reason, writes, closes, name };
}

function messageInfo(message: Message): MessageInfo {
  const { id, at, run, channel, to, subject, state, tries, nextAt, error } = message;
  return { id, at: iso(at), run, channel, to, subject, state, tries, next: iso(nextAt), error };
}

async function plan(
  { until: words, ldif: asLdif = false }: PlanAsk,
  { reader }: Directory,
  { tools }: Scheduler,
): Promise<PlanResult> {
  const { company } = policyOf(reader).policy;
  const { zone } = company;
  const now = nowOf(tools);
  let until = now;
  if (words !== undefined) {
    const moment = momentOf(words, now, zone);
    if (typeof moment !== 'string')
      throw new AdminError('usage', `--until: "${words}" ${moment.fault}`);
    until = endOf(moment, company);
  }
  const steps = await planAll({ now, until }, tools);
  const records = await mapped(
    asLdif ? steps : [],
    (step) => {
      const entry = step.writes ? reader.entry(step.id) : undefined;
      if (entry === undefined) return '';
      return effectsOf(step, entry, tools)
        .writes.map((write) => ldifOf(write, step))
        .join('');
    },
    tools,
  );
  const infos = await mapped(steps, infoOf, tools);
  const reorganisations = await reorganisationsIn({ now, until }, steps, tools);
  const ldifText = records.join('');
  return { now: iso(now), until: iso(until), zone, reorganisations, steps: infos, ldif: ldifText };
}

/** A write as a change record; what LDIF has no words for is a comment. */
function ldifOf(write: PreparedWrite, step: PlannedStep): string {
  const head = `# ${iso(step.at)} ${step.journey}, line ${step.line}: ${step.reason}\n`;
  if (write.op !== 'modify') return `${head}# ${step.step.text}: ${step.dn}\n\n`;
  const changes = write.changes.map(({ op, attribute, values }) => {
    const lines = values.map((value) => line(attribute, textOfBytes(value)));
    return `${op}: ${attribute}\n${lines.join('')}-\n`;
  });
  return `${head}${line('dn', write.dn)}changetype: modify\n${changes.join('')}\n`;
}

function line(name: string, value: string): string {
  const safe = /^[\x21-\x39\x3d-\x7e][\x20-\x7e]*$/.test(value) && !value.endsWith(' ');
  return safe
    ? `${name}: ${value}\n`
    : `${name}:: ${Buffer.from(value, 'utf8').toString('base64')}\n`;
}

async function undo(
  { run, by, because, rehearse }: UndoAsk,
  { reader, write }: Directory,
  { administrator, origin }: RunsParts,
): Promise<UndoResult> {
  const head = reader.history.run(run);
  const reason = `tenure undo ${run} by ${by}${because === '' ? '' : `: ${because}`}`;
  const context = { identity: administrator(), origin };
  const undone = await undoRun({ run, reason, rehearse }, { reader, write, context });
  const sent = reader.records.messagesOfRun(run).filter(({ state }) => state === 'sent');
  return {
    run,
    reason: head?.reason ?? '',
    by: undone.by,
    entries: undone.entries,
    sent: sent.map(({ to, subject }) => ({ to, subject })),
  };
}
