/**
 * Commands about somebody or something by name: what they share is written once. `tenure VERB NAME`
 * with --data and --json asks the actions, and prints the answer or the JSON of it.
 */
import { Argument, type Command, InvalidArgumentError, Option } from 'commander';
import { suggest } from '../../runtime/suggest.js';
import type { Actions } from '../actions/index.js';
import type { OnProgress } from '../engine.js';
import { type DataFlag, dataOption, type JsonFlag, jsonOption, type Run, show } from './command.js';
import { progressBar } from './progress.js';
import { withActions } from './reach.js';

export type Flags = DataFlag & JsonFlag;

export const NAME = 'login, mail address, full name, or distinguished name';

/** A command with --data and --json. */
export function command(parent: Command, run: Run, verb: string, description: string): Command {
  return jsonOption(dataOption(parent.command(verb).description(description), run));
}

/** The same about a name, which is its first argument. */
export function about(parent: Command, run: Run, verb: string, description: string): Command {
  return command(parent, run, verb, description).argument('<name>', NAME);
}

/** Adds `--because`, for verbs that go into the change log. */
export function becauseOption(to: Command): Command {
  return to.addOption(new Option('--because <words>', 'why, for the change log').default('', ''));
}

/** The argument `[verb]`: one of these, the first where none is said; a slip is told what it is near to. */
export function verbArgument(verbs: readonly [string, ...string[]]): Argument {
  return new Argument('[verb]', verbs.join(', ')).default(verbs[0]).argParser((written) => {
    if (verbs.includes(written)) return written;
    const near = suggest(written, verbs);
    throw new InvalidArgumentError(
      near === undefined ? `one of ${verbs.join(', ')}` : `did you mean ${near}?`,
    );
  });
}

/** Long work, with a bar on a terminal while it lasts. */
export async function withProgress<T>(
  { host }: Run,
  flags: Flags,
  work: (actions: Actions, onProgress: OnProgress) => Promise<T>,
): Promise<T> {
  const bar = progressBar(host.stderr, host.clock, flags.json === true);
  return withActions(host, flags.data, (actions) => work(actions, bar.onProgress)).finally(bar.end);
}

/** Asks, and prints what the answer says. */
export async function answer<T>(
  run: Run,
  flags: Flags,
  ask: (actions: Actions) => Promise<T>,
  text: (result: T) => string,
): Promise<T> {
  const result = await withActions(run.host, flags.data, ask);
  await show(run, flags, result, () => text(result));
  return result;
}
