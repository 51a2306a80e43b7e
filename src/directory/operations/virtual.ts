/**
 * Attributes that are computed, not stored in the body: operational columns, names, counts,
 * memberships. Each says its names, how its values are computed for an entry, and, where it can,
 * which entries may hold a value (the index of a virtual attribute). Published in the schema like
 * any other; nothing outside this table knows that they are virtual. One that is stored as well
 * supplies values to entries that store none.
 */
import { LdapError } from '../../runtime/errors.js';
import { formatTime } from '../model/time.js';
import type { EntryRecord, IdSet } from '../ports.js';
import { type AttributeType, normalizeDn, type Schema } from '../schema/index.js';

import { holderAttributes } from './groups/index.js';
import { hostAttributes } from './hosts/index.js';
import {
  carriedAttributes,
  dialectAttributes,
  shownModifiedAt,
  stateAttributes,
  turnedAt,
} from './lifecycle/index.js';
import { isHidden, namesHidden } from './reads/index.js';
import type { View } from './view.js';

import { accessAttributes } from './virtual-access.js';
import { passwordAttributes } from './virtual-password.js';

export interface VirtualAttribute {
  readonly names: readonly string[];
  readonly compute: (entry: EntryRecord, view: View) => readonly Buffer[];
  /** Entries that may have the value (as sent, and its normal form); undefined: cannot say. */
  readonly candidates?: (raw: Buffer, view: View, limit: number) => IdSet | undefined;
  /** Entries whose value is a time from second to second, both inclusive: the index of such a time. */
  readonly between?: (from: number, to: number, view: View, limit: number) => IdSet;
  /** Who may have a value computed, where they are few at any time. */
  readonly few?: (view: View) => readonly number[];
  /** Entries that may have any value; with `candidates` it is the index of a supplied attribute. */
  readonly holders?: (view: View, limit: number) => IdSet;
  /** Of what was not asked for by name, shown only where the entry's classes allow it. */
  readonly whereAllowed?: true;
  /** Where the values follow from a state. */
  readonly byState?: ByState;
}

/** Who may have a value of an attribute that follows from the state. */
export interface ByState {
  /** Besides those for whom a value is stored: those not active, these and open ends, or whoever has facts. */
  readonly of: 'closed' | 'closed or ending' | 'subjects';
  /** What accounts show that are active and have none stored. */
  readonly usual: readonly Buffer[];
  /** Where what is stored has no index, entries are looked at one by one, however many there are. */
  readonly scans: boolean;
}

/** Name of the subschema subentry (RFC 4512 §4.2). */
export const SUBSCHEMA_DN = 'cn=subschema';

const text = (value: string) => [Buffer.from(value, 'utf8')];
const TRUE_VALUE = [Buffer.from('TRUE')];
const FALSE_VALUE = [Buffer.from('FALSE')];
const subschema = text(SUBSCHEMA_DN);
const nobody: readonly Buffer[] = [];
const noIds: IdSet = { ids: [], complete: true, exact: true };

const one = (id: number): IdSet => (id === 0 ? noIds : { ids: [id], complete: true, exact: true });

/** The entry that a DN value names, or 0 where whoever asks knows of none or it is no name. */
export function targetOf(raw: Buffer, view: View): number {
  const dn = normalizeDn(view.reader.schema(), raw.toString('utf8'));
  const id = dn === undefined ? 0 : view.names.resolve(dn).id;
  return namesHidden(id, view) ? 0 : id;
}

/** Who may not know of every entry is not told how many there are, nor who wrote them. */
const discoversAll = ({ access }: View) => access === undefined || access.discoversAll;

const memberOf: VirtualAttribute = {
  names: ['memberOf'],
  compute(entry, view) {
    const groups = view.memberships.groupsOf(entry.id);
    if (groups.length === 0) return nobody;
    const names: Buffer[] = [];
    for (const group of groups) {
      const name = namesHidden(group, view) ? undefined : view.names.findName(group);
      if (name !== undefined) names.push(name);
    }
    return names;
  },
  candidates(raw, view) {
    const group = targetOf(raw, view);
    if (group === 0) return noIds;
    const members = view.memberships.membersOf(group);
    const ids = [...members].sort((a, b) => a - b);
    return { ids, complete: true, exact: true };
  },
};

