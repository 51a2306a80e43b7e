/** Whom the policy means by `manager`, `admins`, `role hr`, as addresses of today. */
import { textsOf } from '../../directory/operations/index.js';
import type { DirectoryReader, EntryRecord } from '../../directory/ports.js';
import type { Facts } from '../core/index.js';
import type { Who } from '../core/language/index.js';

export interface Recipient {
  /** As the policy says it. */
  readonly role: string;
  /** Empty where nobody of that kind has an address. */
  readonly to: string;
}

const MEMBERS_MAX = 50;

export function nameOfWho(who: Who): string {
  return 'name' in who ? who.name : who.is;
}

/** The addresses of each of them, each once. */
export function recipientsOf(
  who: readonly Who[],
  entry: EntryRecord,
  facts: Facts,
  reader: DirectoryReader,
): Recipient[] {
  const found = new Map<string, Recipient>();
  for (const one of who) {
    const role = nameOfWho(one);
    const ids = peopleOf(one, entry, facts, reader);
    const addresses = ids.flatMap((id) => addressOf(id, reader));
    if (addresses.length === 0) found.set(`${role} `, { role, to: '' });
    for (const to of addresses) if (!found.has(to)) found.set(to, { role, to });
  }
  return [...found.values()];
}

function peopleOf(
  who: Who,
  entry: EntryRecord,
  facts: Facts,
  reader: DirectoryReader,
): readonly number[] {
  switch (who.is) {
    case 'person':
      return [entry.id];
    case 'manager':
    case 'sponsor': {
      const { is } = who;
      const logins = facts.engagements.flatMap((engagement) => engagement[is] ?? []);
      const said = logins.map((login) => byLogin(login, reader)).filter((id) => id !== 0);
      const attribute = is === 'manager' ? 'manager' : 'lifecycleSponsor';
      return said.length > 0 ? said : named(entry.id, attribute, reader);
    }
    case 'owner':
    case 'deputy':
      return named(entry.id, who.is, reader);
    case 'admins':
      return [reader.administratorId()];
    case 'group':
    case 'role':
      return membersOf(who.name, reader);
    case 'group owner':
      return [];
  }
}

function named(id: number, attribute: string, reader: DirectoryReader): readonly number[] {
  const type = reader.schema().attribute(attribute);
  if (type?.storage !== 'edge') return [];
  return reader.edgesFrom(id, type).flatMap(({ target }) => (target === 0 ? [] : [target]));
}

/** The entry with the login name, or 0. */
export function byLogin(login: string, reader: DirectoryReader): number {
  const uid = reader.schema().attribute('uid');
  const key = uid?.equality?.normalize(Buffer.from(login, 'utf8'));
  return uid === undefined || key === undefined ? 0 : (reader.idsEqual(uid, key, 2).ids[0] ?? 0);
}

/** The group of that cn, or undefined. */
export function groupByName(cn: string, reader: DirectoryReader): EntryRecord | undefined {
  const type = reader.schema().attribute('cn');
  const key = type?.equality?.normalize(Buffer.from(cn, 'utf8'));
  if (type === undefined || key === undefined) return undefined;
  const { ids } = reader.idsEqual(type, key, 16);
  return reader.entries(ids).find(({ kind }) => kind.membership !== undefined);
}

function membersOf(cn: string, reader: DirectoryReader): readonly number[] {
  const group = groupByName(cn, reader);
  const attribute = group?.kind.membership;
  if (group === undefined || attribute === undefined) return [];
  const edges = reader.edgesFrom(group.id, attribute).slice(0, MEMBERS_MAX);
  return edges.flatMap(({ target }) => (target === 0 ? [] : [target]));
}

function addressOf(id: number, reader: DirectoryReader): readonly string[] {
  const entry = reader.entry(id);
  return entry === undefined ? [] : textsOf(entry, 'mail', reader).slice(0, 1);
}
