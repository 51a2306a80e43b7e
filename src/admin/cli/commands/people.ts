/** The verbs about people: join, move, rename, pause, resume, suspend, lift, contain, recover … */
import { type Command, Option } from 'commander';
import { AdminError } from '../../errors.js';
import type { About, EngagementWords, MoveMany, Offboard, PersonVerb } from '../../people.js';
import { about, answer, becauseOption, command, type Flags, NAME } from '../about.js';
import { asMovesOption, type Run, show } from '../command.js';
import { confirmed, type YesFlag } from '../confirm.js';
import { doneText, manyMovedText, previewText } from '../people-text.js';
import { withActions } from '../reach.js';
import { addRenameValue } from './rename-value.js';

interface VerbFlags extends Flags, YesFlag {
  readonly because: string;
  readonly preview?: true;
}

const WHEN = 'today, 17:00, friday, "in 30 days", 2026-11-30';

/** Adds all of them to `parent`. */
export function addPeople(parent: Command, run: Run): void {
  addJoining(parent, run);
  addMoving(parent, run);
  addAbsences(parent, run);
  addBlocks(parent, run);
  addLeaving(parent, run);
  addHolds(parent, run);
}

/** Options that every verb has. */
function verbOptions(to: Command): Command {
  return becauseOption(to)
    .option('--preview', 'say what it would do, and do nothing')
    .option('--yes', 'without a question');
}

function engagementOptions(to: Command): Command {
  return to
    .option('--kind <kind>', 'of the contract: employee, contractor, intern …')
    .option('--department <id>', 'department number')
    .option('--manager <name>', 'whose report they are')
    .option('--sponsor <name>', 'who answers for somebody from outside')
    .option('--number <n>', 'employee number');
}

/** Only the words that were said: the road to the server knows nothing of undefined. */
function said<T extends object>(flags: T, ...keys: (keyof T)[]): Partial<T> {
  const pairs = keys.flatMap((key) => (flags[key] === undefined ? [] : [[key, flags[key]]]));
  return Object.fromEntries(pairs) as Partial<T>;
}

const engagementKeys = ['kind', 'department', 'manager', 'sponsor', 'number'] as const;

function aboutOf(run: Run, name: string, { because }: VerbFlags): About {
  return { name, by: run.host.user, because };
}

/** Preview, question where the verb closes something, deed, and what came of it. */
async function carryOut(
  run: Run,
  flags: VerbFlags,
  verb: PersonVerb,
  asks: boolean,
): Promise<void> {
  await withActions(run.host, flags.data, async ({ people }) => {
    if (flags.preview === true) {
      const preview = await people.preview(verb);
      await show(run, flags, preview, () => previewText(preview));
      return;
    }
    let seen: string | undefined;
    const look = async () => {
      const preview = await people.preview(verb);
      seen = preview.seen;
      return preview;
    };
    if (asks && !(await confirmed(run, flags, look, previewText))) return;
    const done = await people.perform(seen === undefined ? { verb } : { verb, seen });
    await show(run, flags, done, () => doneText(done));
  });
}

type JoinFlags = VerbFlags &
  EngagementWords & {
    readonly login?: string;
    readonly mail?: string;
    readonly title?: string;
    readonly start?: string;
    readonly end?: string;
    readonly firstPassword: boolean;
  };

