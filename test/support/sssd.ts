/**
 * SSSD in a process of its own, with PAM and NSS in front of it as on a host that people log in to.
 * It knows one folder of the system only, so it runs where root is asked by .ci/run, on a machine
 * that has no SSSD configured. Owns the process, its configuration, and what it leaves behind.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  closeSync,
  existsSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isInstalled, run } from './process-run.js';

const PROGRAM = '/usr/sbin/sssd';
const STATE = '/var/lib/sss';
const SERVICE = 'tenure-test';
const READY_TRIES = 60;

export const hasSssd =
  process.env['CI'] === 'true' &&
  process.getuid?.() === 0 &&
  existsSync(PROGRAM) &&
  isInstalled('pamtester') &&
  !existsSync('/etc/sssd/sssd.conf');

export interface SssdOptions {
  /** Lines of the domain, as the README names them. */
  readonly domain: Readonly<Record<string, string>>;
  /** Somebody who is known as soon as it works. */
  readonly somebody: string;
}

export class Sssd {
  readonly #child: ChildProcess;
  readonly #folder: string;

  private constructor(child: ChildProcess, folder: string) {
    this.#child = child;
    this.#folder = folder;
  }

  static async start({ domain, somebody }: SssdOptions): Promise<Sssd> {
    const folder = mkdtempSync(join(tmpdir(), 'tenure-sssd-'));
    const lines = Object.entries(domain).map(([name, value]) => `${name} = ${value}`);
    const sections = [
      '[sssd]\nservices = nss, pam, ssh\ndomains = tenure',
      '[nss]\nmemcache_timeout = 0\nentry_negative_timeout = 0',
      `[domain/tenure]\n${lines.join('\n')}\nentry_cache_timeout = 1\ndebug_level = 2`,
    ];
    const conf = join(folder, 'sssd.conf');
    writeFileSync(conf, `${sections.join('\n\n')}\n`, { mode: 0o600 });
    const kinds = ['auth', 'account', 'password', 'session'];
    const stack = kinds.map((kind) => `${kind} required pam_sss.so\n`).join('');
    writeFileSync(`/etc/pam.d/${SERVICE}`, stack);
    const log = openSync(join(folder, 'log'), 'w');
    const child = spawn(PROGRAM, ['-i', '-c', conf], { stdio: ['ignore', log, log] });
    closeSync(log);
    const sssd = new Sssd(child, folder);
    for (let tries = 0; (await sssd.passwd(somebody)) === ''; tries += 1) {
      if (tries < READY_TRIES && child.exitCode === null) continue;
      const text = readFileSync(join(folder, 'log'), 'utf8');
      await sssd.remove();
      throw new Error(`sssd does not find ${somebody}:\n${text}`);
    }
    return sssd;
  }

  /** The line of somebody as in /etc/passwd, empty where they are unknown. */
  async passwd(login: string): Promise<string> {
    await new Promise((resolve) => setTimeout(resolve, 250));
    return (await run('getent', ['-s', 'sss', 'passwd', login])).out.trim();
  }

  /** The members of a group of the system. */
  async members(group: string): Promise<string[]> {
    const { out } = await run('getent', ['-s', 'sss', 'group', group]);
    return (out.trim().split(':')[3] ?? '').split(',');
  }

  /** Logs in as sshd would: the password, then whether the account may come in here. */
  async login(login: string, password: string): Promise<'in' | 'wrong' | 'denied'> {
    const args = [SERVICE, login, 'authenticate', 'acct_mgmt'];
    const { code, out, err } = await run('pamtester', args, { input: `${password}\n` });
    if (code === 0) return 'in';
    return `${out}${err}`.includes('Permission denied') ? 'denied' : 'wrong';
  }

  /** What sshd's AuthorizedKeysCommand prints. */
  async keys(login: string): Promise<string> {
    return (await run('sss_ssh_authorizedkeys', [login])).out.trim();
  }

  async remove(): Promise<void> {
    if (this.#child.exitCode === null) {
      this.#child.kill('SIGTERM');
      await once(this.#child, 'close');
    }
    rmSync(`/etc/pam.d/${SERVICE}`, { force: true });
    rmSync(this.#folder, { recursive: true, force: true });
    for (const kept of ['db', 'mc']) {
      for (const name of readdirSync(join(STATE, kept))) rmSync(join(STATE, kept, name));
    }
  }
}
