/**
 * Planning for everybody: pages of entries, a slice of the event loop at a time. Nothing is held
 * between two slices; whoever changes meanwhile is planned as they are when their page comes.
 */

import { heldGroups, type Names } from '../../directory/operations/index.js';
import { personOf, policyOf } from '../../directory/operations/lifecycle/index.js';
import type { DirectoryReader, EntryRecord } from '../../directory/ports.js';
import type { Policy } from '../core/language/index.js';
import {
  byOrder,
  hasMoments,
  minds,
  nextForbidding,
  type PlannedStep,
  planFor,
  type Window,
} from '../core/plan/index.js';
import { Slicer, sorted } from './slices.js';
import type { RunTools } from './tools.js';

const PAGE = 64;
/** People between two looks at the clock. */
const CHECK_EVERY = 2;

const none: ReadonlyMap<string, number> = new Map();

export type PlanTools = Pick<RunTools, 'reader' | 'names' | 'clock' | 'turn' | 'frozen'>;

/** Plans for one entry; nothing where it is gone or nobody that a policy could be about. */
export class Planner {
  readonly #reader: DirectoryReader;
  readonly #names: Names;
  readonly #policy: Policy;
  readonly #marked: ReadonlySet<number> | undefined;
  /** Whether what people do matters, too: then those without facts are looked at. */
  readonly #traces: boolean;

  /** `marked`: entries that have marks; without it each is asked for its own. */
  constructor(
    { reader, names }: Pick<PlanTools, 'reader' | 'names'>,
    policy: Policy = policyOf(reader).policy,
    marked?: ReadonlySet<number>,
  ) {
    this.#reader = reader;
    this.#names = names;
    this.#policy = policy;
    this.#marked = marked;
    this.#traces = minds(policy);
  }

  /** The next second in which anything may be due for the entry, whatever it is in by then. */
  next(entry: EntryRecord, now: number): number | undefined {
    const window = { now, until: Number.MAX_SAFE_INTEGER };
    const first = this.plan(entry, window).find(({ writes }) => writes)?.at;
    if (!entry.kind.isSubject) return first;
    const turn = nextForbidding(personOf(entry, this.#reader), this.#policy, now);
    return first === undefined || turn === undefined ? (first ?? turn) : Math.min(first, turn);
  }

  plan(entry: EntryRecord, window: Window): readonly PlannedStep[] {
    const { id, kind } = entry;
    if (!kind.isSubject && !(this.#traces && isPerson(kind))) return [];
    const person = personOf(entry, this.#reader);
    if (!this.#traces && !hasMoments(person)) return [];
    const asks = this.#marked === undefined || this.#marked.has(id);
    const marks = asks ? this.#reader.records.marksOf(id) : none;
    const names = this.#names;
    const reader = this.#reader;
    const subject = {
      id,
      person,
      marks,
      held: () => heldGroups(id, reader),
      get dn() {
        return names.text(entry);
      },
    };
    return planFor(subject, this.#policy, window);
  }
}

const people = new WeakMap<EntryRecord['kind'], boolean>();

function isPerson(kind: EntryRecord['kind']): boolean {
  let found = people.get(kind);
  if (found === undefined) {
    found = kind.classes.some(({ name }) => name === 'person' || name === 'account');
    people.set(kind, found);
  }
  return found;
}

/** From here on it is as well to look at everybody, a page at a time. */
const NAMED_MAX = 10_000;

/** Whom a policy could be about, where they are few; undefined: everybody has to be looked at. */
export function subjectsOf(
  { reader }: Pick<PlanTools, 'reader'>,
  policy: Policy = policyOf(reader).policy,
): readonly number[] | undefined {
  const traces = minds(policy);
  const kinds = reader.kinds().filter((kind) => kind.isSubject || (traces && isPerson(kind)));
  if (kinds.length === 0) return [];
  const { ids, complete } = reader.idsOfKinds(kinds, NAMED_MAX);
  return complete ? ids : undefined;
}

/** Calls `visit` with each entry of the directory, or of those given. */
export async function visitAll(
  tools: Pick<PlanTools, 'reader' | 'clock' | 'turn'>,
  visit: (entry: EntryRecord) => void,
  only?: readonly number[],
): Promise<void> {
  const { reader } = tools;
  const slicer = new Slicer(tools);
  for (let after = 0; ; ) {
    const page =
      only === undefined
        ? reader.entriesAfter(after, PAGE)
        : reader.entries(only.slice(after, after + PAGE));
    for (const [i, entry] of page.entries()) {
      visit(entry);
      if (i % CHECK_EVERY === 0 && slicer.due) await slicer.turn();
    }
    if (only === undefined) {
      if (page.length < PAGE) return;
      after = page.at(-1)!.id;
    } else {
      after += PAGE;
      if (after >= only.length) return;
    }
  }
}

/** Entries above which it is dearer to ask for the marks of each than for all that have any. */
const ASK_EACH_MAX = 1_000;

export function markedAmong(
  only: readonly number[] | undefined,
  { reader }: Pick<PlanTools, 'reader'>,
): ReadonlySet<number> | undefined {
  const few = only !== undefined && only.length <= ASK_EACH_MAX;
  return few ? undefined : reader.records.marked();
}

/** Everything that is due until the end of the window, in order. */
export async function planAll(
  window: Window,
  tools: PlanTools,
  options: { readonly policy?: Policy; readonly only?: readonly number[] } = {},
): Promise<PlannedStep[]> {
  const { policy, only = subjectsOf(tools, options.policy) } = options;
  const planner = new Planner(tools, policy, markedAmong(only, tools));
  const found: PlannedStep[] = [];
  await visitAll(tools, (entry) => void found.push(...planner.plan(entry, window)), only);
  return sorted(found, byOrder, tools);
}
