/**
 * Writes to attributes that show the state of somebody: what they mean (lifecycle/dialect-writes.ts)
 * becomes facts, and what an entry shows only while somebody is away is not written over what it has.
 */
import { LdapError } from '../../../runtime/errors.js';
import { type State, shownState } from '../../model/timeline.js';
import type { EntryRecord } from '../../ports.js';
import type { AttributeType } from '../../schema/index.js';
import {
  addOwnBlock,
  dialectAttributes,
  liftOwnBlocks,
  meaningOf,
  type Saying,
  say,
  spokenNames,
  stateNow,
  stateOf,
} from '../lifecycle/index.js';
import type { Working } from './modify.js';
import { sayingOf } from './saying.js';
import { type Transaction, viewOf } from './transaction.js';

type Op = 'add' | 'delete' | 'replace' | 'increment';

/** Attributes of which something else is shown while somebody is not active. */
const covered: ReadonlySet<string> = new Set(['loginShell', 'dialupAccess']);
const LOCK = 'pwdAccountLockedTime';

/** What is left to be stored of a change; undefined: nothing. @throws LdapError with advice */
export function speak(
  working: Working,
  type: AttributeType,
  op: Op,
  values: readonly Buffer[],
  tx: Transaction,
): readonly Buffer[] | undefined {
  const { name } = type;
  if (spokenNames.has(name)) return speakOf(working, type, op, values, tx);
  if (name !== LOCK && !covered.has(name)) return values;
  const { entry } = working;
  const state = stateOf(entry.id, tx.writer, tx.nowSeconds);
  if (state === 'active') return values;
  if (name === LOCK) return unlocks(op, values) ? refuseUnlock(entry, state, tx) : values;
  // Written back as it was read: what is stored below it stays.
  return isShown(entry, name, values, tx) ? undefined : values;
}

const unlocks = (op: Op, values: readonly Buffer[]) =>
  op === 'delete' || (op === 'replace' && values.length === 0);

function refuseUnlock(entry: EntryRecord, state: State, tx: Transaction): never {
  const shown = shownState(state);
  throw new LdapError(
    'constraintViolation',
    `${LOCK} of ${tx.names.text(entry)} cannot be taken away while they are ${shown}: ` +
      'it opens again with the state, such as by lifecycleState: active',
  );
}

/** Whether that is shown in place of what is stored. */
function covers(
  entry: EntryRecord,
  name: string,
  values: readonly Buffer[],
  tx: Transaction,
): boolean {
  if (stateOf(entry.id, tx.writer, tx.nowSeconds) === 'active') return false;
  return isShown(entry, name, values, tx);
}

function isShown(
  entry: EntryRecord,
  name: string,
  values: readonly Buffer[],
  tx: Transaction,
): boolean {
  const shown = dialectAttributes.find(({ names }) => names.includes(name));
  const now = shown?.compute(entry, viewOf(tx)) ?? [];
  return values.length === now.length && values.every((value, i) => value.equals(now[i]!));
}

function speakOf(
  working: Working,
  type: AttributeType,
  op: Op,
  values: readonly Buffer[],
  tx: Transaction,
): readonly Buffer[] | undefined {
  const { entry } = working;
  const dn = tx.names.text(entry);
  if (op === 'increment' || values.length > 1) {
    throw new LdapError('constraintViolation', `${type.name} takes one value only`);
  }
  const value = values[0]?.toString('utf8');
  const { says, keeps } = meaningOf({ name: type.name, op, value, dn, nowSeconds: tx.nowSeconds });
  if (says !== 'nothing') {
    working.saying ??= sayingOf(working.attributes, dn, entry, tx);
    if (says === 'open') letIn(working.saying, entry, tx);
    else {
      addOwnBlock(working.saying);
      working.subject = true;
    }
  }
  if (keeps === undefined || (op === 'delete' && covers(entry, type.name, values, tx))) {
    return undefined;
  }
  return keeps === '' ? [] : [Buffer.from(keeps)];
}

/** Lifts the writer's own blocks. @throws LdapError where somebody else's, or an end, stay */
function letIn(saying: Saying, entry: EntryRecord, tx: Transaction): void {
  liftOwnBlocks(saying);
  if (stateNow(saying) !== 'active') {
    say(saying, 'lifecycleState', 'replace', [Buffer.from('active')]);
  }
  const principal = tx.writer.timelines.of(entry.id)?.principal ?? 0;
  const above = principal === 0 ? 'active' : stateOf(principal, tx.writer, tx.nowSeconds);
  if (above === 'active') return;
  const person = tx.writer.entry(principal)!;
  throw new LdapError(
    'constraintViolation',
    `${saying.dn} opens again with ${tx.names.text(person)}, who is ${shownState(above)}`,
  );
}

/** The same for an entry that is new: only what closes it says anything. */
export function speakOfNew(
  type: AttributeType,
  values: readonly Buffer[],
  dn: string,
  nowSeconds: number,
): { readonly locks: boolean; readonly keeps: readonly Buffer[] } {
  if (values.length > 1) {
    throw new LdapError('constraintViolation', `${type.name} takes one value only`);
  }
  const value = values[0]?.toString('utf8');
  const { says, keeps } = meaningOf({ name: type.name, op: 'add', value, dn, nowSeconds });
  return { locks: says === 'locked', keeps: keeps ? [Buffer.from(keeps)] : [] };
}
