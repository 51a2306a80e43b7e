/** `tenure admin recover`: a new password for who owns the folder. */
import type { Command } from 'commander';
import { command, type Flags } from '../about.js';
import { type Run, show } from '../command.js';
import { withActions } from '../reach.js';

/** Adds the command to `parent`. */
export function addAdmin(parent: Command, run: Run): void {
  const admin = parent.command('admin').description('the administrator of the directory');
  const description = 'a new one-time password for the administrator; earlier ones end';
  command(admin, run, 'recover', description).action(async (flags: Flags) => {
    const result = await withActions(run.host, flags.data, (actions) =>
      actions.recoverAdministrator(),
    );
    await show(run, flags, result, () => {
      return `administrator: ${result.dn}\npassword: ${result.password}\n`;
    });
  });
}
