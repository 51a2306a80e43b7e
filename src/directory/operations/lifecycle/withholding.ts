/**
 * What is withheld of those who are not active: their keys, certificates and network profile, and
 * wherever else their name would open something: memberships, sudo rules, netgroups, mail aliases,
 * roles. Withheld is absent: in results, filters and comparisons alike, for every reader, and from
 * the second at which the state changes. One instance serves one slice of work; there is none where
 * nobody has a timeline, so that such a directory pays nothing.
 */
import type { Identity } from '../../model/identity.js';
import type { DirectoryReader, EntryRecord } from '../../ports.js';
import type { AttributeType } from '../../schema/index.js';
import { isRadius } from '../service-role.js';
import { carriesEnd, grantEnd, withEnd } from './carried.js';
import { type ConsumerView, consumerView, VIEW } from './consumers.js';
import { keepsService } from './kept.js';
import { openEnd } from './moments.js';
import { basesOf } from './person-of.js';
import { readsOf } from './reading.js';
import { namesWithheld } from './references.js';
import { type Referring, type Role, roleOf, rolesByNumber, showsReferences } from './roles.js';
import { stateOf } from './state.js';

const ROLE_OCCUPANT = '2.5.4.33';
/** member, uniqueMember, memberUid and roleOccupant: values that make somebody a part of something. */
const partOids: ReadonlySet<string> = new Set([
  '2.5.4.31',
  '2.5.4.50',
  '1.3.6.1.1.1.1.12',
  ROLE_OCCUPANT,
]);

/** Of whom nothing but the name is shown, for the sake of numbers on old files. */
const nameKeys: ReadonlySet<string> = new Set([
  'objectclass',
  'uid',
  'cn',
  'uidnumber',
  'gidnumber',
  'homedirectory',
]);

export class Withholding {
  readonly #reader: DirectoryReader;
  readonly #identity: Identity;
  readonly nowSeconds: number;
  #consumer: ConsumerView | undefined;
  #bases: Set<number> | undefined;
  #tellsGrants: boolean | undefined;

  constructor(reader: DirectoryReader, identity: Identity, nowMs: number) {
    this.#reader = reader;
    this.#identity = identity;
    this.nowSeconds = Math.floor(nowMs / 1000);
  }

