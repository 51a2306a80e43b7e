/**
 * Events of the audit trail as an administrator reads them: a line with time, kind and whom; below
 * it who, from where, through what and why, and each value before and after.
 */
import type { AuditCheck, AuditedChange, AuditedEvent, AuditPage } from '../audit.js';
import { momentText } from './moments.js';
import { counted, grouped } from './render.js';

type Times = Pick<AuditPage, 'now' | 'zone'>;

export function auditText(events: readonly AuditedEvent[], times: Times): string {
  return events.map((event) => eventText(event, times)).join('');
}

function eventText(event: AuditedEvent, { now, zone }: Times): string {
  const { at, until, count, kind, who, by, from, through, what, why, run, changes } = event;
  const last = momentText(until, zone, now);
  const more = count === 1 ? '' : ` (${grouped(count)} times, the last ${last})`;
  const about = who === '' ? '' : `  ${who}`;
  const road = [
    by === '' || by === who ? '' : `by ${by}`,
    from === '' ? '' : `from ${from}`,
    through === '' ? '' : `through ${through}`,
  ].filter((part) => part !== '');
  const reason = [why, run === 0 || what.startsWith('run ') ? '' : `run ${run}`];
  const told = what === kind ? about.trimStart() : `${what}${about}`;
  const lines = [
    `${momentText(at, zone, now)}  ${kind.padEnd(9)}${told}${more}`,
    road.join(' '),
    reason.filter((part) => part !== '').join(', '),
    ...changes.map(changeText),
  ];
  const [head, ...below] = lines.filter((line) => line !== '');
  return [head, ...below.map((line) => `    ${line}`), ''].join('\n');
}

function changeText({ attribute, before, after }: AuditedChange): string {
  const list = (values: readonly string[]) => values.map(oneLine).join(', ');
  if (before.length === 0) return `${attribute}: + ${list(after)}`;
  if (after.length === 0) return `${attribute}: - ${list(before)}`;
  return `${attribute}: ${list(before)} → ${list(after)}`;
}

/** A value never breaks a line, nor moves the cursor. */
function oneLine(value: string): string {
  return value.replace(/\p{Cc}+/gu, ' ');
}

export function auditCheckText(check: AuditCheck): string {
  const { ok, problems, events, batches, forgotten, namesForgotten, head } = check;
  const kept = `${counted(events, 'event')} in ${counted(batches, 'batch', 'batches')}`;
  const gone = [
    forgotten > 0 && `${counted(forgotten, 'batch', 'batches')} forgotten by retention`,
    namesForgotten > 0 && `${counted(namesForgotten, 'name')} forgotten`,
  ].filter((part) => typeof part === 'string');
  const lines = ok
    ? [`the audit trail is whole: ${[kept, ...gone].join(', ')}`]
    : ['the audit trail is NOT whole:', ...problems.map((text) => `  ${text}`)];
  return [...lines, `head ${head}`, ''].join('\n');
}