function addJoining(parent: Command, run: Run): void {
  const join = command(parent, run, 'join', 'somebody new: login, numbers, groups, first password')
    .argument('<full name>', 'such as "Grace Hopper"')
    .option('--login <login>', 'instead of the first one that is free')
    .option('--mail <address>', 'mail address')
    .option('--title <title>', 'what they do')
    .option('--start <when>', `first day: ${WHEN}`)
    .option('--end <when>', 'last day')
    .option('--no-first-password', 'make no password that opens once');
  verbOptions(engagementOptions(join)).action(async (name: string, flags: JoinFlags) => {
    const words = said(flags, ...engagementKeys, 'login', 'mail', 'title', 'start', 'end');
    const { firstPassword } = flags;
    await carryOut(
      run,
      flags,
      { verb: 'join', ...aboutOf(run, name, flags), ...words, firstPassword },
      false,
    );
  });

  const rehire = about(parent, run, 'rehire', 'a new contract for somebody who had left')
    .option('--start <when>', `first day: ${WHEN}`, 'today')
    .option('--end <when>', 'last day')
    .option('--no-first-password', 'make no password that opens once');
  verbOptions(engagementOptions(rehire)).action(
    async (name: string, flags: JoinFlags & { readonly start: string }) => {
      const { start, firstPassword } = flags;
      const words = { ...said(flags, ...engagementKeys, 'end'), start, firstPassword };
      await carryOut(run, flags, { verb: 'rehire', ...aboutOf(run, name, flags), ...words }, false);
    },
  );
}

type MoveFlags = JoinFlags & { readonly asMoves?: true };

/** All in one run; where they are many, the new name of a value is offered before anybody moves. */
async function moveMany(
  run: Run,
  names: readonly string[],
  flags: MoveFlags,
  words: Partial<Omit<MoveMany, 'names'>>,
): Promise<void> {
  const { because, asMoves } = flags;
  const rehearse = flags.preview === true;
  const said = { names, by: run.host.user, because, rehearse, ...words };
  const order: MoveMany = asMoves === true ? { ...said, asMoves } : said;
  await answer(run, flags, ({ people }) => people.moveMany(order), manyMovedText);
}

function addMoving(parent: Command, run: Run): void {
  const move = command(parent, run, 'move', 'another department, manager, kind or end')
    .argument('<name...>', `${NAME}; of one or several`)
    .option('--title <title>', 'what they do')
    .option('--end <when>', 'last day, or never')
    .addOption(asMovesOption());
  verbOptions(engagementOptions(move)).action(async (names: string[], flags: MoveFlags) => {
    const words = said(flags, ...engagementKeys, 'title', 'end');
    if (Object.keys(words).length === 0) {
      throw new AdminError('usage', 'what changes? say --department, --manager, --kind, --end …');
    }
    const [name] = names;
    if (names.length > 1) return moveMany(run, names, flags, words);
    await carryOut(run, flags, { verb: 'move', ...aboutOf(run, name!, flags), ...words }, false);
  });

  const rename = about(parent, run, 'rename', 'another login, or another name')
    .option('--login <login>', 'the new login')
    .option('--name <full name>', 'the new full name');
  addRenameValue(rename, run);
  verbOptions(rename).action(
    async (
      name: string,
      flags: VerbFlags & { readonly login?: string; readonly name?: string },
    ) => {
      const fullName = flags.name === undefined ? {} : { fullName: flags.name };
      const words = { ...said(flags, 'login'), ...fullName };
      await carryOut(run, flags, { verb: 'rename', ...aboutOf(run, name, flags), ...words }, true);
    },
  );
}

function addAbsences(parent: Command, run: Run): void {
  const pause = about(parent, run, 'pause', 'a leave: nothing is taken away, little opens')
    .option('--kind <kind>', 'parental, sick, sabbatical …', 'leave')
    .option('--from <when>', `first day: ${WHEN}`, 'today')
    .option('--until <when>', 'last day; without it until tenure resume');
  verbOptions(pause).action(
    async (
      name: string,
      flags: VerbFlags & { readonly kind: string; readonly from: string; readonly until?: string },
    ) => {
      const words = { kind: flags.kind, from: flags.from, ...said(flags, 'until') };
      await carryOut(run, flags, { verb: 'pause', ...aboutOf(run, name, flags), ...words }, true);
    },
  );

  const resume = about(parent, run, 'resume', 'the end of a leave, now').option(
    '--planned',
    'take away a leave that has not begun',
  );
  verbOptions(resume).action(async (name: string, flags: VerbFlags & { planned?: true }) => {
    const planned = flags.planned === true;
    await carryOut(run, flags, { verb: 'resume', ...aboutOf(run, name, flags), planned }, false);
  });
}

