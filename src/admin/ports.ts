/**
 * What the administration needs from the composition root: to make a directory, to open it in this
 * process, and to serve it. Implemented there and nowhere else; nothing here has behaviour.
 */
import type { Clock } from '../runtime/clock.js';
import type { Config } from '../runtime/config.js';
import type { Log } from '../runtime/log.js';
import type { AccessEngine } from './access.js';
import type { AuditEngine } from './audit.js';
import type { BrownoutsEngine } from './brownouts.js';
import type { CasesEngine } from './cases.js';
import type { Engine, InitOptions } from './engine.js';
import type { GroupsEngine } from './groups.js';
import type { KeysEngine } from './keys.js';
import type { LoginsEngine } from './logins.js';
import type { MachinesEngine } from './machines.js';
import type { PeopleEngine } from './people.js';
import type { PolicyEngine } from './policy.js';
import type { ProveEngine } from './proof.js';
import type { RunsEngine } from './runs.js';
import type { ServicesEngine } from './services.js';
import type { WhyEngine } from './why.js';
import type { NtEngine } from './wifi.js';

/** One attribute that searches find by index. */
export interface IndexInfo {
  /** As the schema spells it. */
  readonly attribute: string;
  /** Of `eq`, `sub`, `ord`. */
  readonly words: readonly string[];
}

/** An engine that can also say what is indexed. */
export interface AdminEngine extends Engine {
  /** Sorted by attribute. */
  indexes(): readonly IndexInfo[];
  readonly access: AccessEngine;
  readonly audit: AuditEngine;
  readonly brownouts: BrownoutsEngine;
  readonly groups: GroupsEngine;
  readonly services: ServicesEngine;
  readonly keys: KeysEngine;
  readonly logins: LoginsEngine;
  readonly machines: MachinesEngine;
  readonly people: PeopleEngine;
  readonly cases: CasesEngine;
  readonly policy: PolicyEngine;
  readonly runs: RunsEngine;
  readonly proofs: ProveEngine;
  readonly why: WhyEngine;
  readonly wifi: NtEngine;
}

/** Where a server is reached: HOST:PORT as bound, undefined where off; absolute socket paths. */
export interface Addresses {
  readonly ldap: string | undefined;
  readonly ldaps: string | undefined;
  readonly local: string;
  readonly control: string;
}

/** A listener asked as a client would ask it: connected, and the root DSE was answered. */
export interface ListenerProbe {
  readonly listener: 'ldap' | 'ldaps' | 'local';
  readonly ok: boolean;
  /** How long the answer took, milliseconds. */
  readonly ms: number;
}

/** A clock that may be moved; only playgrounds have one. */
export interface MovableClock {
  nowMs(): number;
  /** Moves it forward and runs what became due. */
  advance(ms: number): void;
}

/** Whether the clock of a server is to be trusted. */
export interface ClockTrust {
  /** Why not, as a sentence; empty: it is. */
  readonly suspicion: string;
  /** Somebody has looked: the machine's clock is right. */
  accept(): Promise<void>;
}

/** A directory being served in this process. */
export interface RunningServer {
  readonly addresses: Addresses;
  readonly engine: AdminEngine;
  /** Graceful and idempotent; resolves when everything is closed. */
  stop(reason: string): Promise<void>;
  /** Reads the TLS files again; a broken new file keeps the old one and is logged. */
  reloadCertificates(): void;
  /** Resolves when stopped, by whatever reason; rejects where the server broke down. */
  readonly whenStopped: Promise<void>;
}

export interface ServeOptions {
  readonly dataDir: string;
  /** Complete, with the TLS files as absolute paths and the listeners as they shall be. */
  readonly config: Config;
  readonly log: Log;
  readonly testClock: boolean;
}

export interface OpenOptions {
  readonly clock?: Clock;
  readonly log: Log;
  readonly readOnly?: boolean;
}

/** Failures are AdminErrors: `folder`, `busy`, `address`, `damaged`. */
export interface Composition {
  /** Whether `dataDir` holds a directory's database; takes no lock. */
  directoryExists(dataDir: string): Promise<boolean>;
  createDirectory(dataDir: string, options: InitOptions & { readonly log: Log }): Promise<void>;
  /** Takes the folder lock. */
  openEngine(dataDir: string, options: OpenOptions): Promise<AdminEngine>;
  startServer(options: ServeOptions): Promise<RunningServer>;
}
