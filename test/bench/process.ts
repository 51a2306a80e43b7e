/**
 * Children of the bench, and their memory. Owns every process it starts: none is left when the
 * bench ends, however it ends.
 */
import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, constants, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { delimiter, join } from 'node:path';

const children = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of children) child.kill('SIGKILL');
});

/** Starts a process that ends with the bench at the latest. Rejects where it cannot be started. */
export async function start(
  command: string,
  args: readonly string[],
  options: SpawnOptions,
): Promise<ChildProcess> {
  const child = spawn(command, [...args], options);
  children.add(child);
  child.once('exit', () => children.delete(child));
  await once(child, 'spawn');
  return child;
}

/** Runs to the end. Resolves to standard output; rejects with standard error in the message. */
export async function run(command: string, args: readonly string[]): Promise<string> {
  const child = await start(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const out = collect(child.stdout);
  const err = collect(child.stderr);
  const [code, signal] = (await once(child, 'close')) as [number | null, string | null];
  if (code === 0) return out();
  throw new Error(`${command} ended with ${signal ?? code}: ${err().trim() || out().trim()}`);
}

/** Asks `child` to end, and waits until it has. */
export async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  const late = setTimeout(() => child.kill('SIGKILL'), 20_000);
  await ended;
  clearTimeout(late);
}

function collect(stream: NodeJS.ReadableStream | null): () => string {
  let text = '';
  stream?.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
  });
  return () => text;
}

/** The path of a program on PATH or in an administrator's folders, which PATH may leave out. */
export function programPath(name: string): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  for (const folder of [...folders, '/usr/sbin', '/usr/local/sbin', '/usr/lib/openldap']) {
    if (folder !== '' && mayRun(join(folder, name))) return join(folder, name);
  }
  return undefined;
}

function mayRun(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** A port of loopback that nobody listens on now. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no free port');
  return address.port;
}

/** Resident memory of a process now, MiB. */
export function residentMiB(pid: number): number {
  const found = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  return Number(found?.[1] ?? Number.NaN) / 1024;
}
