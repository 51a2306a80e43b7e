/**
 * Ends that go along with what they end, so that it dies there though the reader is cut off, or keeps
 * what it read: how long a RADIUS session may last, until when a sudo rule is good. Of stored values
 * the sooner is shown. Told are ends that are open to all, and those of grants; never a quiet one, and
 * nothing of memberships by rule, for they follow what is quiet. By which groups a network lets people
 * in is not known here: a RADIUS server asks again when any that it sees has ended.
 *
 *   radiusSessionTimeout   seconds that are left
 *   radiusExpiration       seconds since 1970, which FreeRADIUS takes for a time
 *   sudoNotAfter           when the last of those whom the rule names is out
 */
import { bodyFind, bodyValuesAt } from '../../model/body.js';
import { holdsAt } from '../../model/holder.js';
import { formatTime, parseTime } from '../../model/time.js';
import type { DirectoryReader, EntryRecord } from '../../ports.js';
import type { View } from '../view.js';
import type { VirtualAttribute } from '../virtual.js';
import { membersBelow } from './appearance.js';
import { openEnd } from './moments.js';
import { stateOf } from './state.js';

const nothing: readonly Buffer[] = [];
const NAMESAKES_MAX = 16;

/** What is shown of values of an attribute where the entry ends at `end`: the sooner of both. */
type Sooner = (end: number, now: number, stored: string | undefined) => string;

const least = (bound: number, stored: string | undefined): string => {
  const said = stored !== undefined && /^\d{1,15}$/.test(stored) ? Number(stored) : Infinity;
  return String(Math.min(bound, said));
};

const ofPeople: ReadonlyMap<string, Sooner> = new Map([
  ['radiusSessionTimeout', (end, now, stored) => least(Math.max(1, end - now), stored)],
  ['radiusExpiration', (end, _now, stored) => least(end, stored)],
]);

const SUDO_NOT_AFTER = 'sudoNotAfter';

/** A later or unreadable time gives way to the end. */
const soonerTime: Sooner = (end, _now, stored) => {
  const said = stored === undefined ? undefined : parseTime(stored);
  return said !== undefined && said <= end ? stored! : formatTime(end);
};

/** Whether stored values of the attribute may be shown as sooner than they are. */
export function carriesEnd(name: string): boolean {
  return ofPeople.has(name) || name === SUDO_NOT_AFTER;
}

/** Stored values of such an attribute as they are shown. */
export function withEnd(
  entry: EntryRecord,
  name: string,
  values: readonly Buffer[],
  sessionEnd: (id: number) => number | undefined,
  reader: DirectoryReader,
  now: number,
): readonly Buffer[] {
  const sooner = name === SUDO_NOT_AFTER ? soonerTime : ofPeople.get(name);
  const end = name === SUDO_NOT_AFTER ? sudoEnd(entry, reader, now) : sessionEnd(entry.id);
  if (sooner === undefined || end === undefined) return values;
  return values.map((value) => Buffer.from(sooner(end, now, value.toString('utf8'))));
}

/**
 * The second from which on a sudo rule names nobody any more, where that is sure and may be told:
 * every user of it is one whose end is open, or a group in which they all are by grants.
 */
export function sudoEnd(
  entry: EntryRecord,
  reader: DirectoryReader,
  now: number,
): number | undefined {
  const slot = bodyFind(entry.body, reader.attributeNumber('sudouser'));
  if (slot < 0) return undefined;
  let end = -Infinity;
  for (const value of bodyValuesAt(entry.body, slot)) {
    const text = value.toString('utf8').trim();
    if (text === '' || text.startsWith('!')) continue;
    end = Math.max(end, endOfUser(text, reader, now));
    if (end === Infinity) return undefined;
  }
  return Number.isFinite(end) ? end : undefined;
}

