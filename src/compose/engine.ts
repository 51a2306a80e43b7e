/**
 * The administration's view of a directory (admin/engine.ts), over either side: a server's reader
 * and writer thread, or the write half of a command that holds the folder's lock.
 */

import type { EngineStatus, OnProgress, VerifyReport } from '../admin/engine.js';
import { AdminError, fingerprintOf } from '../admin/index.js';
import type { AdminEngine, IndexInfo } from '../admin/ports.js';
import type { SealedCount } from '../admin/secrets.js';
import {
  type Argon2Params,
  generatePassword,
  type HashPool,
  hashPassword,
} from '../credentials/index.js';
import type { OtpWindow } from '../credentials/otp/index.js';
import type { AuditVerified } from '../directory/model/audit.js';
import { bytesOf } from '../directory/model/bytes.js';
import type { Identity, Origin } from '../directory/model/identity.js';
import type { ObservedReader } from '../directory/model/observed.js';
import {
  type Directory,
  exportLdif,
  findEntry,
  guardOf,
  Memberships,
  Names,
  type PreparedWrite,
  type View,
  type WriteOutcome,
} from '../directory/operations/index.js';
import type { DirectoryReader } from '../directory/ports.js';
import type { Scheduler } from '../policy/run/index.js';
import type { Config } from '../runtime/config.js';
import { errorFromShape, LdapError } from '../runtime/errors.js';
import type { Log } from '../runtime/log.js';
import { turn } from '../runtime/turns.js';
import { concernsOf } from './concerns.js';
import { auditEngine } from './engine-audit.js';
import { factorsEngine } from './engine-factors.js';
import { keysEngine } from './engine-keys.js';
import { loginsEngine } from './engine-logins.js';
import { runsEngine } from './engine-runs.js';
import { type BoxParts, secretsEngine } from './engine-secrets.js';
import { whyEngine } from './engine-why.js';
import { wifiEngine } from './engine-wifi.js';
import type { Job, JobResult } from './messages.js';
import {
  accessEngine,
  brownoutsEngine,
  casesEngine,
  groupsEngine,
  machinesEngine,
  type PeopleParts,
  peopleEngine,
  prove,
  publicKeyOf,
} from './people/index.js';
import { policyEngine } from './policy/index.js';
import { servicesEngine } from './services/index.js';

/** What an engine stands on. */
export interface EngineParts {
  readonly reader: DirectoryReader & {
    logEnd(): { seq: number; head: string };
    isPlayground(): boolean;
    kindCounts(): ReadonlyMap<string, number>;
    readonly observed: ObservedReader;
    readonly secretRows: { counts(kinds: readonly string[]): SealedCount[] };
  };
  readonly log: Log;
  /** Plans and runs the policy. */
  readonly scheduler: Scheduler;
  readonly argon2: Argon2Params;
  readonly nowMs: () => number;
  readonly pool: () => HashPool;
  readonly write: (request: PreparedWrite) => Promise<WriteOutcome>;
  readonly job: (job: Job, onProgress: OnProgress) => Promise<JobResult>;
  readonly otpWindow: OtpWindow;
  readonly accessMap: Config['accessMap'];
  readonly box: BoxParts;
  readonly verifyAudit: (head: string | undefined) => Promise<AuditVerified>;
  /** What was seen so far is written; absent where nothing is served. */
  readonly flushAudit?: () => Promise<unknown>;
  /** Events of the trail that were lost; absent where nothing is served. */
  readonly auditDropped?: () => number;
  readonly verify: (onProgress: OnProgress) => Promise<VerifyReport>;
  readonly counters: () => { readonly writes: number; readonly commits: number };
  readonly close: () => Promise<void>;
  /** What clients ask; undefined where nothing is served. */
  readonly served?: Served;
}

export interface Served {
  readonly directory: Directory;
  /** Open sessions that are bound as an entry. */
  readonly sessionsOf: (entryId: number) => number;
}

const controlOrigin: Origin = { address: 'control', connection: 0, confidential: true };

/** Proves by a bind who somebody is. @throws LdapError invalidCredentials */
function signInTo(directory: Directory, { reader, names }: Pick<PeopleParts, 'reader' | 'names'>) {
  return async (name: string, password: string): Promise<Identity> => {
    const dn = names.text(findEntry(name, reader, names));
    const request = { dn, password: Buffer.from(password, 'utf8') };
    const { identity } = await directory.authenticate(request, controlOrigin);
    if (identity.role !== 'anonymous' && identity.only === undefined) return identity;
    throw new LdapError('invalidCredentials', `${dn} has to choose a new password first`);
  };
}

