/** Tenure under measurement: a directory of its own in a folder of the bench, through its own CLI. */
import { once } from 'node:events';
import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { reachServer } from '../../src/admin/http/index.js';
import type { Peer, WriteCounters } from './peer.js';
import { password, suffix } from './people.js';
import { residentMiB, run, start, stop } from './process.js';

const program = fileURLToPath(new URL('./serve.js', import.meta.url));
/**
 * What slapd.ts has too, so that an import does the same work; objectClass, member, entryUUID and
 * modifyTimestamp are found in ways of their own, which no setting changes.
 */
const indexed: readonly (readonly [attribute: string, words: readonly string[]])[] = [
  ...['uid', 'uidNumber', 'gidNumber', 'departmentNumber'].map((name) => [name, ['eq']] as const),
  ...['cn', 'sn', 'mail'].map((name) => [name, ['eq', 'sub']] as const),
];

/** What a new directory indexes beyond that and the people of this bench have values of. */
const beyond: readonly (readonly string[])[] = [
  ['uid', 'sub'],
  ['givenName'],
  ['employeeNumber'],
  ['telephoneNumber'],
];

interface Ready {
  readonly addresses: { readonly ldap?: string };
}

interface Indexes {
  readonly indexes: readonly { readonly attribute: string; readonly words: readonly string[] }[];
}

/** Makes a directory in `dir`, loads `ldif` into it, and serves it; `settings` goes into config.yaml. */
export async function startTenure(dir: string, ldif: string, settings = ''): Promise<Peer> {
  mkdirSync(dir, { recursive: true });
  const passwordFile = join(dir, 'password');
  const data = join(dir, 'data');
  writeFileSync(passwordFile, password, { mode: 0o600 });
  await tenure(['init', '--data', data, '--suffix', suffix, '--admin-password-file', passwordFile]);
  appendFileSync(
    join(data, 'config.yaml'),
    'passwords:\n  rehashOnBind: false\nlog:\n  level: warn\n'.concat(settings),
  );
  await indexAlike(data);
  const before = performance.now();
  await tenure(['import', '--data', data, '--json', ldif]);
  const importSeconds = (performance.now() - before) / 1000;
  return { ...(await serve(data)), importSeconds };
}

function tenure(args: readonly string[]): Promise<string> {
  return run(process.execPath, [program, ...args]);
}

/** The same indexes as slapd's, neither less nor more. */
async function indexAlike(data: string): Promise<void> {
  const { indexes } = JSON.parse(
    await tenure(['index', 'list', '--data', data, '--json']),
  ) as Indexes;
  const there = new Map(indexes.map((index) => [index.attribute.toLowerCase(), index.words]));
  for (const [attribute, words] of indexed) {
    const has = there.get(attribute.toLowerCase()) ?? [];
    const missing = words.filter((word) => !has.includes(word));
    if (missing.length === 0) continue;
    await tenure(['index', 'add', attribute, ...missing, '--data', data, '--json']);
  }
  for (const extra of beyond) {
    await tenure(['index', 'drop', ...extra, '--data', data, '--json']);
  }
}

async function serve(data: string): Promise<Omit<Peer, 'importSeconds'>> {
  const args = [program, 'serve', '--data', data, '--ldap', '127.0.0.1:0', '--ldaps', 'off'];
  const before = performance.now();
  const child = await start(process.execPath, [...args, '--json'], {
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  const pid = child.pid ?? 0;
  if (child.stdout === null) throw new Error('no output of the server');
  const lines = createInterface({ input: child.stdout });
  const first = once(lines, 'line') as Promise<[string]>;
  const ended = once(child, 'exit').then(() => undefined);
  const line = await Promise.race([first, ended]);
  if (line === undefined) throw new Error('tenure did not start; the reason stands above');
  const readySeconds = (performance.now() - before) / 1000;
  const readyMiB = residentMiB(pid);
  const { addresses } = JSON.parse(line[0]) as Ready;
  const port = Number(addresses.ldap?.split(':').at(-1));
  if (!(port > 0)) throw new Error(`no LDAP address in ${line[0]}`);
  return {
    name: 'tenure',
    pid,
    port,
    readySeconds,
    readyMiB,
    async worstTurnMs() {
      if (!child.connected) return undefined;
      const answer = once(child, 'message') as Promise<[{ readonly worstTurnMs: number }]>;
      child.send('turns');
      return (await Promise.race([answer, ended]))?.[0].worstTurnMs;
    },
    counters: () => counters(join(data, 'control.sock')),
    stop: () => stop(child),
  };
}

/** As `tenure status` tells, if this version counts. */
async function counters(socketPath: string): Promise<WriteCounters | undefined> {
  const server = await reachServer(socketPath);
  if (server === undefined) return undefined;
  const status: object = (await server.status()).directory;
  const { writes, commits } = status as Partial<WriteCounters>;
  return writes === undefined || commits === undefined ? undefined : { writes, commits };
}
