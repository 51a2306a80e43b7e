/** One run of the command line: arguments in, output and an exit code out. Never ends the process. */
import { CommanderError } from 'commander';
import { AdminError, asAdminError, failureJson } from '../errors.js';
import type { Run } from './command.js';
import { type ExitCode, exitCodes } from './exit-codes.js';
import type { CliHost } from './host.js';
import { buildProgram } from './program.js';

/** Runs `args` (without node and script). Resolves with the exit code; never rejects. */
export async function runCli(args: readonly string[], host: CliHost): Promise<ExitCode> {
  const json = args.includes('--json');
  const run: Run = { host, exitCode: exitCodes.ok };
  let complaints = '';
  const program = buildProgram(run, {
    out: (text) => host.stdout.write(text),
    err: (text) => {
      complaints += text;
    },
  });
  try {
    await program.parseAsync(args, { from: 'user' });
    return run.exitCode;
  } catch (error) {
    if (error instanceof CommanderError) {
      if (error.exitCode === 0) return exitCodes.ok;
      const message = complaints.trimEnd();
      if (json) tell(host, new AdminError('usage', message.replace(/^tenure: /, '')), true);
      else host.stderr.write(`${message}\n`);
      return exitCodes.usage;
    }
    const failure = asAdminError(error);
    tell(host, failure, json);
    return exitCodes[failure.kind];
  }
}

function tell(host: CliHost, failure: AdminError, json: boolean): void {
  if (json) {
    host.stderr.write(`${JSON.stringify({ error: failureJson(failure) })}\n`);
    return;
  }
  host.stderr.write(`tenure: ${failure.message}\n`);
  if (failure.kind !== 'failed' || !(failure.cause instanceof Error)) return;
  // A defect: the stack is what a report needs.
  host.stderr.write(`${failure.cause.stack ?? ''}\n`);
}
