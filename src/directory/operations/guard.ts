/**
 * The guard (credentials/guard) of the process that answers for a reader: computed attributes ask
 * what it has seen. A reader nobody binds through, such as the writer thread's, has none.
 */
import type { Guard, VerifiedPasswords } from '../../credentials/guard/index.js';
import { bodyFind, bodyValuesAt } from '../model/body.js';
import { parseTime } from '../model/time.js';
import type { DirectoryReader, EntryRecord } from '../ports.js';

const guards = new WeakMap<DirectoryReader, Guard>();

/** Makes the guard known to whoever reads through `reader`. */
export function setGuard(reader: DirectoryReader, guard: Guard): void {
  guards.set(reader, guard);
}

/** The guard that watches the binds of `reader`, or undefined where nobody binds. */
export function guardOf(reader: DirectoryReader): Guard | undefined {
  return guards.get(reader);
}

/** What a commit says it changed. */
export interface Changed {
  readonly entries: readonly number[];
  readonly secretOwners: readonly number[];
  readonly schema: boolean;
  readonly all: boolean;
}

/**
 * Forgets what was verified of everybody whom a commit is about: their secrets, anything on their
 * entry, or a policy, which may hold for anybody. An entry that is gone may have been a policy.
 */
export function forgetVerified(
  verified: VerifiedPasswords,
  { entries, secretOwners, schema, all }: Changed,
  reader: DirectoryReader,
): void {
  if (verified.size === 0) return;
  const policy = reader.schema().objectClass('pwdPolicy');
  const concernsAll = (id: number): boolean => {
    const entry = reader.entry(id);
    return entry === undefined || (policy !== undefined && entry.kind.has(policy));
  };
  if (all || schema || entries.some(concernsAll)) verified.clear();
  for (const id of entries) verified.drop(id);
  for (const owner of secretOwners) verified.drop(owner);
}

const BYPASS = 'tenurebypassuntil';

/** Until when the entry is not asked for its second factor (seconds), or undefined. */
export function bypassedUntil(entry: EntryRecord, reader: DirectoryReader): number | undefined {
  const number = reader.attributeNumber(BYPASS);
  const slot = number === 0 ? -1 : bodyFind(entry.body, number);
  return slot < 0 ? undefined : parseTime(bodyValuesAt(entry.body, slot)[0]!.toString('latin1'));
}
