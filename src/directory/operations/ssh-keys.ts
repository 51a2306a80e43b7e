/**
 * SSH keys that have expired are withheld: for every reader, filter and comparison they are absent
 * (an index over them gives a superset). Only kinds of entries that may hold
 * keys are looked at, and of those only the ones that say `expiry-time` somewhere.
 */
import { bodyCount, bodyFind, bodyStartAt, bodyValuesAt } from '../model/body.js';
import { isExpiredSshKey, maySayExpiry } from '../model/ssh-key.js';
import type { EntryRecord } from '../ports.js';
import type { AttributeType } from '../schema/index.js';
import type { View } from './view.js';

const SSH_PUBLIC_KEY = '1.3.6.1.4.1.24552.500.1.1.1.13';
const none: readonly Buffer[] = [];

export function isSshKeys(type: AttributeType): boolean {
  return type.oid === SSH_PUBLIC_KEY;
}

/** The number under which bodies hold keys, or 0 where none does. */
export function keysNumber({ reader }: View): number {
  return reader.attributeNumber('sshpublickey');
}

/** Whether values of the attribute in this entry have to be looked at one by one. */
export function withholds(entry: EntryRecord, type: AttributeType): boolean {
  return entry.kind.holdsSshKeys && isSshKeys(type);
}

/** Whether some key of the entry has expired by now. */
export function withholdsNow(entry: EntryRecord, view: View): boolean {
  if (!entry.kind.holdsSshKeys) return false;
  const slot = slotOf(entry, view);
  return slot >= 0 && saysExpiry(entry, slot) && livingAt(entry, slot, view) !== undefined;
}

/** The keys of the entry that open something now. */
export function livingKeys(entry: EntryRecord, view: View): readonly Buffer[] {
  const slot = slotOf(entry, view);
  if (slot < 0) return none;
  const living = saysExpiry(entry, slot) ? livingAt(entry, slot, view) : undefined;
  return living ?? bodyValuesAt(entry.body, slot);
}

function slotOf(entry: EntryRecord, view: View): number {
  const number = keysNumber(view);
  return number === 0 || bodyCount(entry.body) === 0 ? -1 : bodyFind(entry.body, number);
}

function saysExpiry({ body }: EntryRecord, slot: number): boolean {
  return maySayExpiry(body, bodyStartAt(body, slot), bodyStartAt(body, slot + 1));
}

/** What is left, or undefined where nothing has expired. */
function livingAt(entry: EntryRecord, slot: number, view: View): readonly Buffer[] | undefined {
  const values = bodyValuesAt(entry.body, slot);
  const nowSeconds = view.nowMs() / 1000;
  const left = values.filter((value) => !isExpiredSshKey(value, nowSeconds));
  return left.length === values.length ? undefined : left;
}
