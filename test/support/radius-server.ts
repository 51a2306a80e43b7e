/**
 * FreeRADIUS in a process of its own, in front of a directory: the `ldap` module as the README
 * configures it, passwords by bind, MS-CHAP by NT hash, bare or in the tunnels of a Wi-Fi login. Owns
 * that process and its folder.
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
/** wpa_supplicant's own program for trying a network. */
export const hasEapolTest = isInstalled('eapol_test');

/** The network itself: PEAP with MS-CHAP inside, TTLS with PAP inside. */
const eap = (certificates: string): string => `
  eap {
    default_eap_type = peap
    tls-config common {
      private_key_file = ${join(certificates, 'server.key')}
      certificate_file = ${join(certificates, 'server.pem')}
      ca_file = ${join(certificates, 'ca.pem')}
      tls_max_version = "1.2"
    }
    peap {
      tls = common
      default_eap_type = mschapv2
      virtual_server = inner
    }
    ttls {
      tls = common
      default_eap_type = mschapv2
      virtual_server = inner
    }
    mschapv2 {
    }
  }`;

/** What decides about a login, outside of a tunnel and in it. */
const sections = `
  authorize {
    eap {
      ok = return
    }
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
    eap
  }`;

const configuration = (folder: string, port: number, ldap: string, certificates: string) => `
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
  ${eap(certificates)}
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
  ${sections}
}
server inner {
  ${sections}
}
`;

/** How a device logs in: `PEAP` with MS-CHAP, or `TTLS` with PAP. */
export type NetworkWay = 'PEAP' | 'TTLS';

const device = (way: NetworkWay, login: string, word: string, ca: string): string => `network={
  key_mgmt=WPA-EAP
  eap=${way}
  identity="${login}"
  password="${word}"
  phase2="auth=${way === 'PEAP' ? 'MSCHAPV2' : 'PAP'}"
  ca_cert="${ca}"
}
`;

export class RadiusServer {
  readonly #child: ChildProcess;
  readonly #folder: string;
  readonly #port: number;
  readonly #certificates: string;
  log = '';

  private constructor(child: ChildProcess, folder: string, port: number, certificates: string) {
    this.#child = child;
    this.#folder = folder;
    this.#port = port;
    this.#certificates = certificates;
  }

  /**
   * Serves on a free port of this machine, with this text as the configuration of `ldap`, and shows
   * devices the server's certificate in this folder.
   */
  static async start(ldap: string, certificates: string): Promise<RadiusServer> {
    const folder = mkdtempSync(join(tmpdir(), 'tenure-radius-'));
    const port = await freePort();
    writeFileSync(join(folder, 'radiusd.conf'), configuration(folder, port, ldap, certificates));
    const args = ['-f', '-l', 'stdout', '-d', folder];
    const child = spawn('freeradius', args, { stdio: ['ignore', 'pipe', 'pipe'] });
    const server = new RadiusServer(child, folder, port, certificates);
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

  /** Whether a device with this login gets into the network. */
  async joins(way: NetworkWay, login: string, word: string): Promise<boolean> {
    const file = join(this.#folder, 'device.conf');
    writeFileSync(file, device(way, login, word, join(this.#certificates, 'ca.pem')));
    const args = ['-c', file, '-a', '127.0.0.1', '-p', `${this.#port}`, '-s', SECRET, '-t', '10'];
    const { out } = await run('eapol_test', args);
    const last = out.trimEnd().split('\n').at(-1);
    if (last !== 'SUCCESS' && last !== 'FAILURE') throw new Error(`eapol_test says:\n${out}`);
    return last === 'SUCCESS';
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
