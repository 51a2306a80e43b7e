/**
 * Commands about somebody or something by name: what they share is written once. `tenure VERB NAME`
 * with --data and --json asks the actions, and prints the answer or the JSON of it.
 */
import { type Command, Option } from 'commander';
import type { Actions } from '../actions/index.js';
import { type DataFlag, dataOption, type JsonFlag, jsonOption, type Run, show } from './command.js';
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
