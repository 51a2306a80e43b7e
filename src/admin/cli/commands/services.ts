/** `tenure service add|list|show|rotate|renew`: what applications log in with, and who answers for it. */
import { type Command, Option } from 'commander';
import { AdminError } from '../../errors.js';
import { about, answer, becauseOption, command, type Flags } from '../about.js';
import type { Run } from '../command.js';
import { parseDuration } from '../duration.js';
import { listText, madeText, rotatedText, shownText } from '../services-text.js';

interface AddFlags extends Flags {
  readonly owner: string;
  readonly deputy: string;
  readonly purpose: string;
  readonly until: string;
  readonly from: readonly string[];
  readonly view: readonly string[];
  readonly because: string;
}

interface RotateFlags extends Flags {
  readonly overlap?: string;
  readonly because: string;
}

interface RenewFlags extends Flags {
  readonly until: string;
  readonly because: string;
}

const many = (flags: string, description: string) =>
  new Option(flags, description)
    .default([], '')
    .argParser((text, before: readonly string[]) => [...before, text]);

/** Adds the commands to `parent`. */
export function addServices(parent: Command, run: Run): void {
  const service = parent
    .command('service')
    .description('what applications log in with: owners, ends, addresses, credentials');
  const by = run.host.user;

  becauseOption(
    command(service, run, 'add', 'a new one, with a credential that is shown once')
      .argument('<name>', 'its login, such as wiki')
      .requiredOption('--owner <name>', 'who answers for it')
      .requiredOption('--deputy <name>', 'who answers for it when the owner has left')
      .requiredOption('--purpose <words>', 'what it is for')
      .requiredOption('--until <when>', 'until when: "in 1 year", 2027-06-30')
      .addOption(many('--from <address>', 'where it comes from: 192.0.2.7, 2001:db8::/32; repeat'))
      .addOption(many('--view <word>', 'a word of tenureView, such as sees=uid,cn,mail; repeat')),
  ).action(async (name: string, flags: AddFlags) => {
    const { owner, deputy, purpose, until, from, view, because } = flags;
    const order = { name, owner, deputy, purpose, until, from, view, because, by };
    await answer(run, flags, ({ services }) => services.add(order), madeText);
  });

  command(service, run, 'list', 'all of them: owner, end, last use, what is not as it should be')
    .option('--all', 'those that are archived, too')
    .action(async (flags: Flags & { all?: boolean }) => {
      const of = flags.all === true ? { all: true } : {};
      await answer(run, flags, ({ services }) => services.list(of), listText);
    });

  about(service, run, 'show', 'everything about one').action(async (name: string, flags: Flags) => {
    await answer(run, flags, ({ services }) => services.show({ name }), shownText);
  });

  becauseOption(
    about(service, run, 'rotate', 'another credential; old and new both work for a while'),
  )
    .option(
      '--overlap <time>',
      'how long the old one works: 0s ends it now; as the policy says, or 7d',
    )
    .action(async (name: string, { overlap, because, ...flags }: RotateFlags) => {
      const overlapMs = overlap === undefined ? undefined : lengthOf(overlap);
      const order = { name, by, because, ...(overlapMs !== undefined && { overlapMs }) };
      await answer(run, flags, ({ services }) => services.rotate(order), rotatedText);
    });

  becauseOption(about(service, run, 'renew', 'another end; brings back what has ended'))
    .requiredOption('--until <when>', 'until when: "in 1 year", 2027-06-30')
    .action(async (name: string, { until, because, ...flags }: RenewFlags) => {
      const order = { name, until, by, because };
      await answer(run, flags, ({ services }) => services.renew(order), shownText);
    });
}

function lengthOf(text: string): number {
  const ms = parseDuration(text);
  if (ms !== undefined) return ms;
  throw new AdminError('usage', `--overlap ${text}: write a length of time such as 0s, 12h, 7d`);
}