/**
 * Who wrote an entry, where whoever asks may know of them. Of a name that is nobody's any more it
 * cannot be told whether it was of one that may not be discovered: it is for those who discover all.
 */
function author(dn: string, view: View): readonly Buffer[] {
  if (discoversAll(view) && view.withheld?.hidesAnybody !== true) return text(dn);
  const name = normalizeDn(view.reader.schema(), dn);
  const id = name === undefined ? 0 : view.names.resolve(name).id;
  return id === 0 || isHidden(id, view) ? nobody : text(dn);
}

/** Entries directly below, without those whom whoever asks does not see at all. */
function childrenShown({ id }: EntryRecord, { reader, withheld }: View): number {
  const all = reader.childCount(id);
  if (all === 0 || withheld?.hidesAnybody !== true) return all;
  const { closed } = turnedAt(reader, withheld.nowSeconds);
  const isHidden = (other: number) =>
    reader.entry(other)?.parentId === id && withheld.hidesEntry(other);
  return all - closed.filter(isHidden).length;
}

/** Operational attributes of every entry (RFC 4512 §3.4, RFC 4530, RFC 5020). */
export const virtualAttributes: readonly VirtualAttribute[] = [
  memberOf,
  {
    names: ['entryUUID'],
    compute: (entry) => text(entry.uuid),
    candidates: (raw, view) => one(view.reader.idByUuid(raw.toString('latin1').toLowerCase())),
  },
  { names: ['entryCSN'], compute: (entry) => text(entry.csn) },
  { names: ['createTimestamp'], compute: (entry) => text(formatTime(entry.createdAt)) },
  {
    names: ['modifyTimestamp'],
    compute: (entry, view) => text(formatTime(shownModifiedAt(entry, view))),
  },
  { names: ['creatorsName'], compute: (entry, view) => author(entry.createdBy, view) },
  { names: ['modifiersName'], compute: (entry, view) => author(entry.modifiedBy, view) },
  {
    names: ['entryDN'],
    compute: (entry, view) => [view.names.dnOf(entry)],
    candidates: (raw, view) => one(targetOf(raw, view)),
  },
  { names: ['structuralObjectClass'], compute: (entry) => text(entry.kind.structural.name) },
  { names: ['subschemaSubentry'], compute: () => subschema },
  {
    names: ['hasSubordinates'],
    compute(entry, view) {
      if (!discoversAll(view)) return nobody;
      return childrenShown(entry, view) > 0 ? TRUE_VALUE : FALSE_VALUE;
    },
  },
  {
    names: ['numSubordinates'],
    compute: (entry, view) =>
      discoversAll(view) ? text(String(childrenShown(entry, view))) : nobody,
  },
  {
    // Only on a suffix: the state of the whole tree below it.
    names: ['contextCSN'],
    compute: (entry, view) => (entry.parentId === 0 ? text(view.reader.contextCsn()) : nobody),
  },
  ...passwordAttributes,
  ...accessAttributes,
  ...stateAttributes,
  ...dialectAttributes,
  ...carriedAttributes,
  ...holderAttributes,
  ...hostAttributes,
  // Made by searches that ask for them with a control, and never otherwise.
  { names: ['entryLevelRights'], compute: () => nobody },
  { names: ['attributeLevelRights'], compute: () => nobody },
];

const byOid = new WeakMap<object, Map<string, VirtualAttribute>>();

/** Whether entries that store no value of the attribute have a computed one. */
export function isSupplied(type: AttributeType, schema: Schema): boolean {
  const { storage } = type;
  if (storage === 'virtual' || storage === 'column') return false;
  return virtualsOf(schema).has(type.oid);
}

/** The virtual attributes of a schema by OID. */
export function virtualsOf(schema: ReturnType<View['reader']['schema']>) {
  let table = byOid.get(schema);
  if (table === undefined) {
    table = new Map();
    for (const virtual of virtualAttributes) {
      for (const name of virtual.names) {
        const type = schema.attribute(name);
        if (type === undefined) throw new LdapError('other', `the schema lacks ${name}`);
        table.set(type.oid, virtual);
      }
    }
    byOid.set(schema, table);
  }
  return table;
}
