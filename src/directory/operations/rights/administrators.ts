/**
 * Who the administrators are: the entry that `tenure init` made, and whoever has the role
 * `administrator` of the policy. They are found from the groups and logins that the role names,
 * downwards, so that nobody else has to be looked at.
 */
import {
  administratorRole,
  type Condition,
  type Named,
  namedBy,
  type Policy,
} from '../../../policy/core/language/index.js';
import { holdsAt, type Span, unite, without } from '../../model/holder.js';
import type { Identity } from '../../model/identity.js';
import type { DirectoryReader, EntryRecord } from '../../ports.js';

import { shutsFrom } from '../brownouts.js';
import { admittedState, policyOf } from '../lifecycle/index.js';

/** Groups and people behind the role; whoever has more has made a mistake. */
const WALKED_MAX = 10_000;
const SAME_NAME_MAX = 16;

/** A member of a group of administrators, directly. */
interface Membership {
  readonly group: number;
  readonly member: number;
  /** None at all: always. */
  readonly spans: readonly Span[];
  /** Nothing but a rule puts them there, and may take them away again. */
  readonly ruled: boolean;
}

/** The role as it is stored now, whatever the time. */
export interface Appointed {
  /** Entries that the role names by login. */
  readonly logins: readonly number[];
  /** Groups that the role names. */
  readonly groups: readonly number[];
  readonly memberships: readonly Membership[];
}

const named = new WeakMap<Policy, { readonly by: Named | undefined }>();

/** What the role names; undefined where the policy has no such role: one look into a map. */
function namedIn(policy: Policy): Named | undefined {
  let found = named.get(policy);
  if (found === undefined) {
    const role = administratorRole(policy);
    found = { by: role && namedBy(role.who, policy.words) };
    named.set(policy, found);
  }
  return found.by;
}

/** Everything that the role rests on; undefined without such a role. */
export function appointed(reader: DirectoryReader): Appointed | undefined {
  const { policy } = policyOf(reader);
  const names = namedIn(policy);
  if (names === undefined) return undefined;
  const groups = names.groups.flatMap((name) => groupsNamed(name, reader));
  const logins = names.logins.flatMap((login) =>
    idsWith(policy.words['login'] ?? 'uid', login, reader),
  );
  const memberships: Membership[] = [];
  const seen = new Set(groups);
  const pending = [...groups];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    for (const membership of membershipsOf(next, reader)) {
      if (memberships.length >= WALKED_MAX) return { logins, groups, memberships };
      memberships.push(membership);
      const { member } = membership;
      if (seen.has(member) || reader.entry(member)?.kind.membership === undefined) continue;
      seen.add(member);
      pending.push(member);
    }
  }
  return { logins, groups, memberships };
}

/** Those whom a group makes administrators, directly or through others; empty where it makes none. */
export function appointedIn(group: number, reader: DirectoryReader): readonly number[] {
  const memberships = appointed(reader)?.memberships ?? [];
  const found = new Set<number>();
  const pending = [group];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    for (const { group: source, member } of memberships) {
      if (source !== next || found.has(member)) continue;
      found.add(member);
      pending.push(member);
    }
  }
  return [...found];
}

/** The entries that a condition names by login; undefined where it asks anything else. */
export function entriesNamedBy(
  condition: Condition,
  policy: Policy,
  reader: DirectoryReader,
): readonly number[] | undefined {
  const names = namedBy(condition, policy.words);
  if (names === undefined || names.groups.length > 0) return undefined;
  return names.logins.flatMap((login) => idsWith(policy.words['login'] ?? 'uid', login, reader));
}

function idsWith(attribute: string, value: string, reader: DirectoryReader): readonly number[] {
  const type = reader.schema().attribute(attribute);
  const key = type?.equality?.normalize(Buffer.from(value, 'utf8'));
  if (type === undefined || key === undefined) return [];
  return reader.idsEqual(type, key, SAME_NAME_MAX).ids;
}

/** The condition `group NAME` looks at the relative name alone. */
function groupsNamed(name: string, reader: DirectoryReader): readonly number[] {
  const rdn = `cn=${name}`.toLowerCase();
  return idsWith('cn', name, reader).filter((id) => {
    const entry = reader.entry(id);
    return entry?.kind.membership !== undefined && entry.rdn.toLowerCase() === rdn;
  });
}

