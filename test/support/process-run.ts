/**
 * Programs run to their end, with input, output and a limit of time. Owns nothing that outlives the
 * promise: whatever has not ended by then is killed.
 */
import { type SpawnOptions, spawn, spawnSync } from 'node:child_process';

export interface Ran {
  /** Null where a signal, or the limit of time, ended it. */
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

export interface RunOptions {
  readonly cwd?: string;
  readonly input?: string | Buffer;
  /** Added to the environment of this process. */
  readonly env?: Readonly<Record<string, string>>;
  readonly timeoutMs?: number;
}

/** As a user starts it, without the flags of a test runner. */
export function userEnvironment(more: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  return { ...process.env, NODE_OPTIONS: '', LC_ALL: 'C.UTF-8', ...more };
}

/** Runs a program to its end. */
export function run(
  command: string,
  args: readonly string[],
  { cwd, input = '', env = {}, timeoutMs = 60_000 }: RunOptions = {},
): Promise<Ran> {
  const options: SpawnOptions = { env: userEnvironment(env), stdio: ['pipe', 'pipe', 'pipe'] };
  const child = spawn(command, args, cwd === undefined ? options : { ...options, cwd });
  return new Promise((resolve, reject) => {
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    const timer = setTimeout(() => child.kill('SIGKILL'), timeoutMs);
    child.stdout?.on('data', (chunk: Buffer) => out.push(chunk));
    child.stderr?.on('data', (chunk: Buffer) => err.push(chunk));
    child.on('error', (error) => {
      clearTimeout(timer);
      reject(error);
    });
    child.on('close', (code) => {
      clearTimeout(timer);
      const text = (chunks: Buffer[]): string => Buffer.concat(chunks).toString('utf8');
      resolve({ code, out: text(out), err: text(err) });
    });
    // A program that never reads its input breaks the pipe; its exit code says enough.
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(input);
  });
}

/** Whether a program of that name can be started here. */
export function isInstalled(command: string): boolean {
  return spawnSync(command, ['-VV'], { stdio: 'ignore' }).error === undefined;
}
