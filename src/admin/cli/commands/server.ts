/** `tenure clock` and `tenure stop`: verbs that only a running server understands. */
import { type Command, InvalidArgumentError } from 'commander';
import { command, type Flags } from '../about.js';
import { type Run, show } from '../command.js';
import { parseDuration } from '../duration.js';
import { runningServer } from '../reach.js';

interface ClockFlags extends Flags {
  readonly advance?: number;
}

/** Adds `clock` to `parent`. */
export function addClock(parent: Command, run: Run): void {
  const clock = command(parent, run, 'clock', "the server's time, and whether it is trusted");
  clock.option('--advance <time>', 'the same as move', durationMs);
  clock.action(({ advance, ...flags }: ClockFlags) =>
    ask(run, flags, (server) =>
      advance === undefined ? server.clock() : server.advanceClock(advance),
    ),
  );

  // What both commands take is read by the outer one, wherever it stands.
  const flags = () => clock.opts<ClockFlags>();
  command(clock, run, 'show', 'what time it is there').action(() =>
    ask(run, flags(), (server) => server.clock()),
  );
  command(clock, run, 'move', 'move it forward: a playground served with --test-clock only')
    .argument('<time>', 'how far, such as 90s, 2h, 1d12h', durationMs)
    .action((ms: number) => ask(run, flags(), (server) => server.advanceClock(ms)));
  const trust = "trust the machine's clock again after a step: what was held is destroyed in time";
  command(clock, run, 'accept', trust).action(() =>
    ask(run, flags(), (server) => server.acceptClock()),
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
  command(parent, run, 'stop', 'stop the server in order').action(async (flags: Flags) => {
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