function membershipsOf(group: number, reader: DirectoryReader): Membership[] {
  const attribute = reader.entry(group)?.kind.membership;
  if (attribute === undefined) return [];
  const shut = shutsFrom(group, reader, -Infinity);
  return reader.edgesFrom(group, attribute).flatMap(({ target, text }) => {
    if (target === 0) return [];
    const holders = reader.holdersOf(group, attribute, target, target === 0 ? text : '');
    const spans = without(shut, unite(holders.map((holder) => holder.spans)));
    if (spans === undefined) return [];
    const ruled = holders.length > 0 && holders.every(({ kind }) => kind === 'rule');
    return [{ group, member: target, spans, ruled }];
  });
}

/** Those whom the role names in that second; `lasting` leaves out who is there by a rule alone. */
export function holdersAt(
  { logins, groups, memberships }: Appointed,
  now: number,
  lasting = false,
): ReadonlySet<number> {
  const found = new Set(logins);
  const inside = new Set(groups);
  const pending = [...groups];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    for (const { group, member, spans, ruled } of memberships) {
      if (group !== next || !holdsAt(spans, now) || (lasting && ruled)) continue;
      found.add(member);
      if (inside.has(member)) continue;
      inside.add(member);
      pending.push(member);
    }
  }
  return found;
}

const none: ReadonlySet<number> = new Set();

interface Kept {
  stale: boolean;
  ids: ReadonlySet<number>;
}

const kept = new WeakMap<DirectoryReader, Kept>();

/** Everybody who has the role at some time: kept until the next commit. */
function everNamed(reader: DirectoryReader): ReadonlySet<number> {
  const found = kept.get(reader);
  if (found !== undefined && !found.stale) return found.ids;
  const all = appointed(reader);
  const ids =
    all === undefined
      ? none
      : new Set([...all.logins, ...all.memberships.map(({ member }) => member)]);
  // The writer's answers may be taken back with the savepoint.
  if (reader.watch === undefined) return ids;
  if (found !== undefined) {
    found.ids = ids;
    found.stale = false;
    return ids;
  }
  const place: Kept = { stale: false, ids };
  kept.set(reader, place);
  reader.watch(() => {
    place.stale = true;
  });
  return ids;
}

/** Everybody who manages the directory at any time, or stands in a group of those who do. */
export function appointedPeople(reader: DirectoryReader): readonly number[] {
  const { logins = [], memberships = [] } = appointed(reader) ?? {};
  return [reader.administratorId(), ...logins, ...memberships.map(({ member }) => member)];
}

/** Whether the entry is an administrator in that second. */
export function isAdministrator(id: number, reader: DirectoryReader, nowSeconds: number): boolean {
  return id !== 0 && (id === reader.administratorId() || isAppointed(id, reader, nowSeconds));
}

/** Whether the role makes the entry one. */
function isAppointed(id: number, reader: DirectoryReader, nowSeconds: number): boolean {
  if (namedIn(policyOf(reader).policy) === undefined || !everNamed(reader).has(id)) return false;
  const all = appointed(reader);
  return all !== undefined && holdersAt(all, nowSeconds).has(id);
}

/**
 * The identity with what the policy in force makes of it in that second. Decided at each operation,
 * because a role that is taken away ends then, and not with the session.
 */
export function actingIdentity(
  identity: Identity,
  reader: DirectoryReader,
  nowSeconds: number,
): Identity {
  const { role, entryId, only, keptBy } = identity;
  if (role !== 'user' || only !== undefined || keptBy !== undefined) return identity;
  if (!isAppointed(entryId, reader, nowSeconds)) return identity;
  // Nobody asks an administrator whether the session may go on: it is asked here.
  if (admittedState(entryId, reader, nowSeconds) !== 'active') return identity;
  return { ...identity, role: 'administrator' };
}

/** The entry that `tenure init` made, where it is there. */
export function initialAdministrator(reader: DirectoryReader): EntryRecord | undefined {
  return reader.entry(reader.administratorId());
}
