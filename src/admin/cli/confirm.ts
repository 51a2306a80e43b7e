/** The question before something that closes a door: the preview, then y or N. */
import { AdminError } from '../errors.js';
import type { JsonFlag, Run } from './command.js';

export interface YesFlag {
  readonly yes?: true;
}

/**
 * Looks at what would be done, prints that, and asks. Resolves with whether to go on; where the
 * answer is no, that is said. Whoever says --yes has been asked, and nothing is looked at.
 * @throws AdminError usage where nobody is there to answer
 */
export async function confirmed<T>(
  { host }: Run,
  { yes, json }: YesFlag & JsonFlag,
  look: () => Promise<T>,
  text: (found: T) => string,
): Promise<boolean> {
  if (yes === true) return true;
  if (json === true) {
    throw new AdminError('usage', '--json asks nobody; say --yes to go on without a question');
  }
  const found = await look();
  await host.writeOut(`${text(found)}  Do this? [y/N] `);
  const typed = await host.readLine();
  if (typed === undefined) {
    await host.writeOut('\n');
    throw new AdminError(
      'usage',
      'nobody is there to answer; say --yes to go on without a question',
    );
  }
  const agreed = /^\s*y(es)?\s*$/i.test(typed);
  if (!agreed) await host.writeOut('  nothing was done\n');
  return agreed;
}
