/**
 * Taking a run back: reads what it did, and has that undone in slices, as a run of its own that can
 * be undone in turn. A rehearsal goes the same way and leaves nothing behind.
 */
import type {
  Context,
  EntryNet,
  EntryUndone,
  PreparedWrite,
  WriteOutcome,
} from '../../directory/operations/index.js';
import { netOfRun } from '../../directory/operations/index.js';
import type { DirectoryReader } from '../../directory/ports.js';
import { errorFromShape, LdapError } from '../../runtime/errors.js';

export interface UndoTools {
  readonly reader: DirectoryReader;
  readonly write: (request: PreparedWrite) => Promise<WriteOutcome>;
  readonly context: Context;
}

export interface UndoOrder {
  readonly run: number;
  readonly reason: string;
  /** Says what would be done, and does nothing. */
  readonly rehearse: boolean;
}

export interface Undone {
  /** The run that took it back; 0 for a rehearsal, and where there was nothing to do. */
  readonly by: number;
  readonly entries: readonly EntryUndone[];
}

/** Entries undone in one transaction: a run of ordinary size is all or nothing on the disk. */
const SLICE = 200;
const PAGE = 500;

/** @throws LdapError noSuchObject, unwillingToPerform; of the write that failed */
export async function undoRun(order: UndoOrder, tools: UndoTools): Promise<Undone> {
  const { reader, write, context } = tools;
  const { run, reason, rehearse } = order;
  if (reader.history.run(run) === undefined) {
    throw new LdapError('noSuchObject', `there is no run ${run}`);
  }
  const nets = netOfRun(changesOf(run, reader));
  if (rehearse || nets.length === 0) return { by: 0, entries: await undoIn(0, nets, order, tools) };
  const by = (await must(write({ op: 'openRun', context, reason, undoes: run }))).run!;
  try {
    const entries = await undoIn(by, nets, order, tools);
    return { by: isEmpty(by, reader) ? 0 : by, entries };
  } finally {
    // Where everything stands in the way, nothing was done that could be taken back.
    if (isEmpty(by, reader)) await write({ op: 'dropRun', context, reason, dropped: by });
  }
}

const isEmpty = (run: number, { history }: DirectoryReader) =>
  history.ofRun(run, 0, 1).length === 0;

async function undoIn(
  by: number,
  nets: readonly EntryNet[],
  { reason, rehearse }: UndoOrder,
  { write, context }: UndoTools,
): Promise<EntryUndone[]> {
  const entries: EntryUndone[] = [];
  for (let from = 0; from < nets.length; from += SLICE) {
    const slice: readonly EntryNet[] = nets.slice(from, from + SLICE);
    const asked = { op: 'undo', context, reason, entries: slice, rehearse, run: by } as const;
    const outcome = await must(write(asked));
    entries.push(...(outcome.undone ?? []));
  }
  return entries;
}

function changesOf(run: number, reader: DirectoryReader) {
  const changes = [];
  for (let after = 0; ; ) {
    const page = reader.history.ofRun(run, after, PAGE);
    changes.push(...page);
    if (page.length < PAGE) return changes;
    after = page.at(-1)!.seq;
  }
}

/** What is done in a run of its own; a run of which nothing came is forgotten. */
export async function inNewRun<T>(
  { write, context }: Pick<UndoTools, 'write' | 'context'>,
  reason: string,
  work: (run: number) => Promise<T>,
): Promise<T> {
  const { run } = await must(write({ op: 'openRun', context, reason }));
  try {
    return await work(run!);
  } catch (error) {
    await write({ op: 'dropRun', context, reason, dropped: run! });
    throw error;
  }
}

/** The outcome of a write that has to succeed. */
export async function must(outcome: Promise<WriteOutcome>) {
  const settled = await outcome;
  if (!settled.ok) throw errorFromShape(settled.error);
  return settled;
}
