/** `tenure verify`: the whole database checked. */
import type { Command } from 'commander';
import type { VerifyReport } from '../../engine.js';
import {
  type DataFlag,
  dataOption,
  endWith,
  type JsonFlag,
  jsonOption,
  type Run,
  show,
} from '../command.js';
import { progressBar } from '../progress.js';
import { withActions } from '../reach.js';
import { counted } from '../render.js';

/** Adds the command to `parent`. */
export function addVerify(parent: Command, run: Run): void {
  const command = parent
    .command('verify')
    .description('check the whole database and its chained change log');
  jsonOption(dataOption(command, run)).action(async (flags: DataFlag & JsonFlag) => {
    const { host } = run;
    const bar = progressBar(host.stderr, host.clock, flags.json === true);
    const report = await withActions(host, flags.data, (actions) =>
      actions.verify(bar.onProgress),
    ).finally(bar.end);
    if (!report.ok) endWith(run, 'damaged');
    await show(run, flags, report, () => text(report));
  });
}

function text({ ok, problems, entries, changes, head }: VerifyReport): string {
  const seen = `${counted(entries, 'entry', 'entries')}, ${counted(changes, 'change')}`;
  if (ok) return `whole: ${seen}, log head ${head}\n`;
  const list = problems.map((problem) => `  ${problem}\n`).join('');
  return `damaged: ${counted(problems.length, 'problem')} in ${seen}\n${list}`;
}
