/** The question before something that closes a door: the preview, then y or N. */
import { AdminError } from '../errors.js';
import type { JsonFlag, Run } from './command.js';

export interface YesFlag {
  readonly yes?: true;
}

/**
 * Prints the preview and asks. Resolves with whether to go on; whoever says --yes has been asked.
 * @throws AdminError usage where nobody is there to answer
 */
export async function confirmed(
  { host }: Run,
  { yes, json }: YesFlag & JsonFlag,
  preview: () => string,
): Promise<boolean> {
  if (yes === true) return true;
  if (json === true) {
    throw new AdminError('usage', '--json asks nobody; say --yes, or --preview to look only');
  }
  await host.writeOut(`${preview()}  Do this? [y/N] `);
  const typed = await host.readLine();
  if (typed === undefined) {
    await host.writeOut('\n');
    throw new AdminError(
      'usage',
      'nobody is there to answer; say --yes to go on without a question',
    );
  }
  return /^\s*y(es)?\s*$/i.test(typed);
}
