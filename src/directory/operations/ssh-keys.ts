/**
 * SSH keys that have expired are withheld: for every reader, filter and comparison they are absent
 * (an index over them gives a superset). Only kinds of entries that may hold
 * keys are looked at, and of those only the ones that say `expiry-time` somewhere.
 *
 * To a host a key of somebody whose end is open to all says so itself: it ends there although the
 * host was cut off, or keeps what it read. Of quiet ends nothing is ever said.
 */
import { localTime } from '../../policy/core/index.js';
import { bodyCount, bodyFind, bodyStartAt, bodyValuesAt } from '../model/body.js';
import { isExpiredSshKey, maySayExpiry, sshKeyUntil } from '../model/ssh-key.js';
import type { EntryRecord } from '../ports.js';
import type { AttributeType } from '../schema/index.js';
import { openEnd, policyOf } from './lifecycle/index.js';
import { textsOf } from './texts-of.js';
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
  if (slot < 0) return false;
  if (endAt(entry, view) !== undefined) return true;
  return saysExpiry(entry, slot) && livingAt(entry, slot, view) !== undefined;
}

/** The keys of the entry that open something now. */
export function livingKeys(entry: EntryRecord, view: View): readonly Buffer[] {
  const slot = slotOf(entry, view);
  if (slot < 0) return none;
  const living = saysExpiry(entry, slot) ? livingAt(entry, slot, view) : undefined;
  const keys = living ?? bodyValuesAt(entry.body, slot);
  const end = endAt(entry, view);
  if (end === undefined) return keys;
  const until = clockText(end, entry, view);
  return keys.map((key) => sshKeyUntil(key, until));
}

/** The end that keys carry for whoever asks, where they do. */
function endAt(entry: EntryRecord, { withheld, reader }: View): number | undefined {
  if (withheld?.namesOnly !== true) return undefined;
  return openEnd(entry.id, reader, withheld.nowSeconds);
}

/** As clocks of the person's zone show it, which is what hosts read times by. */
function clockText(seconds: number, entry: EntryRecord, { reader }: View): string {
  const [own] = textsOf(entry, 'lifecyclezone', reader);
  const at = localTime(seconds, own ?? policyOf(reader).policy.company.zone);
  const parts = [at.month, at.day, at.hour, at.minute, at.second];
  return `${at.year}${parts.map((part) => String(part).padStart(2, '0')).join('')}`;
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
