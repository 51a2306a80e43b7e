/**
 * `tenure watch NAME`: what happens to somebody, line by line as it happens: the state turns, a login,
 * a refusal.
 */
import { type Command, InvalidArgumentError, Option } from 'commander';
import type { LastLogins, LoginInfo } from '../../logins.js';
import type { PersonWhy } from '../../why.js';
import { about, type Flags } from '../about.js';
import type { Run } from '../command.js';
import { parseDuration } from '../duration.js';
import { momentText } from '../moments.js';
import { runningServer } from '../reach.js';

const POLL_EVERY_MS = 250;
const states = ['active', 'leave', 'staged', 'suspended', 'offboarded', 'archived', 'purged'];

/** Adds it to `parent`. */
export function addWatch(parent: Command, run: Run): void {
  about(parent, run, 'watch', 'what happens to somebody, as it happens')
    .addOption(new Option('--until <state>', 'end when they are that').choices(states))
    .addOption(
      new Option('--for <time>', 'end after so long, such as 30s').argParser((text) => {
        const ms = parseDuration(text);
        if (ms === undefined) throw new InvalidArgumentError('write a length of time such as 30s');
        return ms;
      }),
    )
    .action(async (name: string, flags: WatchFlags) => watch(run, name, flags));
}

function loginText(login: LoginInfo | undefined, now: string): string {
  if (login === undefined) return 'never seen';
  const through = login.service === undefined ? '' : ` through ${login.service}`;
  return `${momentText(login.at, 'UTC', now)} UTC from ${login.from}${through}`;
}

interface WatchFlags extends Flags {
  readonly until?: string;
  readonly for?: number;
}

interface Event {
  /** ISO 8601, by the directory's clock. */
  readonly at: string;
  readonly event: 'state' | 'login' | 'refusal';
  readonly text: string;
}

/** Prints what is new, twice in a half second, until it is told to end. */
async function watch(run: Run, name: string, flags: WatchFlags): Promise<void> {
  const { host } = run;
  const server = await runningServer(host, flags.data);
  const endsMs = host.clock.monotonicMs() + (flags.for ?? Number.POSITIVE_INFINITY);
  let stopped = false;
  const forget = host.onSignal('SIGINT', () => {
    stopped = true;
  });
  let before: [PersonWhy, LastLogins] | undefined;
  try {
    for (;;) {
      const told = await server.whyPerson({ name });
      const logins = await server.lastLogins({ name });
      for (const one of eventsOf(told, logins, before)) {
        const line = flags.json === true ? JSON.stringify(one) : eventText(one, told);
        await host.writeOut(`${line}\n`);
      }
      before = [told, logins];
      if (stopped || told.state === flags.until) return;
      if (host.clock.monotonicMs() >= endsMs) return;
      await host.sleep(POLL_EVERY_MS);
    }
  } finally {
    forget();
  }
}

function eventsOf(
  told: PersonWhy,
  logins: LastLogins,
  before: [PersonWhy, LastLogins] | undefined,
): Event[] {
  const [toldBefore, loginsBefore] = before ?? [];
  const events: Event[] = [];
  const seen = (event: Event['event'], now: LoginInfo | undefined, then: LoginInfo | undefined) => {
    if (before === undefined || now === undefined || now.at === then?.at) return;
    events.push({ at: now.at, event, text: loginText(now, told.now) });
  };
  seen('login', logins.success, loginsBefore?.success);
  seen('refusal', logins.failure, loginsBefore?.failure);
  if (told.state !== toldBefore?.state || told.stage !== toldBefore?.stage) {
    const stage = told.stage === undefined ? '' : ` (${told.stage})`;
    const because = told.because[0] === undefined ? '' : `: ${told.because[0]}`;
    events.push({ at: told.now, event: 'state', text: `${told.state}${stage}${because}` });
  }
  return events.sort((a, b) => (a.at < b.at ? -1 : 1));
}

const marks = { state: '──', login: 'login ✓', refusal: 'login ✗' } as const;

function eventText({ at, event, text }: Event, { zone, now, login }: PersonWhy): string {
  return `  ${momentText(at, zone, now)}  ${login}  ${marks[event]} ${text}`;
}
