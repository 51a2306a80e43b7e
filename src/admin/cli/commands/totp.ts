/** `tenure totp enrol|confirm|status|recovery|disable NAME`: second factors. */
import { type Command, Option } from 'commander';
import { renderUnicodeCompact } from 'uqr';
import { AdminError } from '../../errors.js';
import type { Enrolment, FactorStatus, RecoveryCodes } from '../../factors.js';
import { about, answer, type Flags } from '../about.js';
import type { Run } from '../command.js';

/** Adds the commands to `parent`. */
export function addTotp(parent: Command, run: Run): void {
  const totp = parent.command('totp').description('second factors: codes beside the password');
  addEnrol(totp, run);

  const confirm = about(totp, run, 'confirm', 'a first code shows that the device has the secret');
  confirm
    .argument('<code>', 'what the device shows')
    .action(async (name: string, code: string, flags: Flags) => {
      const by = run.host.user;
      await answer(
        run,
        flags,
        (actions) => actions.factors.confirm({ name, code, by }),
        statusText,
      );
    });

  about(totp, run, 'status', 'whether somebody has one').action(
    async (name: string, flags: Flags) => {
      await answer(run, flags, (actions) => actions.factors.status({ name }), statusText);
    },
  );

  about(totp, run, 'recovery', 'new recovery codes; those of before end').action(
    async (name: string, flags: Flags) => {
      const by = run.host.user;
      await answer(
        run,
        flags,
        (actions) => actions.factors.renewRecoveryCodes({ name, by }),
        (result) => `${result.dn}\n${codesText(result)}`,
      );
    },
  );

  about(totp, run, 'disable', 'end it, with its recovery codes').action(
    async (name: string, flags: Flags) => {
      const by = run.host.user;
      await answer(run, flags, (actions) => actions.factors.disable({ name, by }), statusText);
    },
  );
}

function addEnrol(parent: Command, run: Run): void {
  const enrol = about(parent, run, 'enrol', 'a new secret for a device, to be confirmed by a code')
    .option('--hotp', 'codes that count instead of codes that follow the time')
    .option('--replace', 'in place of the factor that is there')
    .addOption(
      new Option('--secret-stdin', 'the device has a secret of its own; read it (base32)'),
    );
  enrol.action(
    async (
      name: string,
      flags: Flags & { hotp?: true; replace?: true; secretStdin?: true },
    ): Promise<void> => {
      const { host } = run;
      const secret = flags.secretStdin === true ? (await host.readIn()).trim() : undefined;
      if (secret === '') throw new AdminError('usage', 'standard input holds no secret');
      await answer(
        run,
        flags,
        (actions) =>
          actions.factors.enrol({
            name,
            by: host.user,
            type: flags.hotp === true ? 'hotp' : 'totp',
            secret,
            replace: flags.replace === true,
          }),
        (result) => enrolText(result, name),
      );
    },
  );
}

function enrolText(result: Enrolment, name: string): string {
  return [
    renderUnicodeCompact(result.uri),
    '',
    `secret  ${result.secret}`,
    `uri     ${result.uri}`,
    '',
    codesText(result).trimEnd(),
    '',
    `${result.dn} logs in with password and code in one, such as secret123456.`,
    `Confirm the first code: tenure totp confirm ${name} CODE, or log in with one.`,
    'Until then the password alone opens. None of this is shown again.',
    '',
  ].join('\n');
}

function codesText({ recoveryCodes }: Pick<RecoveryCodes, 'recoveryCodes'>): string {
  const list = recoveryCodes.map((code) => `  ${code}\n`).join('');
  return `recovery codes, each good once in place of a code:\n${list}`;
}

function statusText({ dn, state, type, enrolled, recoveryCodesLeft }: FactorStatus): string {
  if (state === 'none') return `${dn} has no second factor\n`;
  const since = enrolled === undefined ? '' : ` since ${enrolled}`;
  const waits = state === 'pending' ? ', waiting for its first code' : '';
  return `${dn} has ${type}${since}${waits}; ${recoveryCodesLeft} recovery codes left\n`;
}
