/**
 * Values of attributes that are kept as edges: names of other entries, spelt from where those
 * entries are now, and memberUid, which shows everybody in a group by login name, nested members
 * included (RFC 2307 and its bis form side by side).
 */
import { bodyFind, bodyValuesAt } from '../model/body.js';
import type { EntryRecord } from '../ports.js';
import type { AttributeType } from '../schema/index.js';
import { namesHidden } from './reads/index.js';
import { shownEdges } from './shown-edges.js';
import type { View } from './view.js';

const none: readonly Buffer[] = [];

export const isMemberUid = (type: AttributeType) => type.oid === '1.3.6.1.1.1.1.12';

/** Whether the entry shows the attribute at all: a group shows its members under one name. */
export function showsEdge(entry: EntryRecord, type: AttributeType): boolean {
  const { membership } = entry.kind;
  if (isMemberUid(type)) return membership !== undefined && entry.kind.allows(type);
  return true;
}

/** The values of one edge attribute of an entry. */
export function edgeValues(entry: EntryRecord, type: AttributeType, view: View): readonly Buffer[] {
  if (!entry.hasEdges || !showsEdge(entry, type)) return none;
  const hiding = view.withheld;
  if (hiding?.showsNameOnly(entry.id) === true || hiding?.keepsFacts(entry, type)) return none;
  if (isMemberUid(type)) return memberUids(entry, view);
  const values: Buffer[] = [];
  const { withheld } = view;
  for (const edge of shownEdges(entry.id, type, view)) {
    if (withheld?.hidesTarget(type, edge.target) === true || namesHidden(edge.target, view))
      continue;
    const text = edge.target === 0 ? Buffer.from(edge.text, 'utf8') : undefined;
    const value = text ?? view.names.findName(edge.target);
    if (value !== undefined) values.push(value);
  }
  return values;
}

function memberUids(entry: EntryRecord, view: View): readonly Buffer[] {
  const { membership } = entry.kind;
  if (membership === undefined) return none;
  const uid = view.reader.attributeNumber('uid');
  const names = new Set<string>();
  const holders = [entry.id];
  for (const id of view.memberships.membersOf(entry.id)) {
    const member = view.reader.entry(id);
    if (member === undefined) continue;
    if (member.kind.membership !== undefined) holders.push(id);
    if (namesHidden(id, view)) continue;
    const name = loginName(member, uid);
    if (name !== undefined) names.add(name);
  }
  for (const holder of holders) {
    for (const edge of shownEdges(holder, undefined, view)) {
      if (edge.target === 0 && isMemberUid(edge.attribute)) names.add(edge.text);
    }
  }
  return [...names].map((name) => Buffer.from(name, 'utf8'));
}

/**
 * The uid in the entry's RDN as stored, else the first in order of bytes, for values have no order
 * of their own that an export would keep; undefined where there is none.
 */
export function loginName(entry: EntryRecord, uidNumber: number): string | undefined {
  const slot = uidNumber === 0 ? -1 : bodyFind(entry.body, uidNumber);
  if (slot < 0) return undefined;
  const values = bodyValuesAt(entry.body, slot);
  if (values.length === 1) return values[0]!.toString('utf8');
  if (/^uid=/i.test(entry.rdn)) {
    // The name may be written in another case than the value.
    const named = entry.rdn.slice(4).toLowerCase();
    const stored = values.find((value) => value.toString('utf8').toLowerCase() === named);
    if (stored !== undefined) return stored.toString('utf8');
  }
  return [...values].sort(Buffer.compare)[0]!.toString('utf8');
}
