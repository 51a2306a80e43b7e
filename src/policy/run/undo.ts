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
  /** The run that took it back; 0 for a rehearsal. */
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
  const by = rehearse
    ? 0
    : (await must(write({ op: 'openRun', context, reason, undoes: run }))).run!;
  const entries: EntryUndone[] = [];
  for (let from = 0; from < nets.length; from += SLICE) {
    const slice: readonly EntryNet[] = nets.slice(from, from + SLICE);
    const asked = { op: 'undo', context, reason, entries: slice, rehearse, run: by } as const;
    const outcome = await must(write(asked));
    entries.push(...(outcome.undone ?? []));
  }
  return { by, entries };
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
