/** `tenure serve`, and `tenure playground`, which makes a sample directory first if there is none. */
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Command } from 'commander';
import { type Config, defaultConfig } from '../../../runtime/config.js';
import { initDirectory, type ServeDeps, serveDirectory } from '../../actions/index.js';
import type { RunningServer } from '../../ports.js';
import {
  type DataFlag,
  dataOption,
  endWith,
  type JsonFlag,
  jsonOption,
  type Run,
  serveOptions,
} from '../command.js';
import { banner, type TourInput, tour } from '../tour.js';

interface Flags extends DataFlag, JsonFlag {
  readonly ldap?: string;
  readonly ldaps?: string;
  readonly config?: string;
  readonly testClock?: true;
}

const playgroundSuffix = 'dc=example,dc=com';

/** Adds `serve` to `parent`. */
export function addServe(parent: Command, run: Run): void {
  const command = parent.command('serve').description('serve the directory until stopped');
  jsonOption(serveOptions(dataOption(command, run))).action(async (flags: Flags) => {
    await serve(run, flags, undefined, run.host.clock.monotonicMs(), false);
  });
}

/** Adds `playground` to `parent`. */
export function addPlayground(parent: Command, run: Run): void {
  const command = parent
    .command('playground')
    .description('serve a sample company to try things on; made at first use');
  jsonOption(serveOptions(dataOption(command, run))).action(async (flags: Flags) => {
    const { host } = run;
    const startedMs = host.clock.monotonicMs();
    let password: string | undefined;
    if (!(await host.composition.directoryExists(flags.data))) {
      const input = { dataDir: flags.data, suffix: playgroundSuffix, sample: true };
      const deps = { ...host, log: host.makeLog('warn') };
      const made = await initDirectory({ ...input, adminPassword: undefined }, deps);
      password = made.password;
    }
    await serve(run, flags, password, startedMs, true);
  });
}

async function serve(
  run: Run,
  flags: Flags,
  password: string | undefined,
  startedMs: number,
  withTour: boolean,
): Promise<void> {
  const { host } = run;
  const testClock = flags.testClock === true;
  // Whoever plays looks at the tour, not at a log of good news.
  const makeLog: ServeDeps['makeLog'] = (level) =>
    host.makeLog(withTour && level === defaultConfig.log.level ? 'warn' : level);
  let unseen = password;
  const onReady = (server: RunningServer, config: Config): void => {
    unseen = undefined;
    const readyMs = Math.round(host.clock.monotonicMs() - startedMs);
    const status = server.engine.status();
    if (flags.json === true) {
      const ready = { ready: true, readyMs, addresses: server.addresses, directory: status };
      const made = password === undefined ? {} : { password };
      host.stdout.write(`${JSON.stringify({ ...ready, ...made })}\n`);
      return;
    }
    const input: TourInput = {
      status,
      addresses: server.addresses,
      dataDir: flags.data,
      caFile: config.tls.ca,
      testClock,
      readyMs,
      program: fileURLToPath(new URL('../../../../../bin/tenure', import.meta.url)),
      workingDir: host.workingDir,
      password,
    };
    host.stdout.write(withTour ? `${banner(input)}${tour(input)}` : banner(input));
  };
  const outcome = await serveDirectory(
    {
      dataDir: flags.data,
      configFile: flags.config === undefined ? undefined : resolve(host.workingDir, flags.config),
      ldap: flags.ldap,
      ldaps: flags.ldaps,
      testClock,
    },
    { ...host, makeLog, onReady },
  ).finally(() => {
    // It was made and is kept nowhere: a taken port must not swallow it.
    if (unseen === undefined) return;
    const line = flags.json === true ? JSON.stringify({ password: unseen }) : `password: ${unseen}`;
    host.stdout.write(`${line}\n`);
  });
  if (outcome === 'forced') endWith(run, 'interrupted');
}
