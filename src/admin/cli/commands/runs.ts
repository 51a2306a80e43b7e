/** `tenure plan`, `run`, `runs`, `undo`, `decide`, `outbox`: what the policy does, and taking it back. */
import type { Command } from 'commander';
import { AdminError } from '../../errors.js';
import type { DecideAsk, PlanResult } from '../../runs.js';
import { answer, becauseOption, command, type Flags } from '../about.js';
import { asMovesOption, expectOption, type Run, show, wholeNumber } from '../command.js';
import { confirmed, type YesFlag } from '../confirm.js';
import { textIn } from '../input-file.js';
import { withActions } from '../reach.js';
import {
  decidedText,
  decisionsText,
  outboxText,
  planText,
  runsText,
  runText,
  undoText,
} from '../runs-text.js';
import { signIn } from '../sign-in.js';

interface PlanFlags extends Flags {
  readonly until?: string;
  readonly ldif?: true;
}

interface RunFlags extends Flags, YesFlag {
  readonly expect?: number;
  readonly plan?: string;
  readonly asMoves?: true;
}

interface UndoFlags extends Flags, YesFlag {
  readonly because: string;
  readonly preview?: true;
}

interface DecideFlags extends Flags {
  readonly as?: string;
  readonly because: string;
}

interface ListFlags extends Flags {
  readonly last: number;
}

interface OutboxFlags extends Flags {
  readonly after: number;
}

const LIST_MAX = 1_000;

/** Adds them to `parent`. */
export function addRuns(parent: Command, run: Run): void {
  addPlan(parent, run);
  addRun(parent, run);
  addUndo(parent, run);
  addDecide(parent, run);
  command(parent, run, 'runs', 'what was done together, and can be undone together')
    .option('--last <n>', 'how many', wholeNumber, 20)
    .action(async (flags: ListFlags) => {
      const limit = Math.max(1, flags.last);
      await answer(run, flags, ({ runs }) => runs.list({ limit }), runsText);
    });
  command(parent, run, 'outbox', 'messages: what was told, and what waits to be')
    .option('--after <id>', 'only what came behind that one', wholeNumber, 0)
    .action(async ({ after, ...flags }: OutboxFlags) => {
      await answer(run, flags, ({ runs }) => runs.outbox({ after, limit: LIST_MAX }), outboxText);
    });
}

function addPlan(parent: Command, run: Run): void {
  command(parent, run, 'plan', 'what the policy would do, to whom, when and why; does nothing')
    .option('--until <when>', 'such as "in 30 days" or 2026-11-30; without it: what is due now')
    .option('--ldif', 'what would be written, as LDIF')
    .action(async (flags: PlanFlags) => {
      const { until } = flags;
      const ask = { ...(until !== undefined && { until }), ldif: flags.ldif === true };
      const plan = await withActions(run.host, flags.data, ({ runs }) => runs.plan(ask));
      await show(run, flags, plan, () => (flags.ldif === true ? plan.ldif : planText(plan)));
    });
}

function addRun(parent: Command, run: Run): void {
  command(parent, run, 'run', 'do now what is due; the server does it by itself')
    .addOption(expectOption())
    .addOption(asMovesOption())
    .option('--plan <file>', 'what "tenure plan --json" wrote: those steps, and no other')
    .option('--yes', 'without a question')
    .action(async (flags: RunFlags) => {
      const reviewed = flags.plan === undefined ? undefined : await stepsIn(run, flags.plan);
      await withActions(run.host, flags.data, async ({ runs }) => {
        if (!(await confirmed(run, flags, () => runs.plan({}), planText))) return;
        const { expect, asMoves } = flags;
        const by = run.host.user;
        const done = await runs.run({
          by,
          ...(asMoves === true && { asMoves }),
          ...(expect !== undefined && { expect }),
          ...(reviewed !== undefined && { reviewed }),
        });
        await show(run, flags, done, () => runText(done));
      });
    });
}

/** @throws AdminError input */
async function stepsIn({ host }: Run, file: string): Promise<readonly string[]> {
  const text = await textIn(host, file);
  try {
    const { now, steps } = JSON.parse(text) as PlanResult;
    return steps.filter(({ writes, at }) => writes && at <= now).map(({ name }) => name);
  } catch (error) {
    throw new AdminError('input', `${file} is no plan as JSON: ${(error as Error).message}`);
  }
}

function addUndo(parent: Command, run: Run): void {
  becauseOption(command(parent, run, 'undo', 'take back what a run did, as far as it goes'))
    .argument('<run>', 'its number', wholeNumber)
    .option('--preview', 'say what it would do, and do nothing')
    .option('--yes', 'without a question')
    .action(async (number: number, flags: UndoFlags) => {
      const ask = { run: number, by: run.host.user, because: flags.because };
      await withActions(run.host, flags.data, async ({ runs }) => {
        const look = () => runs.undo({ ...ask, rehearse: true });
        if (flags.preview === true) {
          const preview = await look();
          await show(run, flags, preview, () => undoText(preview));
          return;
        }
        if (!(await confirmed(run, flags, look, undoText))) return;
        const done = await runs.undo({ ...ask, rehearse: false });
        await show(run, flags, done, () => undoText(done));
      });
    });
}

function addDecide(parent: Command, run: Run): void {
  becauseOption(command(parent, run, 'decide', 'what waits for an answer, and answering it'))
    .argument('[number]', 'of the decision; without one, all that wait', wholeNumber)
    .argument('[answer]', 'yes or no; done or no for what is done by hand')
    .option(
      '--as <login>',
      'answer as somebody of the directory; asks for their password, or reads it from a pipe',
    )
    .action(async (id: number | undefined, said: string | undefined, flags: DecideFlags) => {
      if (id === undefined) {
        await answer(run, flags, ({ runs }) => runs.decisions({}), decisionsText);
        return;
      }
      if (said === undefined || !['yes', 'no', 'done'].includes(said)) {
        throw new AdminError('usage', `say yes, no or done: tenure decide ${id} yes`);
      }
      const as = flags.as === undefined ? undefined : await signIn(run, flags.as);
      const ask: DecideAsk = {
        id,
        answer: said as DecideAsk['answer'],
        by: run.host.user,
        because: flags.because,
        ...(as !== undefined && { as }),
      };
      await answer(run, flags, ({ runs }) => runs.decide(ask), decidedText);
    });
}
