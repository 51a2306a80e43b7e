/** Plans, runs and what waits in words. Pure: results in, text out. */
import { offerOf, type Reorganisation } from '../../policy/core/index.js';
import { dateText } from '../../policy/core/plan/index.js';
import type {
  BacktestResult,
  BacktestSpan,
  Decided,
  DecisionInfo,
  MessageInfo,
  PlanResult,
  RunInfo,
  RunResult,
  StepInfo,
  UndoResult,
} from '../runs.js';
import { counted, table } from './render.js';

const LINES_MAX = 40;
const days = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];

/** `Mon 2026-11-30 09:00` in the company's zone. */
function when(iso: string, zone: string): string {
  const text = dateText(Math.floor(Date.parse(iso) / 1000), zone);
  return `${days[new Date(`${text.slice(0, 10)}T00:00:00Z`).getUTCDay()]} ${text}`;
}

/** A line for each person and moment; the steps of one line of the policy together. */
function stepLines(steps: readonly StepInfo[], zone: string): string {
  const lines = new Map<string, string[]>();
  for (const { at, login, journey, line, step, reason } of steps) {
    const key = `${at} ${login} ${journey} ${line}`;
    const known = lines.get(key);
    if (known === undefined) {
      lines.set(key, [when(at, zone), login, step, `${journey}, line ${line}: ${reason}`]);
    } else known[2] = `${known[2]}, ${step}`;
  }
  const rows = [...lines.values()];
  const more = rows.length - LINES_MAX;
  const rest = more > 0 ? `  … ${more} more; --json has all of them\n` : '';
  return table(rows.slice(0, LINES_MAX), '  ') + rest;
}

/** What to look at before anything is done: values that may only have a new name. */
export function offersText(reorganisations: readonly Reorganisation[]): string {
  return reorganisations.map((one) => `  ! ${offerOf(one)}\n`).join('');
}

export function planText({ steps, until, zone, reorganisations }: PlanResult): string {
  const offers = offersText(reorganisations);
  if (steps.length === 0) return `${offers}Nothing is due until ${when(until, zone)}.\n`;
  const people = new Set(steps.map(({ dn }) => dn)).size;
  const closed = new Set(steps.filter(({ closes }) => closes).map(({ dn }) => dn)).size;
  const closes = closed === 0 ? '' : `; ${counted(closed, 'person', 'people')} closed by it`;
  return (
    offers +
    stepLines(steps, zone) +
    `${counted(steps.length, 'step')} for ${counted(people, 'person', 'people')}, ` +
    `until ${when(until, zone)}${closes}\n`
  );
}

export function runText({ run, done, held, decision, failed, zone, moved }: RunResult): string {
  let text = run === 0 ? 'Nothing was to be done.\n' : stepLines(done, zone);
  for (const { step, error } of failed) text += `  ✗ ${step.login}: ${step.step}: ${error}\n`;
  if (held.length > 0) {
    const people = counted(new Set(held.map(({ dn }) => dn)).size, 'person', 'people');
    text += `held: ${people} would be closed; to go on: tenure decide ${decision} yes\n`;
  }
  if (moved.length > 0) {
    text += `not done: ${counted(moved.length, 'step')} of the plan, whose facts have moved since\n`;
  }
  return run === 0 ? text : `${text}run ${run}; to take it back: tenure undo ${run}\n`;
}

export function undoText({ run, reason, by, entries, sent }: UndoResult): string {
  const back = entries.reduce((sum, entry) => sum + entry.back, 0);
  const conflicts = entries.flatMap((entry) => entry.conflicts);
  let text = `run ${run}, ${reason}\n`;
  for (const { dn, conflicts: here, gone } of entries) {
    for (const { text: why, by: later } of here) {
      const whose = later && ` (change ${later.seq} by ${later.actor}: ${later.reason})`;
      text += `  ✗ ${dn}: ${why}${whose ?? ''}\n`;
    }
    if (gone.length > 0)
      text += `  – ${dn}: destroyed, and does not come back: ${gone.join(', ')}\n`;
  }
  for (const { to, subject } of sent) text += `  – told ${to}: ${subject}\n`;
  const values = counted(back, 'value');
  text += `${values} back, ${counted(conflicts.length, 'conflict')}`;
  if (sent.length > 0) text += `; ${counted(sent.length, 'message')} cannot be unsent`;
  return by === 0 ? `${text}\n` : `${text}      run ${by}\n`;
}

export function backtestText(result: BacktestResult): string {
  const { since, now, zone, people, atWork, sooner, longer } = result;
  const head = `${counted(people, 'person', 'people')}, ${when(since, zone)} to ${when(now, zone)}\n`;
  if (atWork.length + sooner.length + longer.length === 0) {
    return `${head}Nobody would have been closed at work, sooner or later than they were.\n`;
  }
  const closed = atWork.map(({ at, login, step, journey, line, seen }) => {
    const last = seen === undefined ? 'never seen' : `seen ${when(seen, zone)}`;
    return [when(at, zone), login, step, `${journey}, line ${line}`, last];
  });
  const spans = (list: readonly BacktestSpan[]) =>
    table(
      list
        .slice(0, LINES_MAX)
        .map(({ login, from, until }) => [login, when(from, zone), `to ${when(until, zone)}`]),
      '  ',
    );
  const part = (title: string, count: number, text: string) =>
    count === 0 ? '' : `${title}: ${count}\n${text}`;
  return (
    head +
    part('closed at work', closed.length, table(closed.slice(0, LINES_MAX), '  ')) +
    part('closed sooner', sooner.length, spans(sooner)) +
    part('open longer', longer.length, spans(longer))
  );
}

export function runsText(runs: readonly RunInfo[]): string {
  if (runs.length === 0) return 'There were no runs.\n';
  const rows = runs.map(({ id, at, actor, reason, undoes }) => {
    const time = at.slice(0, 19).replace('T', ' ');
    return [String(id), `${time} UTC`, actor, undoes === 0 ? reason : `undo of run ${undoes}`];
  });
  return table(rows);
}

export function decisionsText(decisions: readonly DecisionInfo[]): string {
  if (decisions.length === 0) return 'Nothing waits for an answer.\n';
  const rows = decisions.map(({ id, at, kind, who, text, yesBy }) => {
    const so = yesBy.length === 0 ? '' : ` (yes from ${yesBy.join(', ')})`;
    return [String(id), at.slice(0, 16).replace('T', ' '), kind, who, `${text}${so}`];
  });
  return table(rows);
}

export function decidedText({ id, text, state, needs, run }: Decided): string {
  if (state === 'open')
    return `${text}: yes; ${needs} must say yes, too: tenure decide ${id} yes --as LOGIN\n`;
  return `${text}: ${state}\n${run === undefined ? '' : runText(run)}`;
}

export function outboxText(messages: readonly MessageInfo[]): string {
  if (messages.length === 0) return 'The outbox is empty.\n';
  const rows = messages.map(({ id, at, channel, to, subject, state, tries, error }) => {
    const why = error === '' ? '' : ` (${error})`;
    const often = state === 'waiting' && tries > 0 ? `, tried ${tries} times` : '';
    const time = at.slice(0, 16).replace('T', ' ');
    return [String(id), time, channel, to || '–', subject, `${state}${often}${why}`];
  });
  return table(rows);
}
