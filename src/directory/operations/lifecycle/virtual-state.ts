/** The attributes that are derived from the facts of a person: its state now, its first and last day. */
import { closedness, type State, shownState, states } from '../../model/timeline.js';
import type { EntryRecord } from '../../ports.js';
import type { View } from '../view.js';
import type { VirtualAttribute } from '../virtual.js';
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

export const stateAttributes: readonly VirtualAttribute[] = [
  {
    names: ['lifecycleState'],
    compute(entry, view) {
      const state = stateNow(entry, view);
      // Only people and accounts have a state; one without facts is active.
      if (closedness(state) === 0 && !entry.kind.isSubject) return nothing;
      return shown.get(state)!;
    },
    byState: { of: 'closed', usual: shown.get('active')!, scans: true },
  },
  {
    names: ['lifecycleStage'],
    compute: (entry, view) => stages.get(stateNow(entry, view)) ?? nothing,
    byState: { of: 'closed', usual: nothing, scans: true },
  },
];
