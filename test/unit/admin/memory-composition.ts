/**
 * A composition over nothing but memory, for the command line's own tests: it keeps names of files
 * it was given, fails where told to, and serves the real control API. No LDAP, no database.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FactorsEngine } from '../../../src/admin/factors.js';
import { factorVerbs } from '../../../src/admin/http/index.js';
import {
  type AdminEngine,
  AdminError,
  type CaseInfo,
  type Composition,
  type IndexInfo,
  type LastLogins,
  type OpenOptions,
  type PasswordWhy,
  type PersonWhy,
  type Proof,
  type ServeOptions,
  startControl,
} from '../../../src/admin/index.js';
import { LdifError } from '../../../src/directory/text/index.js';
import type { Reorganisation } from '../../../src/policy/core/index.js';
import { systemClock } from '../../../src/runtime/clock.js';
import { LdapError } from '../../../src/runtime/errors.js';
import { memoryAccess } from './memory-access.js';
import { mayAnswer, neverSeen, nothingProved, nothingSaid, whyNobody } from './memory-answers.js';
import { memoryAudit } from './memory-audit.js';
import { memoryBrownouts } from './memory-brownouts.js';
import { memoryGroups } from './memory-groups.js';
import { memoryMachines } from './memory-machines.js';
import { memoryPeople } from './memory-people.js';
import { memoryPolicy } from './memory-policy.js';
import { memoryServices } from './memory-services.js';

const marker = 'tenure.db';

export interface Memory {
  readonly composition: Composition;
  /** Calls in their order: `import /x by me`. */
  readonly calls: string[];
  /** Set to make the next call of an engine fail. */
  fail: Error | undefined;
  problems: string[];
  indexes: Map<string, readonly string[]>;
  exported: string[];
  playground: boolean;
  served: ServeOptions | undefined;
  /** Why the clock of whatever is served is not trusted. */
  suspicion: string;
  listenersOk: boolean;
  locked: boolean;
  /** Set to make the next start of a server fail. */
  failStart: Error | undefined;
  /** What `last` answers for anybody. */
  logins: Omit<LastLogins, 'dn'>;
  why: Omit<PasswordWhy, 'dn'>;
  whyPerson: Omit<PersonWhy, 'dn' | 'login' | 'service'>;
  cases: CaseInfo[];
  proof: Proof;
  status: Partial<ReturnType<AdminEngine['status']>>;
  /** What `plan` and `move` of many offer. */
  reorganisations: Reorganisation[];
}

export function memoryComposition(): Memory {
  const memory: Memory = {
    composition: {
      directoryExists: async (dataDir) => existsSync(join(dataDir, marker)),
      async createDirectory(dataDir, { suffix, adminPassword, sample }) {
        if (!suffix.includes('=')) throw new LdapError('invalidDNSyntax', `"${suffix}" is no DN`);
        memory.calls.push(`create ${suffix} ${sample === undefined ? 'bare' : 'sample'}`);
        memory.playground = sample !== undefined;
        writeFileSync(join(dataDir, marker), adminPassword);
      },
      async openEngine(dataDir, options: OpenOptions) {
        if (memory.locked) throw new AdminError('busy', `another tenure is serving ${dataDir}`);
        memory.calls.push(`open ${options.readOnly === true ? 'read-only' : 'read-write'}`);
        return engineOf(memory);
      },
      async startServer(options) {
        memory.served = options;
        if (memory.failStart !== undefined) throw memory.failStart;
        return serve(memory, options);
      },
    },
    calls: [],
    fail: undefined,
    problems: [],
    indexes: new Map([
      ['mail', ['eq', 'sub']],
      ['uid', ['eq']],
    ]),
    exported: ['version: 1\n\n', 'dn: dc=example,dc=com\ndc: example\n\n'],
    playground: false,
    served: undefined,
    suspicion: '',
    listenersOk: true,
    locked: false,
    failStart: undefined,
    logins: neverSeen,
    why: nothingSaid,
    whyPerson: whyNobody,
    cases: [],
    proof: nothingProved,
    status: {},
    reorganisations: [],
  };
  return memory;
}

