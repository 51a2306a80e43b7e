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
}

export interface TlsMaterial {
  /** What the next handshake uses. */
  context(): SecureContext;
  /** Reads the files again; false when what they hold now cannot be used (the old pair stays). */
  reload(): boolean;
  /** Ends the watching. */
  close(): void;
}

/** One sentence for whoever has to repair it. */
function reasonOf(error: unknown, files: TlsFiles): string {
  const { code, path, message } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT') return `there is no file ${path}`;
  if (code === 'EACCES' || code === 'EPERM') return `permission to read ${path} is missing`;
  if (code === 'ERR_OSSL_X509_KEY_VALUES_MISMATCH') {
    return `the key in ${files.keyFile} does not belong to the certificate in ${files.certFile}`;
  }
  return `${files.certFile} and ${files.keyFile} cannot be used: ${message}`;
}

function load({ certFile, keyFile, minVersion }: TlsFiles): SecureContext {
  const cert = readFileSync(certFile);
  const key = readFileSync(keyFile);
  return createSecureContext({ cert, key, minVersion });
}

/** Changes whenever one of the files is replaced or written. */
function fingerprint({ certFile, keyFile }: TlsFiles): string {
  return [certFile, keyFile]
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
    context: () => current,
    reload,
    close() {
      watching?.();
      watching = undefined;
    },
  };
}
