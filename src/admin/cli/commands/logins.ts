/** `tenure last`, `tenure unlock`, `tenure bypass`: somebody's logins. */
import type { Command } from 'commander';
import { AdminError } from '../../errors.js';
import type { Bypassed, LastLogins, LoginInfo, Unlocked } from '../../logins.js';
import { about, answer, becauseOption, type Flags } from '../about.js';
import type { Run } from '../command.js';
import { parseDuration } from '../duration.js';
import { counted, since, table } from '../render.js';

interface ChangeFlags extends Flags {
  readonly because: string;
}

interface BypassFlags extends ChangeFlags {
  readonly for?: string;
  readonly end?: boolean;
}

/** Adds the three commands to `parent`. */
export function addLogins(parent: Command, run: Run): void {
  const last = about(
    parent,
    run,
    'last',
    'when somebody last logged in or was refused, and whether they are locked',
  );
  last.action(async (name: string, flags: Flags) => {
    await answer(run, flags, (actions) => actions.lastLogins({ name }), lastText);
  });

  const unlock = about(parent, run, 'unlock', 'let somebody in again who failed too often');
  becauseOption(unlock).action(async (name: string, flags: ChangeFlags) => {
    const change = { name, by: run.host.user, because: flags.because };
    await answer(run, flags, (actions) => actions.unlock(change), unlockText);
  });

  const bypass = about(
    parent,
    run,
    'bypass',
    'let somebody in for a while without a lost second factor; ends by itself',
  )
    .option('--for <time>', 'how long: 30m, 4h, 2d; 7d at most')
    .option('--end', 'ask for the second factor again from now on');
  becauseOption(bypass).action(async (name: string, flags: BypassFlags) => {
    const forMs = lengthOf(flags);
    const change = { name, by: run.host.user, because: flags.because, forMs };
    await answer(run, flags, (actions) => actions.bypass(change), bypassText);
  });
}

function lengthOf({ for: length, end }: BypassFlags): number | undefined {
  if ((length === undefined) === (end !== true)) {
    throw new AdminError('usage', 'say --for how long (such as --for 4h), or --end');
  }
  if (length === undefined) return undefined;
  const forMs = parseDuration(length);
  if (forMs === undefined || forMs === 0) {
    throw new AdminError('usage', `--for ${length}: write a length of time such as 30m, 4h, 2d`);
  }
  return forMs;
}

function lastText(seen: LastLogins): string {
  const nowMs = Date.parse(seen.now);
  const rows = [
    ['last login', loginText(seen.success, nowMs)],
    ['last refusal', loginText(seen.failure, nowMs)],
    ['stands', standingText(seen)],
  ];
  if (seen.bypassUntil !== undefined) {
    rows.push(['second factor', `not asked for until ${timeText(seen.bypassUntil)}`]);
  }
  return `${seen.dn}\n${table(rows, '  ')}`;
}

function loginText(login: LoginInfo | undefined, nowMs: number): string {
  if (login === undefined) return 'never seen';
  const { at, from, service } = login;
  const seconds = Math.max(0, Math.floor((nowMs - Date.parse(at)) / 1000));
  const through = service === undefined ? '' : `, through ${service}`;
  return `${timeText(at)} (${since(seconds)} ago)  from ${from}${through}`;
}

function standingText({ state, until, failures }: LastLogins): string {
  const after = counted(failures, 'failure');
  if (state === 'open') return failures === 0 ? 'open' : `open, ${after} counted`;
  const end = until === undefined ? 'until somebody unlocks' : `until ${timeText(until)}`;
  return `${state === 'locked' ? 'LOCKED' : 'delayed'} after ${after}, ${end}`;
}

function unlockText({ dn, wasLocked, failures }: Unlocked): string {
  if (wasLocked) return `${dn} is unlocked\n`;
  if (failures === 0) return `${dn} was not locked; nothing counted against it\n`;
  return `${dn} was not locked; ${counted(failures, 'failure')} forgotten\n`;
}

function bypassText({ dn, until }: Bypassed): string {
  if (until === undefined) return `${dn} is asked for the second factor again\n`;
  return `${dn} gets in without the second factor until ${timeText(until)}\n`;
}

/** `2026-11-25 00:12:05 UTC`. */
function timeText(iso: string): string {
  return `${iso.slice(0, 19).replace('T', ' ')} UTC`;
}
