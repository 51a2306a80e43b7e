/**
 * People under a policy that is new, or gone, or in a place where it says something else of them: all
 * of them in the write that brings it, or where they are many slice by slice behind it, so that no
 * other write waits long. How far it has come is in the database, and goes on after a restart.
 * Whoever is written meanwhile is folded first, so that what the policy did to them is not laid at the
 * door of who writes.
 *
 * An import is one write by design: it stands or falls as a whole, and other writes wait for it
 * anyway. A policy in a file costs it some 80 µs for each person who was there before.
 */
import type { Policy } from '../../../policy/core/language/index.js';
import { formatTimeline, type Timeline } from '../../model/timeline.js';
import type { EntryRecord } from '../../ports.js';
import {
  appearanceOf,
  FOLDED_AT_ONCE_MAX,
  peopleBelow,
  peopleIds,
  policyOf,
  stateOf,
  timelineOf,
  waitsToBeFolded,
} from '../lifecycle/index.js';
import { appointedPeople } from '../rights/index.js';
import { isOpen } from './shut-out.js';
import { stampEntries, touchAppearance } from './stamp.js';
import type { Transaction } from './transaction.js';

/** Entries in one slice: some 20 ms. */
const PAGE = 256;

/** Whom a new policy, or a new place, is about. */
export interface Concerned {
  /** Those below the entry; without it everybody. */
  readonly below?: number;
  /** Those of smaller ids; without it everybody. */
  readonly before?: number;
}

/** Whether everybody under a new policy is too much for one write. */
export function foldsInSlices({ writer, tally }: Transaction, { below }: Concerned = {}): boolean {
  if (tally !== undefined || writer.entryCount() <= FOLDED_AT_ONCE_MAX) return false;
  return below === undefined || peopleBelow(below, writer, FOLDED_AT_ONCE_MAX) === undefined;
}

/** All of them, now. Answers with those whom it shuts out; `rehearse` changes nothing. */
export function foldAll(
  policy: Policy,
  tx: Transaction,
  { below, before = Infinity }: Concerned = {},
  rehearse = false,
): readonly EntryRecord[] {
  const { writer, nowSeconds } = tx;
  const closed: EntryRecord[] = [];
  const turned = new Map<number, number>();
  const isAll = below === undefined && before === Infinity;
  if (!rehearse && isAll && writer.timelines.foldedTo !== undefined) writer.setFoldedTo(undefined);
  const ids = below === undefined ? peopleIds(writer) : (peopleBelow(below, writer) ?? []);
  for (const id of ids) {
    const entry = id < before ? writer.entry(id) : undefined;
    if (entry === undefined) continue;
    const is = timelineOf(entry, policy, writer);
    if (isOpen(writer.timelines.of(id), nowSeconds) && !isOpen(is, nowSeconds)) closed.push(entry);
    if (!rehearse && store(id, is, tx)) turned.set(id, nowSeconds);
  }
  stampTurned(turned, tx);
  return closed;
}

/** Everybody from now on in slices; who manages the directory is folded at once, and counted in this write. */
export function foldLater(policy: Policy, tx: Transaction): void {
  const { writer } = tx;
  writer.setFoldedTo(0);
  const seen = new Set<number>();
  const pending = [...appointedPeople(writer)];
  const turned = new Map<number, number>();
  for (let id = pending.pop(); id !== undefined; id = pending.pop()) {
    const entry = seen.has(id) ? undefined : writer.entry(id);
    seen.add(id);
    if (entry === undefined) continue;
    const is = timelineOf(entry, policy, writer);
    if (store(id, is, tx)) turned.set(id, tx.nowSeconds);
    if (is !== undefined && is.principal !== 0) pending.push(is.principal);
  }
  stampTurned(turned, tx);
}

/** The next slice of that. */
export function foldSlice(tx: Transaction): void {
  const { writer } = tx;
  const { foldedTo } = writer.timelines;
  if (foldedTo === undefined) return;
  const { policy } = policyOf(writer);
  const page = writer.entriesAfter(foldedTo, PAGE);
  const turned = new Map<number, number>();
  for (const entry of page) {
    if (store(entry.id, timelineOf(entry, policy, writer), tx)) turned.set(entry.id, tx.nowSeconds);
  }
  stampTurned(turned, tx);
  writer.setFoldedTo(page.length < PAGE ? undefined : page.at(-1)!.id);
}

/** One who is written about before their turn has come: the write itself moves their time stamp. */
export function foldWaiting(entry: EntryRecord, tx: Transaction): void {
  const { writer } = tx;
  if (!waitsToBeFolded(entry.id, writer)) return;
  const turns = store(entry.id, timelineOf(entry, policyOf(writer).policy, writer), tx);
  if (turns) touchAppearance(entry.id, tx);
}

/** Stores a timeline; says whether the state is another one from now on. */
function store(
  id: number,
  timeline: Timeline | undefined,
  { writer, nowSeconds }: Transaction,
): boolean {
  const before = writer.timelines.of(id);
  if ((before && formatTimeline(before)) === (timeline && formatTimeline(timeline))) return false;
  const state = stateOf(id, writer, nowSeconds);
  writer.setTimeline(id, timeline);
  return stateOf(id, writer, nowSeconds) !== state;
}

/** Whoever asks for what has changed finds them, and what shows them; nobody has written about them. */
function stampTurned(turned: ReadonlyMap<number, number>, tx: Transaction): void {
  if (turned.size === 0) return;
  const { writer, csn } = tx;
  const entries = [...appearanceOf(turned, writer)]
    .map(([id, at]) => ({ id, at }))
    .filter(({ id }) => writer.entry(id)?.csn !== csn);
  stampEntries({ entries }, tx);
}
