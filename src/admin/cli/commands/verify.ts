/** `tenure verify`: the whole database checked. */
import type { Command } from 'commander';
import type { VerifyReport } from '../../engine.js';
import { command, type Flags, withProgress } from '../about.js';
import { endWith, type Run, show } from '../command.js';
import { counted } from '../render.js';

/** Adds the command to `parent`. */
export function addVerify(parent: Command, run: Run): void {
  const description = 'check the whole database and its chained change log';
  command(parent, run, 'verify', description).action(async (flags: Flags) => {
    const report = await withProgress(run, flags, (actions, onProgress) =>
      actions.verify(onProgress),
    );
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
