/**
 * An entry on its way out: the selected attributes as byte ranges, most of them straight out of
 * the stored body. Only what is virtual or an edge is encoded here. Writes into one OutgoingEntry
 * that the search reuses.
 */

import { SUBJECT_CLASS } from '../access/index.js';
import {
  bodyCount,
  bodyNameAt,
  bodyNumberAt,
  bodyStartAt,
  encodePartialAttribute,
} from '../model/body.js';
import type { EntryRecord } from '../ports.js';
import type { Kind } from '../schema/index.js';
import { edgeValues } from './edge-values.js';
import { readsAll, readsNumber, shows } from './reads/index.js';
import type { Selection } from './selection.js';
import { isLookedInto, maySpare, shownAt } from './shown.js';
import type { OutgoingEntry } from './types.js';
import type { View } from './view.js';

const noValues: readonly Buffer[] = [];
const noName = Buffer.alloc(0);

export function newOutgoing(): OutgoingEntry {
  return { dn: noName, count: 0, parts: [], starts: [], ends: [], bytes: 0, usability: undefined };
}

function put(out: OutgoingEntry, part: Buffer, start: number, end: number): void {
  const { count } = out;
  out.parts[count] = part;
  out.starts[count] = start;
  out.ends[count] = end;
  out.bytes += end - start;
  out.count = count + 1;
}

/** Appends one attribute made on the spot. */
export function putAttribute(
  out: OutgoingEntry,
  name: string,
  values: readonly Buffer[],
  typesOnly: boolean,
): void {
  const encoded = encodePartialAttribute(name, typesOnly ? noValues : values);
  put(out, encoded, 0, encoded.length);
}

/** Fills `out` with what the selection takes of the entry. */
export function project(
  entry: EntryRecord,
  selection: Selection,
  view: View,
  out: OutgoingEntry,
): void {
  out.dn = view.names.dnOf(entry);
  out.count = 0;
  out.bytes = 0;
  const all = readsAll(view);
  const classes =
    selection.hidesSubject && entry.kind.isSubject && (all || readsSlot(entry, 0, view));
  const from = classes ? putClasses(entry, selection, out) : 0;
  if (isLookedInto(entry, view) || (!all && selection.typesOnly))
    putShown(entry, selection, view, out, from);
  else if (!all) putReadable(entry, selection, view, out, from);
  else if (selection.typesOnly) putTypes(entry, selection, out);
  else if (selection.wholeBody) putUser(entry.body, selection, out, from);
  else putBody(entry.body, selection, out, from);
  if (entry.hasEdges) {
    for (const type of selection.edges) {
      if (!shows(type, entry, view)) continue;
      const values = edgeValues(entry, type, view);
      if (values.length > 0) putAttribute(out, type.name, values, selection.typesOnly);
    }
  }
  if (view.withheld?.turns(entry.id) === true) putDialects(entry, selection, view, out);
  for (const { type, virtual } of selection.supplied) {
    const values = virtual.compute(entry, view);
    if (values.length === 0 || !entry.kind.allows(type)) continue;
    putAttribute(out, type.name, values, selection.typesOnly);
  }
  for (const { type, virtual } of selection.virtuals) {
    if (!shows(type, entry, view)) continue;
    const values = virtual.compute(entry, view);
    if (values.length > 0) putAttribute(out, type.name, values, selection.typesOnly);
  }
}

const readsSlot = (entry: EntryRecord, slot: number, view: View) =>
  readsNumber(bodyNumberAt(entry.body, slot), entry, view);

/** The classes by kind, without the one that says that there are facts. */
const classes = new WeakMap<Kind, Buffer>();

/**
 * The classes of somebody of whom there are facts, as those see them who may not know it; returns
 * the slot with which the body goes on. They are always the first attribute.
 */
