/** `tenure clock` and `tenure stop`: verbs that only a running server understands. */
import { type Command, InvalidArgumentError } from 'commander';
import {
  type DataFlag,
  dataOption,
  type JsonFlag,
  jsonOption,
  type Run,
  show,
} from '../command.js';
import { parseDuration } from '../duration.js';
import { runningServer } from '../reach.js';

interface ClockFlags extends DataFlag, JsonFlag {
  readonly advance?: number;
}

/** Adds `clock` to `parent`. Its flags are read wherever they stand, before a subcommand or behind. */
export function addClock(parent: Command, run: Run): void {
  const clock = parent
    .command('clock')
    .description("the server's time, and whether it is trusted")
    .option('--advance <time>', 'the same as move', durationMs);
  jsonOption(dataOption(clock, run)).action(({ advance, ...flags }: ClockFlags) =>
    ask(run, flags, (server) =>
      advance === undefined ? server.clock() : server.advanceClock(advance),
    ),
  );

  const shown = clock.command('show').description('what time it is there');
  jsonOption(dataOption(shown, run)).action((_flags: ClockFlags, { parent }: Command) =>
    ask(run, parent!.opts<ClockFlags>(), (server) => server.clock()),
  );

  const move = clock
    .command('move')
    .description('move it forward: a playground served with --test-clock only')
    .argument('<time>', 'how far, such as 90s, 2h, 1d12h', durationMs);
  jsonOption(dataOption(move, run)).action((ms: number, _flags: ClockFlags, { parent }: Command) =>
    ask(run, parent!.opts<ClockFlags>(), (server) => server.advanceClock(ms)),
  );

  const accept = clock
    .command('accept')
    .description(
      "trust the machine's clock again after a step: what was held is destroyed in time",
    );
  jsonOption(dataOption(accept, run)).action((_flags: ClockFlags, { parent }: Command) =>
    ask(run, parent!.opts<ClockFlags>(), (server) => server.acceptClock()),
  );
}

type Server = Awaited<ReturnType<typeof runningServer>>;

async function ask(
  run: Run,
  flags: ClockFlags,
  work: (server: Server) => ReturnType<Server['clock']>,
): Promise<void> {
  const result = await work(await runningServer(run.host, flags.data));
  await show(run, flags, result, () => {
    const { now, movable, suspicion } = result;
    const time = `${now}${movable ? ' (test clock)' : ''}\n`;
    if (suspicion === undefined) return time;
    return `${time}not trusted: ${suspicion}; nothing is destroyed until: tenure clock accept\n`;
  });
}

/** Adds `stop` to `parent`. */
export function addStop(parent: Command, run: Run): void {
  const command = parent.command('stop').description('stop the server in order');
  jsonOption(dataOption(command, run)).action(async (flags: DataFlag & JsonFlag) => {
    const server = await runningServer(run.host, flags.data);
    await server.stop();
    await show(run, flags, { stopping: true }, () => 'stopping\n');
  });
}

function durationMs(written: string): number {
  const ms = parseDuration(written);
  if (ms !== undefined) return ms;
  throw new InvalidArgumentError('write a length of time such as 90s, 15m, 2h, 1d12h or 2w');
}
