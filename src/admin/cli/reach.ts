/** How a command gets at a directory: through the server that has it, else by opening the folder. */
import { join } from 'node:path';
import { type Actions, localActions } from '../actions/index.js';
import { AdminError, asAdminError, asOpeningError } from '../errors.js';
import { type RemoteServer, reachServer } from '../http/index.js';
import type { CliHost } from './host.js';

/** Where a server of `dataDir` listens for its administrator. */
export function controlSocketOf(dataDir: string): string {
  return join(dataDir, 'control.sock');
}

/** Runs `work`, holding the folder lock meanwhile if no server runs. */
export async function withActions<T>(
  host: CliHost,
  dataDir: string,
  work: (actions: Actions) => Promise<T>,
): Promise<T> {
  const server = await reachServer(controlSocketOf(dataDir));
  if (server !== undefined) return work(server);
  await mustExist(host, dataDir);
  const log = host.makeLog('warn');
  const engine = await host.composition.openEngine(dataDir, { log }).catch((error: unknown) => {
    throw asOpeningError(error);
  });
  let result: T;
  try {
    result = await work(localActions(engine));
  } catch (error) {
    // The first failure is the one to tell.
    await engine.close().catch((err: unknown) => log.error({ err }, 'could not close'));
    throw asAdminError(error);
  }
  await engine.close();
  return result;
}

/** The running server; rejects with `not-ready` where there is none. */
export async function runningServer(host: CliHost, dataDir: string): Promise<RemoteServer> {
  const server = await reachServer(controlSocketOf(dataDir));
  if (server !== undefined) return server;
  await mustExist(host, dataDir);
  throw new AdminError('not-ready', `no server is running on ${dataDir}`);
}

/** Rejects with `folder` where `dataDir` holds no directory */
export async function mustExist({ composition }: CliHost, dataDir: string): Promise<void> {
  if (await composition.directoryExists(dataDir)) return;
  throw new AdminError('folder', `there is no directory in ${dataDir}; --data DIR names another`);
}
