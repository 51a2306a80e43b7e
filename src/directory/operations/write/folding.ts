/**
 * People under a policy that is new: all of them in the write that brings it, or where they are many
 * slice by slice behind it, so that no other write waits long. How far it has come is in the
 * database, and goes on after a restart. Whoever is written meanwhile is folded first, so that what
 * the policy did to them is not laid at the door of who writes.
 */
import type { Policy } from '../../../policy/core/language/index.js';
import { formatTimeline } from '../../model/timeline.js';
import type { EntryRecord } from '../../ports.js';
import { FOLDED_AT_ONCE_MAX, policyOf, timelineOf, waitsToBeFolded } from '../lifecycle/index.js';
import { appointedPeople } from '../rights/index.js';
import { isOpen } from './shut-out.js';
import type { Transaction } from './transaction.js';

const PEOPLE_MAX = 10_000_000;
/** Entries in one slice: some 20 ms. */
const PAGE = 256;

/** Whether everybody under a new policy is too much for one write. An import is one write anyway. */
export function foldsInSlices({ writer, tally }: Transaction): boolean {
  return tally === undefined && writer.entryCount() > FOLDED_AT_ONCE_MAX;
}

/** Everybody, now. Answers with those whom it shuts out; `rehearse` changes nothing. */
export function foldAll(policy: Policy, tx: Transaction, rehearse = false): readonly EntryRecord[] {
  const { writer, nowSeconds } = tx;
  const kinds = writer.kinds().filter(({ isSubject }) => isSubject);
  const closed: EntryRecord[] = [];
  if (!rehearse && writer.timelines.foldedTo !== undefined) writer.setFoldedTo(undefined);
  if (kinds.length === 0) return closed;
  for (const id of writer.idsOfKinds(kinds, PEOPLE_MAX).ids) {
    const entry = writer.entry(id);
    if (entry === undefined) continue;
    const { was, is } = foldOne(entry, policy, tx, rehearse);
    if (isOpen(was, nowSeconds) && !isOpen(is, nowSeconds)) closed.push(entry);
  }
  return closed;
}

/** Everybody from now on in slices; who manages the directory is folded at once, and counted in this write. */
export function foldLater(policy: Policy, tx: Transaction): void {
  const { writer } = tx;
  writer.setFoldedTo(0);
  const seen = new Set<number>();
  const pending = [...appointedPeople(writer)];
  for (let id = pending.pop(); id !== undefined; id = pending.pop()) {
    const entry = seen.has(id) ? undefined : writer.entry(id);
    seen.add(id);
    if (entry === undefined) continue;
    const principal = foldOne(entry, policy, tx).is?.principal ?? 0;
    if (principal !== 0) pending.push(principal);
  }
}

/** The next slice of that. */
export function foldSlice(tx: Transaction): void {
  const { writer } = tx;
  const { foldedTo } = writer.timelines;
  if (foldedTo === undefined) return;
  const { policy } = policyOf(writer);
  const page = writer.entriesAfter(foldedTo, PAGE);
  for (const entry of page) foldOne(entry, policy, tx);
  writer.setFoldedTo(page.length < PAGE ? undefined : page.at(-1)!.id);
}

/** One who is written about before their turn has come. */
export function foldWaiting(entry: EntryRecord, tx: Transaction): void {
  if (waitsToBeFolded(entry.id, tx.writer)) foldOne(entry, policyOf(tx.writer).policy, tx);
}

function foldOne(entry: EntryRecord, policy: Policy, { writer }: Transaction, rehearse = false) {
  const was = writer.timelines.of(entry.id);
  const is = timelineOf(entry, policy, writer);
  const same = (was && formatTimeline(was)) === (is && formatTimeline(is));
  if (!same && !rehearse) writer.setTimeline(entry.id, is);
  return { was, is };
}
