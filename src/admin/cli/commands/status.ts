/** `tenure status`: whether the server answers, and what it holds. */
import type { Command } from 'commander';
import { InvalidArgumentError } from 'commander';
import type { StatusResult } from '../../actions/index.js';
import { AdminError } from '../../errors.js';
import { type RemoteServer, reachServer } from '../../http/index.js';
import { command, type Flags } from '../about.js';
import { endWith, type Run, show } from '../command.js';
import type { CliHost } from '../host.js';
import { controlSocketOf } from '../reach.js';
import { contents, grouped, since, table } from '../render.js';

interface StatusFlags extends Flags {
  readonly wait?: number;
}

/** No server: the same shape in `--json` as far as it can be filled. */
interface NotRunning {
  readonly running: false;
  readonly ready: false;
}

const POLL_EVERY_MS = 100;
const WAIT_SECONDS_MAX = 86_400;

/** Adds the command to `parent`. */
export function addStatus(parent: Command, run: Run): void {
  const description = 'is the server up? Exit code 0 once every listener answers';
  const status = command(parent, run, 'status', description).option(
    '--wait <seconds>',
    'wait so long for that',
    wholeSeconds,
  );
  status.action(async (flags: StatusFlags) => {
    const now = await waitForReady(run.host, flags.data, (flags.wait ?? 0) * 1000);
    if (!now.ready) endWith(run, 'not-ready');
    await show(run, flags, now, () =>
      now.running ? text(now) : `no server is running on ${flags.data}\n`,
    );
  });
}

function wholeSeconds(written: string): number {
  const value = Number(written);
  if (/^[0-9]+$/.test(written) && value <= WAIT_SECONDS_MAX) return value;
  throw new InvalidArgumentError(`write whole seconds, at most ${WAIT_SECONDS_MAX}`);
}

async function waitForReady(
  host: CliHost,
  dataDir: string,
  waitMs: number,
): Promise<StatusResult | NotRunning> {
  const untilMs = host.clock.monotonicMs() + waitMs;
  for (;;) {
    const status = await statusNow(dataDir);
    if (status.ready || host.clock.monotonicMs() >= untilMs) return status;
    await host.sleep(POLL_EVERY_MS);
  }
}

/** A server that ends or starts while it is asked is one that is not ready. */
async function statusNow(dataDir: string): Promise<StatusResult | NotRunning> {
  let server: RemoteServer | undefined;
  try {
    server = await reachServer(controlSocketOf(dataDir));
    if (server !== undefined) return await server.status();
  } catch (error) {
    if (error instanceof AdminError && error.kind === 'folder') throw error;
  }
  return { running: false, ready: false };
}

function text(status: StatusResult): string {
  const { addresses, listeners, directory, concerns } = status;
  const head = status.ready ? 'running' : 'running, but not every listener answers';
  const rows = listeners.map(({ listener, ok, ms }) => {
    const answer = ok ? `answers in ${ms.toFixed(1)} ms` : 'does not answer';
    return [listener, addresses[listener] ?? '', answer];
  });
  const facts = [
    ['suffix', directory.suffixes.join('  ')],
    ['holds', `${contents(directory)} (${grouped(directory.entries)} entries)`],
    ['changes', `${grouped(directory.changes)}, log head ${directory.head.slice(0, 16)}`],
    ...(directory.proofKey === undefined ? [] : [['proofs', `signed by ${directory.proofKey}`]]),
    ['audit', `head ${directory.auditHead.slice(0, 16)}`],
    ['process', `${status.pid}, version ${status.version}, up ${since(status.uptimeSeconds)}`],
  ];
  const said = concerns.map(
    ({ text: what, red }) => `  ${red === true ? 'red  ' : 'amber'}    ${what}\n`,
  );
  return `${head}\n${table([...rows, ...facts], '  ')}${said.join('')}`;
}
