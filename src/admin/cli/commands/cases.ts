/** `tenure case list|show|tick|close` and `tenure resource list|reconcile`: departures, to the end. */
import { basename } from 'node:path';
import type { Command } from 'commander';
import type { CaseInfo, CaseItemInfo, CaseList, Reconciled, ResourceInfo } from '../../cases.js';
import { answer, becauseOption, command, type Flags } from '../about.js';
import type { Run } from '../command.js';
import { textIn } from '../input-file.js';
import { endText, momentText } from '../moments.js';
import { counted, table } from '../render.js';
import { goneText } from './access.js';

const CASE = 'number of the case, or whose it is';

/** Adds both trees to `parent`. */
export function addCases(parent: Command, run: Run): void {
  const cases = parent.command('case').description('what has to be done when somebody leaves');
  command(cases, run, 'list', 'departures with something to do')
    .option('--coming', 'also contracts that end some day')
    .option('--all', 'also what is closed')
    .action(async (flags: Flags & { readonly coming?: true; readonly all?: true }) => {
      const which = flags.all === true ? 'all' : flags.coming === true ? 'open' : 'due';
      await answer(run, flags, ({ cases: engine }) => engine.list({ which }), listText);
    });
  const named = (verb: string, description: string) =>
    command(cases, run, verb, description).argument('<case>', CASE);
  named('show', 'one of them').action(async (name: string, flags: Flags) => {
    await answer(run, flags, ({ cases: engine }) => engine.show({ name }), showText);
  });
  named('tick', 'something is done')
    .argument('<item>', 'its number in the list, its key, or a part of its text')
    .option('--note <words>', 'what to know about it', '')
    .option('--undo', 'it is open again')
    .action(async (name: string, item: string, flags: Flags & { note: string; undo?: true }) => {
      const tick = { name, item, note: flags.note, undo: flags.undo === true, by: run.host.user };
      await answer(run, flags, ({ cases: engine }) => engine.tick(tick), showText);
    });
  becauseOption(named('close', 'the departure is over; with open items only for a reason')).action(
    async (name: string, flags: Flags & { readonly because: string }) => {
      const close = { name, because: flags.because, by: run.host.user };
      await answer(run, flags, ({ cases: engine }) => engine.close(close), showText);
    },
  );
  addResources(parent, run);
}

function addResources(parent: Command, run: Run): void {
  const resources = parent
    .command('resource')
    .description('what people have that LDAP cannot reach, as the policy says it');
  command(resources, run, 'list', 'all of them').action(async (flags: Flags) => {
    await answer(run, flags, ({ cases }) => cases.resources(), resourcesText);
  });
  command(resources, run, 'reconcile', 'hold an exported list of users against the open cases')
    .argument('<resource>', 'as the policy calls it')
    .argument('<users.csv>', 'with a column login, username, mail or email')
    .option('--preview', 'say what it shows, tick nothing')
    .action(async (resource: string, file: string, flags: Flags & { preview?: true }) => {
      const csv = await textIn(run.host, file);
      const preview = flags.preview === true;
      const order = { resource, csv, file: basename(file), by: run.host.user, preview };
      await answer(run, flags, ({ cases }) => cases.reconcile(order), reconciledText);
    });
}

function listText({ cases }: CaseList): string {
  if (cases.length === 0) return 'nobody is leaving\n';
  const rows = cases.map((one) => {
    const open = one.items.filter(({ done }) => done === undefined);
    const late = open.filter(({ overdue }) => overdue).length;
    const todo = one.closed === undefined ? `${open.length} open` : 'closed';
    return [
      `case ${one.id}`,
      one.login,
      leavesText(one),
      todo,
      late > 0 ? `⚑ ${late} overdue` : '',
    ];
  });
  return table(rows, '  ');
}

function leavesText({ state, leaves, zone, now }: CaseInfo): string {
  if (leaves === undefined) return state === 'purged' ? 'purged' : 'stays';
  const gone = Date.parse(leaves) <= Date.parse(now);
  return `${gone ? 'left' : 'leaves'} ${endText(leaves, zone, now)}`;
}

function showText(one: CaseInfo): string {
  const { id, login, zone, now, actor, reason, destroyed, archived, holds, items } = one;
  const head = `case ${id}  ${login}  ${leavesText(one)}${reason === undefined ? '' : `: ${reason}`}\n`;
  const rows: string[][] = [['opened', `${momentText(one.opened, zone, now)} by ${actor}`]];
  rows.push(['state', one.state]);
  if (destroyed !== undefined && Date.parse(destroyed) > Date.parse(now)) {
    rows.push(['sealed', `until ${momentText(destroyed, zone, now)}, then destroyed`]);
  }
  if (archived !== undefined) rows.push(['archived', momentText(archived, zone, now)]);
  if (holds.length > 0) rows.push(['held', `for ${holds.join(', ')}: neither archived nor purged`]);
  if (one.closed !== undefined) {
    rows.push([
      'closed',
      `${momentText(one.closed, zone, now)} by ${one.closedBy}: ${one.closing}`,
    ]);
  }
  const list = items.map((item, i) => itemCells(item, i + 1, one));
  const gone = goneText(one.seen ?? [], now);
  return `${head}${table(rows, '  ')}${gone}${list.length > 0 ? table(list, '  ') : '  nothing to do by hand\n'}`;
}

function itemCells(item: CaseItemInfo, place: number, { zone, now }: CaseInfo): string[] {
  const { text, owner, due, done, by, note, overdue } = item;
  const mark = done === undefined ? ' ' : '✓';
  const kept = note === undefined ? '' : ` (${note})`;
  const when =
    done !== undefined
      ? `${momentText(done, zone, now)} by ${by}${kept}`
      : due === undefined
        ? ''
        : `${overdue ? '⚑ was due' : 'by'} ${endText(due, zone, now)}`;
  const who = overdue && owner !== 'admins' ? `${owner} → admins` : owner;
  return [`[${mark}] ${place}`, text, who, when];
}

function resourcesText({ resources }: { readonly resources: readonly ResourceInfo[] }): string {
  if (resources.length === 0) return 'the policy names no resources\n';
  return table(
    resources.map(({ name, owner, open, checkedAgainst }) => [
      name,
      `removed by ${owner || 'admins'}`,
      counted(open, 'open item'),
      checkedAgainst === undefined ? '' : `checked against ${checkedAgainst}`,
    ]),
    '  ',
  );
}

function reconciledText({ resource, accounts, ticked, still, left, unknown }: Reconciled): string {
  const rows: string[][] = [
    ...ticked.map(({ id, login }) => [`✓ ${login}`, `is gone from ${resource}`, `case ${id}`]),
    ...still.map(({ id, login, account }) => [`✗ ${login}`, `still has ${account}`, `case ${id}`]),
    ...left.map(({ login, account }) => [`✗ ${login}`, `has left, and has ${account}`, 'no case']),
    ...unknown.map((account) => [`? ${account}`, 'is an account of nobody here', '']),
  ];
  return `${resource}: ${counted(accounts, 'account')} in the list\n${table(rows, '  ')}`;
}
