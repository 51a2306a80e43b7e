/** Entries as the policy sees them: what it asks of a person, answered from one reader. */
import type { Person } from '../../../policy/core/conditions/index.js';
import { type Facts, noFacts } from '../../../policy/core/index.js';
import type { DirectoryReader, EntryRecord } from '../../ports.js';
import { normalizeDn } from '../../schema/index.js';
import { guardOf } from '../guard.js';
import { Memberships } from '../memberships.js';
import { textsOf } from '../texts-of.js';
import { factsOf, type Texts } from './facts-of.js';
import { stateOf, timelinesOf } from './state.js';

/** An entry, or one that is being written. */
export type Placed = Pick<EntryRecord, 'id' | 'parentId'>;

/** Somebody whose stored attributes are `texts` (the entry's own where they are left out). */
export function personOf(entry: Placed, reader: DirectoryReader, texts?: Texts): Person {
  return new EntryPerson(entry, reader, texts);
}

/**
 * One is made for each entry of a search by somebody whom rules look at: it holds no closures. Others
 * stand in for it with a part changed, so its fields are not closed to them (`#`).
 */
class EntryPerson implements Person {
  private readonly entry: Placed;
  private readonly reader: DirectoryReader;
  private readonly texts: Texts | undefined;
  private known: Facts | undefined;
  private memberships: Memberships | undefined;
  private asked: number | undefined;

  constructor(entry: Placed, reader: DirectoryReader, texts: Texts | undefined) {
    this.entry = entry;
    this.reader = reader;
    this.texts = texts;
  }

  private stored(key: string): readonly string[] {
    return this.texts?.(key) ?? storedTexts(this.entry.id, key, this.reader);
  }

  get login(): string {
    return this.stored('uid')[0] ?? '';
  }

  get facts(): Facts {
    this.known ??=
      this.texts === undefined && !hasFacts(this.entry.id, this.reader)
        ? noFacts
        : soundFacts((key) => this.stored(key));
    return this.known;
  }

  values(attribute: string): readonly string[] {
    const found = this.stored(attribute);
    return found.length > 0 ? found : references(this.entry.id, attribute, this.reader);
  }

  stateAt(seconds: number) {
    return stateOf(this.entry.id, this.reader, seconds);
  }

  isBelow(base: string): boolean {
    return isBelow(this.entry, base, this.reader);
  }

  inGroup(cn: string, seconds: number): boolean {
    const reader = this.reader;
    if (this.asked !== seconds) this.memberships = new Memberships(reader, () => seconds * 1000);
    this.asked = seconds;
    const name = `cn=${cn}`.toLowerCase();
    const isNamed = (id: number) => reader.entry(id)?.rdn.toLowerCase() === name;
    return this.memberships!.groupsOf(this.entry.id).some(isNamed);
  }

  get lastSeen(): number | undefined {
    return lastSeen(this.entry.id, this.reader);
  }

  get keysAdded(): readonly number[] {
    return this.reader.sshKeyTimes(this.entry.id).map(({ addedAt }) => addedAt);
  }

  get stateTurns(): readonly number[] {
    return stateTurns(this.entry.id, this.reader);
  }
}

function storedTexts(id: number, key: string, reader: DirectoryReader): readonly string[] {
  const entry = reader.entry(id);
  return entry === undefined ? [] : textsOf(entry, key, reader);
}

/** Most entries are of no class that could hold any, and have nothing to be read for. */
function hasFacts(id: number, reader: DirectoryReader): boolean {
  const type = reader.schema().attribute('lifecycleEngagement');
  const kind = reader.entry(id)?.kind;
  return type === undefined || kind === undefined || kind.allows(type);
}

function soundFacts(texts: Texts): Facts {
  const facts = factsOf(texts);
  return 'fault' in facts ? noFacts : facts;
}

/** Relative names of the entries that an attribute names. */
function references(id: number, attribute: string, reader: DirectoryReader): readonly string[] {
  const type = reader.schema().attribute(attribute);
  if (type?.storage !== 'edge') return [];
  return reader
    .edgesFrom(id, type)
    .map(({ target, text }) => (target === 0 ? text : (reader.entry(target)?.rdn ?? '')));
}

/** Any trace: a login, or keys and hashes that were read for one. What others only look up is none. */
function lastSeen(id: number, reader: DirectoryReader): number | undefined {
  const use = (guardOf(reader) ?? reader.observed).lastUse(id);
  const login = use.success?.atMs ?? Number.NEGATIVE_INFINITY;
  const at = Math.max(login, reader.observed.access.lastPersonal(id) ?? login);
  return at === Number.NEGATIVE_INFINITY ? undefined : Math.floor(at / 1000);
}

function stateTurns(id: number, reader: DirectoryReader): readonly number[] {
  const turns = new Set<number>();
  for (const { at } of timelinesOf(id, reader)) for (const instant of at) turns.add(instant);
  return [...turns].sort((a, b) => a - b);
}

interface Bases {
  readonly generation: number;
  readonly ids: Map<string, readonly number[]>;
}

const known = new WeakMap<DirectoryReader, Bases>();
const BASES_MAX = 256;

/** Whether the entry lies below the base, itself excluded. */
export function isBelow(entry: Placed, base: string, reader: DirectoryReader): boolean {
  const bases = basesOf(base, reader);
  if (bases.length === 0) return false;
  for (let id = entry.parentId; id !== 0; id = reader.entry(id)?.parentId ?? 0) {
    if (bases.includes(id)) return true;
  }
  return false;
}

/** The entries that a base names: as a whole name, or below each suffix. Kept by reader. */
export function basesOf(base: string, reader: DirectoryReader): readonly number[] {
  // The writer's answers may be taken back with the savepoint.
  if (reader.watch === undefined) return find(base, reader);
  const generation = reader.treeGeneration();
  let kept = known.get(reader);
  if (kept === undefined || kept.generation !== generation || kept.ids.size >= BASES_MAX) {
    kept = { generation, ids: new Map() };
    known.set(reader, kept);
  }
  let ids = kept.ids.get(base);
  if (ids === undefined || ids.length === 0) {
    ids = find(base, reader);
    kept.ids.set(base, ids);
  }
  return ids;
}

function find(base: string, reader: DirectoryReader): readonly number[] {
  const schema = reader.schema();
  const found = new Set<number>();
  for (const suffix of reader.suffixes()) {
    for (const name of [base, `${base},${suffix.dn}`]) {
      const dn = normalizeDn(schema, name);
      if (dn === undefined || !dn.key.endsWith(suffix.key)) continue;
      const above = dn.rdns.length - (normalizeDn(schema, suffix.dn)?.rdns.length ?? 0);
      let id = suffix.id;
      for (let i = above - 1; i >= 0 && id !== 0; i -= 1) id = reader.childId(id, dn.rdns[i]!.key);
      if (id !== 0 && above >= 0) found.add(id);
    }
  }
  return [...found];
}
