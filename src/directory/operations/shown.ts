/**
 * Which values in the body of an entry are shown: those that have not expired (SSH keys), and that
 * the state of somebody does not withhold. Everything that reads a body for a client asks here;
 * entries of which nothing can be missing are known at a glance.
 */
import { bodyFind, bodyValuesAt } from '../model/body.js';
import type { EntryRecord } from '../ports.js';
import { keysNumber, livingKeys, withholdsNow } from './ssh-keys.js';
import type { View } from './view.js';

/** Whether values of the entry have to be looked at one by one. */
export function isLookedInto(entry: EntryRecord, view: View): boolean {
  return view.withheld?.touches(entry) === true || withholdsNow(entry, view);
}

/** Whether the attribute is shown as it is stored, whatever the state of anybody. */
export function maySpare(entry: EntryRecord, number: number, view: View): boolean {
  if (entry.kind.holdsSshKeys && number === keysNumber(view)) return false;
  return view.withheld?.spares(entry, number) ?? true;
}

/** The values shown of the attribute in slot `slot`, whose number that is. */
export function shownAt(
  entry: EntryRecord,
  slot: number,
  number: number,
  view: View,
): readonly Buffer[] {
  const values =
    entry.kind.holdsSshKeys && number === keysNumber(view)
      ? livingKeys(entry, view)
      : bodyValuesAt(entry.body, slot);
  return view.withheld === undefined ? values : view.withheld.shown(entry, number, values);
}

/** Whether any value of the attribute is shown. */
export function bodyShows(entry: EntryRecord, number: number, view: View): boolean {
  const slot = bodyFind(entry.body, number);
  if (slot < 0) return false;
  return !isLookedInto(entry, view) || shownAt(entry, slot, number, view).length > 0;
}
