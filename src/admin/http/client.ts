/**
 * The other end of the control socket: a running server's {@link Actions} and verbs for commands in
 * another process. Starts nothing; a server that is not there is an answer, not an error.
 */
import { type IncomingMessage, request } from 'node:http';
import { createInterface } from 'node:readline';
import type { Actions, ClockResult, StatusResult } from '../actions/index.js';
import type { OnProgress } from '../engine.js';
import { AdminError, type FailureJson, failureFromJson } from '../errors.js';
import { remoteAccess } from './access.js';
import { remoteAudit } from './audit.js';
import { remoteBrownouts } from './brownouts.js';
import { remoteCases } from './cases.js';
import { remoteFactors } from './factors.js';
import { remoteGroups } from './groups.js';
import { remoteMachines } from './machines.js';
import { remotePeople } from './people.js';
import { remotePolicy } from './policy.js';
import { remoteRuns } from './runs.js';
import { remoteServices } from './services.js';
import { socketPathOf } from './socket-path.js';
import { entriesTrailer, routes, type StreamLine } from './wire.js';

export interface RemoteServer extends Actions {
  status(): Promise<StatusResult>;
  clock(): Promise<ClockResult>;
  advanceClock(advanceMs: number): Promise<ClockResult>;
  acceptClock(): Promise<ClockResult>;
  stop(): Promise<void>;
}

/** Connecting to a socket with nobody behind it. */
const nobodyThere: ReadonlySet<string> = new Set(['ENOENT', 'ECONNREFUSED', 'ENOTDIR']);

