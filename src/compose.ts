/**
 * The composition root: builds the object graph of a server, or of a command that works on a
 * directory by itself. The only file (with its folder) that may import everything.
 *
 *   connection thread: wire → directory → reader (read-only handle)
 *                                  ↓ prepared writes      ↑ committed
 *   writer thread:              write half → store (the one read-write handle)
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import {
  type AdminEngine,
  type Composition,
  type InitOptions,
  type OpenOptions,
  type RunningServer,
  type ServeOptions,
  startControl,
} from './admin/index.js';
import { alarmsOver } from './compose/alarms.js';
import { AuditFlush } from './compose/audit-flush.js';
import { ClockGuard, clockMarksOf } from './compose/clock-guard.js';
import { addressesOf, openDoors } from './compose/doors.js';
import { startDue } from './compose/due.js';
import { createEngine } from './compose/engine.js';
import { keyFileOf, readerBox } from './compose/open-box.js';
import { failureKindOf } from './compose/open-errors.js';
import { probeListeners } from './compose/probe.js';
import { tryBox } from './compose/reset-box.js';
import { rotated } from './compose/rotate-keys.js';
import { policyContext, schedulerOver } from './compose/scheduling.js';
import { endSessionsOfDeleted, sessionsOf } from './compose/sessions.js';
import {
  argon2Params,
  breachFileOf,
  cacheBytesOf,
  otpWindowOf,
  tlsOf,
} from './compose/settings.js';
import { fillDirectory } from './compose/setup.js';
import { Stamping } from './compose/stamping.js';
import { Stopping } from './compose/stopping.js';
import { movableClock } from './compose/test-clock.js';
import { verifyAuditInThread, verifyInThread } from './compose/verify-thread.js';
import { warmCaches } from './compose/warm.js';
import { WriteHalf } from './compose/write-half.js';
import { WriterClient } from './compose/writer-client.js';
import { Guard, VerifiedPasswords } from './credentials/guard/index.js';
import { defaultArgon2Params, HashPool, type SecretBox } from './credentials/index.js';
import { PasswordJudge } from './credentials/quality/index.js';
import {
  type AlarmingUse,
  createDirectory as createDirectoryOver,
  type Directory,
  forgetVerified,
  Names,
  type PreparedWrite,
  timelinesOf,
} from './directory/operations/index.js';
import {
  createWireServer,
  supportedControls,
  supportedExtensions,
  supportedFeatures,
  supportedSaslMechanisms,
  type WireServer,
} from './ldap/index.js';
import type { Scheduler } from './policy/run/index.js';
import { isThreadBusy } from './runtime/busy.js';
import { type Clock, clockBuffer, systemClock } from './runtime/clock.js';
import { type Config, loadConfig } from './runtime/config.js';
import { guarded } from './runtime/guarded-clock.js';
import { defaultLimits } from './runtime/limits.js';
import type { Log } from './runtime/log.js';
import { type Random, systemRandom } from './runtime/random.js';
import { version } from './runtime/version.js';
import {
  createDatabase,
  databasePath,
  openReader,
  type StoreReader,
  verifyDatabase,
} from './store/index.js';

const RANGE_STARTS = { uidNumber: 20_001, gidNumber: 20_001 };

export const directoryExists: Composition['directoryExists'] = async (dataDir) =>
  existsSync(databasePath(dataDir));

/** Puts what goes wrong while a folder is opened into one sentence of the right kind. */
async function opening<T>(work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw failureKindOf(error);
  }
}

export async function createDirectory(
  dataDir: string,
  options: InitOptions & { readonly log: Log },
): Promise<void> {
  await opening(async () => {
    const random = systemRandom();
    createDatabase(dataDir, { clock: systemClock, random, rangeStarts: RANGE_STARTS });
    const half = openHalf(dataDir, options.log);
    try {
      await fillDirectory(half, options, defaultArgon2Params);
      half.box();
    } finally {
      await half.close();
    }
  });
}

function openHalf(dataDir: string, log: Log): WriteHalf {
  const config = loadConfig(join(dataDir, 'config.yaml'), false);
  return new WriteHalf(dataDir, {
    keyFile: keyFileOf(config, dataDir),
    clock: systemClock,
    random: systemRandom(),
    limits: defaultLimits,
    argon2: defaultArgon2Params,
    sshKeys: config.sshKeys,
    accessMap: config.accessMap,
    onDefect: (error) => log.error({ err: error }, 'defect'),
  });
}

