/** `tenure app-password add|list|revoke NAME` and `tenure first-password NAME`. */
import { type Command, InvalidArgumentError, Option } from 'commander';
import type { AppPasswordInfo, AppPasswordList, FirstPasswordResult } from '../../factors.js';
import {
  type DataFlag,
  dataOption,
  type JsonFlag,
  jsonOption,
  type Run,
  show,
} from '../command.js';
import { parseDuration } from '../duration.js';
import { withActions } from '../reach.js';
import { table } from '../render.js';

type Flags = DataFlag & JsonFlag;

export function addAppPassword(parent: Command, run: Run): void {
  const app = parent
    .command('app-password')
    .description('passwords for single programs, without a second factor');
  const nameArgument = ['<name>', 'login name or DN of the owner'] as const;

  const add = app
    .command('add')
    .description('make one; it is shown once')
    .argument(...nameArgument)
    .argument('<label>', 'what it is for, such as "phone mail"')
    .addOption(
      new Option('--via <service>', 'the service account that it opens through, or any').default(
        'any',
      ),
    )
    .addOption(durationOption('--for <time>', 'how long it is good, such as 90d'));
  jsonOption(dataOption(add, run)).action(
    async (name: string, label: string, flags: Flags & { via: string; for?: number }) => {
      const { host } = run;
      const service = flags.via === 'any' ? undefined : flags.via;
      const input = { name, label, service, forMs: flags.for, by: host.user };
      const result = await withActions(host, flags.data, (actions) =>
        actions.factors.addAppPassword(input),
      );
      await show(run, flags, result, () => {
        const { service: through, ends } = result.appPassword;
        const until = ends === undefined ? 'until it is revoked' : `until ${ends}`;
        return `password: ${result.password}\nfor ${result.dn}, through ${through}, ${until}; not shown again\n`;
      });
    },
  );

  const list = app
    .command('list')
    .description('which there are, and when they were used last')
    .argument(...nameArgument);
  jsonOption(dataOption(list, run)).action(async (name: string, flags: Flags) => {
    const result = await withActions(run.host, flags.data, (actions) =>
      actions.factors.listAppPasswords({ name }),
    );
    await show(run, flags, result, () => listText(result));
  });

  const revoke = app
    .command('revoke')
    .description('end one')
    .argument(...nameArgument)
    .argument('<which>', 'its label or id');
  jsonOption(dataOption(revoke, run)).action(async (name: string, which: string, flags: Flags) => {
    const by = run.host.user;
    const result = await withActions(run.host, flags.data, (actions) =>
      actions.factors.revokeAppPassword({ name, which, by }),
    );
    await show(run, flags, result, () => listText(result));
  });
}

export function addFirstPassword(parent: Command, run: Run): void {
  const first = parent
    .command('first-password')
    .description('a password that opens only to set one’s own; the passwords of before end')
    .argument('<name>', 'login name or DN')
    .addOption(durationOption('--for <time>', 'how long it opens').default(259_200_000, '3d'))
    .addOption(durationOption('--after <time>', 'from when on it opens, counted from now'))
    .addOption(
      new Option('--uses <n>', 'how often it opens')
        .default(1)
        .argParser((text) => (/^[0-9]{1,4}$/.test(text) ? Number(text) : notANumber(text))),
    );
  jsonOption(dataOption(first, run)).action(
    async (name: string, flags: Flags & { for: number; after?: number; uses: number }) => {
      const { host } = run;
      const { for: forMs, after: afterMs = 0, uses } = flags;
      const input = { name, forMs, afterMs, uses, by: host.user };
      const result = await withActions(host, flags.data, (actions) =>
        actions.factors.makeFirstPassword(input),
      );
      await show(run, flags, result, () => firstText(result));
    },
  );
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
