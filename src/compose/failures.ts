/** Errors across a thread boundary: a structured clone keeps no class. */
import { KeyFileError } from '../credentials/index.js';
import { LdifError } from '../directory/text/index.js';
import { errorFromShape, errorShape, LdapError } from '../runtime/errors.js';
import type { JobFailure } from './messages.js';

export function failureOf(error: unknown): JobFailure {
  if (error instanceof LdifError) {
    return { name: 'LdifError', message: error.message, line: error.line };
  }
  if (error instanceof LdapError) {
    return { name: 'LdapError', message: error.message, shape: errorShape(error) };
  }
  if (error instanceof KeyFileError) {
    return { name: 'KeyFileError', message: error.reason, file: error.file };
  }
  const { message, code } = error as NodeJS.ErrnoException;
  return { name: 'Error', message: message ?? String(error), ...(code && { code }) };
}

export function errorOf(failure: JobFailure): Error {
  if (failure.name === 'LdifError') return new LdifError(failure.line ?? 1, failure.message);
  if (failure.name === 'KeyFileError') {
    return new KeyFileError(failure.file ?? '', failure.message);
  }
  if (failure.shape !== undefined) return errorFromShape(failure.shape);
  const error: NodeJS.ErrnoException = new Error(failure.message);
  if (failure.code !== undefined) error.code = failure.code;
  return error;
}