/** The directory in this process, for a command; takes the folder's lock. */
export async function openEngine(dataDir: string, options: OpenOptions): Promise<AdminEngine> {
  const { log } = options;
  const half = await opening(() => openHalf(dataDir, log));
  const { store } = half;
  tryBox(half);
  half.finishFolding();
  const write = async (request: PreparedWrite) => half.alone(request);
  const { outbox, accessMap } = loadConfig(join(dataDir, 'config.yaml'), false);
  const frozen = () => store.clockMarks().suspicion !== '';
  const secrets = { random: () => half.random, box: () => half.box() };
  const around = { reader: store, write, clock: systemClock, log, dataDir, outbox, frozen };
  return createEngine({
    scheduler: schedulerOver({ ...around, ...secrets }),
    reader: store,
    log,
    argon2: defaultArgon2Params,
    accessMap,
    nowMs: () => systemClock.nowMs(),
    otpWindow: otpWindowOf(defaultLimits),
    pool: () => half.pool,
    write,
    box: { keyFile: half.keyFile, open: () => half.box(), reset: () => half.resetBox() },
    async job(job, onProgress) {
      if (job.name === 'import') return half.importFile(job.path, job.by, onProgress, job.guards);
      if (job.name === 'rotateKeys') return rotated(half.rotateKeys(), onProgress);
      half.setIndex(job.attribute, job.words);
      for (let done = 0; store.indexing; done += 1) {
        store.maintain();
        onProgress({ phase: 'indexing', done, total: 0 });
      }
      return undefined;
    },
    verifyAudit: async (head) => store.audit.verify(head),
    async verify(onProgress) {
      while (half.maintain().more);
      return verifyDatabase(dataDir, onProgress, timelinesOf);
    },
    counters: () => ({ writes: 0, commits: 0 }),
    close: () => half.close(),
  });
}

