/** Adds the entries of an LDIF file (RFC 2849), all or nothing; a bad line is named by number. */
import { accessSync, constants, statSync } from 'node:fs';
import { LdifError } from '../../directory/text/index.js';
import type { ImportReport, OnProgress } from '../engine.js';
import { AdminError, asAdminError } from '../errors.js';
import type { AdminEngine } from '../ports.js';
import type { ImportInput } from './types.js';

/** Rejects with `input` (with the line) or `refused`; then nothing was changed. */
export async function importLdif(
  engine: AdminEngine,
  { file, by, ...guards }: ImportInput,
  onProgress: OnProgress,
): Promise<ImportReport> {
  checkReadable(file);
  try {
    return await engine.importLdif(file, by, onProgress, guards);
  } catch (error) {
    if (!(error instanceof LdifError)) throw error;
    const { line, message } = error;
    throw new AdminError('input', `${file}:${line}: ${message}`, { line });
  }
}

function checkReadable(file: string): void {
  let folder: boolean;
  try {
    folder = statSync(file).isDirectory();
    accessSync(file, constants.R_OK);
  } catch (error) {
    throw new AdminError('input', asAdminError(error).message);
  }
  if (folder) throw new AdminError('input', `${file}: this is a folder, not an LDIF file`);
}
