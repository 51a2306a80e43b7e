/** `tenure wifi NAME`: secrets for Wi-Fi and file servers, of people and of their devices. */
import { Argument, type Command, InvalidArgumentError, Option } from 'commander';
import { suggest } from '../../../runtime/suggest.js';
import { AdminError } from '../../errors.js';
import type { NtIssued, NtList, NtRevoked, NtUse } from '../../wifi.js';
import {
  type DataFlag,
  dataOption,
  type JsonFlag,
  jsonOption,
  type Run,
  show,
} from '../command.js';
import { withActions } from '../reach.js';
import { table } from '../render.js';

interface Flags extends DataFlag, JsonFlag {
  readonly device?: string;
  readonly for: NtUse;
  readonly renew?: true;
}

const verbs = ['new', 'list', 'revoke'] as const;
type Verb = (typeof verbs)[number];

const forWhat: Readonly<Record<NtUse | 'password', string>> = {
  wifi: 'Wi-Fi',
  files: 'file servers',
  password: 'login password',
};

/** Adds the command to `parent`. */
export function addWifi(parent: Command, run: Run): void {
  const command = parent
    .command('wifi')
    .description('a secret for Wi-Fi or file servers, shown once; list them, revoke one')
    .argument('<name>', 'login, or distinguished name')
    .addArgument(new Argument('[verb]', verbs.join(', ')).default('new').argParser(verbOf))
    .option('--device <word>', 'for one device, which logs in as NAME+WORD')
    .addOption(
      new Option('--for <servers>', 'who checks it').choices(['wifi', 'files']).default('wifi'),
    )
    .option('--renew', 'replace the secret that is there');
  jsonOption(dataOption(command, run)).action(async (name: string, verb: Verb, flags: Flags) => {
    const { user: by } = run.host;
    const { device, for: use, renew } = flags;
    if (renew === true && verb !== 'new') throw new AdminError('usage', '--renew goes with new');
    const target = { name, device, use, by };
    if (verb === 'list') {
      if (device !== undefined) throw new AdminError('usage', 'list shows all devices');
      const list = await withActions(run.host, flags.data, (actions) => actions.listWifi({ name }));
      await show(run, flags, list, () => listText(list));
    } else if (verb === 'revoke') {
      const gone = await withActions(run.host, flags.data, (actions) => actions.revokeWifi(target));
      await show(run, flags, gone, () => goneText(gone));
    } else {
      const issue = { ...target, renew: renew === true };
      const made = await withActions(run.host, flags.data, (actions) => actions.issueWifi(issue));
      await show(run, flags, made, () => madeText(made));
    }
  });
}

function verbOf(written: string): Verb {
  const verb = verbs.find((known) => known === written);
  if (verb !== undefined) return verb;
  const near = suggest(written, verbs);
  throw new InvalidArgumentError(
    near === undefined ? `one of ${verbs.join(', ')}` : `did you mean ${near}?`,
  );
}

function madeText({ login, secret, use, renewed }: NtIssued): string {
  const ended = renewed ? '  (the one before has ended)' : '';
  return `${table([
    ['for', `${forWhat[use]}${ended}`],
    ['user name', login],
    ['secret', `${secret}    shown once`],
  ])}`;
}

function listText({ dn, secrets }: NtList): string {
  if (secrets.length === 0) return `${dn} has no secrets for Wi-Fi or file servers\n`;
  const rows = secrets.map(({ login, use, made }) => [
    login,
    forWhat[use],
    `since ${made.slice(0, 10)}`,
  ]);
  return `${dn}\n${table(rows, '  ')}`;
}

function goneText({ login, use, device }: NtRevoked): string {
  const what = device === undefined ? `the secret of ${login}` : `the device ${login}`;
  return `${what} (${forWhat[use]}) opens nothing any more\n`;
}
