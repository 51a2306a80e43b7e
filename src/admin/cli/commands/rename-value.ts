/** `tenure rename value`: a reorganisation in one step: people and the policy's rules together. */
import type { Command } from 'commander';
import type { ValueRenamed } from '../../policy.js';
import { becauseOption, command, type Flags } from '../about.js';
import { type Run, show } from '../command.js';
import { confirmed, type YesFlag } from '../confirm.js';
import { withActions } from '../reach.js';

interface ValueFlags extends Flags, YesFlag {
  readonly because: string;
  readonly plan?: true;
  readonly preview?: true;
}

/** Adds `value` to the command `rename`. */
export function addRenameValue(rename: Command, run: Run): void {
  becauseOption(
    command(rename, run, 'value', 'another name for a value, at everybody and in the policy'),
  )
    .argument('<attribute>', 'an attribute, or a word of the policy such as department')
    .argument('<old>', 'the value as it is')
    .argument('<new>', 'the value as it shall be')
    .option('--plan', 'say what would be done, and do nothing')
    .option('--yes', 'without a question')
    // `rename` has options of the same names, and takes them for its own wherever they stand.
    .action((attribute: string, from: string, to: string, _flags: object, value: Command) =>
      renameValue({ attribute, from, to }, value.optsWithGlobals<ValueFlags>(), run),
    );
}

type Named = Readonly<Record<'attribute' | 'from' | 'to', string>>;

async function renameValue(named: Named, flags: ValueFlags, run: Run): Promise<void> {
  await withActions(run.host, flags.data, async ({ policy }) => {
    const asked = { ...named, by: run.host.user, because: flags.because };
    const look = () => policy.renameValue({ ...asked, rehearse: true });
    const text = (renamed: ValueRenamed) => valueText(renamed, named);
    if (flags.plan === true || flags.preview === true) {
      const planned = await look();
      await show(run, flags, planned, () => text(planned));
      return;
    }
    if (!(await confirmed(run, flags, look, text))) return;
    const done = await policy.renameValue({ ...asked, rehearse: false });
    await show(run, flags, done, () => text(done));
  });
}

function valueText({ attribute, people, lines, run }: ValueRenamed, { from, to }: Named): string {
  const { count, names } = people;
  const some = count === 0 ? '' : ` (${names.join(', ')}${count > names.length ? ', …' : ''})`;
  const who = `${count === 1 ? 'one entry' : `${count} entries`}${some}`;
  const where =
    lines.length === 0
      ? 'the policy does not speak of it'
      : `the policy, line${lines.length === 1 ? '' : 's'} ${lines.join(', ')}`;
  const end = run === 0 ? '' : `  to take it back: tenure undo ${run}\n`;
  return `  ${attribute}: ${from} → ${to}\n  ${who}\n  ${where}; groups stay as they are\n${end}`;
}
