/**
 * Referential integrity: a name that points to an entry that goes is taken away, a name that was
 * waiting for an entry becomes a reference to it, and what refers to a renamed entry counts as
 * modified, because it looks different from then on.
 */

import { isMemberUid } from '../operations/edge-values.js';
import type { Attributes } from '../operations/write/attributes.js';
import { addEdge, asWrite, dropEdge, readEdge } from '../operations/write/edges.js';
import {
  Delta,
  metaAfter,
  metaOf,
  recordModify,
  type Transaction,
} from '../operations/write/transaction.js';
import type { EntryRecord } from '../ports.js';
import { type AttributeType, normalizeRdn, type Schema } from '../schema/index.js';
import type { WriteHook } from './types.js';

const edgeTypes = new WeakMap<Schema, readonly AttributeType[]>();

/** Every attribute kept as edges. */
export function edgeAttributes(schema: Schema): readonly AttributeType[] {
  let types = edgeTypes.get(schema);
  if (types === undefined) {
    types = schema.attributes.filter((type) => type.storage === 'edge');
    edgeTypes.set(schema, types);
  }
  return types;
}

/** Marks an entry as modified by this write and records how. */
function touch(entry: EntryRecord, delta: Delta, tx: Transaction): void {
  const after = metaAfter(entry, tx);
  tx.writer.updateEntry(entry, { meta: after });
  recordModify(tx, entry, after, delta, tx.names.text(entry));
}

/** The entry's incoming edges go, each from an entry that is modified by it. */
function dropReferences(target: EntryRecord, tx: Transaction): void {
  const types = edgeAttributes(tx.writer.schema());
  for (const source of tx.writer.sourcesOf(target.id, types)) {
    const entry = tx.writer.entry(source);
    if (entry === undefined || source === target.id) continue;
    const delta = new Delta();
    for (const attribute of types) {
      const edge = { attribute, target: target.id, text: '', textKey: '' };
      dropEdge(source, edge, delta, tx);
    }
    touch(entry, delta, tx);
  }
}

/** Names that were written before the entry had this one. */
function adoptName(id: number, dnKey: string, tx: Transaction): void {
  const types = edgeAttributes(tx.writer.schema());
  const byName = types.filter((type) => !isMemberUid(type));
  adoptKey(id, dnKey, byName, tx);
}

/** Login names in groups that nobody had. */
function adoptLogins(id: number, attributes: Attributes, tx: Transaction): void {
  const memberUid = edgeAttributes(tx.writer.schema()).filter(isMemberUid);
  for (const uid of attributes.get('uid')?.values ?? []) {
    adoptKey(id, uid.toString('utf8'), memberUid, tx);
  }
}

/** Groups that name a member by login cannot show one without: the login that it had stays. */
function keepLogin(id: number, login: string, tx: Transaction): void {
  for (const attribute of edgeAttributes(tx.writer.schema()).filter(isMemberUid)) {
    for (const source of tx.writer.sourcesOf(id, [attribute])) {
      const entry = tx.writer.entry(source);
      if (entry === undefined) continue;
      const delta = new Delta();
      const edge = { attribute, target: id, text: '', textKey: '' };
      const byHand = dropEdge(source, edge, delta, tx).some(({ kind }) => kind === 'hand');
      const name = { attribute, target: 0, text: login, textKey: login };
      if (byHand) addEdge(source, name, delta, tx, false);
      touch(entry, delta, tx);
    }
  }
}

/** Everything below a renamed entry has a new name, too. */
function adoptSubtree(id: number, dnKey: string, tx: Transaction): void {
  const { writer } = tx;
  const pending = [{ id, dnKey }];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    adoptName(next.id, next.dnKey, tx);
    if (writer.childCount(next.id) === 0) continue;
    for (let after = 0; ; ) {
      const children = writer.childIds(next.id, after, CHILDREN);
      for (const child of writer.entries(children)) {
        const rdn = normalizeRdn(writer.schema(), child.rdn);
        if (rdn !== undefined) pending.push({ id: child.id, dnKey: `${rdn.key}\0${next.dnKey}` });
      }
      if (children.length < CHILDREN) break;
      after = children.at(-1)!;
    }
  }
}

/** After an import that began with `firstId`: what older entries name may be there now. */
export function adoptImported(firstId: number, tx: Transaction): void {
  const { writer } = tx;
  for (let after = 0; ; ) {
    const page = writer.entriesAfter(after, CHILDREN).filter((entry) => entry.id < firstId);
    for (const entry of page) if (entry.hasEdges) adoptInto(entry, tx);
    if (page.length === 0) return;
    after = page.at(-1)!.id;
  }
}

function adoptInto(entry: EntryRecord, tx: Transaction): void {
  const delta = new Delta();
  for (const edge of tx.writer.edgesFrom(entry.id)) {
    if (edge.target !== 0) continue;
    const now = readEdge(edge.attribute, Buffer.from(edge.text, 'utf8'), entry.kind, tx);
    if (now.target === 0) continue;
    dropEdge(entry.id, asWrite(edge, tx), delta, tx);
    addEdge(entry.id, now, delta, tx, false);
  }
  if (!delta.empty) touch(entry, delta, tx);
}

const CHILDREN = 512;

function adoptKey(id: number, key: string, types: readonly AttributeType[], tx: Transaction): void {
  const waiting = tx.writer.sourcesOfText(key, types);
  for (const source of waiting) {
    const entry = tx.writer.entry(source);
    if (entry === undefined) continue;
    const delta = new Delta();
    for (const edge of tx.writer.edgesFrom(source)) {
      if (edge.target !== 0 || !types.includes(edge.attribute)) continue;
      const old = asWrite(edge, tx);
      if (old.textKey !== key) continue;
      dropEdge(source, old, delta, tx);
      const { membership } = entry.kind;
      const attribute = isMemberUid(edge.attribute) && membership ? membership : edge.attribute;
      addEdge(source, { attribute, target: id, text: '', textKey: '' }, delta, tx, false);
    }
    if (!delta.empty) touch(entry, delta, tx);
  }
}

/** One statement for all that refer to the entry or to anything below it, one item for each. */
function touchReferrers(renamed: EntryRecord, tx: Transaction): void {
  const sources = tx.writer.sourcesOfSubtree(renamed.id).filter((id) => id !== renamed.id);
  if (sources.length === 0) return;
  for (const id of sources) {
    const entry = tx.writer.entry(id);
    if (entry === undefined || entry.csn === tx.csn) continue;
    tx.items.push({
      op: 'touch',
      uuid: entry.uuid,
      dn: tx.names.text(entry),
      before: metaOf(entry),
      after: metaAfter(entry, tx),
    });
  }
  const { csn, nowSeconds: modifiedAt, identity } = tx;
  tx.writer.touchEntries(sources, { csn, modifiedAt, modifiedBy: identity.dn });
}

export const references: WriteHook = {
  name: 'references',
  afterAdd(id, draft, tx) {
    adoptName(id, draft.dn.key, tx);
    adoptLogins(id, draft.attributes, tx);
  },
  afterChange({ entry, before, after }, tx) {
    // Values that were not changed are the same array still.
    if (before.get('uid')?.values === after.get('uid')?.values) return;
    adoptLogins(entry.id, after, tx);
    const old = before.get('uid')?.values[0];
    if (old !== undefined && !after.has('uid')) keepLogin(entry.id, old.toString('utf8'), tx);
  },
  onDelete: dropReferences,
  afterRename(renamed, tx) {
    touchReferrers(renamed, tx);
    adoptSubtree(renamed.id, tx.names.parse(tx.names.text(renamed)).key, tx);
  },
};