export async function startServer(options: ServeOptions): Promise<RunningServer> {
  const { dataDir, config, log } = options;
  const clockOffset = clockBuffer();
  const trust = new ClockGuard({ base: systemClock, shared: clockOffset, log });
  const clock = guarded(trust.clock, systemClock, clockOffset);
  const random = systemRandom();
  const argon2 = argon2Params(config);
  const { limits, sshKeys, accessMap } = config;
  const keyFile = keyFileOf(config, dataDir);
  const stopping = new Stopping(log);
  const verified = config.passwords.cacheVerified
    ? new VerifiedPasswords({ clock, random, limits })
    : undefined;

  const writer = new WriterClient({
    data: { dataDir, limits, argon2, sshKeys, accessMap, clockOffset, keyFile },
    log,
    onCommitted(committed) {
      if (reader === undefined) return;
      reader.applyCommitted(committed);
      if (verified !== undefined) forgetVerified(verified, committed, reader);
      if (committed.places) endSessionsOfDeleted(committed, reader, wire);
    },
    onLost: (reason) => stopping.broken(new Error(`the writer thread is gone: ${reason}`)),
  });
  let reader: StoreReader | undefined;
  let wire: WireServer | undefined;
  await opening(() => writer.ready);
  stopping.add('writer', () => writer.close());
  try {
    return await opening(async () => {
      const opened = openReader(dataDir, {
        cacheBytes: cacheBytesOf(limits),
        defer: (task) => setImmediate(task),
      });
      reader = opened;
      stopping.add('reader', async () => opened.close());
      const secretBox = readerBox(keyFile, random);
      const box = () => secretBox;
      const pool = new HashPool({ clock, random, limits, mustRest: isThreadBusy() });
      const audit = new AuditFlush({
        reader: opened,
        names: new Names(opened),
        clock,
        limits,
        observe: writer.observe,
      });
      stopping.add('audit trail', () => audit.stop());
      const guard = new Guard({
        stored: opened.observed,
        clock,
        random,
        limits,
        observe: audit.observe,
        onMoved: (owner) => verified?.drop(owner),
        accessDays: accessMap.enabled ? accessMap.days : undefined,
      });
      const cold = warmCaches(opened, clock);
      stopping.add('warming', async () => cold());
      stopping.add('what was seen of binds', () => guard.stop());
      stopping.add('hash pool', () => pool.close());
      const judge = new PasswordJudge({ clock, breachFile: await breachFileOf(config) });
      stopping.add('password judge', () => judge.close());
      const onAlarmingUse = alarmsOver({
        reader: opened,
        names: new Names(opened),
        write: writer.write,
        context: () => policyContext(opened),
        log,
        onMessages: () => void scheduler.tick(),
      });
      const parts = {
        box,
        config,
        clock,
        random,
        log,
        judge,
        guard,
        audit,
        verified,
        onAlarmingUse,
      };
      const directory = directoryOver(opened, writer, pool, parts);
      const scheduler: Scheduler = schedulerOver({
        reader: opened,
        write: writer.write,
        clock,
        log,
        dataDir,
        outbox: config.outbox,
        frozen: () => trust.suspicion !== '',
        random: () => random,
        box,
      });
      const engine = createEngine({
        scheduler,
        reader: opened,
        log,
        argon2,
        accessMap,
        nowMs: () => clock.nowMs(),
        otpWindow: otpWindowOf(limits),
        pool: () => pool,
        write: writer.write,
        box: { keyFile, open: box, reset: undefined },
        job: (job, onProgress) => writer.job(job, onProgress),
        verifyAudit: (head) => verifyAuditInThread(dataDir, head),
        flushAudit: () => audit.flush(),
        auditDropped: () => audit.dropped,
        verify: (onProgress) => verifyInThread(dataDir, onProgress),
        counters: () => ({ writes: writer.counters.writes, commits: writer.counters.commits }),
        close: () => stopping.run('closed'),
        served: { directory, sessionsOf: (entryId) => sessionsOf(entryId, wire) },
      });
      const tls = tlsOf(config, log, stopping);
      const { cleartextBind } = config;
      const { netscapeControls } = config.passwords;
      const rules = { cleartextBind, netscapeControls };
      const doors = createWireServer({ directory, limits, clock, log, ...rules, tls });
      wire = doors;
      stopping.add('wire', () => doors.stop());
      const { administrator } = directory;
      const stamping = new Stamping({ reader: opened, clock, write: writer.write, administrator });
      const due = startDue({ reader: opened, clock, wire: () => wire, stamping });
      stopping.add('time stamps', () => stamping.stop());
      stopping.add('due tick', async () => due.stop());
      trust.start({
        marks: () => clockMarksOf(opened),
        write: writer.write,
        administrator,
        accepted: () => due.look(),
      });
      stopping.add('clock guard', async () => trust.stop());
      const bound = await openDoors(doors, config, dataDir);
      const addresses = addressesOf(bound, dataDir);
      const testClock = options.testClock
        ? movableClock(clock, clockOffset, () => {
            due.look();
            void scheduler.tick();
          })
        : undefined;
      const control = await startControl({
        engine,
        socketPath: addresses.control,
        log,
        version,
        clock,
        addresses: () => addresses,
        probe: () => probeListeners(bound, clock),
        testClock,
        trust,
        onStop: (reason) => void stopping.run(reason),
      });
      stopping.add('control', () => control.stop());
      stopping.add('policy engine', () => scheduler.stop());
      void scheduler.start();
      log.info({ ...addresses }, 'serving');
      return {
        addresses,
        engine,
        stop: (reason) => stopping.run(reason),
        reloadCertificates: () => void tls?.reload(),
        whenStopped: stopping.done,
      };
    });
  } catch (error) {
    await stopping.run('failed to start');
    throw error;
  }
}

/** The directory of a server: reads by its reader, writes to its writer thread. */
function directoryOver(
  reader: StoreReader,
  writer: WriterClient,
  pool: HashPool,
  parts: {
    readonly config: Config;
    readonly clock: Clock;
    readonly random: Random;
    readonly log: Log;
    readonly box: () => SecretBox;
    readonly judge: PasswordJudge;
    readonly guard: Guard;
    readonly audit: AuditFlush;
    readonly verified: VerifiedPasswords | undefined;
    readonly onAlarmingUse: (use: AlarmingUse) => Promise<void>;
  },
): Directory {
  const { config, clock, random, log, judge, guard, audit, verified, onAlarmingUse } = parts;
  return createDirectoryOver({
    reader,
    box: parts.box,
    write: writer.write,
    pool,
    guard,
    audit: audit.book,
    verified,
    judge,
    argon2: argon2Params(config),
    rehashOnBind: config.passwords.rehashOnBind,
    certificateRules: config.certificateLogin.map,
    ntSources: config.ntHash,
    limits: config.limits,
    random,
    monotonicMs: () => clock.monotonicMs(),
    nowMs: () => clock.nowMs(),
    offered: {
      controls: supportedControls,
      extensions: supportedExtensions,
      features: supportedFeatures,
      saslMechanisms: supportedSaslMechanisms,
      vendorVersion: version,
    },
    onDefect: (error) => log.error({ err: error }, 'defect'),
    onRefusedBind: (refused) => log.info(refused, 'bind refused'),
    onAlarmingUse,
  });
}
