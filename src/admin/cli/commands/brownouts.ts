/** `tenure brownout`: something is shut for a while, and who knocked meanwhile. */
import type { Command } from 'commander';
import type { Brownout, BrownoutList } from '../../brownouts.js';
import { AdminError } from '../../errors.js';
import { answer, becauseOption, command, type Flags, NAME } from '../about.js';
import { type Run, show } from '../command.js';
import { confirmed, type YesFlag } from '../confirm.js';
import { parseDuration } from '../duration.js';
import { momentText } from '../moments.js';
import { withActions } from '../reach.js';
import { counted, grouped, table } from '../render.js';

interface BrownoutFlags extends Flags, YesFlag {
  readonly for?: string;
  readonly end?: true;
  readonly because: string;
}

/** Adds the command, and the list below it. */
export function addBrownouts(parent: Command, run: Run): void {
  const brownout = becauseOption(
    command(parent, run, 'brownout', 'shut something for a while, to see who needs it')
      .argument('<name>', `a group, a service, or somebody: name, ${NAME}`)
      .option('--for <time>', 'how long: 30s, 10m, 2h; it opens by itself')
      .option('--end', 'open it now')
      .option('--yes', 'do not ask'),
  ).action(async (name: string, flags: BrownoutFlags) => {
    const about = { name, by: run.host.user, because: flags.because };
    if (flags.end === true) {
      if (flags.for !== undefined) throw new AdminError('usage', 'say --for or --end, not both');
      await answer(run, flags, ({ brownouts }) => brownouts.end(about), endedText);
      return;
    }
    await start(run, { ...about, forMs: lengthOf(flags.for) }, flags);
  });
  command(brownout, run, 'list', 'what is shut, what was, and who knocked meanwhile')
    .argument('[name]', 'only that one')
    .action(async (name: string | undefined, own: Flags) => {
      // What both commands take is read by the outer one, wherever it stands.
      const flags = { ...own, ...brownout.opts<Flags>() };
      const of = name === undefined ? {} : { name };
      await answer(run, flags, ({ brownouts }) => brownouts.list(of), listText);
    });
}

function lengthOf(text: string | undefined): number {
  if (text === undefined) throw new AdminError('usage', 'say how long: --for 10m');
  const ms = parseDuration(text);
  if (ms !== undefined && ms >= 1_000) return ms;
  throw new AdminError('usage', `--for ${text}: write a length of time such as 30s, 10m, 2h`);
}

interface Order {
  readonly name: string;
  readonly forMs: number;
  readonly by: string;
  readonly because: string;
}

async function start(run: Run, order: Order, flags: BrownoutFlags): Promise<void> {
  await withActions(run.host, flags.data, async ({ brownouts }) => {
    if (!(await confirmed(run, flags, () => brownouts.preview(order), previewText))) return;
    const done = await brownouts.start(order);
    await show(run, flags, done, () => startedText(done));
  });
}

const at = (iso: string, { zone, now }: Brownout) => momentText(iso, zone, now);

/** What being shut means for it. */
function meaning({ kind, members = 0 }: Brownout): string {
  switch (kind) {
    case 'group':
      return `${counted(members, 'member')} of it in no answer`;
    case 'service':
      return 'its logins are refused, its sessions end';
    case 'person':
      return 'as on leave: logins are refused, sessions end';
  }
}

function previewText(one: Brownout): string {
  return `  ${one.name} (${one.kind})  ${meaning(one)}, until ${at(one.until, one)}\n`;
}

function startedText(one: Brownout): string {
  const run = one.run === undefined ? '' : `     run ${one.run}`;
  return (
    `  ${one.name}  shut now: ${meaning(one)}${run}\n` +
    `  opens by itself ${at(one.until, one)}; sooner: tenure brownout ${one.name} --end\n`
  );
}

function endedText(one: Brownout): string {
  return `  ${one.name}  opens ${at(one.until, one)}\n${knocksText(one)}`;
}

function listText({ brownouts }: BrownoutList): string {
  if (brownouts.length === 0) return '  nothing is browned out, or was\n';
  return brownouts.map(oneText).join('');
}

function oneText(one: Brownout): string {
  const { name, kind, shut, by, because } = one;
  const when = shut
    ? `shut until ${at(one.until, one)}`
    : `was shut from ${at(one.from, one)} until ${at(one.until, one)}`;
  const why = [by === '' ? '' : `by ${by}`, because].filter((part) => part !== '').join(': ');
  return `  ${name} (${kind})  ${when}${why === '' ? '' : `  ${why}`}\n${knocksText(one)}`;
}

function knocksText(one: Brownout): string {
  if (one.knocks.length === 0) return '    nobody knocked\n';
  const rows = one.knocks.map(({ who, from, what, why, count, last }) => [
    who,
    what,
    why,
    from,
    `${grouped(count)} ×`,
    `last ${at(last, one)}`,
  ]);
  return table(rows, '    ');
}