/** Infinity where nothing is known, or nothing may be told. */
function endOfUser(text: string, reader: DirectoryReader, now: number): number {
  if (text === 'ALL' || /^(?:[+#]|%[#:])/.test(text)) return Infinity;
  if (text.startsWith('%')) return endOfGroup(text.slice(1), reader, now);
  return endOfAll(idsNamed('uid', text, reader), (id) => openEnd(id, reader, now), reader, now);
}

function endOfGroup(cn: string, reader: DirectoryReader, now: number): number {
  const groups = reader
    .entries(idsNamed('cn', cn, reader))
    .filter(({ kind }) => kind.membership !== undefined);
  if (groups.length === 0) return Infinity;
  let end = -Infinity;
  for (const group of groups) {
    for (const { attribute, target } of reader.edgesFrom(group.id, undefined)) {
      if (target === 0 || attribute !== group.kind.membership) continue;
      const until = (id: number) => {
        const granted = grantedUntil(reader, group.id, attribute, id, now);
        const open = openEnd(id, reader, now);
        return granted === undefined ? open : Math.min(granted, open ?? Infinity);
      };
      end = Math.max(end, endOfAll([target], until, reader, now));
      if (end === Infinity) return end;
    }
  }
  return end;
}

/** The end of a membership that nothing but a grant holds; undefined of any other. */
function grantedUntil(
  reader: DirectoryReader,
  group: number,
  attribute: NonNullable<EntryRecord['kind']['membership']>,
  member: number,
  now: number,
): number | undefined {
  const holders = reader.holdersOf(group, attribute, member, '');
  if (holders.length === 0 || holders.some(({ kind }) => kind !== 'grant')) return undefined;
  const ends = holders.flatMap(({ spans }) => spans.map(({ until }) => until));
  return Math.max(...ends.filter((until) => until > now), now);
}

/**
 * The first second in which a group that somebody is in now, directly or through others, has lost them
 * because a grant is over that nothing else stands beside. `sees`: which groups count.
 */
export function grantEnd(
  id: number,
  reader: DirectoryReader,
  now: number,
  sees: (group: number) => boolean,
): number | undefined {
  let end = Infinity;
  const seen = new Set([id]);
  for (const pending = [id]; pending.length > 0; ) {
    const member = pending.pop()!;
    for (const group of reader.directGroups(member)) {
      const until = holdsUntil(group, member, reader, now);
      if (until === undefined || seen.has(group)) continue;
      seen.add(group);
      pending.push(group);
      if (until < end && sees(group)) end = until;
    }
  }
  return Number.isFinite(end) ? end : undefined;
}

/** Undefined where the member is not in the group now; Infinity where no grant ends it. */
function holdsUntil(
  group: number,
  member: number,
  reader: DirectoryReader,
  now: number,
): number | undefined {
  const attribute = reader.entry(group)?.kind.membership;
  if (attribute === undefined) return undefined;
  if (!reader.timedEdges.isNamed(member)) return Infinity;
  const holding = reader
    .holdersOf(group, attribute, member, '')
    .filter(({ spans }) => holdsAt(spans, now));
  if (holding.length === 0) return undefined;
  if (holding.some(({ kind }) => kind !== 'grant')) return Infinity;
  const ends = holding.flatMap(({ spans }) => spans.map(({ until }) => until));
  return Math.max(...ends);
}

/** Who is in any group by a grant now, as whoever asks may know. */
function boundByGrants({ reader, withheld }: View): readonly number[] {
  if (withheld?.tellsGrants !== true) return [];
  const found = new Set<number>();
  for (const { target, holder } of reader.timedEdges.list()) {
    if (holder.kind !== 'grant' || !holdsAt(holder.spans, withheld.nowSeconds)) continue;
    found.add(target);
    for (const member of membersBelow(target, reader)) found.add(member);
  }
  return [...found];
}

function endOfAll(
  ids: readonly number[],
  until: (id: number) => number | undefined,
  reader: DirectoryReader,
  now: number,
): number {
  if (ids.length === 0) return Infinity;
  let end = -Infinity;
  for (const id of ids) {
    if (reader.entry(id)?.kind.membership !== undefined) return Infinity;
    // Whoever is out already is named by nobody; when they are back is not known here.
    const out = stateOf(id, reader, now) !== 'active';
    end = Math.max(end, out ? Infinity : (until(id) ?? Infinity));
  }
  return end;
}

function idsNamed(attribute: string, text: string, reader: DirectoryReader): readonly number[] {
  const type = reader.schema().attribute(attribute);
  const key = type?.equality?.normalize(Buffer.from(text, 'utf8'));
  if (type === undefined || key === undefined || !reader.canUse(type, 'equality')) return [];
  return reader.idsEqual(type, key, NAMESAKES_MAX).ids;
}

function isStored(entry: EntryRecord, key: string, reader: DirectoryReader): boolean {
  const number = reader.attributeNumber(key);
  return number !== 0 && bodyFind(entry.body, number) >= 0;
}

/** Where nothing is stored, the end by itself. */
export const carriedAttributes: readonly VirtualAttribute[] = [
  ...[...ofPeople].map(
    ([name, sooner]): VirtualAttribute => ({
      names: [name],
      compute(entry, { reader, withheld }) {
        if (withheld === undefined || isStored(entry, name.toLowerCase(), reader)) return nothing;
        const now = withheld.nowSeconds;
        const end = withheld.sessionEnd(entry.id);
        if (end === undefined || withheld.closes(entry.id)) return nothing;
        return [Buffer.from(sooner(end, now, undefined))];
      },
      few: (view) => boundByGrants(view),
      byState: { of: 'closed or ending', usual: nothing, scans: true },
    }),
  ),
  {
    names: [SUDO_NOT_AFTER],
    compute(entry: EntryRecord, { reader, nowMs }: View) {
      if (!isSudoRole(entry) || isStored(entry, 'sudonotafter', reader)) return nothing;
      const now = Math.floor(nowMs() / 1000);
      const end = sudoEnd(entry, reader, now);
      return end === undefined ? nothing : [Buffer.from(formatTime(end))];
    },
  },
];

const isSudoRole = ({ kind }: EntryRecord) => kind.classes.some(({ name }) => name === 'sudoRole');
