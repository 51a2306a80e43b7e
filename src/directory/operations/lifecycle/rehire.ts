/**
 * Whether somebody who comes has been here before. An employee number by itself is never enough:
 * numbers are typed wrong, and given again by other systems. Together with a second fact (login, mail
 * address, full name) it is the same person; without one a human has to say so.
 */
import { closedness } from '../../model/timeline.js';
import type { DirectoryReader, EntryRecord, Tombstone } from '../../ports.js';
import { textsOf } from '../texts-of.js';
import { stateOf } from './state.js';

/** What is known of whoever comes. */
export interface Newcomer {
  readonly number: string;
  readonly login?: string | undefined;
  readonly mail?: string | undefined;
  readonly fullName?: string | undefined;
}

export type Rehire =
  | { readonly is: 'nobody' }
  /** The number is that of somebody who has not left. */
  | { readonly is: 'here'; readonly entry: EntryRecord }
  /** Number and a second fact agree. */
  | { readonly is: 'same'; readonly entry: EntryRecord; readonly by: 'login' | 'mail' | 'name' }
  /** The same of somebody who was purged: login and number are theirs. */
  | { readonly is: 'purged'; readonly tombstone: Tombstone }
  /** The number agrees and nothing else does. */
  | { readonly is: 'unsure'; readonly logins: readonly string[] };

const CANDIDATES_MAX = 16;
const plain = (text: string) => text.trim().replace(/\s+/g, ' ').toLowerCase();

export function findRehire(who: Newcomer, reader: DirectoryReader, nowSeconds: number): Rehire {
  const logins: string[] = [];
  for (const entry of byNumber(who.number, reader)) {
    const isHere = closedness(stateOf(entry.id, reader, nowSeconds)) < closedness('sealed');
    if (isHere) return { is: 'here', entry };
    const by = secondFact(who, entry, reader);
    if (by !== undefined) return { is: 'same', entry, by };
    logins.push(textsOf(entry, 'uid', reader)[0] ?? entry.rdn);
  }
  for (const tombstone of reader.tombstones.byEmployeeNumber(who.number)) {
    if (who.login !== undefined && plain(who.login) === tombstone.login) {
      return { is: 'purged', tombstone };
    }
    logins.push(tombstone.login);
  }
  return logins.length === 0 ? { is: 'nobody' } : { is: 'unsure', logins };
}

function byNumber(number: string, reader: DirectoryReader): readonly EntryRecord[] {
  const type = reader.schema().attribute('employeeNumber');
  const key = type?.equality?.normalize(Buffer.from(number, 'utf8'));
  if (type === undefined || key === undefined || !reader.canUse(type, 'equality')) return [];
  return reader.entries(reader.idsEqual(type, key, CANDIDATES_MAX).ids);
}

function secondFact(who: Newcomer, entry: EntryRecord, reader: DirectoryReader) {
  const has = (attribute: string, value: string | undefined) =>
    value !== undefined &&
    textsOf(entry, attribute, reader).some((text) => plain(text) === plain(value));
  if (has('uid', who.login)) return 'login' as const;
  if (has('mail', who.mail)) return 'mail' as const;
  if (has('cn', who.fullName) || has('displayName', who.fullName)) return 'name' as const;
  return undefined;
}
