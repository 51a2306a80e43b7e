/** The tree of commands. */
import { Command } from 'commander';
import type { Run } from './command.js';
import { addAccess } from './commands/access.js';
import { addAdmin } from './commands/admin.js';
import { addAudit } from './commands/audit.js';
import { addBrownouts } from './commands/brownouts.js';
import { addCases } from './commands/cases.js';
import { addDoctor } from './commands/doctor.js';
import { addAppPassword, addFirstPassword } from './commands/generated.js';
import { addGroups } from './commands/groups.js';
import { addIndex } from './commands/index-attributes.js';
import { addInit } from './commands/init.js';
import { addKeys } from './commands/keys.js';
import { addExport, addImport } from './commands/ldif.js';
import { addLogins } from './commands/logins.js';
import { addMachines } from './commands/machines.js';
import { addPeople } from './commands/people.js';
import { addPolicy } from './commands/policy.js';
import { addProve } from './commands/prove.js';
import { addRuns } from './commands/runs.js';
import { addSecrets } from './commands/secrets.js';
import { addPlayground, addServe } from './commands/serve.js';
import { addClock, addStop } from './commands/server.js';
import { addServices } from './commands/services.js';
import { addStatus } from './commands/status.js';
import { addTotp } from './commands/totp.js';
import { addVerify } from './commands/verify.js';
import { addWatch } from './commands/watch.js';
import { addWhy } from './commands/why.js';
import { addWifi } from './commands/wifi.js';
import { exitCodeTable } from './exit-codes.js';

export interface ProgramOutput {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
}

/** The whole command line; parsing throws CommanderError where it would otherwise exit. */
export function buildProgram(run: Run, { out, err }: ProgramOutput): Command {
  const { host } = run;
  const program = new Command('tenure')
    .description('An LDAP directory that knows who still works here.')
    .version(host.version, '-V, --version', 'print the version')
    .exitOverride()
    .configureOutput({
      writeOut: out,
      writeErr: err,
      outputError: (text, write) => write(text.replace(/^error: /, 'tenure: ')),
      getOutHelpWidth: () => host.stdout.columns ?? 80,
      getErrHelpWidth: () => host.stderr.columns ?? 80,
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    })
    .helpCommand('help [command]', 'say more about a command')
    .addHelpText('after', `\n${exitCodeTable()}`);
  addPlayground(program, run);
  addInit(program, run);
  addServe(program, run);
  addStatus(program, run);
  addStop(program, run);
  addImport(program, run);
  addExport(program, run);
  addVerify(program, run);
  addDoctor(program, run);
  addPeople(program, run);
  addRuns(program, run);
  addGroups(program, run);
  addBrownouts(program, run);
  addServices(program, run);
  addCases(program, run);
  addMachines(program, run);
  addPolicy(program, run);
  addProve(program, run);
  addAccess(program, run);
  addWatch(program, run);
  addAudit(program, run);
  addKeys(program, run);
  addLogins(program, run);
  addWhy(program, run);
  addWifi(program, run);
  addIndex(program, run);
  addAdmin(program, run);
  addTotp(program, run);
  addAppPassword(program, run);
  addFirstPassword(program, run);
  addSecrets(program, run);
  addClock(program, run);
  return program;
}
