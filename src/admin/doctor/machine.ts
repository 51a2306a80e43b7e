/** The machine under the server: its clock, disk, memory and limits. Only looks. */
import { readFileSync, statfsSync } from 'node:fs';
import { type Finding, fine, look, wrong } from './finding.js';

/** Nothing here is older; a machine that says so lost its battery. */
const BUILT_MS = Date.UTC(2025, 0, 1);
const SKEW_MS = 5_000;
const FREE_LEAST = 1024 ** 3;
const FREE_SHARE_LEAST = 0.05;
/** Files besides connections: database, logs, sockets. */
const FILES_BESIDES = 64;

/** Whether the time can be right: now against the last change that was written. */
export function clockFindings(nowMs: number, lastChangeMs: number | undefined): Finding[] {
  const shown = new Date(nowMs).toISOString();
  const set = 'set it, and let a time service keep it: expiry, lockout and codes depend on it';
  if (nowMs < BUILT_MS) return [wrong('clock', `it is ${shown} here, which cannot be`, set)];
  if (lastChangeMs !== undefined && nowMs + SKEW_MS < lastChangeMs) {
    const last = new Date(lastChangeMs).toISOString();
    const text = `it is ${shown} here, but the last change was written at ${last}`;
    return [wrong('clock', text, set)];
  }
  return [fine('clock', `it is ${shown}`)];
}

/** Room for the database and its log. */
export function diskFindings(dataDir: string): Finding[] {
  const { bavail, blocks, bsize } = statfsSync(dataDir);
  const free = bavail * bsize;
  const text = `${size(free)} free of ${size(blocks * bsize)} under ${dataDir}`;
  const low = free < FREE_LEAST || bavail < blocks * FREE_SHARE_LEAST;
  if (!low) return [fine('disk', text)];
  return [look('disk', text, 'a full disk refuses every change until there is room')];
}

export interface MachineFacts {
  readonly memoryBytes: number;
  readonly hashMemoryBytes: number;
  readonly connectionsMax: number;
  /** Of this process, which a service manager may set otherwise for the server. */
  readonly openFilesMax: number | undefined;
  readonly root: boolean;
}

/** Memory for the hashes in flight, files for the connections, and no more rights than needed. */
export function machineFindings(facts: MachineFacts): Finding[] {
  const { memoryBytes, hashMemoryBytes, connectionsMax, openFilesMax, root } = facts;
  const findings: Finding[] = [];
  if (hashMemoryBytes > memoryBytes / 4) {
    const text = `password checks may take ${size(hashMemoryBytes)} of ${size(memoryBytes)}`;
    const advice = 'lower passwords.argon2.memoryKiB or limits.hashesInFlight';
    findings.push(look('memory', text, advice));
  }
  if (openFilesMax !== undefined && openFilesMax < connectionsMax + FILES_BESIDES) {
    const text = `${openFilesMax} open files are allowed here, for ${connectionsMax} connections`;
    const advice = `LimitNOFILE=${connectionsMax + 1024} for the service, or limits.connectionsMax`;
    findings.push(look('files', text, advice));
  }
  if (root) {
    const text = 'this runs as root; a server that does can be made to do anything';
    findings.push(look('user', text, 'a user of its own, with CAP_NET_BIND_SERVICE for port 389'));
  }
  return findings;
}

/** How many files this process may open, where the system says so. */
export function openFilesMax(): number | undefined {
  try {
    const line = /^Max open files\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8'));
    return line === null ? undefined : Number(line[1]);
  } catch {
    return undefined;
  }
}

function size(bytes: number): string {
  const gib = bytes / 1024 ** 3;
  return gib >= 1 ? `${gib.toFixed(1)} GiB` : `${Math.round(bytes / 1024 ** 2)} MiB`;
}
