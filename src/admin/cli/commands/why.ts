/**
 * `tenure why NAME`: whether somebody could come in, and which facts decide it; `why NAME can|cannot
 * [SERVICE] [--at WHEN]` for a service and a moment; `why NAME password` for the password policy;
 * `why NAME may WHAT on ENTRY` for what they may do (why-may.ts).
 */
import type { Command } from 'commander';
import { suggest } from '../../../runtime/suggest.js';
import { AdminError } from '../../errors.js';
import type { PasswordStanding, PasswordWhy, PersonWhy, PolicyWhy } from '../../why.js';
import { about, answer, type Flags } from '../about.js';
import type { Run } from '../command.js';
import { endText, momentText, startText } from '../moments.js';
import { since, table } from '../render.js';
import { mayAsked, mayText } from './why-may.js';

const questions = ['can', 'cannot', 'password', 'may'];

interface WhyFlags extends Flags {
  readonly at?: string;
  readonly from?: string;
  readonly tls?: boolean;
  readonly secondFactor?: boolean;
}

/** Adds `why` to `parent`. */
export function addWhy(parent: Command, run: Run): void {
  about(
    parent,
    run,
    'why',
    'why somebody can or cannot come in, or may do something, and by which rule',
  )
    .argument('[what]', questions.join(', '), 'can')
    .argument('[words...]', 'the service account through which they come; WHAT on ENTRY of may')
    .option('--at <when>', 'at another moment: tomorrow 09:00, 2026-11-30 …')
    .option('--from <address>', 'of may: the address from which they come')
    .option('--tls', 'of may: over a connection that nobody reads along')
    .option('--second-factor', 'of may: logged in with a second factor')
    .action(async (name: string, what: string, words: readonly string[], flags: WhyFlags) => {
      assertKnown(what);
      const { from, tls, secondFactor: factor } = flags;
      if (what === 'may') {
        if (flags.at !== undefined)
          throw new AdminError('usage', 'what somebody may do has no --at');
        const asked = { name, ...mayAsked(words), from, tls, factor };
        await answer(run, flags, (actions) => actions.whyMay(asked), mayText);
        return;
      }
      if (from !== undefined || tls !== undefined || factor !== undefined) {
        throw new AdminError('usage', '--from, --tls and --second-factor go with "may"');
      }
      const [service, ...more] = words;
      if (more.length > 0) throw new AdminError('usage', `"${more[0]}" is a word too many`);
      if (what === 'password') {
        if (service !== undefined || flags.at !== undefined) {
          throw new AdminError('usage', 'why NAME password takes neither a service nor --at');
        }
        await answer(run, flags, (actions) => actions.whyPassword({ name }), passwordText);
        return;
      }
      const asked = {
        name,
        ...(service !== undefined && { service }),
        ...(flags.at !== undefined && { at: flags.at }),
      };
      await answer(run, flags, (actions) => actions.whyPerson(asked), personText);
    });
}

function assertKnown(what: string): void {
  if (questions.includes(what)) return;
  const meant = suggest(what, questions);
  const hint = meant === undefined ? '' : `; did you mean ${meant}?`;
  throw new AdminError('usage', `"${what}" is nothing that can be explained${hint}`);
}

const marks = { yes: '✓', change: '±', no: '✗' } as const;

function personText(told: PersonWhy): string {
  const { login, service, at, now, zone, can, verdict, state, stage, because, doors } = told;
  const when = at === now ? 'now' : `at ${momentText(at, zone, now)}`;
  const through = service === undefined ? '' : ` through ${service}`;
  const head = `${login} ${can ? 'can' : 'cannot'} come in ${when}${through}: ${verdict}\n`;
  const stateName = stage === undefined ? state : `${state} (${stage})`;
  const facts = because.map((text, i) => [i === 0 ? stateName : '', text]);
  const rows = facts.length === 0 ? [[stateName, 'no fact says anything else']] : facts;
  const tried = doors.map(({ door, opens, because: why }) => [`${marks[opens]} ${door}`, why]);
  const open = new Set(['active', 'leave', 'staged']);
  const later = told.later.map(({ at: from, state: then }) => {
    const day = open.has(then) ? startText(from, zone, now) : endText(from, zone, now);
    return ['then', `${then} from ${day}`];
  });
  return `${head}${table([...rows, ...tried, ...later], '  ')}`;
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
