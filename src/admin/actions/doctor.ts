/**
 * Looks at everything around a directory that goes wrong while nobody looks: certificates that end,
 * files open to others, a clock that is off, a disk that fills, parameters that are weak or slow.
 * Changes nothing; a thing that cannot be looked at is a finding, not a failure.
 */
import { totalmem } from 'node:os';
import { join } from 'node:path';
import {
  type Argon2Params,
  HashPool,
  hashPassword,
  KeyFileError,
  readKeyFile,
} from '../../credentials/index.js';
import { BreachFile, BreachFileError } from '../../credentials/quality/index.js';
import { isCsn, timeOfCsn } from '../../directory/model/csn.js';
import type { Clock } from '../../runtime/clock.js';
import { type Config, ConfigError, defaultConfig, loadConfig } from '../../runtime/config.js';
import type { Random } from '../../runtime/random.js';
import {
  auditFinding,
  authorityFinding,
  type CostReport,
  certificateFindings,
  clockFindings,
  costFindings,
  diskFindings,
  type Finding,
  fine,
  folderFindings,
  machineFindings,
  measureCost,
  openFilesMax,
  revocationFinding,
  settingFindings,
  wrong,
} from '../doctor/index.js';
import type { EngineStatus } from '../engine.js';
import { asAdminError } from '../errors.js';

export interface DoctorInput {
  /** Absolute. */
  readonly dataDir: string;
  /** Undefined: DIR/config.yaml, which may be missing. */
  readonly configFile: string | undefined;
}

export interface DoctorDeps {
  readonly clock: Clock;
  readonly random: Random;
  /** From the server or the database; rejects where neither answers. */
  readonly status: () => Promise<EngineStatus>;
}

export interface DoctorResult {
  /** Nothing is wrong. */
  readonly ok: boolean;
  readonly findings: readonly Finding[];
  readonly passwords: CostReport;
}

export async function examine(input: DoctorInput, deps: DoctorDeps): Promise<DoctorResult> {
  const { dataDir } = input;
  const { clock } = deps;
  const nowMs = clock.nowMs();
  const findings: Finding[] = [];
  const config = settings(input, findings);
  const database = await databaseState(deps);
  findings.push(...database.findings);
  findings.push(...clockFindings(nowMs, database.lastChangeMs));
  findings.push(...folderFindings(dataDir));
  const development = config.tls.cert === undefined;
  findings.push(...settingFindings(config, development));
  findings.push(...certificateFindings(certificateFiles(config, dataDir), nowMs));
  const { ca, crl } = config.certificateLogin;
  if (ca !== undefined) findings.push(authorityFinding(ca, nowMs));
  if (crl !== undefined) findings.push(revocationFinding(crl, nowMs));
  findings.push(boxFinding(config.secrets.keyFile ?? join(dataDir, 'secrets.key')));
  findings.push(...(await breachFindings(config)));
  findings.push(...diskFindings(dataDir));
  const argon2 = argon2Of(config);
  const pool = new HashPool({ clock, random: deps.random, limits: config.limits });
  const inFlight = pool.inFlightMax;
  findings.push(
    ...machineFindings({
      memoryBytes: totalmem(),
      hashMemoryBytes: inFlight * argon2.memoryKib * 1024,
      connectionsMax: config.limits.connectionsMax,
      openFilesMax: openFilesMax(),
      root: process.getuid?.() === 0,
    }),
  );
  const sample = deps.random.bytes(16);
  const passwords = await measureCost(argon2, {
    hash: async (params) => void (await hashPassword(pool, Buffer.from(sample), params)),
    monotonicMs: () => clock.monotonicMs(),
    inFlight,
    memoryBytes: totalmem(),
  }).finally(() => pool.close());
  findings.push(...costFindings(passwords));
  return { ok: findings.every(({ level }) => level !== 'wrong'), findings, passwords };
}

/** The configuration, or the defaults where it has mistakes, each of which is a finding. */
function settings({ dataDir, configFile }: DoctorInput, findings: Finding[]): Config {
  const file = configFile ?? join(dataDir, 'config.yaml');
  try {
    const config = loadConfig(file, configFile !== undefined);
    findings.push(fine('settings', `${file} can be read`));
    return config;
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    for (const { line, column, message } of error.problems) {
      const text = `${file}:${line}:${column}: ${message}`;
      findings.push(wrong('settings', text, 'the server does not start with it'));
    }
    return defaultConfig;
  }
}

async function databaseState({ status }: DoctorDeps) {
  try {
    const { contextCsn, playground, auditDropped } = await status();
    // The clock of a playground may have been moved ahead of the machine's.
    const known = isCsn(contextCsn) && !playground;
    const lastChangeMs = known ? timeOfCsn(contextCsn) : undefined;
    const opens = fine('database', 'it opens; tenure verify checks all of it');
    // Only a server has seen anything.
    const audit = auditDropped === undefined ? [] : [auditFinding(auditDropped)];
    const findings = [opens, ...audit];
    return { lastChangeMs, findings };
  } catch (error) {
    const { message } = asAdminError(error);
    const advice = 'tenure verify says more, where it can be opened at all';
    return { lastChangeMs: undefined, findings: [wrong('database', message, advice)] };
  }
}

function certificateFiles({ tls }: Config, dataDir: string) {
  const { cert, key, ca } = tls;
  if (cert !== undefined && key !== undefined) return { cert, key, ca };
  const made = (name: string) => join(dataDir, 'certs', name);
  return { cert: made('server.pem'), key: made('server.key'), ca: ca ?? made('ca.pem') };
}

/** The keys of what is sealed: the database checks that they are the right ones. */
function boxFinding(file: string): Finding {
  try {
    const keys = readKeyFile(file);
    return fine('key', `${file} holds ${keys.length === 1 ? 'the key' : `${keys.length} keys`}`);
  } catch (error) {
    if (!(error instanceof KeyFileError)) throw error;
    return wrong('key', error.message, 'without it second factors and Wi-Fi secrets are lost');
  }
}

async function breachFindings({ passwords }: Config): Promise<Finding[]> {
  if (passwords.breachFile === undefined) return [];
  try {
    const file = await BreachFile.open(passwords.breachFile);
    await file.close();
    return [fine('breaches', `${passwords.breachFile} holds ${file.kind} hashes`)];
  } catch (error) {
    if (!(error instanceof BreachFileError)) throw error;
    return [wrong('breaches', error.message, 'the server does not start with it')];
  }
}

function argon2Of({ passwords }: Config): Argon2Params {
  const { memoryKiB, iterations, parallelism } = passwords.argon2;
  return { memoryKib: memoryKiB, passes: iterations, lanes: parallelism };
}
