/**
 * Certificate and key: read at the start, read again when the files change or when asked, without
 * dropping a connection. Each new handshake takes what is current. Files that do not fit together,
 * or cannot be read, never replace a pair that works: the old one stays and the log says why.
 */
import { readFileSync, statSync } from 'node:fs';
import { createSecureContext, type SecureContext } from 'node:tls';
import type { Cancel, Clock } from '../../runtime/clock.js';
import type { Log } from '../../runtime/log.js';

/** How often the files are looked at, ms. */
const WATCH_MS = 5_000;

export interface TlsFiles {
  /** PEM: the certificate, then those between it and the authority that clients know. */
  readonly certFile: string;
  /** PEM, not encrypted. */
  readonly keyFile: string;
  readonly minVersion: 'TLSv1.2' | 'TLSv1.3';
  /** Where clients may log in with certificates. */
  readonly clients?: ClientFiles | undefined;
}

export interface ClientFiles {
  /** PEM: the authorities, up to their roots, that clients' certificates come from. */
  readonly caFile: string;
  /** PEM: a revocation list of each of those authorities; without it nothing is looked up. */
  readonly crlFile: string | undefined;
}

export interface TlsMaterial {
  /** Clients are asked for a certificate: only where they can log in with one. */
  readonly asksClients: boolean;
  /** What the next handshake uses. */
  context(): SecureContext;
  /** Reads the files again; false when what they hold now cannot be used (the old pair stays). */
  reload(): boolean;
  /** Ends the watching. */
  close(): void;
}

/** What a handshake on our side needs. Who the client is gets judged by us, not by the runtime. */
export function handshakeOptions(tls: TlsMaterial) {
  const asked = { requestCert: tls.asksClients, rejectUnauthorized: false };
  return { isServer: true, secureContext: tls.context(), ...asked };
}

const keyMismatch = 'ERR_OSSL_X509_KEY_VALUES_MISMATCH';

class ClientFilesError extends Error {
  constructor(file: string) {
    super(`certificateLogin: ${file} is not a PEM file of the kind that is needed`);
  }
}

/** One sentence for whoever has to repair it. */
function reasonOf(error: unknown, files: TlsFiles): string {
  const { code, path, message } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT') return `there is no file ${path}`;
  if (code === 'EACCES' || code === 'EPERM') return `permission to read ${path} is missing`;
  if (error instanceof ClientFilesError) return error.message;
  if (code === keyMismatch) {
    return `the key in ${files.keyFile} does not belong to the certificate in ${files.certFile}`;
  }
  return `${files.certFile} and ${files.keyFile} cannot be used: ${message}`;
}

function load({ certFile, keyFile, minVersion, clients }: TlsFiles): SecureContext {
  const cert = readFileSync(certFile);
  const key = readFileSync(keyFile);
  if (clients === undefined) return createSecureContext({ cert, key, minVersion });
  const ca = readFileSync(clients.caFile);
  if (!ca.includes('-----BEGIN CERTIFICATE-----')) throw new ClientFilesError(clients.caFile);
  // Sessions are resumed under the context that made them only: what is read anew checks anew.
  const context = { cert, key, minVersion, ca, sessionIdContext: 'tenure' };
  if (clients.crlFile === undefined) return createSecureContext(context);
  // The pair by itself first: what fails then is the list.
  createSecureContext(context);
  const crl = readFileSync(clients.crlFile, 'latin1').match(revocationList);
  if (crl === null) throw new ClientFilesError(clients.crlFile);
  try {
    return createSecureContext({ ...context, crl });
  } catch {
    throw new ClientFilesError(clients.crlFile);
  }
}

/** Each list has to be handed over by itself. */
const revocationList = /-----BEGIN X509 CRL-----[^-]*-----END X509 CRL-----/g;

/** Changes whenever one of the files is replaced or written. */
function fingerprint({ certFile, keyFile, clients }: TlsFiles): string {
  return [certFile, keyFile, clients?.caFile, clients?.crlFile]
    .filter((file) => file !== undefined)
    .map((file) => {
      const stat = statSync(file, { throwIfNoEntry: false });
      return stat === undefined ? '-' : `${stat.ino}:${stat.size}:${stat.mtimeMs}`;
    })
    .join(' ');
}

/** Loads the pair and watches it; throws Error with one clear sentence when it cannot be used. */
export function createTlsMaterial(files: TlsFiles, clock: Clock, log: Log): TlsMaterial {
  let current: SecureContext;
  let seen = fingerprint(files);
  let watching: Cancel | undefined;
  try {
    current = load(files);
  } catch (error) {
    throw new Error(`TLS: ${reasonOf(error, files)}`, { cause: error });
  }

  function reload(): boolean {
    seen = fingerprint(files);
    try {
      current = load(files);
    } catch (error) {
      log.error({ reason: reasonOf(error, files) }, 'new certificate refused, the old one stays');
      return false;
    }
    log.info({ certFile: files.certFile }, 'certificate loaded again');
    return true;
  }

  function watch(): void {
    watching = clock.later(WATCH_MS, () => {
      if (fingerprint(files) !== seen) reload();
      watch();
    });
  }

  watch();
  return {
    asksClients: files.clients !== undefined,
    context: () => current,
    reload,
    close() {
      watching?.();
      watching = undefined;
    },
  };
}
