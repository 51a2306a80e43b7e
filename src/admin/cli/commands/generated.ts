/** `tenure app-password add|list|revoke NAME` and `tenure first-password NAME`. */
import { type Command, InvalidArgumentError, Option } from 'commander';
import type {
  AppPasswordInfo,
  AppPasswordList,
  FirstPasswordResult,
  NewAppPassword,
} from '../../factors.js';
import { about, answer, type Flags } from '../about.js';
import type { Run } from '../command.js';
import { parseDuration } from '../duration.js';
import { table } from '../render.js';

export function addAppPassword(parent: Command, run: Run): void {
  const app = parent
    .command('app-password')
    .description('passwords for single programs, without a second factor');

  about(app, run, 'add', 'make one; it is shown once')
    .argument('<label>', 'what it is for, such as "phone mail"')
    .addOption(
      new Option('--via <service>', 'the service account that it opens through, or any').default(
        'any',
      ),
    )
    .addOption(durationOption('--for <time>', 'how long it is good, such as 90d'))
    .action(async (name: string, label: string, flags: Flags & { via: string; for?: number }) => {
      const service = flags.via === 'any' ? undefined : flags.via;
      const input = { name, label, service, forMs: flags.for, by: run.host.user };
      await answer(run, flags, ({ factors }) => factors.addAppPassword(input), addedText);
    });

  about(app, run, 'list', 'which there are, and when they were used last').action(
    async (name: string, flags: Flags) => {
      await answer(run, flags, ({ factors }) => factors.listAppPasswords({ name }), listText);
    },
  );

  about(app, run, 'revoke', 'end one')
    .argument('<which>', 'its label or id')
    .action(async (name: string, which: string, flags: Flags) => {
      const input = { name, which, by: run.host.user };
      await answer(run, flags, ({ factors }) => factors.revokeAppPassword(input), listText);
    });
}

export function addFirstPassword(parent: Command, run: Run): void {
  const description = 'a password that opens only to set one’s own; the passwords of before end';
  about(parent, run, 'first-password', description)
    .addOption(durationOption('--for <time>', 'how long it opens').default(259_200_000, '3d'))
    .addOption(durationOption('--after <time>', 'from when on it opens, counted from now'))
    .addOption(
      new Option('--uses <n>', 'how often it opens')
        .default(1)
        .argParser((text) => (/^[0-9]{1,4}$/.test(text) ? Number(text) : notANumber(text))),
    )
    .action(async (name: string, flags: Flags & { for: number; after?: number; uses: number }) => {
      const { for: forMs, after: afterMs = 0, uses } = flags;
      const input = { name, forMs, afterMs, uses, by: run.host.user };
      await answer(run, flags, ({ factors }) => factors.makeFirstPassword(input), firstText);
    });
}

function durationOption(flags: string, description: string): Option {
  return new Option(flags, description).argParser((text) => {
    const ms = parseDuration(text);
    if (ms === undefined || ms === 0) {
      throw new InvalidArgumentError('it is a length of time such as 90d, 12h or 1d12h');
    }
    return ms;
  });
}

function notANumber(text: string): never {
  throw new InvalidArgumentError(`"${text}" is not a number`);
}

function addedText({ dn, password, appPassword }: NewAppPassword): string {
  const { service, ends } = appPassword;
  const until = ends === undefined ? 'until it is revoked' : `until ${ends}`;
  return `password: ${password}\nfor ${dn}, through ${service}, ${until}; not shown again\n`;
}

function listText({ dn, appPasswords }: AppPasswordList): string {
  if (appPasswords.length === 0) return `${dn} has no app passwords\n`;
  const rows = appPasswords.map((one) => [
    one.label,
    one.id,
    one.service,
    endText(one),
    useText(one),
  ]);
  return table([['label', 'id', 'through', 'ends', 'last use'], ...rows]);
}

function endText({ ends, ended }: AppPasswordInfo): string {
  if (ends === undefined) return '–';
  return ended ? `ended ${ends}` : ends;
}

function useText({ lastUse }: AppPasswordInfo): string {
  if (lastUse === undefined) return 'never';
  const through = lastUse.service === undefined ? '' : ` through ${lastUse.service}`;
  return `${lastUse.at} from ${lastUse.from}${through}`;
}

function firstText({ dn, password, starts, ends, uses, ended }: FirstPasswordResult): string {
  const often = uses === 1 ? 'once' : `${uses} times`;
  const before = ended === 0 ? '' : `; ${ended} earlier ended`;
  return `password: ${password}\nfor ${dn}: opens ${often} from ${starts} to ${ends}, to set one's own${before}\n`;
}