function engineOf(memory: Memory): AdminEngine {
  const failing = (): void => {
    const { fail } = memory;
    memory.fail = undefined;
    if (fail !== undefined) throw fail;
  };
  return {
    async importLdif(path, by, onProgress) {
      memory.calls.push(`import ${path} by ${by}`);
      failing();
      const lines = readFileSync(path, 'utf8').split('\n');
      const bad = lines.findIndex((line) => line.startsWith('?'));
      if (bad >= 0) throw new LdifError(bad + 1, 'this is no attribute line');
      onProgress({ phase: 'import', done: 1, total: 2 });
      onProgress({ phase: 'import', done: 2, total: 2 });
      return {
        entries: lines.filter((line) => line.startsWith('dn:')).length,
        replaced: 0,
        changes: 1,
      };
    },
    async exportLdif(base, write) {
      memory.calls.push(`export ${base ?? 'everything'}`);
      for (const chunk of memory.exported) {
        await write(chunk);
        failing();
      }
      return { entries: 1 };
    },
    async verify(onProgress) {
      memory.calls.push('verify');
      failing();
      onProgress({ phase: 'verify', done: 1, total: 0 });
      const ok = memory.problems.length === 0;
      return { ok, problems: memory.problems, entries: 2, changes: 3, head: 'abc123' };
    },
    async recoverAdministrator() {
      failing();
      return { dn: 'cn=admin,dc=example,dc=com', password: 'new-one' };
    },
    factors: memoryFactors(memory.calls, failing),
    secrets: {
      status: async () => ({ keyFile: '/k/secrets.key', keys: ['0badcafe'], sealed: [] }),
      async rotate() {
        memory.calls.push('rotate');
        failing();
        return { key: '0badcafe', resealed: 3, resumed: false };
      },
      async reset() {
        memory.calls.push('reset');
        failing();
        return { key: '0badcafe', removed: 2, owners: 1 };
      },
    },
    async setIndex(attribute, words) {
      memory.calls.push(`index ${attribute} ${words.join('+')}`);
      failing();
      if (words.length === 0) memory.indexes.delete(attribute);
      else memory.indexes.set(attribute, words);
    },
    wifi: {
      async issue() {
        throw new LdapError('noSuchObject', 'nobody lives in memory');
      },
      list: async (name) => ({ dn: name, secrets: [] }),
      async revoke() {
        throw new LdapError('noSuchObject', 'nobody lives in memory');
      },
    },
    keys: {
      list: async (name) => ({ dn: name, keys: [] }),
      async add({ name, line }) {
        memory.calls.push(`key ${line} for ${name}`);
        throw new LdapError('constraintViolation', 'the SSH key is refused: nobody keeps it here');
      },
      async remove({ key }) {
        throw new LdapError('noSuchAttribute', `no key ${key}`);
      },
    },
    proofs: {
      async prove({ name }) {
        memory.calls.push(`prove ${name}`);
        return memory.proof;
      },
    },
    access: memoryAccess(memory),
    cases: {
      async list({ which }) {
        memory.calls.push(`cases ${which}`);
        return { cases: memory.cases };
      },
      show: async () => memory.cases[0]!,
      async tick(tick) {
        memory.calls.push(`tick ${JSON.stringify(tick)}`);
        return memory.cases[0]!;
      },
      async close(close) {
        memory.calls.push(`close ${JSON.stringify(close)}`);
        failing();
        return memory.cases[0]!;
      },
      resources: async () => ({ resources: [] }),
      async reconcile(order) {
        memory.calls.push(`reconcile ${JSON.stringify(order)}`);
        return {
          resource: order.resource,
          accounts: 0,
          ticked: [],
          still: [],
          left: [],
          unknown: [],
        };
      },
    },
    policy: memoryPolicy(memory.calls, failing),
    runs: {
      plan: async () => {
        const { reorganisations } = memory;
        const now = '2026-01-05T09:00:00.000Z';
        return { now, until: now, zone: 'UTC', reorganisations, steps: [], ldif: '' };
      },
      run: async () => ({
        run: 0,
        done: [],
        held: [],
        decision: 0,
        failed: [],
        zone: 'UTC',
        moved: [],
      }),
      undo: async ({ run }) => ({ run, reason: '', by: 0, entries: [], sent: [] }),
      list: async () => [],
      decisions: async () => [],
      async decide(ask) {
        memory.calls.push(`decide ${JSON.stringify(ask)}`);
        return { id: ask.id, text: '', state: 'yes', missing: 0, needs: '' };
      },
      outbox: async () => [],
      async backtest() {
        const none = { sooner: [], longer: [], atWork: [] };
        return { since: '', now: '', zone: 'UTC', people: 0, ...none };
      },
    },
    people: memoryPeople(memory, failing),
    machines: memoryMachines((call) => {
      memory.calls.push(call);
      failing();
    }),
    groups: memoryGroups(memory.calls, failing),
    audit: memoryAudit(memory.calls),
    brownouts: memoryBrownouts(memory.calls, failing),
    services: memoryServices(memory.calls, failing),
    why: {
      password: async (name) => ({ dn: name, ...memory.why }),
      may: async (asked) => mayAnswer(asked, memory.calls),
      async person(asked) {
        memory.calls.push(`why ${JSON.stringify(asked)}`);
        return { ...memory.whyPerson, dn: asked.name, login: asked.name, service: asked.service };
      },
    },
    logins: {
      last: async (name) => ({ dn: name, ...memory.logins }),
      async unlock({ name, by, because }) {
        memory.calls.push(`unlock ${name} by ${by}: ${because}`);
        failing();
        return { dn: name, wasLocked: memory.logins.state !== 'open', failures: 3 };
      },
      async bypass({ name, forMs, because }) {
        memory.calls.push(`bypass ${name} ${forMs ?? 'ends'}: ${because}`);
        failing();
        return { dn: name, until: forMs === undefined ? undefined : '2026-01-05T13:00:00.000Z' };
      },
    },
    indexes(): readonly IndexInfo[] {
      const all = [...memory.indexes].map(([attribute, words]) => ({ attribute, words }));
      return all.sort((a, b) => (a.attribute < b.attribute ? -1 : 1));
    },
    status: () => ({
      suffixes: ['dc=example,dc=com'],
      entries: 50,
      people: 31,
      groups: 9,
      services: 4,
      hosts: 1,
      contextCsn: '20260101000000.000000Z#000000#001#000000',
      changes: 12,
      head: 'abc123',
      auditHead: 'def456',
      writes: 0,
      commits: 0,
      playground: memory.playground,
      ...memory.status,
    }),
    concerns: async () => [],
    async close() {
      memory.calls.push('close');
    },
  };
}

