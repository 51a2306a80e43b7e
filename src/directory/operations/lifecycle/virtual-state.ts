/** The attributes that are derived from the facts of a person: its state now, its first and last day. */
import { beginOf, endOf } from '../../../policy/core/index.js';
import { formatTime } from '../../model/time.js';
import { closedness, type State, shownState, states } from '../../model/timeline.js';
import type { EntryRecord } from '../../ports.js';
import { textsOf } from '../texts-of.js';
import type { View } from '../view.js';
import type { VirtualAttribute } from '../virtual.js';
import { isAccount } from './dialects.js';
import { factsOf, type Texts } from './facts-of.js';
import { rulesOf } from './fold-rules.js';
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

const noSpan = { start: undefined, end: undefined };

/** From the first engagement's beginning to the last one's end, as far as all of them say so. */
function spanOf(entry: EntryRecord, { reader }: View) {
  if (!entry.kind.isSubject) return noSpan;
  const texts: Texts = (key) => textsOf(entry, key, reader);
  const facts = factsOf(texts);
  if ('fault' in facts || facts.engagements.length === 0) return noSpan;
  const rules = rulesOf(entry, reader)(texts);
  const starts = facts.engagements.map(({ start }) => start && beginOf(start, rules));
  const ends = facts.engagements.map(({ end }) => end && endOf(end, rules));
  const known = (list: readonly (number | '' | undefined)[]): list is readonly number[] =>
    list.every((one) => typeof one === 'number');
  return {
    start: known(starts) ? Math.min(...starts) : undefined,
    end: known(ends) ? Math.max(...ends) : undefined,
  };
}

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
      return time(spanOf(entry, view).start);
    },
    byState: { of: 'subjects', usual: nothing, scans: true },
  },
  {
    names: ['lifecycleEnd'],
    compute: (entry, view) => (seesEnd(entry, view) ? time(spanOf(entry, view).end) : nothing),
    byState: { of: 'subjects', usual: nothing, scans: true },
  },
];
