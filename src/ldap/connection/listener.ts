/**
 * One door: a TCP port, or a socket in the file system. Accepts, and hands sockets on; refuses
 * nobody. What can go wrong while opening is told in one sentence with the address in it.
 */
import { chmodSync, existsSync, lstatSync, unlinkSync } from 'node:fs';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { dirname } from 'node:path';
import type { ListenerKind } from './transport.js';

export type ListenOptions =
  | { readonly kind: 'ldap' | 'ldaps'; readonly host: string; readonly port: number }
  | { readonly kind: 'local'; readonly path: string };

/** Where a listener is reached; with port 0 this is the port that was free. */
export type BoundAddress =
  | { readonly kind: 'ldap' | 'ldaps'; readonly host: string; readonly port: number }
  | { readonly kind: 'local'; readonly path: string };

export interface Listener {
  readonly address: BoundAddress;
  /** Accepts no more; sockets handed on stay. Idempotent. */
  close(): Promise<void>;
}

/** Why a listener could not be opened; `code` is the system's, for programs. */
export class ListenError extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.name = 'ListenError';
    this.code = code;
  }
}

/** A socket's path is part of a fixed field of the kernel's (108 octets with the final zero). */
const LOCAL_PATH_BYTES_MAX = 107;
const BACKLOG = 511;

function portProblem(code: string, where: string, options: ListenOptions): string {
  const host = options.kind === 'local' ? '' : options.host;
  switch (code) {
    case 'EADDRINUSE':
      return `${where} is already in use by another program`;
    case 'EACCES':
    case 'EPERM':
      return `${where} may not be opened by this user (ports below 1024 need a privilege)`;
    case 'EADDRNOTAVAIL':
      return `${where}: ${host} is not an address of this machine`;
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `${where}: the name ${host} cannot be resolved`;
    case 'ERR_SOCKET_BAD_PORT':
      return `${where}: a port is a number from 0 to 65535`;
    default:
      return `${where} cannot be opened (${code})`;
  }
}

function localProblem(code: string, path: string): string {
  // The runtime reports a missing folder as a missing permission.
  switch (code === 'EACCES' && !existsSync(dirname(path)) ? 'ENOENT' : code) {
    case 'EADDRINUSE':
      return `local socket ${path} is already in use by another program`;
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return `local socket ${path} cannot be made: its folder is not writable`;
    case 'ENOENT':
    case 'ENOTDIR':
      return `local socket ${path} cannot be made: its folder does not exist`;
    default:
      return `local socket ${path} cannot be opened (${code})`;
  }
}

function listenError(error: unknown, options: ListenOptions): ListenError {
  const code = (error as NodeJS.ErrnoException).code ?? 'UNKNOWN';
  if (options.kind === 'local') return new ListenError(code, localProblem(code, options.path));
  const host = options.host.includes(':') ? `[${options.host}]` : options.host;
  return new ListenError(
    code,
    portProblem(code, `${options.kind}://${host}:${options.port}`, options),
  );
}

/** Whether a program answers behind the socket file. */
function isAnswered(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = connect(path);
    probe.once('connect', () => {
      probe.destroy();
      resolve(true);
    });
    probe.once('error', (error: NodeJS.ErrnoException) => resolve(error.code !== 'ECONNREFUSED'));
  });
}

/** Removes what a killed server left behind; throws where somebody answers, or it is no socket. */
async function removeStale(path: string): Promise<void> {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  if (stat === undefined) return;
  if (!stat.isSocket()) {
    throw new ListenError('EEXIST', `local socket ${path} cannot be made: a file is in its place`);
  }
  if (await isAnswered(path)) {
    throw new ListenError('EADDRINUSE', localProblem('EADDRINUSE', path));
  }
  unlinkSync(path);
}

/** Binding happens inside listen(), so the mask covers exactly the making of the socket file. */
function listenLocal(server: Server, path: string): void {
  const before = process.umask(0o177);
  try {
    server.listen({ path, backlog: BACKLOG });
  } finally {
    process.umask(before);
  }
}

function opened(server: Server, options: ListenOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    const failed = (error: Error) => reject(listenError(error, options));
    server.once('error', failed);
    server.once('listening', () => {
      server.removeListener('error', failed);
      resolve();
    });
    try {
      if (options.kind === 'local') listenLocal(server, options.path);
      else server.listen({ host: options.host, port: options.port, backlog: BACKLOG });
    } catch (error) {
      failed(error as Error);
    }
  });
}

function addressOf(server: Server, options: ListenOptions): BoundAddress {
  if (options.kind === 'local') return options;
  const { port } = server.address() as AddressInfo;
  return { kind: options.kind, host: options.host, port };
}

/**
 * Opens the door and gives every accepted socket to `accept`. Throws {@link ListenError}. Errors of
 * the listening socket after that (no file descriptors left) go to `failed`; it stays open.
 */
export async function openListener(
  options: ListenOptions,
  accept: (socket: Socket, kind: ListenerKind) => void,
  failed: (error: Error) => void,
): Promise<Listener> {
  if (options.kind === 'local') {
    if (Buffer.byteLength(options.path) > LOCAL_PATH_BYTES_MAX) {
      throw new ListenError(
        'ENAMETOOLONG',
        `the path of local socket ${options.path} is longer than ${LOCAL_PATH_BYTES_MAX} bytes`,
      );
    }
    await removeStale(options.path);
  }
  // A socket that is taken over (socket-input.ts) must not have begun to read.
  const pauseOnConnect = options.kind !== 'ldaps';
  const server = createServer({ allowHalfOpen: true, noDelay: true, pauseOnConnect }, (socket) =>
    accept(socket, options.kind),
  );
  await opened(server, options);
  if (options.kind === 'local') chmodSync(options.path, 0o600);
  server.on('error', failed);
  let closed: Promise<void> | undefined;
  return {
    address: addressOf(server, options),
    close() {
      // The callback waits for the sockets too, which end on their own terms: it is not awaited.
      closed ??= Promise.resolve(void server.close());
      return closed;
    },
  };
}
