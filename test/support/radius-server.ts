/**
 * FreeRADIUS in a process of its own, in front of a directory: the `ldap` module as the README
 * configures it, passwords by bind, MS-CHAP by NT hash. Owns that process and its folder.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isInstalled, run } from './process-run.js';

const SECRET = 'between-us';
const MODULES = '/usr/lib/freeradius';
const READY_MS = 20_000;

export const hasRadius = existsSync(join(MODULES, 'rlm_ldap.so')) && isInstalled('radclient');

const configuration = (folder: string, port: number, ldap: string): string => `
prefix = ${folder}
logdir = ${folder}
run_dir = ${folder}
db_dir = ${folder}
libdir = ${MODULES}
log {
  destination = stdout
}
max_request_time = 10
modules {
  ${ldap}
  mschap {
  }
  pap {
  }
}
client localhost {
  ipaddr = 127.0.0.1
  secret = ${SECRET}
}
server default {
  listen {
    type = auth
    ipaddr = 127.0.0.1
    port = ${port}
  }
  authorize {
    mschap
    ldap
    pap
    if (User-Password) {
      update control {
        Auth-Type := LDAP
      }
    }
  }
  authenticate {
    Auth-Type LDAP {
      ldap
    }
    Auth-Type MS-CHAP {
      mschap
    }
  }
}
`;

export class RadiusServer {
  readonly #child: ChildProcess;
  readonly #folder: string;
  readonly #port: number;
  log = '';

  private constructor(child: ChildProcess, folder: string, port: number) {
    this.#child = child;
    this.#folder = folder;
    this.#port = port;
  }

  /** Serves on a free port of this machine, with this text as the configuration of `ldap`. */
  static async start(ldap: string): Promise<RadiusServer> {
    const folder = mkdtempSync(join(tmpdir(), 'tenure-radius-'));
    const port = await freePort();
    writeFileSync(join(folder, 'radiusd.conf'), configuration(folder, port, ldap));
    const args = ['-f', '-l', 'stdout', '-d', folder];
    const child = spawn('freeradius', args, { stdio: ['ignore', 'pipe', 'pipe'] });
    const server = new RadiusServer(child, folder, port);
    try {
      await server.#ready();
    } catch (error) {
      await server.remove();
      throw error;
    }
    return server;
  }

  #ready(): Promise<void> {
    return new Promise((resolve, reject) => {
      const fail = (): void => {
        clearTimeout(timer);
        reject(new Error(`freeradius does not start:\n${this.log}`));
      };
      const timer = setTimeout(fail, READY_MS);
      const read = (chunk: Buffer): void => {
        this.log += chunk.toString('utf8');
        if (!this.log.includes('Ready to process requests')) return;
        clearTimeout(timer);
        resolve();
      };
      this.#child.stdout?.on('data', read);
      this.#child.stderr?.on('data', read);
      this.#child.on('error', reject);
      this.#child.on('close', fail);
    });
  }

  /** What the server answers to these attributes: `Accept`, `Reject`, or nothing. */
  async ask(attributes: Readonly<Record<string, string>>): Promise<string | undefined> {
    return /Received Access-(\w+)/.exec(await this.reply(attributes))?.[1];
  }

  /** The whole answer as `radclient` prints it. */
  async reply(attributes: Readonly<Record<string, string>>): Promise<string> {
    const pairs = Object.entries(attributes).map(([name, value]) => `${name} = "${value}"`);
    const args = ['-x', '-r', '1', '-t', '10', `127.0.0.1:${this.#port}`, 'auth', SECRET];
    const { out } = await run('radclient', args, { input: `${pairs.join('\n')}\n` });
    return out.slice(Math.max(0, out.indexOf('Received')));
  }

  async remove(): Promise<void> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) {
      this.#child.kill('SIGKILL');
      await once(this.#child, 'close');
    }
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

async function freePort(): Promise<number> {
  const socket = createSocket('udp4').bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const { port } = socket.address();
  socket.close();
  await once(socket, 'close');
  return port;
}