function putClasses(entry: EntryRecord, selection: Selection, out: OutgoingEntry): number {
  const { body, kind } = entry;
  const number = bodyNumberAt(body, 0);
  const wanted = selection.wanted[number] === 1 || selection.allUser;
  if (!wanted || selection.typesOnly) return 0;
  let encoded = classes.get(kind);
  if (encoded === undefined) {
    const names = kind.classes.map(({ name }) => name).filter((name) => name !== SUBJECT_CLASS);
    encoded = encodePartialAttribute(
      'objectClass',
      names.map((name) => Buffer.from(name)),
    );
    classes.set(kind, encoded);
  }
  put(out, encoded, 0, encoded.length);
  return 1;
}

/** What nobody asked for by name is shown where the classes allow it and the state has turned. */
function putDialects(
  entry: EntryRecord,
  selection: Selection,
  view: View,
  out: OutgoingEntry,
): void {
  for (const { type, virtual } of selection.dialects) {
    if (!entry.kind.allows(type) || !shows(type, entry, view)) continue;
    const values = virtual.compute(entry, view);
    if (values.length === 0 || values === virtual.byState?.usual) continue;
    putAttribute(out, type.name, values, selection.typesOnly);
  }
}

/** Attribute by attribute, with the values that are shown in place of those that are stored. */
function putShown(
  entry: EntryRecord,
  selection: Selection,
  view: View,
  out: OutgoingEntry,
  first: number,
): void {
  const { body } = entry;
  for (let i = first; i < bodyCount(body); i++) {
    const number = bodyNumberAt(body, i);
    const user = selection.allUser && selection.operational[number] !== 1;
    if (!user && selection.wanted[number] !== 1) continue;
    if (!readsSlot(entry, i, view)) continue;
    if (!maySpare(entry, number, view)) {
      const values = shownAt(entry, i, number, view);
      if (values.length > 0) {
        putAttribute(out, bodyNameAt(body, i), values, selection.typesOnly);
      }
    } else if (selection.typesOnly) putAttribute(out, bodyNameAt(body, i), noValues, true);
    else put(out, body, bodyStartAt(body, i), bodyStartAt(body, i + 1));
  }
}

/** All user attributes in one range: operational ones are kept behind them. */
function putUser(
  body: Buffer,
  { operational }: Selection,
  out: OutgoingEntry,
  first: number,
): void {
  let end = bodyCount(body);
  while (end > 0 && operational[bodyNumberAt(body, end - 1)] === 1) end--;
  put(out, body, bodyStartAt(body, first), bodyStartAt(body, end));
}

/** Runs of wanted attributes become one range each. */
function putBody(body: Buffer, selection: Selection, out: OutgoingEntry, first: number): void {
  const count = bodyCount(body);
  const { wanted, operational, allUser } = selection;
  let from = -1;
  for (let i = first; i < count; i++) {
    const number = bodyNumberAt(body, i);
    const take = wanted[number] === 1 || (allUser && operational[number] !== 1);
    if (take) {
      if (from < 0) from = bodyStartAt(body, i);
    } else if (from >= 0) {
      put(out, body, from, bodyStartAt(body, i));
      from = -1;
    }
  }
  if (from >= 0) put(out, body, from, body.length);
}

/** The same where not everything may be read by whoever asks. */
function putReadable(
  entry: EntryRecord,
  { wanted, operational, allUser }: Selection,
  view: View,
  out: OutgoingEntry,
  first: number,
): void {
  const { body } = entry;
  const count = bodyCount(body);
  let from = -1;
  for (let i = first; i < count; i++) {
    const number = bodyNumberAt(body, i);
    const selected = wanted[number] === 1 || (allUser && operational[number] !== 1);
    if (selected && readsSlot(entry, i, view)) {
      if (from < 0) from = bodyStartAt(body, i);
    } else if (from >= 0) {
      put(out, body, from, bodyStartAt(body, i));
      from = -1;
    }
  }
  if (from >= 0) put(out, body, from, body.length);
}

function putTypes(entry: EntryRecord, selection: Selection, out: OutgoingEntry): void {
  const { body } = entry;
  const count = bodyCount(body);
  for (let i = 0; i < count; i++) {
    const number = bodyNumberAt(body, i);
    const user = selection.allUser && selection.operational[number] !== 1;
    if (user || selection.wanted[number] === 1) {
      putAttribute(out, bodyNameAt(body, i), noValues, true);
    }
  }
}
