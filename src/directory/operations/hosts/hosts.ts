/**
 * Hosts: entries of the class tenureHost, and who may log in to them: the members of the groups that
 * a host names, directly or through other groups, at this second. Whoever has values of `host` of
 * their own is let in by those and by nothing else: the name of a host, `*`, or `!name` against one.
 * One answer for everybody: the bind through a host, what is rendered on people, filters.
 */
import type { DirectoryReader, EntryRecord } from '../../ports.js';
import type { AttributeType } from '../../schema/index.js';
import type { Memberships } from '../memberships.js';
import { textsOf } from '../texts-of.js';

const CLASS = 'tenureHost';
/** Hosts that are looked at. */
const HOSTS_MAX = 10_000;

export interface Host {
  readonly id: number;
  /** All its names (cn), the first one first. */
  readonly names: readonly string[];
  readonly groups: readonly number[];
  /** Empty: every service. */
  readonly services: readonly string[];
}

const none: readonly Host[] = [];

export function isHost(entry: EntryRecord, reader: DirectoryReader): boolean {
  const cls = reader.schema().objectClass(CLASS);
  return cls !== undefined && entry.kind.has(cls);
}

/** The host as it is stored. */
export function readHost(entry: EntryRecord, reader: DirectoryReader): Host {
  const type = reader.schema().attribute('tenureLoginGroup');
  const groups = type && entry.hasEdges ? reader.edgesFrom(entry.id, type) : [];
  return {
    id: entry.id,
    names: textsOf(entry, 'cn', reader),
    groups: groups.flatMap(({ target }) => (target === 0 ? [] : [target])),
    services: textsOf(entry, 'tenureLoginService', reader),
  };
}

function gather(reader: DirectoryReader): readonly Host[] {
  const cls = reader.schema().objectClass(CLASS);
  const kinds = reader.kinds().filter((kind) => cls !== undefined && kind.has(cls));
  if (kinds.length === 0) return none;
  const { ids } = reader.idsOfKinds(kinds, HOSTS_MAX);
  return reader.entries(ids).map((entry) => readHost(entry, reader));
}

interface Kept {
  hosts: readonly Host[] | undefined;
}

const kept = new WeakMap<DirectoryReader, Kept>();

/** All hosts; where there are none, that costs one look into a map. */
export function hostsOf(reader: DirectoryReader): readonly Host[] {
  // The writer's answers may be taken back with the savepoint.
  if (reader.watch === undefined) return gather(reader);
  let place = kept.get(reader);
  if (place === undefined) {
    const made: Kept = { hosts: undefined };
    kept.set(reader, made);
    reader.watch(({ entries, population, schema, all }) => {
      const { hosts } = made;
      if (hosts === undefined) return;
      const touched = (id: number) => hosts.some((host) => host.id === id);
      if (all || schema || population || entries.some(touched)) made.hosts = undefined;
    });
    place = made;
  }
  place.hosts ??= gather(reader);
  return place.hosts;
}

const isName = ({ names }: Host, name: string) =>
  names.some((own) => own.toLowerCase() === name.toLowerCase());

/** Whether somebody may log in to the host, whatever the state of their account. */
export function mayLogIn(
  person: EntryRecord,
  host: Host,
  reader: DirectoryReader,
  memberships: Memberships,
): boolean {
  const own = textsOf(person, 'host', reader).map((value) => value.trim());
  if (own.length > 0) {
    if (own.some((value) => value.startsWith('!') && isName(host, value.slice(1)))) return false;
    return own.some((value) => value === '*' || isName(host, value));
  }
  if (host.groups.length === 0) return false;
  const groups = memberships.groupsOf(person.id);
  return host.groups.some((group) => groups.includes(group));
}

/** Hosts that have the name, as the matching rule of `host` compares. */
export function hostsNamed(raw: Buffer, type: AttributeType, reader: DirectoryReader): Host[] {
  const rule = type.equality;
  const key = rule?.normalize(raw);
  if (rule === undefined || key === undefined) return [];
  return hostsOf(reader).filter(({ names }) =>
    names.some((name) => rule.normalize(Buffer.from(name, 'utf8'))?.equals(key) === true),
  );
}
