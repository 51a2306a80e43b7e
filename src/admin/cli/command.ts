/** What all commands share: --data, --json, and how an action's end becomes output and exit code. */
import { resolve } from 'node:path';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { parseAddress } from '../../runtime/address.js';
import { listenOff } from '../../runtime/config.js';
import { type ExitCode, exitCodes } from './exit-codes.js';
import type { CliHost } from './host.js';

/** The state of one run of the command line. */
export interface Run {
  readonly host: CliHost;
  /** What the process shall exit with. */
  exitCode: ExitCode;
}

export interface DataFlag {
  readonly data: string;
}

export interface JsonFlag {
  readonly json?: true;
}

/** Adds `--data DIR`, made absolute. */
export function dataOption(command: Command, { host }: Run): Command {
  const option = new Option('--data <dir>', 'folder of the directory')
    .default(resolve(host.workingDir, 'data'), './data')
    .argParser((dir) => resolve(host.workingDir, dir));
  return command.addOption(option);
}

/** Adds `--json`. */
export function jsonOption(command: Command): Command {
  return command.option('--json', 'print the result as one JSON object, errors too');
}

/** `--expect N`: a number of people that guards let pass, and no other. */
export function expectOption(): Option {
  const option = new Option('--expect <n>', 'exactly so many people are closed by it');
  return option.argParser((text) => {
    if (/^\d{1,7}$/.test(text)) return Number(text);
    throw new InvalidArgumentError('write a number of people');
  });
}

/** The number that an option or argument stands for. */
export function wholeNumber(text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('write a number');
}

/** `--as-moves`: many who go the same way move; nothing has only a new name. */
export function asMovesOption(): Option {
  return new Option('--as-moves', 'many who go from one value to the same other really move');
}

/** Adds `--ldap`, `--ldaps`, `--config` and `--test-clock`. */
export function serveOptions(command: Command): Command {
  return command
    .addOption(listenOption('--ldap <host:port>', 'listen for LDAP with StartTLS here, or "off"'))
    .addOption(listenOption('--ldaps <host:port>', 'listen for LDAP over TLS here, or "off"'))
    .option('--config <file>', 'settings to use instead of DIR/config.yaml')
    .option('--test-clock', 'a clock that `tenure clock` may move; playgrounds only');
}

function listenOption(flags: string, description: string): Option {
  return new Option(flags, description).argParser((text) => {
    const parsed = parseAddress(text);
    if (text !== listenOff && !parsed.ok) throw new InvalidArgumentError(parsed.reason);
    return text;
  });
}

/** Prints `result` as JSON or as `text`. */
export async function show(
  { host }: Run,
  { json }: JsonFlag,
  result: unknown,
  text: () => string,
): Promise<void> {
  await host.writeOut(json === true ? `${JSON.stringify(result)}\n` : text());
}

/** Ends the run with `code` unless a worse one is set already. */
export function endWith(run: Run, kind: keyof typeof exitCodes): void {
  run.exitCode = exitCodes[kind];
}