  get #view(): ConsumerView {
    this.#consumer ??= consumerView(this.#identity, this.#reader);
    return this.#consumer;
  }

  /** Whether there is any state in which whoever asks sees nothing of somebody. */
  get hidesAnybody(): boolean {
    return this.#view.hides.size > 0;
  }

  /** Whether whoever asks sees nothing of the entry at all; one's own is never hidden. */
  hidesEntry(id: number): boolean {
    const { hides } = this.#view;
    if (id === this.#identity.entryId) return false;
    if (this.#isOutside(id)) return true;
    if (hides.size === 0 || !this.#reader.timelines.any) return false;
    const state = stateOf(id, this.#reader, this.nowSeconds);
    if (state === 'active' || !hides.has(state)) return false;
    if (this.#identity.readsOf?.(id, 'see end dates') === true) return false;
    const { leadSeconds } = this.#view;
    return state !== 'staged' || leadSeconds === 0 || !this.#startsWithin(id, leadSeconds);
  }

  /** Whether the view has bases, and the entry is in none of them. */
  #isOutside(id: number): boolean {
    const { bases } = this.#view;
    if (bases.length === 0) return false;
    this.#bases ??= new Set(bases.flatMap((base) => basesOf(base, this.#reader)));
    for (let at = id; at !== 0; at = this.#reader.entry(at)?.parentId ?? 0) {
      if (this.#bases.has(at)) return false;
    }
    return true;
  }

  /** Whether a search may begin at an entry that is not shown: it stands above what is. */
  leadsTo(id: number): boolean {
    if (!this.#isOutside(id)) return false;
    for (const base of this.#bases ?? []) {
      for (let at = base; at !== 0; at = this.#reader.entry(at)?.parentId ?? 0) {
        if (at === id) return true;
      }
    }
    return false;
  }

  #startsWithin(id: number, leadSeconds: number): boolean {
    const timeline = this.#reader.timelines.of(id);
    const until = this.nowSeconds + leadSeconds;
    return (
      timeline?.at.some(
        (at, i) => at > this.nowSeconds && at <= until && timeline.then[i] === 'active',
      ) === true
    );
  }

  /** Whether there is anybody of whom whoever asks sees nothing but the name. */
  get namesOnly(): boolean {
    return this.#view.nameOnly.size > 0;
  }

  /** Whether whoever asks sees nothing of the entry but its name. */
  showsNameOnly(id: number): boolean {
    const { nameOnly } = this.#view;
    if (nameOnly.size === 0) return false;
    return nameOnly.has(stateOf(id, this.#reader, this.nowSeconds));
  }

  /** Whether what somebody owns is withheld. */
  closes(id: number): boolean {
    return stateOf(id, this.#reader, this.nowSeconds) !== 'active';
  }

  /** Whether the groups that somebody is in, and the member in them, are withheld. */
  hidesMember(id: number): boolean {
    const state = stateOf(id, this.#reader, this.nowSeconds);
    return state !== 'active' && !(state === 'leave' && (this.#view.mirrors || this.#isKept(id)));
  }

  /** Whether the account is off for whoever asks: a service that is kept goes on. */
  isOff(id: number): boolean {
    const state = stateOf(id, this.#reader, this.nowSeconds);
    return state !== 'active' && !(state === 'leave' && this.#isKept(id));
  }

  /** Whether whoever asks lets those in who are suspended, to where they can do no harm. */
  quarantines(id: number): boolean {
    if (!this.#view.quarantines) return false;
    return stateOf(id, this.#reader, this.nowSeconds) === 'suspended';
  }

  /** Whether an account is shown otherwise than as it is stored: it is off, or its end is open. */
  turns(id: number): boolean {
    return !this.#isQuiet(id) && (this.isOff(id) || this.sessionEnd(id) !== undefined);
  }

  /** Whether somebody is active by themselves and no end is to be told: of most, by two numbers. */
  #isQuiet(id: number): boolean {
    const quiet = this.#reader.timelines.isQuiet(id, this.nowSeconds);
    return quiet && this.#grantEnd(id) === undefined;
  }

  /** Whether whoever asks opens sessions, and there are grants that may end in one. */
  get tellsGrants(): boolean {
    this.#tellsGrants ??= this.#reader.timedEdges.any && isRadius(this.#identity, this.#reader);
    return this.#tellsGrants;
  }

  #grantEnd(id: number): number | undefined {
    if (!this.tellsGrants) return undefined;
    // A group opens no session.
    if (this.#reader.entry(id)?.kind.membership !== undefined) return undefined;
    return grantEnd(id, this.#reader, this.nowSeconds, (group) => !this.hidesEntry(group));
  }

  /** When a session that begins now has to be asked about again, as far as whoever asks may know. */
  sessionEnd(id: number): number | undefined {
    const open = openEnd(id, this.#reader, this.nowSeconds);
    const granted = this.#grantEnd(id);
    return open === undefined || granted === undefined
      ? (open ?? granted)
      : Math.min(open, granted);
  }

  /** Whether whoever asks is a service that somebody on leave keeps. */
  #isKept(id: number): boolean {
    const { role, entryId } = this.#identity;
    if (role !== 'user') return false;
    return keepsService(id, entryId, this.#reader, this.nowSeconds);
  }

  /** Whether the value of such an attribute is withheld where it names the entry. */
  hidesTarget(type: AttributeType, target: number): boolean {
    return target !== 0 && partOids.has(type.oid) && this.hidesMember(target);
  }

  /** Whether values in the body of the entry have to be looked at one by one. */
  touches(entry: EntryRecord): boolean {
    if (this.#identity.hasRoles === true && entry.kind.isSubject) return true;
    if (showsReferences(entry.kind, this.#reader)) return true;
    const { id } = entry;
    return !this.#isQuiet(id) && (this.closes(id) || this.sessionEnd(id) !== undefined);
  }

  /** Whether nothing is withheld of a body attribute of the entry, whatever its values. */
  spares(entry: EntryRecord, number: number): boolean {
    if (rolesByNumber(this.#reader)[number] !== undefined) return false;
    const readers = this.#reader.descriptions()[number]?.type.readers;
    if (readers !== 'all' && this.#identity.hasRoles === true) return false;
    return !this.showsNameOnly(entry.id);
  }

  /** What of the values of a body attribute is shown. */
  shown(entry: EntryRecord, number: number, values: readonly Buffer[]): readonly Buffer[] {
    if (this.showsNameOnly(entry.id)) {
      const key = this.#reader.descriptions()[number]?.key ?? '';
      if (!nameKeys.has(key)) return [];
    }
    const type = this.#reader.descriptions()[number]?.type;
    if (type !== undefined && this.keepsFacts(entry, type)) return [];
    const role = rolesByNumber(this.#reader)[number];
    if (role === undefined) return values;
    const left = this.#left(entry, role, values);
    if (type === undefined || left.length === 0 || !carriesEnd(type.name)) return left;
    const sessionEnd = (id: number) => this.sessionEnd(id);
    return withEnd(entry, type.name, left, sessionEnd, this.#reader, this.nowSeconds);
  }

  /** Whether the attribute is a fact that whoever asks may read of others, and not of this one. */
  keepsFacts(entry: EntryRecord, { readers }: AttributeType): boolean {
    if (readers === 'all' || readers === 'administrators') return false;
    return this.#identity.role !== 'administrator' && !readsOf(this.#identity, entry, readers);
  }

  /** The same for an attribute by its type, as a write knows it. */
  left(entry: EntryRecord, type: AttributeType, values: readonly Buffer[]): readonly Buffer[] {
    const role = roleOf(type);
    return role === undefined ? values : this.#left(entry, role, values);
  }

  #left(entry: EntryRecord, role: Role, values: readonly Buffer[]): readonly Buffer[] {
    if (role === 'own') return this.closes(entry.id) ? [] : values;
    if (role === 'until') return values;
    if (role === 'dialect') return this.isOff(entry.id) ? [] : values;
    return values.filter((value) => !this.#names(role, value));
  }

  #names(role: Referring, value: Buffer): boolean {
    return namesWithheld(role, value.toString('utf8'), this.#reader, (id) => this.closes(id));
  }
}

/** Undefined where nothing can be withheld from anybody. */
export function withholdingOf(
  reader: DirectoryReader,
  identity: Identity,
  nowMs: () => number,
): Withholding | undefined {
  if (!reader.timelines.any && !hasBases(identity, reader)) {
    if (!reader.timedEdges.any || !isRadius(identity, reader)) return undefined;
  }
  return new Withholding(reader, identity, nowMs());
}

function hasBases(identity: Identity, reader: DirectoryReader): boolean {
  if (identity.role !== 'user' || reader.attributeNumber(VIEW) === 0) return false;
  return consumerView(identity, reader).bases.length > 0;
}
