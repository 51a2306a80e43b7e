/**
 * Attributes of the password policy that are computed: which policy holds, where the entry does not
 * name one itself, and what the guard has seen of binds. What is stored wins: these supply what is
 * absent. Nothing here moves modifyTimestamp.
 */
import { countingFailures, type LockoutRules, standingOf } from '../../credentials/guard/index.js';
import type { Lockout } from '../model/observed.js';
import { formatTime } from '../model/time.js';
import type { EntryRecord } from '../ports.js';
import { guardOf } from './guard.js';
import { lockoutRulesOf, policiesOf, textsOf } from './policies/index.js';
import type { View } from './view.js';
import type { VirtualAttribute } from './virtual.js';

const nothing: readonly Buffer[] = [];
const SUBENTRY = 'pwdPolicySubentry';
const LOCKED_TIME = 'pwdAccountLockedTime';

function effectivePolicy(entry: EntryRecord, view: View): readonly Buffer[] {
  const { reader, names } = view;
  if (!reader.secrets(entry.id).length) return nothing;
  const type = reader.schema().attribute(SUBENTRY);
  if (type && entry.hasEdges && reader.edgeCount(entry.id, type) > 0) return nothing;
  const { found } = policiesOf(reader).of(entry);
  const name = found && names.findName(found.entryId);
  return name === undefined ? nothing : [name];
}

const times = (list: readonly number[]): readonly Buffer[] =>
  [...new Set(list.map((ms) => formatTime(Math.floor(ms / 1000))))].map((time) =>
    Buffer.from(time),
  );

/** What the guard of this reader's binds counts against the entry; the writer thread has none. */
function counted(
  entry: EntryRecord,
  view: View,
  what: (lockout: Lockout, rules: LockoutRules, nowMs: number) => readonly number[],
): readonly Buffer[] {
  const lockout = guardOf(view.reader)?.lockout(entry.id);
  if (lockout === undefined) return nothing;
  return times(what(lockout, lockoutRulesOf(entry, view.reader), view.nowMs()));
}

/** Against whom anything counts. */
const concerned = ({ reader }: View): readonly number[] => guardOf(reader)?.concerned() ?? [];

/** The one value that every reader honours. */
const forGood: readonly Buffer[] = [Buffer.from('000001010000Z')];

/**
 * A lock after failures shows as one by an administrator does, which wins; whoever is not active is
 * locked for good, whatever was counted.
 */
function lockedTime(entry: EntryRecord, view: View): readonly Buffer[] {
  if (view.withheld?.isOff(entry.id) === true) return forGood;
  if (textsOf(entry, LOCKED_TIME, view.reader).length > 0) return nothing;
  return counted(entry, view, (lockout, rules, nowMs) => {
    const locked = standingOf(lockout, rules, nowMs).kind === 'locked';
    return locked ? [lockout.lockedMs ?? 0] : [];
  });
}

function failureTimes(entry: EntryRecord, view: View): readonly Buffer[] {
  return counted(entry, view, countingFailures);
}

function delayEnd(entry: EntryRecord, view: View): readonly Buffer[] {
  return counted(entry, view, (lockout, rules, nowMs) => {
    const standing = standingOf(lockout, rules, nowMs);
    return standing.kind === 'delayed' ? [standing.untilMs] : [];
  });
}

function lastSuccess(entry: EntryRecord, view: View): readonly Buffer[] {
  const success = guardOf(view.reader)?.lastUse(entry.id).success;
  return success === undefined ? nothing : times([success.atMs]);
}

/** In the order of the schema. */
export const passwordAttributes: readonly VirtualAttribute[] = [
  {
    names: [LOCKED_TIME],
    compute: lockedTime,
    few: concerned,
    byState: { of: 'closed', usual: nothing, scans: true },
  },
  { names: ['pwdFailureTime'], compute: failureTimes, few: concerned },
  { names: [SUBENTRY], compute: effectivePolicy },
  { names: ['pwdLastSuccess'], compute: lastSuccess },
  { names: ['pwdAccountTmpLockoutEnd'], compute: delayEnd, few: concerned },
];
