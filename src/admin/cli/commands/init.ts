/** `tenure init`: a new directory. */
import type { Command } from 'commander';
import { type InitResult, initDirectory } from '../../actions/index.js';
import { AdminError } from '../../errors.js';
import { command, type Flags } from '../about.js';
import { type Run, show } from '../command.js';
import type { CliHost } from '../host.js';
import { textIn } from '../input-file.js';

interface InitFlags extends Flags {
  readonly suffix: string;
  readonly adminPasswordFile?: string;
  readonly sample?: true;
}

/** Adds the command to `parent`. */
export function addInit(parent: Command, run: Run): void {
  const init = command(parent, run, 'init', 'make a new directory; never overwrites one')
    .requiredOption('--suffix <dn>', 'name of the tree, such as dc=example,dc=com')
    .option('--admin-password-file <file>', 'take the password from FILE, or "-" (standard input)')
    .option('--sample', 'add a sample company to explore (a playground)');
  init.action(async (flags: InitFlags) => {
    const result = await initDirectory(
      {
        dataDir: flags.data,
        suffix: flags.suffix,
        adminPassword: await adminPassword(run.host, flags.adminPasswordFile),
        sample: flags.sample === true,
      },
      { ...run.host, log: run.host.makeLog('warn') },
    );
    await show(run, flags, result, () => text(result, flags.data));
  });
}

async function adminPassword(host: CliHost, file: string | undefined): Promise<string | undefined> {
  if (file === undefined) return undefined;
  const written = await textIn(host, file);
  const password = written.replace(/\r?\n$/, '');
  if (password === '') throw new AdminError('input', `${file}: the password is empty`);
  if (/[\r\n]/.test(password)) throw new AdminError('input', `${file}: holds more than one line`);
  return password;
}

function text(result: InitResult, dataDir: string): string {
  const password =
    result.password === undefined
      ? ''
      : `password: ${result.password}\n(shown once; lost? tenure admin recover --data ${dataDir})\n`;
  return `made ${result.suffix} in ${result.data}
administrator: ${result.administrator}
${password}settings: ${result.config}
clients trust: ${result.ca}
serve it: tenure serve --data ${dataDir}
`;
}
