/** Answers about the lifecycle policy as text. Pure: results in, text out. */
import type {
  PolicyCheck,
  PolicyInstalled,
  PolicyPage,
  PolicyPeople,
  PolicyPreview,
  PolicyProblem,
  PolicyVersion,
  PolicyWay,
  Somebody,
} from '../policy.js';
import { counted, grouped, table } from './render.js';

const people = (count: number) => counted(count, 'person', 'people');

/** `ada, bob … (12)`. */
function someOf({ count, names }: Somebody): string {
  return count > names.length ? `${names.join(', ')} …` : names.join(', ');
}

/** `FILE:3:7: what is wrong`, as editors take it. */
function problemLines(file: string, problems: readonly PolicyProblem[]): string {
  return problems
    .map(({ line, column, message, severity }) => {
      const mark = severity === 'warning' ? 'warning: ' : '';
      return `${file}:${line}:${column}: ${mark}${message}\n`;
    })
    .join('');
}

export function pageText({ lines, sha256, inForce }: PolicyPage): string {
  const head = `Policy of this directory${inForce ? ', in force' : ', not installed'}\n`;
  const signed = `\n\nRead and agreed: ____________________  Date: ____________\nsha256 ${sha256}\n`;
  return `${head}${lines.join('\n')}${signed}`;
}

export function checkText(
  file: string,
  { ok, problems, ways, people: found }: PolicyCheck,
): string {
  const errors = problems.filter(({ severity }) => severity === 'error').length;
  const warnings = problems.length - errors;
  const verdict = ok
    ? `  this policy can be installed${warnings > 0 ? `; ${counted(warnings, 'question')} above` : ''}\n`
    : `  ${counted(errors, 'mistake')}: this policy cannot be installed\n`;
  return `${problemLines(file, problems)}${waysText(ways)}${found ? peopleText(found) : ''}${verdict}`;
}

const by: Readonly<Record<PolicyWay['by'], string>> = {
  hand: 'by hand',
  rule: 'by its rule on',
  kind: 'by a kind, through',
  journey: 'by a journey',
  grant: 'for a time',
  attribute: 'by',
};

function waysText(ways: readonly PolicyWay[]): string {
  if (ways.length === 0) return '';
  const rows = ways.map(({ role, group, by: way, attributes, who, line }) => [
    `  ${role}`,
    group === undefined ? '' : `group ${group}`,
    `${by[way]} ${attributes.join(', ')}`.trim(),
    who.join(', '),
    `line ${line}`,
  ]);
  return `Who can give a role, and how\n${table(rows)}\n`;
}

function peopleText({ count, kinds, without, lacking, missingGroups }: PolicyPeople): string {
  const rows = kinds.map(({ kind, count: number }) => [`  ${kind}`, grouped(number)]);
  const lines = [`The ${people(count)} of this directory\n${table(rows)}`];
  if (without.count > 0) {
    lines.push(`  no kind fits ${people(without.count)}: ${someOf(without)}\n`);
  }
  for (const { kind, lack, ...who } of lacking) {
    lines.push(`  ${kind} must have ${lack}; ${people(who.count)} without: ${someOf(who)}\n`);
  }
  if (missingGroups.length > 0) {
    lines.push(`  nobody has made the group ${missingGroups.join(', ')} yet\n`);
  }
  return `${lines.join('')}\n`;
}

export function previewText(preview: PolicyPreview): string {
  const { problems, differences, changed, closed, opened, kinds, groups } = preview;
  const lines = differences.map(({ path, before, after }) => {
    if (before === undefined) return `  + ${path}: ${after}\n`;
    if (after === undefined) return `  - ${path}: ${before}\n`;
    return `  ~ ${path}: ${before} → ${after}\n`;
  });
  if (lines.length === 0) lines.push('  it says what the one in force says\n');
  lines.push(
    changed === 0
      ? '  it changes nothing for anybody now\n'
      : `  it changes something for ${people(changed)} now\n`,
  );
  if (closed.count > 0) lines.push(`    shut out  ${grouped(closed.count)}: ${someOf(closed)}\n`);
  if (opened.count > 0) lines.push(`    let in    ${grouped(opened.count)}: ${someOf(opened)}\n`);
  for (const { from, to, count } of kinds) lines.push(`    ${from} → ${to}  ${grouped(count)}\n`);
  for (const { group, joins, leaves } of groups) {
    lines.push(`    group ${group}  +${grouped(joins)} −${grouped(leaves)}\n`);
  }
  return `${problemLines('policy', problems)}${lines.join('')}`;
}

export function installedText(done: PolicyInstalled): string {
  if (!done.written) return `  this is the policy in force already (sha256 ${done.sha256})\n`;
  const shut = done.closed.count === 0 ? '' : `, ${people(done.closed.count)} shut out`;
  const back = done.run === 0 ? '' : `  to take it back: tenure undo ${done.run}\n`;
  return `  in force: ${done.dn}${shut}\n  sha256 ${done.sha256}\n${back}`;
}

export function historyText(versions: readonly PolicyVersion[]): string {
  if (versions.length === 0) return '  no policy was ever installed; the built-in one holds\n';
  return table(
    versions.map(({ seq, run, at, what, actor, reason, sha256 }) => [
      `  ${seq}`,
      run === 0 ? '' : `run ${run}`,
      `${at.slice(0, 16).replace('T', ' ')} UTC`,
      what,
      sha256?.slice(0, 12) ?? '',
      reason || actor,
    ]),
  );
}