/** The server behind `socketPath`, or undefined where none listens. Rejects with `folder`. */
export async function reachServer(socketPath: string): Promise<RemoteServer | undefined> {
  const call = caller(socketPathOf(socketPath));
  try {
    const response = await call('GET', routes.clock);
    await readJson(response);
  } catch (error) {
    if (nobodyThere.has((error as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw describe(error, socketPath);
  }
  return remoteServer(call);
}

type Call = (method: string, path: string, body?: unknown) => Promise<IncomingMessage>;

function caller(socketPath: string): Call {
  return (method, path, body) =>
    new Promise((resolve, reject) => {
      const text = body === undefined ? undefined : JSON.stringify(body);
      const headers =
        text === undefined
          ? {}
          : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) };
      const sent = request({ socketPath, method, path, headers, agent: false }, resolve);
      sent.on('error', reject);
      sent.end(text);
    });
}

function remoteServer(call: Call): RemoteServer {
  const json = async <T>(method: string, path: string, body?: unknown): Promise<T> =>
    (await readJson(await call(method, path, body).catch(lost))) as T;
  const lines = async <T>(path: string, body: unknown, onProgress: OnProgress): Promise<T> =>
    (await readLines(await call('POST', path, body).catch(lost), onProgress)) as T;
  return {
    status: () => json('GET', routes.status),
    clock: () => json('GET', routes.clock),
    advanceClock: (advanceMs) => json('POST', routes.clock, { advanceMs }),
    acceptClock: () => json('POST', routes.clock, { accept: true }),
    recoverAdministrator: () => json('POST', routes.recover),
    listKeys: ({ name }) => json('GET', `${routes.keys}?name=${encodeURIComponent(name)}`),
    addKey: (add) => json('POST', routes.keys, { verb: 'add', ...add }),
    removeKey: (remove) => json('POST', routes.keys, { verb: 'remove', ...remove }),
    access: remoteAccess((path, body) => json('POST', path, body)),
    audit: remoteAudit((path, body) => json('POST', path, body)),
    factors: remoteFactors((path, body) => json('POST', path, body)),
    brownouts: remoteBrownouts((path, body) => json('POST', path, body)),
    groups: remoteGroups((path, body) => json('POST', path, body)),
    services: remoteServices((path, body) => json('POST', path, body)),
    cases: remoteCases((path, body) => json('POST', path, body)),
    machines: remoteMachines((path, body) => json('POST', path, body)),
    people: remotePeople((path, body) => json('POST', path, body)),
    policy: remotePolicy((path, body) => json('POST', path, body)),
    runs: remoteRuns((path, body) => json('POST', path, body)),
    secretsStatus: () => json('GET', routes.secrets),
    rotateSecrets: (onProgress) => lines(routes.rotateSecrets, undefined, onProgress),
    resetSecrets: () => json('POST', routes.resetSecrets),
    lastLogins: ({ name }) => json('GET', `${routes.logins}?name=${encodeURIComponent(name)}`),
    unlock: (change) => json('POST', routes.unlock, change),
    bypass: (change) => json('POST', routes.bypass, change),
    prove: (of) => json('POST', routes.prove, of),
    whyPerson: (asked) => json('POST', routes.whyPerson, asked),
    whyMay: (asked) => json('POST', routes.whyMay, asked),
    whyPassword: ({ name }) => json('GET', `${routes.why}?name=${encodeURIComponent(name)}`),
    issueWifi: (issue) => json('POST', routes.wifi, { verb: 'issue', ...issue }),
    listWifi: ({ name }) => json('GET', `${routes.wifi}?name=${encodeURIComponent(name)}`),
    revokeWifi: (revoke) => json('POST', routes.wifi, { verb: 'revoke', ...revoke }),
    listIndexes: () => json('GET', routes.indexes),
    importLdif: (input, onProgress) => lines(routes.import, input, onProgress),
    verify: (onProgress) => lines(routes.verify, undefined, onProgress),
    changeIndex: (change, onProgress) => lines(routes.indexes, change, onProgress),
    async stop() {
      await json('POST', routes.stop);
    },
    async exportLdif({ base }, write) {
      const query = base === undefined ? '' : `?base=${encodeURIComponent(base)}`;
      const response = await call('GET', `${routes.export}${query}`).catch(lost);
      if (response.statusCode !== 200) throw await failureOf(response);
      response.setEncoding('utf8');
      try {
        for await (const chunk of response) await write(chunk as string);
      } catch (error) {
        if (error instanceof AdminError || response.complete) throw error;
        throw cutShort();
      }
      const entries = response.trailers[entriesTrailer];
      if (entries === undefined) throw cutShort();
      return { entries: Number(entries) };
    },
  };
}

async function readJson(response: IncomingMessage): Promise<unknown> {
  if (response.statusCode !== 200) throw await failureOf(response);
  return JSON.parse(await textOf(response)) as unknown;
}

async function readLines(response: IncomingMessage, onProgress: OnProgress): Promise<unknown> {
  if (response.statusCode !== 200) throw await failureOf(response);
  const lines = createInterface({ input: response, crlfDelay: Number.POSITIVE_INFINITY });
  // readline does not pass on errors of its input.
  response.on('error', () => lines.close());
  try {
    for await (const text of lines) {
      const line = JSON.parse(text) as StreamLine;
      if ('progress' in line) onProgress(line.progress);
      else if ('error' in line) throw failureFromJson(line.error);
      else return line.result;
    }
  } catch (error) {
    // A server that was killed breaks the stream off anywhere, even inside a line.
    if (error instanceof AdminError || response.complete) throw error;
  }
  throw cutShort();
}

async function failureOf(response: IncomingMessage): Promise<AdminError> {
  const text = await textOf(response);
  try {
    return failureFromJson((JSON.parse(text) as { error: FailureJson }).error);
  } catch {
    return new AdminError('failed', `the server answered ${response.statusCode} and no reason`);
  }
}

async function textOf(response: IncomingMessage): Promise<string> {
  response.setEncoding('utf8');
  let text = '';
  for await (const chunk of response) text += chunk as string;
  return text;
}

function lost(error: unknown): never {
  const { code } = error as NodeJS.ErrnoException;
  throw new AdminError('failed', `the server went away (${code ?? String(error)})`);
}

function cutShort(): AdminError {
  return new AdminError('failed', 'the server ended the answer before it was whole; see its log');
}

function describe(error: unknown, socketPath: string): AdminError {
  if (error instanceof AdminError) return error;
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'EACCES' || code === 'EPERM') {
    return new AdminError('folder', `${socketPath}: only the user who runs the server may ask it`);
  }
  return new AdminError('failed', `${socketPath}: ${message}`);
}
