/** `tenure secrets status|rotate|reset`: the keys of what is stored sealed. */
import type { Command } from 'commander';
import { AdminError } from '../../errors.js';
import type { SecretsReset, SecretsRotated, SecretsStatus } from '../../secrets.js';
import {
  type DataFlag,
  dataOption,
  type JsonFlag,
  jsonOption,
  type Run,
  show,
} from '../command.js';
import { progressBar } from '../progress.js';
import { withActions } from '../reach.js';
import { counted, table } from '../render.js';

type Flags = DataFlag & JsonFlag;

/** Adds the commands to `parent`. */
export function addSecrets(parent: Command, run: Run): void {
  const secrets = parent
    .command('secrets')
    .description('the keys of what is stored sealed: seeds of codes, NT hashes, tokens');

  const status = secrets.command('status').description('which keys there are, and what they seal');
  jsonOption(dataOption(status, run)).action(async (flags: Flags) => {
    const result = await withActions(run.host, flags.data, (actions) => actions.secretsStatus());
    await show(run, flags, result, () => statusText(result));
  });

  const rotate = secrets
    .command('rotate')
    .description('a new key: everything is sealed anew, then the old key leaves the file');
  jsonOption(dataOption(rotate, run)).action(async (flags: Flags) => {
    const { host } = run;
    const bar = progressBar(host.stderr, host.clock, flags.json === true);
    const result = await withActions(host, flags.data, (actions) =>
      actions.rotateSecrets(bar.onProgress),
    ).finally(bar.end);
    await show(run, flags, result, () => rotatedText(result));
  });

  const reset = secrets
    .command('reset')
    .description('for a key file that is lost: removes what cannot be opened, makes a new file')
    .option('--yes', 'what cannot be opened is removed for good: yes');
  jsonOption(dataOption(reset, run)).action(async (flags: Flags & { readonly yes?: true }) => {
    if (flags.yes !== true) {
      throw new AdminError(
        'usage',
        'secrets reset removes every seed, NT hash and token that the key file does not open; ' +
          'if no copy of the file is left, say --yes',
      );
    }
    const result = await withActions(run.host, flags.data, (actions) => actions.resetSecrets());
    await show(run, flags, result, () => resetText(result));
  });
}

function statusText({ keyFile, keys, sealed }: SecretsStatus): string {
  const rows = [
    ['key file', keyFile],
    ['keys', keys.map((id, i) => (i === keys.length - 1 ? `${id} (seals)` : id)).join(', ')],
    ...sealed.map(({ kind, secrets, owners }) => [
      kind,
      `${counted(secrets, 'value')} of ${counted(owners, 'entry', 'entries')}`,
    ]),
  ];
  const unfinished =
    keys.length > 1 ? 'a change of key was cut off; tenure secrets rotate finishes it\n' : '';
  return `${table(rows)}${unfinished}`;
}

function rotatedText({ key, resealed, resumed }: SecretsRotated): string {
  const how = resumed ? 'an earlier change of key was finished' : 'there is a new key';
  return `${how}: ${key}; ${counted(resealed, 'value')} sealed anew\ncopy the key file again\n`;
}

function resetText({ key, removed, owners }: SecretsReset): string {
  const gone = `${counted(removed, 'value')} of ${counted(owners, 'entry', 'entries')}`;
  return `removed ${gone}; the new key is ${key}\ncopy the key file\n`;
}
