/**
 * The control API: Fastify on DIR/control.sock (mode 0600). Owns the socket file and turns requests
 * into actions; decides nothing. It listens on no network address.
 */
import { chmodSync, rmSync } from 'node:fs';
import type { FastifyInstance, FastifyReply } from 'fastify';
import * as z from 'zod';
import type { Clock } from '../../runtime/clock.js';
import type { Log } from '../../runtime/log.js';
import {
  type Actions,
  acceptClock,
  localActions,
  moveClock,
  type StatusResult,
} from '../actions/index.js';
import { AdminError, asAdminError, type FailureKind, failureJson } from '../errors.js';
import type { Addresses, AdminEngine, ClockTrust, ListenerProbe, MovableClock } from '../ports.js';
import { addAccessRoutes } from './access.js';
import { addAuditRoutes } from './audit.js';
import { addBrownoutRoutes } from './brownouts.js';
import { addCaseRoutes } from './cases.js';
import { addFactorRoutes } from './factors.js';
import { addGroupRoutes } from './groups.js';
import { addMachineRoutes } from './machines.js';
import { addPeopleRoutes } from './people.js';
import { addPolicyRoutes } from './policy.js';
import { addRunRoutes } from './runs.js';
import { addServiceRoutes } from './services.js';
import { socketPathOf } from './socket-path.js';
import { streamLdif, streamLines } from './stream.js';
import {
  bypassBody,
  clockBody,
  exportQuery,
  importBody,
  indexBody,
  keysBody,
  keysQuery,
  loginsQuery,
  routes,
  unlockBody,
  whyMayBody,
  whyPersonBody,
  whyQuery,
  wifiBody,
} from './wire.js';

export interface ControlOptions {
  readonly engine: AdminEngine;
  /** Absolute; a stale file there is removed, for the folder lock says that nobody serves. */
  readonly socketPath: string;
  readonly log: Log;
  readonly version: string;
  /** The machine's clock, for waiting and for the time of a server without a test clock. */
  readonly clock: Clock;
  readonly addresses: () => Addresses;
  /** Asks each open listener as a client would. */
  readonly probe: () => Promise<readonly ListenerProbe[]>;
  readonly testClock?: MovableClock | undefined;
  /** Absent where nobody guards the clock. */
  readonly trust?: ClockTrust | undefined;
  /** Called after a request to stop was answered. */
  readonly onStop?: (reason: string) => void;
}

export interface Control {
  /** Cuts what is open and removes the socket file; idempotent. */
  stop(): Promise<void>;
}

const BODY_BYTES_MAX = 1024 * 1024;

const httpStatus: Readonly<Record<FailureKind, number>> = {
  usage: 400,
  config: 400,
  input: 422,
  refused: 409,
  busy: 409,
  folder: 500,
  address: 500,
  'key-file': 500,
  damaged: 500,
  unwell: 500,
  failed: 500,
  interrupted: 503,
  'not-ready': 503,
};

/** Opens the control API. Rejects with `folder` where the socket cannot be made. */
export async function startControl(options: ControlOptions): Promise<Control> {
  // Loaded where a server starts: every other command does without.
  const { default: Fastify } = await import('fastify');
  const app = Fastify({
    logger: false,
    bodyLimit: BODY_BYTES_MAX,
    forceCloseConnections: true,
  });
  addErrors(app, options.log);
  addRoutes(app, options, localActions(options.engine));
  const path = socketPathOf(options.socketPath);
  rmSync(path, { force: true });
  try {
    await app.listen({ path });
    chmodSync(path, 0o600);
  } catch (error) {
    await app.close();
    throw new AdminError('folder', `no control socket: ${asAdminError(error).message}`);
  }
  let stopped: Promise<void> | undefined;
  return {
    stop() {
      stopped ??= app.close().then(() => rmSync(path, { force: true }));
      return stopped;
    },
  };
}

function addErrors(app: FastifyInstance, log: Log): void {
  app.setErrorHandler((thrown, request, reply) => {
    const error = clientError(thrown) ?? asAdminError(thrown);
    if (error.kind === 'failed') log.error({ err: thrown, path: request.url }, 'control request');
    return reply.code(httpStatus[error.kind]).send({ error: failureJson(error) });
  });
  app.setNotFoundHandler((request, reply) => {
    const error = new AdminError('usage', `there is no ${request.method} ${request.url}`);
    return reply.code(404).send({ error: failureJson(error) });
  });
}

/** Bodies that are not JSON, too large, or not as the route wants them. */
function clientError(thrown: unknown): AdminError | undefined {
  if (thrown instanceof z.ZodError) return new AdminError('usage', z.prettifyError(thrown));
  if (!(thrown instanceof Error) || !('statusCode' in thrown)) return undefined;
  const { statusCode } = thrown;
  if (typeof statusCode !== 'number' || statusCode >= 500) return undefined;
  return new AdminError('usage', thrown.message);
}

