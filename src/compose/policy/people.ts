/**
 * The directory's people under a policy that is not in force: of which kind they would be, in which
 * state, in which groups, and what they lack. Goes through them in slices, so that others are
 * served meanwhile.
 */
import type { PolicyPeople, PolicyPreview, Somebody } from '../../admin/policy.js';
import { moreClosed, type State, stateAt } from '../../directory/model/timeline.js';
import { personOf, stateOf, timelineOf } from '../../directory/operations/lifecycle/index.js';
import type { DirectoryReader, EntryRecord } from '../../directory/ports.js';
import { holds, kindOf, type Person } from '../../policy/core/conditions/index.js';
import { lacksOf, ruledGroups } from '../../policy/core/index.js';
import type { Kind, Policy } from '../../policy/core/language/index.js';

export interface PeopleParts {
  readonly reader: DirectoryReader;
  /** Seconds since 1970. */
  readonly now: number;
  /** Lets others be served. */
  readonly turn: () => Promise<void>;
}

const PEOPLE_MAX = 10_000_000;
const SLICE = 100;
const NAMES_SHOWN = 5;
const accounts = new Set(['person', 'account', 'posixAccount']);

/** Everybody that a policy is about, the administrator of the directory aside. */
export async function* everybody({ reader, turn }: PeopleParts): AsyncGenerator<EntryRecord> {
  const kinds = reader
    .kinds()
    .filter(
      ({ isSubject, classes }) => isSubject || classes.some(({ name }) => accounts.has(name)),
    );
  if (kinds.length === 0) return;
  const { ids } = reader.idsOfKinds(kinds, PEOPLE_MAX);
  for (let i = 0; i < ids.length; i += SLICE) {
    for (const entry of reader.entries(ids.slice(i, i + SLICE))) {
      if (entry.id !== reader.administratorId()) yield entry;
    }
    await turn();
  }
}

class Counted {
  count = 0;
  readonly names: string[] = [];

  add(login: string): void {
    this.count += 1;
    if (this.names.length < NAMES_SHOWN) this.names.push(login);
  }

  get said(): Somebody {
    return { count: this.count, names: this.names };
  }
}

const tally = <K>(counts: Map<K, number>, key: K) => counts.set(key, (counts.get(key) ?? 0) + 1);
const nameOf = (kind: Kind | undefined) => kind?.name ?? 'no kind';

/** The person with the state that the policy would give. */
function under(policy: Policy, entry: EntryRecord, { reader }: PeopleParts): Person {
  const person = personOf(entry, reader);
  const timeline = timelineOf(entry, policy, reader);
  const stateWith = (seconds: number): State => {
    const own = timeline === undefined ? 'active' : stateAt(timeline, seconds);
    const principal = timeline?.principal ?? 0;
    return principal === 0 ? own : moreClosed(own, stateOf(principal, reader, seconds));
  };
  return new Proxy(person, {
    get: (target, key) => (key === 'stateAt' ? stateWith : Reflect.get(target, key)),
  });
}

/** What a policy finds. */
export async function peopleUnder(policy: Policy, parts: PeopleParts): Promise<PolicyPeople> {
  const kinds = new Map(policy.kinds.map(({ name }) => [name, 0]));
  const without = new Counted();
  const lacking = new Map<string, { kind: string; lack: string; who: Counted }>();
  let count = 0;
  for await (const entry of everybody(parts)) {
    const person = under(policy, entry, parts);
    const kind = kindOf(person, policy, parts.now);
    count += 1;
    if (kind === undefined) without.add(person.login);
    else tally(kinds, kind.name);
    // Whoever has left needs nothing any more.
    const here = !ended.includes(person.stateAt(parts.now));
    for (const { requirement } of here ? lacksOf(person, policy, parts.now) : []) {
      const key = `${kind!.name} ${requirement.text}`;
      const known = lacking.get(key) ?? {
        kind: kind!.name,
        lack: requirement.text,
        who: new Counted(),
      };
      known.who.add(person.login);
      lacking.set(key, known);
    }
  }
  return {
    count,
    kinds: [...kinds].map(([kind, number]) => ({ kind, count: number })),
    without: without.said,
    lacking: [...lacking.values()].map(({ kind, lack, who }) => ({ kind, lack, ...who.said })),
    missingGroups: missingGroups(policy, parts.reader),
  };
}

/** Groups that the policy names and nobody has made. */
function missingGroups(policy: Policy, reader: DirectoryReader): string[] {
  const type = reader.schema().attribute('cn');
  const named = new Set([
    ...policy.groups.map(({ name }) => name),
    ...policy.kinds.flatMap(({ gets, neverGets }) => [...gets, ...neverGets]),
  ]);
  return [...named].filter((name) => {
    const key = type?.equality?.normalize(Buffer.from(name, 'utf8'));
    if (type === undefined || key === undefined) return true;
    const { ids } = reader.idsEqual(type, key, 50);
    return !ids.some((id) => reader.entry(id)?.kind.membership !== undefined);
  });
}

type Effects = Omit<PolicyPreview, 'problems' | 'differences'>;

const ended: readonly State[] = ['sealed', 'destroyed', 'archived', 'purged'];
const isOpen = (state: State) => state === 'active' || state === 'leave';

/** What would be different from now on if one policy held and not the other. */
export async function effectsOf(
  before: Policy,
  after: Policy,
  parts: PeopleParts,
): Promise<Effects> {
  const [closed, opened] = [new Counted(), new Counted()];
  const kinds = new Map<string, { from: string; to: string; count: number }>();
  const groups = new Map<string, { joins: number; leaves: number }>();
  let changed = 0;
  for await (const entry of everybody(parts)) {
    const [was, is] = [under(before, entry, parts), under(after, entry, parts)];
    const { now } = parts;
    const [open, opens] = [isOpen(was.stateAt(now)), isOpen(is.stateAt(now))];
    if (open && !opens) closed.add(is.login);
    if (!open && opens) opened.add(is.login);
    const from = nameOf(kindOf(was, before, now));
    const to = nameOf(kindOf(is, after, now));
    if (from !== to) {
      const key = `${from}\0${to}`;
      kinds.set(key, { from, to, count: (kinds.get(key)?.count ?? 0) + 1 });
    }
    const moves = groupMoves(was, is, before, after, now);
    for (const { group, way } of moves) {
      const known = groups.get(group) ?? { joins: 0, leaves: 0 };
      known[way] += 1;
      groups.set(group, known);
    }
    if (open !== opens || from !== to || moves.length > 0) changed += 1;
  }
  return {
    changed,
    closed: closed.said,
    opened: opened.said,
    kinds: [...kinds.values()],
    groups: [...groups].map(([group, counts]) => ({ group, ...counts })),
  };
}

/** The groups that a policy puts somebody into, who is still somebody. */
function ruledInto(person: Person, policy: Policy, now: number): readonly string[] {
  if (['destroyed', 'archived', 'purged'].includes(person.stateAt(now))) return [];
  return ruledGroups(policy)
    .filter(({ condition }) => holds(condition, person, policy, now))
    .map(({ name }) => name);
}

function groupMoves(was: Person, is: Person, before: Policy, after: Policy, now: number) {
  const old = ruledInto(was, before, now);
  const next = ruledInto(is, after, now);
  return [
    ...next
      .filter((group) => !old.includes(group))
      .map((group) => ({ group, way: 'joins' as const })),
    ...old
      .filter((group) => !next.includes(group))
      .map((group) => ({ group, way: 'leaves' as const })),
  ];
}
