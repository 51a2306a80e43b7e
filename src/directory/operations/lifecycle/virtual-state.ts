/** The attributes that are derived from the facts of a person: its state now, its first and last day. */
import { formatTime } from '../../model/time.js';
import { closedness, type State, shownState, states } from '../../model/timeline.js';
import type { EntryRecord } from '../../ports.js';
import type { View } from '../view.js';
import type { VirtualAttribute } from '../virtual.js';
import { isAccount } from './dialects.js';
import { readsOf } from './reading.js';
import { stateOf } from './state.js';

const nothing: readonly Buffer[] = [];
const shown = new Map<State, readonly Buffer[]>(
  states.map((state) => [state, [Buffer.from(shownState(state))]]),
);
const stages = new Map<State, readonly Buffer[]>(
  (['sealed', 'destroyed'] as const).map((state) => [state, [Buffer.from(state)]]),
);

const stateNow = (entry: EntryRecord, view: View): State =>
  stateOf(entry.id, view.reader, Math.floor(view.nowMs() / 1000));

const time = (seconds: number | undefined) =>
  seconds === undefined ? nothing : [Buffer.from(formatTime(seconds))];

/** When an employment begins, and is over, as it was folded: the same as the index has. */
const employedOf = ({ id }: EntryRecord, { reader }: View) => reader.timelines.of(id)?.employed;

/** Ends are quiet but for those in charge, unless the kind of the person says that they are open. */
function seesEnd(entry: EntryRecord, { reader, identity }: View): boolean {
  const open = reader.timelines.of(entry.id)?.openEnds === true;
  return open || readsOf(identity, entry, 'see end dates');
}

export const stateAttributes: readonly VirtualAttribute[] = [
  {
    names: ['lifecycleState'],
    compute(entry, view) {
      const state = stateNow(entry, view);
      // Only people and accounts have a state; one without facts is active.
      if (closedness(state) === 0 && !isAccount(entry.kind)) return nothing;
      return shown.get(state)!;
    },
    byState: { of: 'closed', usual: shown.get('active')!, scans: true },
  },
  {
    names: ['lifecycleStage'],
    compute: (entry, view) => stages.get(stateNow(entry, view)) ?? nothing,
    byState: { of: 'closed', usual: nothing, scans: true },
  },
  {
    names: ['lifecycleStart'],
    compute(entry, view) {
      if (!readsOf(view.identity, entry, 'see end dates')) return nothing;
      return time(employedOf(entry, view)?.start);
    },
    between: (from, to, { reader }, limit) =>
      reader.timelines.idsEmployed('start', from, to, limit),
    byState: { of: 'subjects', usual: nothing, scans: true },
  },
  {
    names: ['lifecycleEnd'],
    compute: (entry, view) =>
      seesEnd(entry, view) ? time(employedOf(entry, view)?.until) : nothing,
    between: (from, to, { reader }, limit) =>
      reader.timelines.idsEmployed('until', from, to, limit),
    byState: { of: 'subjects', usual: nothing, scans: true },
  },
];