/** Answers every verb with what it was asked. */
function memoryFactors(calls: string[], failing: () => void): FactorsEngine {
  const verbs = factorVerbs.map((verb) => {
    const call = async (input: object) => {
      calls.push(`${verb} ${JSON.stringify(input)}`);
      failing();
      return { dn: 'uid=ada', ...input, recoveryCodes: ['rec-1', 'rec-2'], appPasswords: [] };
    };
    return [verb, call] as const;
  });
  return Object.fromEntries(verbs) as unknown as FactorsEngine;
}

async function serve(
  memory: Memory,
  { dataDir, config, log, testClock }: ServeOptions,
): ReturnType<Composition['startServer']> {
  let offsetMs = 0;
  let ended: () => void = () => undefined;
  const whenStopped = new Promise<void>((resolve) => {
    ended = resolve;
  });
  const engine = engineOf(memory);
  const socketPath = join(dataDir, 'control.sock');
  const addresses = { ...config.listen, local: join(dataDir, 'ldapi.sock'), control: socketPath };
  const nowMs = (): number => systemClock.nowMs() + offsetMs;
  const stop = async (reason: string): Promise<void> => {
    memory.calls.push(`stop ${reason}`);
    if (reason === 'SIGINT') return; // Stays open: what the second signal is for.
    await control.stop();
    ended();
  };
  const control = await startControl({
    engine,
    socketPath,
    log,
    version: '0.0.0-test',
    clock: systemClock,
    addresses: () => addresses,
    probe: async () => [{ listener: 'ldap', ok: memory.listenersOk, ms: 0.5 }],
    onStop: (reason) => void stop(reason),
    trust: {
      get suspicion() {
        return memory.suspicion;
      },
      async accept() {
        memory.suspicion = '';
      },
    },
    ...(testClock
      ? {
          testClock: {
            nowMs,
            advance: (ms) => {
              offsetMs += ms;
            },
          },
        }
      : {}),
  });
  return {
    addresses,
    engine,
    stop,
    whenStopped,
    reloadCertificates: () => void memory.calls.push('reload'),
  };
}