function addBlocks(parent: Command, run: Run): void {
  const suspend = about(parent, run, 'suspend', 'let somebody in nowhere until it is lifted')
    .addOption(
      new Option('--kind <kind>', 'whose to lift it is')
        .choices(['administrative', 'security'])
        .default('administrative'),
    )
    .option('--until <when>', `last day: ${WHEN}`);
  verbOptions(suspend).action(
    async (
      name: string,
      flags: VerbFlags & { readonly kind: 'administrative' | 'security'; readonly until?: string },
    ) => {
      const words = { kind: flags.kind, ...said(flags, 'until') };
      await carryOut(run, flags, { verb: 'suspend', ...aboutOf(run, name, flags), ...words }, true);
    },
  );

  const lift = about(parent, run, 'lift', 'end a suspension').addOption(
    new Option('--kind <kind>', 'a security block is lifted by name only').choices([
      'administrative',
      'idle',
      'security',
    ]),
  );
  verbOptions(lift).action(
    async (
      name: string,
      flags: VerbFlags & { readonly kind?: 'administrative' | 'security' | 'idle' },
    ) => {
      const words = said(flags, 'kind');
      await carryOut(run, flags, { verb: 'lift', ...aboutOf(run, name, flags), ...words }, false);
    },
  );

  const contain = 'shut somebody out at once whose secrets may be in other hands; asks nothing';
  verbOptions(about(parent, run, 'contain', contain)).action(
    async (name: string, flags: VerbFlags) => {
      await carryOut(run, flags, { verb: 'contain', ...aboutOf(run, name, flags) }, false);
    },
  );

  const recover = about(
    parent,
    run,
    'recover',
    'after contain: every old password, code, app password, Wi-Fi secret and key ends',
  ).option('--keep-keys', 'the SSH keys are known to be safe');
  verbOptions(recover).action(async (name: string, flags: VerbFlags & { keepKeys?: true }) => {
    const keepKeys = flags.keepKeys === true;
    await carryOut(run, flags, { verb: 'recover', ...aboutOf(run, name, flags), keepKeys }, true);
  });
}

function addLeaving(parent: Command, run: Run): void {
  const offboard = about(
    parent,
    run,
    'offboard',
    'somebody leaves: when? shut and sealed in that second',
  )
    .option('--at <when>', `${WHEN}, 2026-11-30T17:00; a day means its end`)
    .option('--now', 'this second')
    .option('--emergency', 'this second, without a question, with a security block on top');
  verbOptions(offboard).action(async (name: string, flags: LeavingFlags) => {
    const when = whenOf(flags);
    const verb: Offboard = { verb: 'offboard', ...aboutOf(run, name, flags), when };
    await carryOut(run, flags, verb, when !== 'emergency');
  });
}

type LeavingFlags = VerbFlags & {
  readonly at?: string;
  readonly now?: true;
  readonly emergency?: true;
};

function whenOf({ at, now, emergency }: LeavingFlags): Offboard['when'] {
  const saidSo = [at !== undefined, now === true, emergency === true].filter(Boolean).length;
  if (saidSo !== 1) {
    throw new AdminError('usage', 'when? say one of --at WHEN, --now, --emergency');
  }
  return at === undefined ? (now === true ? 'now' : 'emergency') : { at };
}

function addHolds(parent: Command, run: Run): void {
  const hold = about(parent, run, 'hold', 'a legal hold: nothing of theirs is archived or purged');
  verbOptions(hold.requiredOption('--matter <matter>', 'what it is held for')).action(
    async (name: string, flags: VerbFlags & { readonly matter: string }) => {
      const { matter } = flags;
      await carryOut(run, flags, { verb: 'hold', ...aboutOf(run, name, flags), matter }, false);
    },
  );
  const release = about(parent, run, 'release', 'the end of a legal hold').option(
    '--matter <matter>',
    'which, where there are several',
  );
  verbOptions(release).action(async (name: string, flags: VerbFlags & { matter?: string }) => {
    const words = said(flags, 'matter');
    await carryOut(run, flags, { verb: 'release', ...aboutOf(run, name, flags), ...words }, false);
  });
}
