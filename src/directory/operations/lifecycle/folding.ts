/**
 * A new policy folds everybody's facts anew. Where people are many that is done in slices behind the
 * write that brought it (write/folding.ts); meanwhile whoever waits is shown as the policy before
 * shows them, and is let in only where both policies let them in. Nothing has to run for that.
 */
import type { Policy } from '../../../policy/core/language/index.js';
import { moreClosed, type State } from '../../model/timeline.js';
import type { DirectoryReader } from '../../ports.js';
import { timelineOf } from './derive.js';
import { policyOf } from './policy-of.js';
import { stateBy, stateOf } from './state.js';

/** More people than this are not folded in one write: others wait for it. */
export const FOLDED_AT_ONCE_MAX = 2_000;

/** What a policy says that timelines hang on. */
export function foldingOf({ company, kinds, words }: Policy): string {
  const who = kinds.map(({ name, who: condition, endDates, never }) => {
    return [name, condition, endDates, never.includes('expire')];
  });
  const { zone, endDateMeans, endDates, newEntries } = company;
  const places = newEntries.map(({ below, madeBy, are }) => [below, madeBy, are]);
  return JSON.stringify([zone, endDateMeans, endDates, places, who, words]);
}

const placed = new WeakMap<Policy, boolean>();

/** Whether a move in the tree can change somebody's timeline. */
export function foldsByPlace(policy: Policy): boolean {
  let found = placed.get(policy);
  if (found === undefined) {
    found = foldingOf(policy).includes('"below"') || policy.company.newEntries.length > 0;
    placed.set(policy, found);
  }
  return found;
}

/** Whether the entry still has the timeline of the policy before. */
export function waitsToBeFolded(id: number, reader: DirectoryReader): boolean {
  const { foldedTo } = reader.timelines;
  return foldedTo !== undefined && id > foldedTo;
}

/** The state by which somebody is let in, and on. */
export function admittedState(id: number, reader: DirectoryReader, nowSeconds: number): State {
  const shown = stateOf(id, reader, nowSeconds);
  if (reader.timelines.foldedTo === undefined) return shown;
  return moreClosed(shown, comingState(id, reader, nowSeconds));
}

/** The state by the policy in force, whether or not it has been worked out for them. */
export function comingState(id: number, reader: DirectoryReader, seconds: number): State {
  if (reader.timelines.foldedTo === undefined) return stateOf(id, reader, seconds);
  const { policy } = policyOf(reader);
  const folded = (one: number) => {
    if (!waitsToBeFolded(one, reader)) return reader.timelines.of(one);
    const entry = reader.entry(one);
    return entry && timelineOf(entry, policy, reader);
  };
  return stateBy(folded, id, reader, seconds);
}
