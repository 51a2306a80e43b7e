/** `tenure secrets status|rotate|reset`: the keys of what is stored sealed. */
import type { Command } from 'commander';
import { AdminError } from '../../errors.js';
import type { SecretsReset, SecretsRotated, SecretsStatus } from '../../secrets.js';
import { answer, command, type Flags, withProgress } from '../about.js';
import { type Run, show } from '../command.js';
import { counted, table } from '../render.js';

/** Adds the commands to `parent`. */
export function addSecrets(parent: Command, run: Run): void {
  const secrets = parent
    .command('secrets')
    .description('the keys of what is stored sealed: seeds of codes, NT hashes, tokens');

  command(secrets, run, 'status', 'which keys there are, and what they seal').action(
    async (flags: Flags) => {
      await answer(run, flags, (actions) => actions.secretsStatus(), statusText);
    },
  );

  const anew = 'a new key: everything is sealed anew, then the old key leaves the file';
  command(secrets, run, 'rotate', anew).action(async (flags: Flags) => {
    const result = await withProgress(run, flags, (actions, onProgress) =>
      actions.rotateSecrets(onProgress),
    );
    await show(run, flags, result, () => rotatedText(result));
  });

  const lost = 'for a key file that is lost: removes what cannot be opened, makes a new file';
  command(secrets, run, 'reset', lost)
    .option('--yes', 'what cannot be opened is removed for good: yes')
    .action(async (flags: Flags & { readonly yes?: true }) => {
      if (flags.yes !== true) {
        throw new AdminError(
          'usage',
          'secrets reset removes every seed, NT hash and token that the key file does not open; ' +
            'if no copy of the file is left, say --yes',
        );
      }
      await answer(run, flags, (actions) => actions.resetSecrets(), resetText);
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
