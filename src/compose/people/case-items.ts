/**
 * What is open in a case: what is kept in it, and what the directory shows now: things that need
 * another owner, people who need another manager, secrets that somebody who has left knows still.
 */

import type { CaseItem, DepartureCase } from '../../directory/model/cases.js';
import {
  heirsOf,
  isKnownSince,
  KNOWS,
  knownOf,
  resourcesOf,
  type Wanted,
} from '../../directory/operations/index.js';
import type { DirectoryReader, EntryRecord } from '../../directory/ports.js';

/** Everything in the case, kept and worked out, in an order that does not change. */
export function itemsOf(
  one: DepartureCase,
  entry: EntryRecord | undefined,
  departure: number | undefined,
  reader: DirectoryReader,
  now: number,
): CaseItem[] {
  const kept = reader.cases.items(one.id).map((item) => settled(item, departure, reader, now));
  const items = new Map(kept.map((item) => [item.key, item]));
  if (entry !== undefined && departure !== undefined && one.closed === 0) {
    for (const wanted of wantedOf(entry, departure, reader, now)) {
      if (items.has(wanted.key)) continue;
      items.set(wanted.key, { ...wanted, done: 0, by: '', note: '' });
    }
  }
  const order = ['resource', 'device', 'heir', 'report', 'knows'];
  const rank = ({ key }: CaseItem) => order.indexOf(key.slice(0, key.indexOf(':')));
  return [...items.values()].sort((a, b) => rank(a) - rank(b) || (a.key < b.key ? -1 : 1));
}

function wantedOf(
  entry: EntryRecord,
  departure: number,
  reader: DirectoryReader,
  now: number,
): Wanted[] {
  return [
    ...resourcesOf(entry, departure, reader, now),
    ...heirsOf(entry, departure, reader),
    ...knownOf(entry, departure, reader, now).filter(({ key }) =>
      isKnown(key, departure, reader, now),
    ),
  ];
}

/** Whether what opened it when they left opens it still. */
function isKnown(key: string, departure: number, reader: DirectoryReader, now: number): boolean {
  const entry = reader.entry(reader.idByUuid(key.slice(KNOWS.length)));
  return entry !== undefined && isKnownSince(entry, departure, reader, now);
}

/** What they knew and what opens nothing any more is done, whoever changed it. */
function settled(
  item: CaseItem,
  departure: number | undefined,
  reader: DirectoryReader,
  now: number,
): CaseItem {
  const { key, done } = item;
  if (done !== 0 || departure === undefined || !key.startsWith(KNOWS)) return item;
  if (isKnown(key, departure, reader, now)) return item;
  return { ...item, done: Math.max(departure, 1), by: 'the directory', note: 'it was changed' };
}
