/**
 * OpenLDAP's slapd as the peer: its configuration, its data, its process, all in a folder of the
 * bench. It stays durable (every write is on disk before it is answered) and on loopback.
 */
import { once } from 'node:events';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Peer } from './peer.js';
import { administratorDn, password, suffix } from './people.js';
import { freePort, programPath, residentMiB, run, start, stop } from './process.js';

const schemas = ['core', 'cosine', 'inetorgperson', 'nis'];
const schemaFolders = ['/etc/ldap/schema', '/etc/openldap/schema', '/usr/share/openldap/schema'];
const moduleFolders = ['/usr/lib/ldap', '/usr/lib/openldap', '/usr/lib64/openldap'];
const READY_TRIES = 200;
const READY_EVERY_MS = 50;

/** Why there can be no slapd here, or undefined. */
export function slapdMissing(): string | undefined {
  if (programPath('slapd') === undefined) return 'slapd is not installed';
  if (programPath('slapadd') === undefined) return 'slapadd is not installed';
  const folder = schemaFolders.find((path) => existsSync(join(path, 'core.schema')));
  return folder === undefined ? 'the schema files of slapd are not installed' : undefined;
}

/** Loads `ldif` into a new database in `dir` and serves it. */
export async function startSlapd(dir: string, ldif: string): Promise<Peer> {
  mkdirSync(join(dir, 'db'), { recursive: true });
  const configFile = join(dir, 'slapd.conf');
  writeFileSync(configFile, configuration(dir));
  const before = performance.now();
  await run(programPath('slapadd') ?? 'slapadd', ['-q', '-f', configFile, '-l', ldif]);
  const importSeconds = (performance.now() - before) / 1000;
  const port = await freePort();
  const beforeStart = performance.now();
  // -d keeps it in the foreground, so that it is our child; 0 keeps it silent.
  const args = ['-d', '0', '-f', configFile, '-h', `ldap://127.0.0.1:${port}`];
  const child = await start(programPath('slapd') ?? 'slapd', args, { stdio: 'ignore' });
  const pid = child.pid ?? 0;
  for (let tries = 0; !(await accepts(port)); tries += 1) {
    if (child.exitCode !== null || tries === READY_TRIES) throw new Error('slapd did not start');
    await sleep(READY_EVERY_MS);
  }
  const readySeconds = (performance.now() - beforeStart) / 1000;
  return {
    name: 'slapd',
    pid,
    port,
    importSeconds,
    readySeconds,
    readyMiB: residentMiB(pid),
    worstTurnMs: async () => undefined,
    counters: async () => undefined,
    stop: () => stop(child),
  };
}

function configuration(dir: string): string {
  const schema = schemaFolders.find((path) => existsSync(join(path, 'core.schema'))) ?? '';
  const modules = moduleFolders.find((path) => existsSync(join(path, 'back_mdb.la')));
  const load = modules === undefined ? '' : `modulepath ${modules}\nmoduleload back_mdb\n`;
  return `${schemas.map((name) => `include ${join(schema, `${name}.schema`)}`).join('\n')}
${load}pidfile ${join(dir, 'slapd.pid')}
threads 4
loglevel 0
sizelimit unlimited
database mdb
maxsize 17179869184
suffix "${suffix}"
rootdn "${administratorDn}"
rootpw ${password}
directory ${join(dir, 'db')}
index objectClass,uid,member,entryUUID,uidNumber,gidNumber,departmentNumber,modifyTimestamp eq
index cn,sn,mail eq,sub
access to attrs=userPassword by self write by anonymous auth by * none
access to * by users read by * none
`;
}

async function accepts(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
