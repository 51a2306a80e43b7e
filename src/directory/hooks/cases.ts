/**
 * Opens a departure case with the write that says that somebody leaves: an end, a notice, or the entry
 * itself that is taken away. Closes it with the one that says that they stay. What the person has
 * outside the directory is kept in it at once, as the policy sees it now: memberships may be forgotten
 * before anybody looks. Who is deleted leaves everything in it that is still to be done.
 */
import { departureOf } from '../model/cases.js';
import { closedness } from '../model/timeline.js';
import {
  heirsOf,
  keepItems,
  knownOf,
  resourcesOf,
  type Wanted,
} from '../operations/cases/index.js';
import { stateOf } from '../operations/lifecycle/index.js';
import { textsOf } from '../operations/texts-of.js';
import type { Transaction } from '../operations/write/transaction.js';
import type { EntryRecord } from '../ports.js';
import type { Kind } from '../schema/index.js';
import type { WriteHook } from './types.js';

function follow(id: number, tx: Transaction): void {
  const { writer, nowSeconds, identity } = tx;
  const timeline = writer.timelines.of(id);
  const entry = writer.entry(id);
  if (entry === undefined) return;
  const departure = timeline && departureOf(timeline);
  const leaves = departure !== undefined || textsOf(entry, NOTICE, writer).length > 0;
  const open = writer.cases.openOf(entry.uuid);
  if (!leaves) {
    if (open !== undefined) writer.cases.close(open.id, nowSeconds, identity.dn, 'they stay');
    return;
  }
  const number = open?.id ?? begin(entry, tx);
  if (departure === undefined) return;
  keepItems(number, resourcesOf(entry, departure, writer, nowSeconds), writer);
  keepItems(number, knownOf(entry, departure, writer, nowSeconds), writer);
}

const NOTICE = 'lifecyclenotice';

function begin(entry: EntryRecord, { writer, identity, nowSeconds }: Transaction): number {
  const login = textsOf(entry, 'uid', writer)[0] ?? entry.rdn;
  return writer.cases.begin(entry.uuid, login, identity.dn, nowSeconds);
}

/** After an import: a case of each of them who is going to leave. Who has left is history. */
export function openImported(ids: readonly number[], tx: Transaction): void {
  const { writer, nowSeconds } = tx;
  for (const id of ids) {
    const timeline = writer.timelines.of(id);
    const departure = timeline && departureOf(timeline);
    if (departure === undefined || departure > nowSeconds) follow(id, tx);
  }
}

export const cases: WriteHook = {
  name: 'cases',
  afterAdd(id, { kind }, tx) {
    if (kind.isSubject) follow(id, tx);
  },
  afterChange({ entry, kind }, tx) {
    if (kind.isSubject || entry.kind.isSubject) follow(entry.id, tx);
  },
};

const isPerson = ({ isSubject, classes }: Kind): boolean =>
  isSubject || classes.some(({ name }) => name === 'person');

/** Runs before anything that named them is told to forget them. */
export const deletedPeople: WriteHook = {
  name: 'cases of those who are deleted',
  onDelete(entry, tx) {
    if (!isPerson(entry.kind)) return;
    const { writer, nowSeconds, identity } = tx;
    const open = writer.cases.openOf(entry.uuid);
    // Whoever is purged leaves no word.
    const purged = tx.forgotten?.has(entry.uuid) === true;
    const left = purged ? [] : stillToDo(entry, tx);
    if (left.length > 0) keepItems(open?.id ?? begin(entry, tx), left, writer);
    else if (open !== undefined && (purged || !isWaiting(open.id, tx))) {
      writer.cases.close(open.id, nowSeconds, identity.dn, 'the entry went');
    }
  },
};

/** Of whoever is destroyed already all has been asked for; who came a moment ago is taken back. */
function stillToDo(entry: EntryRecord, { writer, nowSeconds: now }: Transaction): Wanted[] {
  const state = stateOf(entry.id, writer, now);
  if (closedness(state) > closedness('sealed') || entry.createdAt > now - SLIP_SECONDS) return [];
  const timeline = writer.timelines.of(entry.id);
  const departure = Math.min(now, (timeline && departureOf(timeline)) ?? now);
  return [
    ...resourcesOf(entry, departure, writer, now),
    ...heirsOf(entry, departure, writer),
    ...knownOf(entry, departure, writer, now),
  ];
}

const SLIP_SECONDS = 3_600;

const isWaiting = (id: number, { writer }: Transaction) =>
  writer.cases.items(id).some(({ done }) => done === 0);
