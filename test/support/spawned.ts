/** The command as its users run it: bin/tenure in a process of its own, on a folder of its own. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tenureCommand } from './made-directory.js';

export interface Exited {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

export interface Spawned {
  readonly child: ChildProcess;
  /** The first line on standard output; rejects where the process ends before it. */
  readonly firstLine: Promise<string>;
  readonly exited: Promise<Exited>;
}

const live = new Set<ChildProcess>();

export function newFolder(): string {
  return mkdtempSync(join(tmpdir(), 'tenure-it-'));
}

/** Starts `command` in `cwd`; `killAll` ends what is left. */
export function start(command: string, args: readonly string[], cwd: string): Spawned {
  // As a user starts it, not as a test runner's child with flags for its modules.
  const env = { ...process.env, NODE_OPTIONS: '' };
  const child = spawn(command, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
  live.add(child);
  let out = '';
  let err = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    err += text;
  });
  const firstLine = new Promise<string>((resolve, reject) => {
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      out += text;
      const end = out.indexOf('\n');
      if (end >= 0) resolve(out.slice(0, end));
    });
    child.on('close', (code) => reject(new Error(`ended with ${code}: ${err}`)));
    child.on('error', reject);
  });
  firstLine.catch(() => undefined);
  const exited = once(child, 'close').then(([code]) => {
    live.delete(child);
    return { code: code as number | null, out, err };
  });
  return { child, firstLine, exited };
}

export function tenure(cwd: string, ...args: string[]): Promise<Exited> {
  return start(process.execPath, [tenureCommand(), ...args], cwd).exited;
}

/** Starts a server on free ports; resolves when it is ready. */
export async function serving(
  cwd: string,
  ...args: string[]
): Promise<{ readonly server: Spawned; readonly ready: Ready }> {
  const ports = ['--ldap', '127.0.0.1:0', '--ldaps', '127.0.0.1:0', '--json'];
  const all = [tenureCommand(), 'serve', ...ports, ...args];
  const server = start(process.execPath, all, cwd);
  return { server, ready: JSON.parse(await server.firstLine) as Ready };
}

export interface Ready {
  readonly ready: true;
  readonly addresses: Readonly<Record<'ldap' | 'ldaps' | 'local' | 'control', string>>;
}

/** Ends what a failed test left running, and removes `folder`. */
export async function cleanUp(folder: string): Promise<void> {
  for (const child of live) {
    child.kill('SIGKILL');
    await once(child, 'close');
  }
  live.clear();
  rmSync(folder, { recursive: true, force: true });
}
