/** Files that somebody names to be read; `-` is standard input. */
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { AdminError, asAdminError } from '../errors.js';
import type { CliHost } from './host.js';

/** The whole of it as text. @throws AdminError input where it cannot be read */
export async function textIn(host: CliHost, file: string): Promise<string> {
  if (file === '-') return host.readIn();
  const path = resolve(host.workingDir, file);
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    // As it was written.
    const said = asAdminError(error).message.replace(path, () => file);
    throw new AdminError('input', `cannot read ${said}`);
  }
}