function addRoutes(app: FastifyInstance, options: ControlOptions, actions: Actions): void {
  const { clock, log } = options;
  const startedMs = clock.monotonicMs();

  app.get(routes.status, () => statusOf(options, startedMs));

  app.post(routes.import, async (request, reply) => {
    const input = importBody.parse(request.body);
    log.info(input, 'import');
    await long(reply, options, (onProgress) => actions.importLdif(input, onProgress));
  });

  app.get(routes.export, async (request, reply) => {
    const { base } = exportQuery.parse(request.query);
    log.info({ base }, 'export');
    try {
      await streamLdif(reply.raw, (write) => actions.exportLdif({ base }, write));
    } catch (err) {
      if (!reply.raw.headersSent) throw err;
      log.warn({ err }, 'an export was cut short');
    }
    reply.hijack();
  });

  app.post(routes.verify, async (_request, reply) => {
    await long(reply, options, (onProgress) => actions.verify(onProgress));
  });

  app.post(routes.recover, async () => {
    log.warn('the administrator gets a new password');
    return actions.recoverAdministrator();
  });

  app.get(routes.indexes, () => actions.listIndexes());

  app.post(routes.indexes, async (request, reply) => {
    const change = indexBody.parse(request.body);
    log.info(change, 'index');
    await long(reply, options, (onProgress) => actions.changeIndex(change, onProgress));
  });

  app.get(routes.keys, (request) => actions.listKeys(keysQuery.parse(request.query)));

  app.post(routes.keys, (request) => {
    const change = keysBody.parse(request.body);
    const { verb, name, by } = change;
    log.info({ verb, name, by }, 'SSH keys');
    if (verb === 'remove') return actions.removeKey(change);
    return actions.addKey({ ...change, expires: change.expires });
  });

  addAccessRoutes(app, actions.access);
  addAuditRoutes(app, actions.audit);
  addFactorRoutes(app, actions.factors, log);
  addGroupRoutes(app, actions.groups, log);
  addMachineRoutes(app, actions.machines, log);
  addServiceRoutes(app, actions.services, log);
  addPeopleRoutes(app, actions.people, log);
  addBrownoutRoutes(app, actions.brownouts, log);
  addCaseRoutes(app, actions.cases, log);
  addPolicyRoutes(app, actions.policy, log);
  addRunRoutes(app, actions.runs, log);

  app.get(routes.secrets, () => actions.secretsStatus());

  app.post(routes.rotateSecrets, async (_request, reply) => {
    await long(reply, options, (onProgress) => actions.rotateSecrets(onProgress));
  });

  app.post(routes.resetSecrets, () => actions.resetSecrets());

  app.get(routes.why, (request) => actions.whyPassword(whyQuery.parse(request.query)));
  app.post(routes.prove, (request) => actions.prove(loginsQuery.parse(request.body)));
  app.post(routes.whyPerson, (request) => actions.whyPerson(whyPersonBody.parse(request.body)));
  app.post(routes.whyMay, (request) => actions.whyMay(whyMayBody.parse(request.body)));
  app.get(routes.logins, (request) => actions.lastLogins(loginsQuery.parse(request.query)));
  app.post(routes.unlock, (request) => actions.unlock(unlockBody.parse(request.body)));
  app.post(routes.bypass, (request) => {
    const change = bypassBody.parse(request.body);
    return actions.bypass({ ...change, forMs: change.forMs });
  });

  app.get(routes.wifi, (request) => actions.listWifi(keysQuery.parse(request.query)));

  app.post(routes.wifi, (request) => {
    const change = wifiBody.parse(request.body);
    const { verb, name, device, use, by } = change;
    log.info({ verb, name, device, use, by }, 'Wi-Fi and file server secrets');
    const target = { name, device, use, by };
    if (change.verb === 'revoke') return actions.revokeWifi(target);
    return actions.issueWifi({ ...target, renew: change.renew });
  });

  const move = (ms: number) =>
    moveClock(options.testClock, clock.nowMs(), ms, options.trust?.suspicion);
  app.get(routes.clock, () => move(0));

  app.post(routes.clock, (request) => {
    const { advanceMs, accept } = clockBody.parse(request.body);
    if (accept === true) return acceptClock(options.trust, () => clock.nowMs());
    return move(advanceMs ?? 0);
  });

  app.post(routes.stop, (_request, reply) => {
    const { onStop } = options;
    if (onStop === undefined) throw new AdminError('refused', 'this server is stopped by signal');
    reply.raw.once('close', () => onStop('asked over the control socket'));
    return reply.send({ stopping: true });
  });
}

async function long(
  reply: FastifyReply,
  { clock, log }: ControlOptions,
  work: Parameters<typeof streamLines>[2],
): Promise<void> {
  reply.hijack();
  const failure = await streamLines(reply.raw, clock, work);
  if (failure?.kind === 'failed') log.error({ err: failure }, 'control request');
}

async function statusOf(options: ControlOptions, startedMs: number): Promise<StatusResult> {
  const { engine, clock, version, addresses, probe } = options;
  const listeners = await probe();
  const concerns = await engine.concerns();
  return {
    running: true,
    ready: listeners.every(({ ok }) => ok),
    version,
    pid: process.pid,
    uptimeSeconds: Math.floor((clock.monotonicMs() - startedMs) / 1000),
    addresses: addresses(),
    listeners,
    directory: engine.status(),
    health: concerns.length === 0 ? 'green' : concerns.some(({ red }) => red) ? 'red' : 'amber',
    concerns,
  };
}
