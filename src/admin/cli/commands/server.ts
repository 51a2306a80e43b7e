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

/** Adds `clock` to `parent`. */
export function addClock(parent: Command, run: Run): void {
  const command = parent
    .command('clock')
    .description("the server's time; moved only under --test-clock")
    .option('--advance <time>', 'move it forward, such as 90s, 2h, 1d12h', durationMs);
  jsonOption(dataOption(command, run)).action(async (flags: ClockFlags) => {
    const server = await runningServer(run.host, flags.data);
    const { advance } = flags;
    const result = await (advance === undefined ? server.clock() : server.advanceClock(advance));
    await show(run, flags, result, () => `${result.now}${result.movable ? ' (test clock)' : ''}\n`);
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
