/**
 * Serves a directory until told to stop. Owns what SIGTERM, SIGINT and SIGHUP mean; opens no socket
 * itself and never ends the process.
 */
import { join } from 'node:path';
import type { Clock } from '../../runtime/clock.js';
import { type Config, loadConfig } from '../../runtime/config.js';
import type { Log, LogLevel } from '../../runtime/log.js';
import type { Random } from '../../runtime/random.js';
import { developmentNames, ensureDevelopmentCertificates } from '../certificates.js';
import { AdminError, asOpeningError } from '../errors.js';
import type { Composition, RunningServer } from '../ports.js';

export interface ServeInput {
  /** Absolute. */
  readonly dataDir: string;
  /** Undefined: DIR/config.yaml, which may be missing. */
  readonly configFile: string | undefined;
  /** Replaces listen.ldap of the configuration; undefined keeps it, `off` closes it. */
  readonly ldap: string | undefined;
  readonly ldaps: string | undefined;
  readonly testClock: boolean;
}

export type StopSignal = 'SIGTERM' | 'SIGINT' | 'SIGHUP';

export interface ServeDeps {
  readonly composition: Composition;
  readonly clock: Clock;
  readonly random: Random;
  readonly makeLog: (level: LogLevel) => Log;
  /** Calls `handler` for each signal of that name; returns what ends it. */
  readonly onSignal: (signal: StopSignal, handler: () => void) => () => void;
  /** Called once every listener is open. */
  readonly onReady: (server: RunningServer, config: Config) => void;
}

/** `forced` where a second signal came before everything was closed. */
export type ServeOutcome = 'stopped' | 'forced';

/** The configuration as the flags leave it. Throws ConfigError. */
export function serveConfig(input: ServeInput): Config {
  const file = input.configFile ?? join(input.dataDir, 'config.yaml');
  const config = loadConfig(file, input.configFile !== undefined);
  const { listen } = config;
  return {
    ...config,
    listen: {
      ldap: input.ldap === undefined ? listen.ldap : switchedOff(input.ldap),
      ldaps: input.ldaps === undefined ? listen.ldaps : switchedOff(input.ldaps),
    },
  };
}

/** Resolves when the server has stopped; rejects with `folder`, `busy`, `address`, `config`. */
export async function serveDirectory(input: ServeInput, deps: ServeDeps): Promise<ServeOutcome> {
  const { dataDir, testClock } = input;
  const { composition } = deps;
  const written = serveConfig(input);
  if (!(await composition.directoryExists(dataDir))) {
    throw new AdminError(
      'folder',
      `there is no directory in ${dataDir}; make one with tenure init --data ${dataDir} --suffix DN`,
    );
  }
  const log = deps.makeLog(written.log.level);
  const config = await withCertificates(written, dataDir, deps, log);
  const server = await composition
    .startServer({ dataDir, config, log, testClock })
    .catch((error: unknown) => {
      throw asOpeningError(error);
    });
  if (testClock && !server.engine.status().playground) {
    await server.stop('--test-clock');
    throw new AdminError(
      'refused',
      '--test-clock is for playgrounds (tenure init --sample); this directory keeps real time',
    );
  }
  return untilStopped(server, log, deps, () => deps.onReady(server, config));
}

async function untilStopped(
  server: RunningServer,
  log: Log,
  { onSignal }: ServeDeps,
  ready: () => void,
): Promise<ServeOutcome> {
  let endForced: (outcome: ServeOutcome) => void = () => undefined;
  const forced = new Promise<ServeOutcome>((resolve) => {
    endForced = resolve;
  });
  let stopping = false;
  const stop = (signal: StopSignal): void => {
    if (stopping) {
      log.warn({ signal }, 'second signal: ending at once');
      endForced('forced');
      return;
    }
    stopping = true;
    // A failure to stop comes out of whenStopped; this promise has nobody else to tell.
    server.stop(signal).catch((err: unknown) => log.error({ err }, 'could not stop in order'));
  };
  const ends = [
    onSignal('SIGTERM', () => stop('SIGTERM')),
    onSignal('SIGINT', () => stop('SIGINT')),
    onSignal('SIGHUP', () => server.reloadCertificates()),
  ];
  try {
    ready();
    return await Promise.race([server.whenStopped.then((): ServeOutcome => 'stopped'), forced]);
  } finally {
    for (const end of ends) end();
  }
}

/** Certificates of one's own are taken as they are; ours are renewed before they end. */
async function withCertificates(
  config: Config,
  dataDir: string,
  { clock, random }: ServeDeps,
  log: Log,
): Promise<Config> {
  if (config.tls.cert !== undefined) return config;
  const made = await ensureDevelopmentCertificates(dataDir, {
    ...developmentNames(),
    clock,
    random,
  });
  if (made.outcome !== 'kept') {
    log.info({ file: made.certFile, reason: made.reason }, `certificate ${made.outcome}`);
  }
  const { certFile: cert, keyFile: key, caFile } = made;
  return { ...config, tls: { ...config.tls, cert, key, ca: config.tls.ca ?? caFile } };
}

function switchedOff(listener: string): string | undefined {
  return listener === 'off' ? undefined : listener;
}
