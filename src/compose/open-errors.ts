/** What can go wrong while a directory is opened, as one sentence of the right kind. */
import { AdminError } from '../admin/index.js';
import { BreachFileError } from '../credentials/quality/index.js';
import { ListenError } from '../ldap/index.js';
import { LdapError } from '../runtime/errors.js';

const FOLDER_CODES = new Set(['EACCES', 'EROFS', 'ENOENT', 'ENOTDIR', 'EISDIR', 'ENOSPC', 'EPERM']);

/** An AdminError for what is expected; anything else as it is. */
export function failureKindOf(error: unknown): unknown {
  if (error instanceof AdminError) return error;
  if (error instanceof ListenError) return new AdminError('address', error.message);
  if (error instanceof BreachFileError) {
    return new AdminError('config', `passwords.breachFile: ${error.message}`);
  }
  if (error instanceof LdapError) {
    return new AdminError('refused', error.message, { resultCode: error.code });
  }
  const { message, code } = error as NodeJS.ErrnoException;
  if (typeof message !== 'string') return error;
  if (message.startsWith('another tenure is serving')) return new AdminError('busy', message);
  if (/is from a newer version|newer than this|migrations/i.test(message)) {
    return new AdminError('folder', message);
  }
  if (code !== undefined && FOLDER_CODES.has(code)) return new AdminError('folder', message);
  if (code?.startsWith('SQLITE_CANTOPEN') || code?.startsWith('SQLITE_READONLY')) {
    return new AdminError('folder', `the data folder cannot be written: ${message}`);
  }
  if (/is missing\)|exists already|is not a tenure database/.test(message)) {
    return new AdminError('folder', message);
  }
  if (message.startsWith('TLS: ')) return new AdminError('config', message);
  return error;
}
