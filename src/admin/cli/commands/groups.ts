/** `tenure grant`, `tenure grants`, `tenure revoke`: memberships for a time. */
import type { Command } from 'commander';
import { AdminError } from '../../errors.js';
import type { Grant, Granted, GrantList, GrantOrder } from '../../groups.js';
import { about, answer, becauseOption, command, type Flags, NAME } from '../about.js';
import type { Run } from '../command.js';
import { parseDuration } from '../duration.js';
import { momentText } from '../moments.js';
import { counted, table } from '../render.js';

interface GrantFlags extends Flags {
  readonly for?: string;
  readonly until?: string;
  readonly from?: string;
  readonly because: string;
}

/** Adds the three commands to `parent`. */
export function addGroups(parent: Command, run: Run): void {
  becauseOption(about(parent, run, 'grant', 'put somebody into a group for a time'))
    .argument('<group>', 'name of the group')
    .option('--for <time>', 'how long: 30m, 8h, 2d')
    .option('--until <when>', 'until when: 17:00, friday, 2026-11-30')
    .option('--from <when>', 'from when; now where it is left out')
    .action(async (name: string, group: string, flags: GrantFlags) => {
      const order = orderOf(name, group, flags, run);
      await answer(run, flags, ({ groups }) => groups.grant(order), grantedText);
    });

  command(parent, run, 'grants', 'who is in which group for a time, and why')
    .argument('[name]', NAME)
    .action(async (name: string | undefined, flags: Flags) => {
      const of = name === undefined ? {} : { name };
      await answer(run, flags, ({ groups }) => groups.grants(of), listText);
    });

  becauseOption(about(parent, run, 'revoke', 'end what was granted, now'))
    .argument('<group>', 'name of the group')
    .action(async (name: string, group: string, flags: GrantFlags) => {
      const order = { name, group, by: run.host.user, because: flags.because };
      await answer(run, flags, ({ groups }) => groups.revoke(order), revokedText);
    });
}

function orderOf(name: string, group: string, flags: GrantFlags, run: Run): GrantOrder {
  const { for: length, until, from, because } = flags;
  if ((length === undefined) === (until === undefined)) {
    throw new AdminError('usage', 'say how long: --for 8h, or until when: --until 17:00');
  }
  if (because.trim() === '') throw new AdminError('usage', 'say why: --because "on call"');
  const forMs = length === undefined ? undefined : parseDuration(length);
  if (length !== undefined && (forMs === undefined || forMs < 1_000)) {
    throw new AdminError('usage', `--for ${length}: write a length of time such as 30m, 8h, 2d`);
  }
  return {
    name,
    group,
    ...(forMs !== undefined && { forMs }),
    ...(until !== undefined && { until }),
    ...(from !== undefined && { from }),
    by: run.host.user,
    because,
  };
}

function grantedText(done: Granted): string {
  const { login, group, zone, now, before } = done;
  const at = (iso: string) => momentText(iso, zone, now);
  const when = done.holds ? 'now' : `from ${at(done.from)}`;
  const lines = [`  ${login}  in ${group} ${when}, until ${at(done.until)}`];
  if (before !== undefined) lines.push(`  takes the place of a grant until ${at(before)}`);
  if (done.anyway) lines.push(`  ${login} is a member anyway, and stays one when this ends`);
  return `${lines.join('\n')}\n`;
}

function listText({ grants, now, zone }: GrantList): string {
  if (grants.length === 0) return '  nothing is granted\n';
  const rows = grants.map(({ login, group, from, until, holds, because, by }) => [
    login,
    group,
    holds ? `until ${momentText(until, zone, now)}` : `from ${momentText(from, zone, now)}`,
    because ?? '',
    by === undefined ? '' : `by ${by}`,
  ]);
  return `${table(rows, '  ')}  ${counted(grants.length, 'grant')}\n`;
}

function revokedText({ login, group }: Grant): string {
  return `  ${login}  is no longer granted ${group}\n`;
}
