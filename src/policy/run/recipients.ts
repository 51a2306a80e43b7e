/** Whom the policy means by `manager`, `admins`, `role hr`, as addresses of today. */
import { textsOf } from '../../directory/operations/index.js';
import { personOf, policyOf } from '../../directory/operations/lifecycle/index.js';
import type { DirectoryReader, EntryRecord } from '../../directory/ports.js';
import type { Facts } from '../core/index.js';
import {
  ADMINISTRATOR,
  type Condition,
  type Policy,
  relatives,
  type Who,
} from '../core/language/index.js';

export interface Recipient {
  /** As the policy says it. */
  readonly role: string;
  /** Empty where nobody of that kind has an address. */
  readonly to: string;
}

const MEMBERS_MAX = 50;

/** What {@link nameOfWho} said, back. */
export function whoOfName(name: string, { roles }: Policy): Who {
  const is = relatives.find((relation) => relation === name);
  if (is !== undefined) return { is };
  return { is: roles.some((role) => role.name === name) ? 'role' : 'group', name };
}

export function nameOfWho(who: Who): string {
  return 'name' in who ? who.name : who.is;
}

/** The addresses of each of them, each once; `groups` are those that it is about. */
export function recipientsOf(
  who: readonly Who[],
  entry: EntryRecord,
  facts: Facts,
  reader: DirectoryReader,
  groups: readonly number[] = [],
): Recipient[] {
  const found = new Map<string, Recipient>();
  for (const one of who) {
    const role = nameOfWho(one);
    const ids = peopleOf(one, entry, facts, reader, groups);
    const addresses = ids.flatMap((id) => addressOf(id, reader));
    if (addresses.length === 0) found.set(`${role} `, { role, to: '' });
    for (const to of addresses) if (!found.has(to)) found.set(to, { role, to });
  }
  return [...found.values()];
}

export function peopleOf(
  who: Who,
  entry: EntryRecord,
  facts: Facts,
  reader: DirectoryReader,
  groups: readonly number[] = [],
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
      return named(entry.id, who.is === 'owner' ? 'owner' : 'lifecycleDeputy', reader);
    case 'admins':
      return [reader.administratorId(), ...holdersOf(ADMINISTRATOR, reader)];
    case 'group':
      return membersOf(who.name, reader);
    case 'role':
      return holdersOf(who.name, reader);
    case 'group owner':
      return groups.flatMap((group) => ownersOf(group, reader));
  }
}

/** Those whom the policy means by `who`, seen from an entry: 0 is nobody's. */
export function relatedTo(who: Who, about: number, reader: DirectoryReader): readonly number[] {
  const entry = about === 0 ? undefined : reader.entry(about);
  return entry === undefined ? [] : peopleOf(who, entry, personOf(entry, reader).facts, reader);
}

/** The owners of a group. */
export function ownersOf(group: number, reader: DirectoryReader): readonly number[] {
  return named(group, 'owner', reader);
}

/** Who has a role: the members of the groups by which the policy gives it. */
function holdersOf(role: string, reader: DirectoryReader): readonly number[] {
  const who = policyOf(reader).policy.roles.find(({ name }) => name === role)?.who;
  const groups = who === undefined ? [] : groupsIn(who);
  return [...new Set(groups.flatMap((cn) => membersOf(cn, reader)))];
}

function groupsIn(condition: Condition): readonly string[] {
  if (condition.is === 'group') return condition.groups;
  if (condition.is === 'and' || condition.is === 'or') return condition.of.flatMap(groupsIn);
  return [];
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

/** The managers of people, by their entries. */
export function managersOf(ids: readonly number[], reader: DirectoryReader): readonly number[] {
  return [...new Set(ids.flatMap((id) => named(id, 'manager', reader)))];
}

export function addressOf(id: number, reader: DirectoryReader): readonly string[] {
  const entry = reader.entry(id);
  return entry === undefined ? [] : textsOf(entry, 'mail', reader).slice(0, 1);
}
