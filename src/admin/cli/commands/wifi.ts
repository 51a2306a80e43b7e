/** `tenure wifi NAME`: secrets for Wi-Fi and file servers, of people and of their devices. */
import { type Command, Option } from 'commander';
import { AdminError } from '../../errors.js';
import type { NtIssued, NtList, NtRevoked, NtUse } from '../../wifi.js';
import { about, answer, type Flags, verbArgument } from '../about.js';
import type { Run } from '../command.js';
import { table } from '../render.js';

interface WifiFlags extends Flags {
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
  const description = 'a secret for Wi-Fi or file servers, shown once; list them, revoke one';
  const wifi = about(parent, run, 'wifi', description)
    .addArgument(verbArgument(verbs))
    .option('--device <word>', 'for one device, which logs in as NAME+WORD')
    .addOption(
      new Option('--for <servers>', 'who checks it').choices(['wifi', 'files']).default('wifi'),
    )
    .option('--renew', 'replace the secret that is there');
  wifi.action(async (name: string, verb: Verb, flags: WifiFlags) => {
    const { user: by } = run.host;
    const { device, for: use, renew } = flags;
    if (renew === true && verb !== 'new') throw new AdminError('usage', '--renew goes with new');
    const target = { name, device, use, by };
    if (verb === 'list') {
      if (device !== undefined) throw new AdminError('usage', 'list shows all devices');
      await answer(run, flags, (actions) => actions.listWifi({ name }), listText);
    } else if (verb === 'revoke') {
      await answer(run, flags, (actions) => actions.revokeWifi(target), goneText);
    } else {
      const issue = { ...target, renew: renew === true };
      await answer(run, flags, (actions) => actions.issueWifi(issue), madeText);
    }
  });
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
