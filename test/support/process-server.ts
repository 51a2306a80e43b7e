/**
 * A real server: bin/tenure in a process of its own, on free ports and a folder of its own, watched
 * from outside only. Owns that process and that folder; `remove` leaves nothing of either.
 */
import { deepEqual } from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeDirectory, suffix, tenureCommand } from './made-directory.js';
import { type Ran, type RunOptions, run, userEnvironment } from './process-run.js';

export { suffix };
export const admin = `cn=admin,${suffix}`;

interface Ready {
  readonly addresses: Readonly<Record<'ldap' | 'ldaps' | 'local' | 'control', string>>;
}

/** How a process ended. */
export interface Ending {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** Lines of the log that are kept; tests fail long before there are as many. */
const LOG_LINES_MAX = 20_000;

export class TenureServer {
  readonly folder: string;
  /** Of the administrator. */
  readonly password: string;
  /** Standard error of every run, line by line. */
  readonly log: string[] = [];
  private child: ChildProcess | undefined;
  private ending: Promise<Ending> | undefined;
  private ready: Ready | undefined;

  private constructor(folder: string, password: string) {
    this.folder = folder;
    this.password = password;
  }

  /** Makes a directory in a new folder; `sample` fills it with the sample company. */
  static async create({ sample = true } = {}): Promise<TenureServer> {
    const folder = mkdtempSync(join(tmpdir(), 'tenure-p-'));
    return new TenureServer(folder, await makeDirectory(folder, { sample }));
  }

  /** A directory that is served already. */
  static async serving(options: { sample?: boolean } = {}): Promise<TenureServer> {
    const server = await TenureServer.create(options);
    await server.start().catch(async (error: unknown) => {
      await server.remove();
      throw error;
    });
    return server;
  }

  /** Serves until `stop`, `kill` or `remove`; resolves once every listener accepts. */
  start(...args: string[]): Promise<void> {
    return this.serve(process.execPath, [tenureCommand(), 'serve', ...args]);
  }

  /** The same where no file may become larger: like a disk that is full. */
  startWithFilesUpTo(bytes: number): Promise<void> {
    // The shell's unit is 512 bytes.
    const limited = `ulimit -f ${Math.ceil(bytes / 512)}; exec "$0" "$@"`;
    return this.serve('/bin/sh', ['-c', limited, process.execPath, tenureCommand(), 'serve']);
  }

  private async serve(command: string, args: readonly string[]): Promise<void> {
    const ports = ['--ldap', '127.0.0.1:0', '--ldaps', '127.0.0.1:0', '--json'];
    const child = spawn(command, [...args, ...ports], {
      cwd: this.folder,
      env: userEnvironment(),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.child = child;
    this.ending = new Promise((resolve) => {
      child.on('close', (code, signal) => resolve({ code, signal }));
    });
    this.keepLog(child);
    this.ready = await this.firstLine(child);
  }

  private firstLine(child: ChildProcess): Promise<Ready> {
    return new Promise((resolve, reject) => {
      let out = '';
      child.stdout?.setEncoding('utf8').on('data', (text: string) => {
        out += text;
        const end = out.indexOf('\n');
        if (end >= 0) resolve(JSON.parse(out.slice(0, end)) as Ready);
      });
      child.on('error', reject);
      child.on('close', (code) => reject(new Error(`serve: ${code}\n${this.log.join('\n')}`)));
    });
  }

  private keepLog(child: ChildProcess): void {
    let rest = '';
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      const lines = (rest + text).split('\n');
      rest = lines.pop() ?? '';
      if (this.log.length < LOG_LINES_MAX) this.log.push(...lines);
    });
  }

  /** The command on this server's folder, in a process of its own. */
  tenure(args: readonly string[], options: RunOptions = {}): Promise<Ran> {
    return run(process.execPath, [tenureCommand(), ...args], { cwd: this.folder, ...options });
  }

  /** Starts the command and hands over its process, which the caller ends. */
  spawnTenure(args: readonly string[]): ChildProcess {
    return spawn(process.execPath, [tenureCommand(), ...args], {
      cwd: this.folder,
      env: userEnvironment(),
      stdio: 'ignore',
    });
  }

  private get addresses(): Ready['addresses'] {
    if (this.ready === undefined) throw new Error('it is not served');
    return this.ready.addresses;
  }

  get ldapPort(): number {
    return Number(this.addresses.ldap.split(':').pop());
  }

  get ldapsPort(): number {
    return Number(this.addresses.ldaps.split(':').pop());
  }

  get localPath(): string {
    return this.addresses.local;
  }

  get caFile(): string {
    return join(this.folder, 'data/certs/ca.pem');
  }

  get pid(): number {
    const pid = this.child?.pid;
    if (pid === undefined) throw new Error('it is not served');
    return pid;
  }

  get running(): boolean {
    return this.child !== undefined && this.child.exitCode === null && !this.child.killed;
  }

  /** Memory that the process holds, bytes; 0 where the system does not tell. */
  residentBytes(): number {
    const file = `/proc/${this.pid}/status`;
    if (!existsSync(file)) return 0;
    const line = /^VmRSS:\s+([0-9]+) kB$/m.exec(readFileSync(file, 'utf8'));
    return Number(line?.[1] ?? 0) * 1024;
  }

  /** Sends a signal and waits for the end. */
  async end(signal: NodeJS.Signals): Promise<Ending> {
    if (this.child === undefined || this.ending === undefined) throw new Error('it is not served');
    this.child.kill(signal);
    return this.ending;
  }

  /** Lines of the log that tell of a mistake in the program itself. */
  defects(): string[] {
    return this.log.filter(
      (line) => /"msg":"defect|"level":(?:50|60)\b/.test(line) || !line.startsWith('{'),
    );
  }

  /** What `tenure verify` finds, as a list of sentences: empty where all is well. */
  async problems(): Promise<readonly string[]> {
    const { code, out, err } = await this.tenure(['verify', '--json'], { timeoutMs: 120_000 });
    if (out === '') return [`verify ended with ${code}: ${err}`];
    const report = JSON.parse(out) as { ok: boolean; problems: readonly string[] };
    return report.ok && code === 0 ? [] : [`verify: ${code}`, ...report.problems];
  }

  /**
   * Ends in order: nothing went wrong in the program, and the database is whole. The assertions are
   * Node's, for the fuzzer runs without jest.
   */
  async endWell(): Promise<void> {
    await this.end('SIGTERM');
    deepEqual(this.defects(), []);
    deepEqual(await this.problems(), []);
  }

  /** The same at the end of a test file, and nothing is left behind however it goes. */
  async finish(): Promise<void> {
    try {
      await this.endWell();
    } finally {
      await this.remove();
    }
  }

  /** Ends the process, if it still runs, and removes the folder. */
  async remove(): Promise<void> {
    if (this.running) await this.end('SIGKILL');
    rmSync(this.folder, { recursive: true, force: true });
  }
}
