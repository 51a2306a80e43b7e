/**
 * Which entries look different when the states of some turn: they themselves, the accounts that they
 * bound, the groups and roles that name them, and the rules that name them in a text.
 */
import type { DirectoryReader, EntryRecord } from '../../ports.js';
import type { AttributeType, Schema } from '../../schema/index.js';
import { textsOf } from '../texts-of.js';
import { raise } from './instants.js';
import { namesWithheld } from './references.js';
import { isReferring, roleOf } from './roles.js';

/** Entries with texts that may name people, of one attribute, that are looked at. */
const RULES_MAX = 20_000;
const CHAIN_MAX = 8;
/** Attributes whose values make somebody a part of the entry. */
const partNames = ['member', 'uniqueMember', 'memberUid', 'roleOccupant'] as const;

interface Types {
  readonly parts: readonly AttributeType[];
  readonly bounds: readonly AttributeType[];
  readonly texts: readonly AttributeType[];
}

const known = new WeakMap<Schema, Types>();

function typesOf(schema: Schema): Types {
  let types = known.get(schema);
  if (types === undefined) {
    const named = (names: readonly string[]) =>
      names.map((name) => schema.attribute(name)).filter((type) => type !== undefined);
    types = {
      parts: named(partNames),
      bounds: named(['lifecyclePrincipal', 'owner']),
      texts: schema.attributes.filter((type) => {
        const role = roleOf(type);
        return role !== undefined && role !== 'own';
      }),
    };
    known.set(schema, types);
  }
  return types;
}

/** Accounts whose state the entry's bounds, those of theirs included. */
export function boundedBy(id: number, reader: DirectoryReader): readonly number[] {
  const { bounds } = typesOf(reader.schema());
  const found = new Set<number>();
  let level: readonly number[] = [id];
  for (let depth = 0; level.length > 0 && depth < CHAIN_MAX; depth += 1) {
    level = level.flatMap((one) =>
      reader
        .sourcesOf(one, bounds)
        .filter((other) => !found.has(other) && reader.timelines.of(other)?.principal === one),
    );
    for (const other of level) found.add(other);
  }
  return [...found];
}

/** Everything that looks different, with the second since which it does. */
export function appearanceOf(
  states: ReadonlyMap<number, number>,
  reader: DirectoryReader,
): Map<number, number> {
  const people = new Map(states);
  for (const [id, at] of states)
    for (const other of boundedBy(id, reader)) raise(people, other, at);
  const found = new Map(people);
  for (const [id, at] of states) for (const one of membersBelow(id, reader)) raise(found, one, at);
  for (const [id, at] of people) for (const group of groupsOf(id, reader)) raise(found, group, at);
  for (const type of typesOf(reader.schema()).texts) addRules(type, people, found, reader);
  return found;
}

/** Everybody in a group, through others too: what they are members of looks different with it. */
export function membersBelow(group: number, reader: DirectoryReader): ReadonlySet<number> {
  const found = new Set<number>();
  const pending = [group];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const attribute = reader.entry(next)?.kind.membership;
    if (attribute === undefined) continue;
    for (const { target } of reader.edgesFrom(next, attribute)) {
      if (target === 0 || found.has(target)) continue;
      found.add(target);
      pending.push(target);
    }
  }
  return found;
}

/** Groups and roles that name somebody, and the wider ones that list people by login. */
function groupsOf(id: number, reader: DirectoryReader): ReadonlySet<number> {
  const direct = reader.sourcesOf(id, typesOf(reader.schema()).parts);
  const found = new Set(direct);
  const seen = new Set(direct);
  const pending = [...direct];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    for (const wider of reader.directGroups(next)) {
      if (seen.has(wider)) continue;
      seen.add(wider);
      pending.push(wider);
      const kind = reader.entry(wider)?.kind;
      if (kind?.classes.some(({ name }) => name === 'posixGroup')) found.add(wider);
    }
  }
  return found;
}

/** Entries whose texts under the attribute name any of the people. */
function addRules(
  type: AttributeType,
  people: ReadonlyMap<number, number>,
  found: Map<number, number>,
  reader: DirectoryReader,
): void {
  const role = roleOf(type);
  const kinds = reader.kinds().filter((kind) => kind.allows(type));
  if (role === undefined || !isReferring(role) || kinds.length === 0) return;
  for (const rule of reader.entries(reader.idsOfKinds(kinds, RULES_MAX).ids)) {
    const at = since(rule, type, role, people, reader);
    if (at !== undefined) raise(found, rule.id, at);
  }
}

function since(
  rule: EntryRecord,
  type: AttributeType,
  role: Parameters<typeof namesWithheld>[0],
  people: ReadonlyMap<number, number>,
  reader: DirectoryReader,
): number | undefined {
  let last: number | undefined;
  for (const value of textsOf(rule, type.name, reader)) {
    namesWithheld(role, value, reader, (id) => {
      const at = people.get(id);
      if (at !== undefined && (last === undefined || at > last)) last = at;
      return false;
    });
  }
  return last;
}
