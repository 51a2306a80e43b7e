/** `--as LOGIN`: somebody of the directory signs in to ask or answer as themself. */
import { AdminError } from '../errors.js';
import type { Run } from './command.js';

/** The password is read from where nobody looks over a shoulder: a pipe, or a terminal that does not show it. */
export async function signIn({ host }: Run, name: string) {
  const line = await host.readSecret(`password of ${name}: `);
  if (line === undefined || line === '') {
    throw new AdminError('usage', `--as ${name}: type the password, or write it to standard input`);
  }
  return { name, password: line };
}
