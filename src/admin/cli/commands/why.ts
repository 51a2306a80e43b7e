/** `tenure why NAME password`: which policy holds for somebody, why, and what it makes of them. */
import type { Command } from 'commander';
import { suggest } from '../../../runtime/suggest.js';
import { AdminError } from '../../errors.js';
import type { PasswordStanding, PasswordWhy, PolicyWhy } from '../../why.js';
import {
  type DataFlag,
  dataOption,
  type JsonFlag,
  jsonOption,
  type Run,
  show,
} from '../command.js';
import { withActions } from '../reach.js';
import { since, table } from '../render.js';

const questions = ['password'];

/** Adds `why` to `parent`. */
export function addWhy(parent: Command, run: Run): void {
  const why = parent
    .command('why')
    .description('why something is as it is for somebody: which rule decides, and what it says')
    .argument('<name>', 'login, or distinguished name')
    .argument('<what>', `what to explain: ${questions.join(', ')}`);
  jsonOption(dataOption(why, run)).action(
    async (name: string, what: string, flags: DataFlag & JsonFlag) => {
      assertKnown(what);
      const told = await withActions(run.host, flags.data, (actions) =>
        actions.whyPassword({ name }),
      );
      await show(run, flags, told, () => passwordText(told));
    },
  );
}

function assertKnown(what: string): void {
  if (questions.includes(what)) return;
  const meant = suggest(what, questions);
  const hint = meant === undefined ? '' : `; did you mean ${meant}?`;
  throw new AdminError('usage', `"${what}" is nothing that can be explained${hint}`);
}

function passwordText(told: PasswordWhy): string {
  const nowMs = Date.parse(told.now);
  const rows: [string, string][] = [['policy', policyText(told.policy)]];
  if (told.ignored !== undefined) {
    rows.push(['', `pwdPolicySubentry names ${told.ignored}, which is no password policy`]);
  }
  rows.push(['password', stateText(told)]);
  const row = (name: string, at: string | undefined, otherwise?: string) => {
    if (at !== undefined) rows.push([name, timeText(at, nowMs)]);
    else if (otherwise !== undefined) rows.push([name, otherwise]);
  };
  row('changed', told.changed, 'nobody knows when');
  row('expires', told.expires, told.policy && expiryText(told));
  if (told.graceLeft !== undefined) rows.push(['grace logins left', String(told.graceLeft)]);
  if (told.reset) rows.push(['set by', 'an administrator']);
  row('valid from', told.validFrom);
  row('valid until', told.validUntil);
  row('last login', told.lastLogin, 'never seen');
  row('shut if idle until', told.idleAt);
  if (told.failures > 0) rows.push(['failures', String(told.failures)]);
  if (told.former > 0) rows.push(['former passwords', `${told.former} kept`]);
  return `${told.dn}\n${table(rows, '  ')}`;
}

function policyText(policy: PolicyWhy | undefined): string {
  if (policy === undefined) return 'none holds';
  const { dn, because, filter } = policy;
  switch (because) {
    case 'explicit':
      return `${dn}, because the entry names it (pwdPolicySubentry)`;
    case 'filter':
      return `${dn}, the first whose filter matches: ${filter}`;
    case 'default':
      return `${dn}, the default: no other matches`;
  }
}

function expiryText({ changed }: PasswordWhy): string {
  return changed === undefined ? 'never: its age is not known' : 'never';
}

const words: Readonly<Record<PasswordStanding, string>> = {
  open: 'opens',
  mustChange: 'must be changed: opens only what can change it',
  grace: 'EXPIRED: opens only what can change it, while grace logins are left',
  expired: 'EXPIRED',
  locked: 'LOCKED',
  failures: 'LOCKED after wrong passwords',
  none: 'there is none',
};

function stateText({ state, reason, until }: PasswordWhy): string {
  const why = reason === undefined ? '' : `: ${reason}`;
  if (state !== 'failures') return `${words[state]}${why}`;
  const end = until === undefined ? 'until somebody unlocks' : `until ${stamp(until)}`;
  return `${words[state]}, ${end}`;
}

/** `2026-11-25 00:12:05 UTC (3 days ago)`. */
function timeText(at: string, nowMs: number): string {
  const seconds = Math.floor((Date.parse(at) - nowMs) / 1000);
  const away = since(Math.abs(seconds));
  return `${stamp(at)} (${seconds < 0 ? `${away} ago` : `in ${away}`})`;
}

const stamp = (iso: string) => `${iso.slice(0, 19).replace('T', ' ')} UTC`;