export function createEngine(parts: EngineParts): AdminEngine {
  const { reader } = parts;
  const names = new Names(reader);

  const administrator = (): Identity => {
    const entry = reader.entry(reader.administratorId());
    if (entry === undefined) throw new Error('the directory has no administrator entry');
    return { role: 'administrator', dn: names.text(entry), entryId: entry.id };
  };

  const view = (): View => ({
    reader,
    names,
    memberships: new Memberships(reader, parts.nowMs),
    identity: administrator(),
    nowMs: parts.nowMs,
  });

  const factors = factorsEngine({
    reader,
    names,
    write: parts.write,
    box: parts.box.open,
    random: () => parts.pool().random,
    nowMs: parts.nowMs,
    otpWindow: parts.otpWindow,
    lastUse: (id) => (guardOf(reader) ?? reader.observed).secretUse(id),
    administrator,
    origin: controlOrigin,
  });

  const people = {
    reader,
    names,
    nowMs: parts.nowMs,
    write: parts.write,
    factors,
    administrator,
    origin: controlOrigin,
    box: parts.box.open,
    accessMap: parts.accessMap,
  };

  const signIn = parts.served && signInTo(parts.served.directory, people);
  const asking =
    parts.served === undefined || signIn === undefined
      ? {}
      : { asking: { search: parts.served.directory.search, signIn } };

  const logins = loginsEngine(parts, { names, administrator, origin: controlOrigin });

  return {
    async importLdif(path, by, onProgress, guards = {}) {
      const imported = await parts.job({ name: 'import', path, by, guards }, onProgress);
      if (imported === undefined || !('entries' in imported)) throw new Error('no report');
      parts.log.info({ ...imported, by }, 'import');
      return imported;
    },

    async exportLdif(base, write) {
      const outcome = await parts.write({
        op: 'audit',
        context: { identity: administrator(), origin: controlOrigin },
        reason: 'tenure export',
        what: `password hashes exported: ${base ?? 'everything'}`,
      });
      if (!outcome.ok) throw errorFromShape(outcome.error);
      let entries = 0;
      for (const piece of exportLdif(base, view)) {
        entries = piece.entries;
        await write(piece.text);
        await turn();
      }
      return { entries };
    },

    verify: parts.verify,
    audit: auditEngine({ ...parts, names, turn }),
    secrets: secretsEngine(parts),
    factors,
    runs: runsEngine(parts, {
      scheduler: parts.scheduler,
      administrator,
      origin: controlOrigin,
      ...(signIn !== undefined && {
        signIn: async (name: string, password: string) => (await signIn(name, password)).dn,
      }),
    }),
    people: peopleEngine(people),
    groups: groupsEngine(people),
    brownouts: brownoutsEngine({ ...people, turn, flushAudit: parts.flushAudit }),
    machines: machinesEngine({ ...people, random: () => parts.pool().random }),
    services: servicesEngine({
      ...people,
      turn,
      random: () => parts.pool().random,
      secretUse: (id) => (guardOf(reader) ?? reader.observed).secretUse(id),
    }),
    cases: casesEngine(people),
    policy: policyEngine(parts, { names, administrator, origin: controlOrigin, turn }),
    proofs: {
      async prove({ name }) {
        const { served } = parts;
        if (served === undefined) {
          const text = 'no server is running: there is no door to try; start it with tenure serve';
          throw new AdminError('not-ready', text);
        }
        const random = () => parts.pool().random;
        return prove(name, { ...people, ...served, random, logEnd: () => reader.logEnd() });
      },
    },

    async recoverAdministrator() {
      const identity = administrator();
      const password = generatePassword(parts.pool().random);
      const hash = await hashPassword(parts.pool(), Buffer.from(password), parts.argon2);
      const outcome = await parts.write({
        op: 'recover',
        context: { identity, origin: controlOrigin },
        reason: 'tenure admin recover',
        owner: identity.entryId,
        value: bytesOf(Buffer.from(hash)),
      });
      if (!outcome.ok) throw errorFromShape(outcome.error);
      parts.log.warn(
        { dn: identity.dn },
        'ADMINISTRATOR RECOVERED: all passwords of the administrator ended, a one-time password was made',
      );
      return { dn: identity.dn, password };
    },

    async setIndex(attribute, words, onProgress) {
      await parts.job({ name: 'setIndex', attribute, words }, onProgress);
    },

    indexes: () => indexesOf(reader),
    wifi: wifiEngine(parts, { names, administrator, origin: controlOrigin }),
    keys: keysEngine(parts, { names, administrator, origin: controlOrigin }),
    why: whyEngine(parts, names, people),
    logins,
    access: accessEngine({ ...people, logins, turn, ...asking }),
    status: () => statusOf(parts, names),
    concerns: () => concernsOf({ ...parts, names, turn }),
    close: parts.close,
  };
}

function indexesOf(reader: DirectoryReader): IndexInfo[] {
  const infos: IndexInfo[] = [];
  for (const type of reader.schema().attributes) {
    if (type.storage !== 'body') continue;
    const words: string[] = [];
    if (reader.canUse(type, 'equality')) words.push('eq');
    if (reader.canUse(type, 'ordering')) words.push('ord');
    if (reader.canUse(type, 'substring')) words.push('sub');
    if (words.length > 0) infos.push({ attribute: type.name, words });
  }
  return infos.sort((a, b) => (a.attribute.toLowerCase() < b.attribute.toLowerCase() ? -1 : 1));
}

function statusOf(
  { reader, counters, box, auditDropped }: EngineParts,
  names: Names,
): EngineStatus {
  const proofKey = publicKeyOf({ reader, box: box.open });
  const suffixes = reader.suffixes().map((suffix) => suffix.dn);
  const counts = reader.kindCounts();
  const count = (of: (classes: ReadonlySet<string>, group: boolean) => boolean): number => {
    let total = 0;
    for (const kind of reader.kinds()) {
      const classes = new Set(kind.classes.map((cls) => cls.name));
      if (of(classes, kind.membership !== undefined)) total += counts.get(kind.key) ?? 0;
    }
    return total;
  };
  const below = (ou: string): number => {
    let total = 0;
    for (const suffix of suffixes) {
      const id = names.idOf(`ou=${ou},${suffix}`);
      if (id !== 0) total += reader.childCount(id);
    }
    return total;
  };
  const { seq, head } = reader.logEnd();
  return {
    suffixes,
    entries: reader.entryCount(),
    people: count((classes) => classes.has('person')),
    groups: count((_classes, group) => group),
    services: below('services'),
    hosts: below('hosts'),
    contextCsn: reader.contextCsn(),
    changes: seq,
    head,
    auditHead: reader.audit.head(),
    ...(auditDropped !== undefined && { auditDropped: auditDropped() }),
    ...counters(),
    playground: reader.isPlayground(),
    ...(proofKey !== undefined && { proofKey: fingerprintOf(proofKey) }),
  };
}
