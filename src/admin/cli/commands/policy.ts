/** `tenure policy`: read, check, diff, install, show, history; the schema for editors; examples. */
import { type Command, InvalidArgumentError, Option } from 'commander';
import { builtIn, companyOf20, companyOf300 } from '../../../policy/examples/index.js';
import { AdminError } from '../../errors.js';
import { answer, becauseOption, command, type Flags } from '../about.js';
import { endWith, expectOption, type Run, show } from '../command.js';
import { confirmed, type YesFlag } from '../confirm.js';
import { parseDuration } from '../duration.js';
import { textIn } from '../input-file.js';
import { checkText, historyText, installedText, pageText, previewText } from '../policy-text.js';
import { withActions } from '../reach.js';
import { backtestText } from '../runs-text.js';

const FILE = 'a policy, such as policy.yaml, or - for standard input';

/** Adds `policy` to `parent`. */
export function addPolicy(parent: Command, run: Run): void {
  const policy = parent
    .command('policy')
    .description('what happens to whom, and when: read, check, install')
    .helpCommand('help [command]', 'say more about a command');
  addRead(policy, run);
  addCheck(policy, run);
  addDiff(policy, run);
  addInstall(policy, run);
  addShow(policy, run);
  addHistory(policy, run);
  addSchema(policy, run);
  addExample(policy, run);
  addBacktest(policy, run);
}

function addRead(policy: Command, run: Run): void {
  command(policy, run, 'read', 'the policy as a page that can be read aloud and signed')
    .argument('[file]', `${FILE}; without one the policy in force`)
    .action(async (file: string | undefined, flags: Flags) => {
      const text = file === undefined ? undefined : await textIn(run.host, file);
      const page = await withActions(run.host, flags.data, ({ policy: asked }) =>
        asked.read(text === undefined ? {} : { text }),
      );
      await show(run, flags, page, () => pageText(page));
    });
}

function addCheck(policy: Command, run: Run): void {
  command(policy, run, 'check', 'every mistake with its place; who can put whom into which role')
    .argument('<file>', FILE)
    .action(async (file: string, flags: Flags) => {
      const text = await textIn(run.host, file);
      const check = await withActions(run.host, flags.data, (actions) =>
        actions.policy.check({ text }),
      );
      await show(run, flags, check, () => checkText(file, check));
      if (!check.ok) endWith(run, 'input');
    });
}

function addDiff(policy: Command, run: Run): void {
  command(policy, run, 'diff', 'what a policy says and does that the one in force does not')
    .argument('<file>', FILE)
    .action(async (file: string, flags: Flags) => {
      const text = await textIn(run.host, file);
      const preview = await withActions(run.host, flags.data, (actions) =>
        actions.policy.preview({ text }),
      );
      await show(run, flags, preview, () => previewText(preview));
    });
}

interface InstallFlags extends Flags, YesFlag {
  readonly because: string;
  readonly expect?: number;
}

function addInstall(policy: Command, run: Run): void {
  becauseOption(command(policy, run, 'install', 'put a policy in force; shows first what changes'))
    .argument('<file>', FILE)
    .addOption(expectOption())
    .option('--yes', 'without a question')
    .action((file: string, flags: InstallFlags) => install(file, flags, run));
}

async function install(file: string, flags: InstallFlags, run: Run): Promise<void> {
  const text = await textIn(run.host, file);
  await withActions(run.host, flags.data, async ({ policy }) => {
    let over: string | undefined;
    const look = async () => {
      const preview = await policy.preview({ text });
      over = (await policy.show()).sha256;
      return preview;
    };
    if (!(await confirmed(run, flags, look, previewText))) return;
    const { expect, because } = flags;
    const said = { ...(expect !== undefined && { expect }), ...(over !== undefined && { over }) };
    const done = await policy.install({ text, by: run.host.user, because, ...said });
    await show(run, flags, done, () => installedText(done));
  });
}

function addShow(policy: Command, run: Run): void {
  command(policy, run, 'show', 'the document in force, as it was installed').action(
    async (flags: Flags) => {
      const shown = await withActions(run.host, flags.data, (actions) => actions.policy.show());
      await show(run, flags, shown, () => shown.text);
    },
  );
}

function addHistory(policy: Command, run: Run): void {
  command(policy, run, 'history', 'which policy was installed when, by whom and why')
    .option('--show <seq>', 'the document of that change')
    .action(async (flags: Flags & { readonly show?: string }) => {
      const versions = await withActions(run.host, flags.data, (actions) =>
        actions.policy.history(),
      );
      if (flags.show === undefined) {
        await show(run, flags, versions, () => historyText(versions));
        return;
      }
      const version = versions.find(({ seq }) => String(seq) === flags.show);
      const text = version?.text;
      if (text === undefined) {
        throw new AdminError('usage', `no policy was installed by change ${flags.show}`);
      }
      await show(run, flags, version, () => text);
    });
}

function addSchema(policy: Command, run: Run): void {
  policy
    .command('schema')
    .description('the JSON Schema of policies, for editors that complete and check them')
    .action(async () => {
      // The language is large, and nothing else here needs it: the server reads documents.
      const { jsonSchema } = await import('../../../policy/language/index.js');
      await run.host.writeOut(`${JSON.stringify(jsonSchema(), null, 2)}\n`);
    });
}

const examples: Readonly<Record<string, string>> = {
  small: companyOf20,
  large: companyOf300,
  'built-in': builtIn,
};

function addExample(policy: Command, run: Run): void {
  policy
    .command('example')
    .description('a policy to begin from: a company of 20 people, or of 300')
    .addArgument(
      policy.createArgument('<which>', 'small, large or built-in').choices(Object.keys(examples)),
    )
    .action(async (which: string) => {
      await run.host.writeOut(examples[which]!);
    });
}

function addBacktest(policy: Command, run: Run): void {
  command(
    policy,
    run,
    'backtest',
    'whom a policy would have closed at work, or sooner, in the past',
  )
    .argument('<file>', FILE)
    .addOption(
      new Option('--last <time>', 'how far back, such as "12 months" or 90d')
        .argParser(pastOf)
        .default(pastOf('12 months'), '12 months'),
    )
    .action(async (file: string, flags: Flags & { readonly last: number }) => {
      const text = await textIn(run.host, file);
      const ask = { text, lastMs: flags.last };
      await answer(run, flags, ({ runs }) => runs.backtest(ask), backtestText);
    });
}

const PAST_UNITS: Readonly<Record<string, number>> = {
  day: 1,
  week: 7,
  month: 30.44,
  year: 365.25,
};

function pastOf(text: string): number {
  const match = /^(\d{1,4}) (day|week|month|year)s?$/.exec(text.trim());
  const unit = PAST_UNITS[match?.[2] ?? ''];
  const ms = unit === undefined ? parseDuration(text) : Number(match![1]) * unit * 86_400_000;
  if (ms === undefined || ms <= 0) {
    throw new InvalidArgumentError('write a length of time such as "12 months" or 90d');
  }
  return ms;
}
