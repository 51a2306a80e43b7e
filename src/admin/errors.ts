/**
 * Why an administrative action could not be done, as one kind and one sentence: the kind gives the
 * exit code and the control API's answer. Anything that is not expected stays `failed`.
 */
import { KeyFileError } from '../credentials/index.js';
import { LdifError } from '../directory/text/index.js';
import { ConfigError, type ConfigProblem } from '../runtime/config.js';
import { LdapError, type ResultCodeName, resultCodes } from '../runtime/errors.js';
import { CertificateError } from './certificates.js';

/** Each kind has its exit code in cli/exit-codes.ts. */
export type FailureKind =
  | 'failed'
  | 'usage'
  | 'config'
  | 'folder'
  | 'busy'
  | 'not-ready'
  | 'input'
  | 'damaged'
  | 'refused'
  | 'address'
  | 'unwell'
  | 'key-file'
  | 'interrupted';

/** What an {@link AdminError} may carry besides its sentence. */
export interface FailureDetails {
  /** Line of the LDIF file, from 1. */
  readonly line?: number;
  /** LDAP result code by its RFC 4511 name, where the directory refused. */
  readonly resultCode?: ResultCodeName;
  readonly problems?: readonly ConfigProblem[];
}

/** A failure in words that an administrator can act on. */
export class AdminError extends Error {
  readonly kind: FailureKind;
  readonly details: FailureDetails;

  constructor(kind: FailureKind, message: string, details: FailureDetails = {}) {
    super(message);
    this.name = 'AdminError';
    this.kind = kind;
    this.details = details;
  }
}

/** The failure in its form for `--json` and for the control API. */
export interface FailureJson extends FailureDetails {
  readonly kind: FailureKind;
  readonly message: string;
}

/** {@link AdminError} as plain data. */
export function failureJson({ kind, message, details }: AdminError): FailureJson {
  return { kind, message, ...details };
}

/** The inverse of {@link failureJson}. */
export function failureFromJson({ kind, message, ...details }: FailureJson): AdminError {
  return new AdminError(kind, message, details);
}

/** Any thrown value as an AdminError; `cause` keeps the original for the log. */
export function asAdminError(error: unknown): AdminError {
  if (error instanceof AdminError) return error;
  const known = translate(error);
  known.cause = error;
  return known;
}

function translate(error: unknown): AdminError {
  if (error instanceof LdifError) {
    return new AdminError('input', `line ${error.line}: ${error.message}`, { line: error.line });
  }
  if (error instanceof LdapError) {
    const code = `${error.code} (${resultCodes[error.code]})`;
    return new AdminError('refused', `${code}: ${error.message}`, { resultCode: error.code });
  }
  if (error instanceof ConfigError) {
    return new AdminError('config', error.message, { problems: error.problems });
  }
  if (error instanceof KeyFileError) return new AdminError('key-file', error.message);
  if (error instanceof CertificateError) return new AdminError('folder', error.message);
  const { code, path, syscall, message } = parts(error);
  const kind = code === undefined ? undefined : systemKinds[code];
  if (kind === undefined) return new AdminError('failed', `internal error: ${message}`);
  // A listener has written its own sentence; the bare one of the system names call and path.
  if (syscall === undefined || !message.startsWith(`${code}:`))
    return new AdminError(kind, message);
  return new AdminError(kind, `${path ?? syscall}: ${systemTexts[code!] ?? code}`);
}

/**
 * A failure to open or make a folder. There, plain Errors are sentences for the administrator (the
 * store's contract), not defects; only what the runtime throws by itself stays one.
 */
export function asOpeningError(error: unknown): AdminError {
  const known = asAdminError(error);
  const { name, message } = parts(error);
  if (known.kind !== 'failed' || name !== 'Error') return known;
  const kind = message.startsWith('another tenure') ? 'busy' : 'folder';
  return new AdminError(kind, message);
}

interface Parts extends Partial<NodeJS.ErrnoException> {
  readonly message: string;
}

/** By shape: errors that crossed a thread or a realm are no instances of our Error. */
function parts(error: unknown): Parts {
  if (typeof error !== 'object' || error === null || !('message' in error)) {
    return { message: String(error) };
  }
  return error as Parts;
}

const systemKinds: Readonly<Record<string, FailureKind>> = {
  EADDRINUSE: 'address',
  EADDRNOTAVAIL: 'address',
  ENOTFOUND: 'address',
  EACCES: 'folder',
  EPERM: 'folder',
  EROFS: 'folder',
  ENOSPC: 'folder',
  EDQUOT: 'folder',
  ENOENT: 'folder',
  ENOTDIR: 'folder',
  EISDIR: 'folder',
};

const systemTexts: Readonly<Record<string, string>> = {
  EADDRINUSE: 'the address is in use by another program',
  EADDRNOTAVAIL: 'the address is not one of this machine',
  ENOTFOUND: 'the host name is not known',
  EACCES: 'permission is missing',
  EPERM: 'permission is missing',
  EROFS: 'the file system is read-only',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  ENOENT: 'there is no such file or folder',
  ENOTDIR: 'part of the path is not a folder',
  EISDIR: 'this is a folder, not a file',
};
