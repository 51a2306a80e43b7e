/**
 * The process: arguments, streams, signals, exit code. The only place that ends it; everything else
 * is built by compose.ts and asked by the command line.
 */
import { once } from 'node:events';
import { userInfo } from 'node:os';
import { setFlagsFromString } from 'node:v8';
import {
  type CliHost,
  exitCodes,
  firstLine,
  readSecretLine,
  runCli,
  type StopSignal,
} from './admin/index.js';
import { systemClock } from './runtime/clock.js';
import { createLog } from './runtime/log.js';
import { systemRandom } from './runtime/random.js';
import { sleep } from './runtime/sleep.js';
import { version } from './runtime/version.js';

/** npm passes on a Ctrl-C that the terminal has sent us as well: one keypress, two signals. */
const SIGNAL_ECHO_MS = 200;

// By default garbage may grow to several times what lives before it is looked for; a server that
// was busy once would stay twice the size it needs.
setFlagsFromString('--heap-growing-percent=40');

/**
 * The directory itself is loaded by commands that need one in this process. Most ask a server that
 * runs, and whoever typed them waits.
 */
const compose = () => import('./compose.js');
const composition: CliHost['composition'] = {
  directoryExists: async (dataDir) => (await compose()).directoryExists(dataDir),
  createDirectory: async (dataDir, options) => (await compose()).createDirectory(dataDir, options),
  openEngine: async (dataDir, options) => (await compose()).openEngine(dataDir, options),
  startServer: async (options) => (await compose()).startServer(options),
};

/** Runs the command line in `args` and ends the process with its exit code. */
export async function main(args: readonly string[]): Promise<never> {
  // `tenure export | head` closes the pipe early; that is no failure of ours.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    process.exit(error.code === 'EPIPE' ? exitCodes.ok : exitCodes.failed);
  });
  const code = await runCli(args, host());
  await flushed(process.stdout);
  await flushed(process.stderr);
  process.exit(code);
}

function host(): CliHost {
  return {
    composition,
    stdout: process.stdout,
    stderr: process.stderr,
    async writeOut(text) {
      if (!process.stdout.write(text)) await once(process.stdout, 'drain');
    },
    readIn,
    readLine: () => firstLine(process.stdin),
    readSecret: (prompt) => readSecretLine(process.stdin, process.stderr, prompt),
    clock: systemClock,
    random: systemRandom(),
    sleep,
    makeLog: (level) => createLog({ level, destination: 'pretty' }),
    onSignal,
    workingDir: process.cwd(),
    user: userName(),
    version,
  };
}

async function readIn(): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

function onSignal(signal: StopSignal, handler: () => void): () => void {
  let heardMs = Number.NEGATIVE_INFINITY;
  const listener = (): void => {
    const nowMs = systemClock.monotonicMs();
    if (nowMs - heardMs < SIGNAL_ECHO_MS) return;
    heardMs = nowMs;
    handler();
  };
  process.on(signal, listener);
  return () => process.off(signal, listener);
}

/** Containers run as numbers that no passwd file knows. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return `uid ${process.getuid?.() ?? 'unknown'}`;
  }
}

async function flushed(stream: NodeJS.WriteStream): Promise<void> {
  await new Promise<void>((resolve) => {
    stream.write('', () => resolve());
  });
}
