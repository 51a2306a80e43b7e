/**
 * The guard (credentials/guard) of the process that answers for a reader: computed attributes ask
 * what it has seen. A reader nobody binds through, such as the writer thread's, has none.
 */
import type { Guard } from '../../credentials/guard/index.js';
import type { DirectoryReader } from '../ports.js';

const guards = new WeakMap<DirectoryReader, Guard>();

/** Makes the guard known to whoever reads through `reader`. */
export function setGuard(reader: DirectoryReader, guard: Guard): void {
  guards.set(reader, guard);
}

/** The guard that watches the binds of `reader`, or undefined where nobody binds. */
export function guardOf(reader: DirectoryReader): Guard | undefined {
  return guards.get(reader);
}
