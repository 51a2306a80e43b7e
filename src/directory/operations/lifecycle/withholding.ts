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
import { namesWithheld } from './references.js';
import { type Role, roleOf, rolesByNumber, showsReferences } from './roles.js';
import { stateOf } from './state.js';

const ROLE_OCCUPANT = '2.5.4.33';
/** member, uniqueMember, memberUid and roleOccupant: values that make somebody a part of something. */
const partOids: ReadonlySet<string> = new Set([
  '2.5.4.31',
  '2.5.4.50',
  '1.3.6.1.1.1.1.12',
  ROLE_OCCUPANT,
]);

export class Withholding {
  readonly #reader: DirectoryReader;
  readonly nowSeconds: number;

  constructor(reader: DirectoryReader, nowMs: number) {
    this.#reader = reader;
    this.nowSeconds = Math.floor(nowMs / 1000);
  }

  /** Whether what somebody owns is withheld. */
  closes(id: number): boolean {
    return stateOf(id, this.#reader, this.nowSeconds) !== 'active';
  }

  /** Whether the groups that somebody is in, and the member in them, are withheld. */
  hidesMember(id: number): boolean {
    return this.closes(id);
  }

  /** Whether the value of such an attribute is withheld where it names the entry. */
  hidesTarget(type: AttributeType, target: number): boolean {
    return target !== 0 && partOids.has(type.oid) && this.hidesMember(target);
  }

  /** Whether values in the body of the entry have to be looked at one by one. */
  touches(entry: EntryRecord): boolean {
    return showsReferences(entry.kind, this.#reader) || this.closes(entry.id);
  }

  /** Whether nothing is ever withheld of a body attribute. */
  spares(number: number): boolean {
    return rolesByNumber(this.#reader)[number] === undefined;
  }

  /** What of the values of a body attribute is shown. */
  shown(entry: EntryRecord, number: number, values: readonly Buffer[]): readonly Buffer[] {
    const role = rolesByNumber(this.#reader)[number];
    return role === undefined ? values : this.#left(entry, role, values);
  }

  /** The same for an attribute by its type, as a write knows it. */
  left(entry: EntryRecord, type: AttributeType, values: readonly Buffer[]): readonly Buffer[] {
    const role = roleOf(type);
    return role === undefined ? values : this.#left(entry, role, values);
  }

  #left(entry: EntryRecord, role: Role, values: readonly Buffer[]): readonly Buffer[] {
    if (role === 'own') return this.closes(entry.id) ? [] : values;
    return values.filter((value) => !this.#names(role, value));
  }

  #names(role: Exclude<Role, 'own'>, value: Buffer): boolean {
    return namesWithheld(role, value.toString('utf8'), this.#reader, (id) => this.closes(id));
  }
}

/** Undefined where nothing can be withheld from anybody. */
export function withholdingOf(
  reader: DirectoryReader,
  _identity: Identity,
  nowMs: () => number,
): Withholding | undefined {
  return reader.timelines.any ? new Withholding(reader, nowMs()) : undefined;
}
