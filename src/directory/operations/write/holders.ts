/**
 * Granting memberships for a time, as values of `tenureHolder` that are added to a group and deleted
 * from it. Refuses what is no grant: clients put members in by hand under the group's own attribute,
 * and what a rule says follows from the policy.
 */
import { LdapError } from '../../../runtime/errors.js';
import type { Holder, Span } from '../../model/holder.js';
import { formatTime } from '../../model/time.js';
import type { EdgeWrite, EntryRecord } from '../../ports.js';
import type { AttributeType, Kind } from '../../schema/index.js';
import { type HolderValue, readHolderValue, readNote, writeNote } from '../groups/index.js';
import { addEdge, asWrite, dropHolder, holderLike } from './edges.js';
import { assertAgreed, assertMayBeGranted } from './grant-rules.js';
import type { Delta, Transaction } from './transaction.js';

/** A group in the middle of being modified. */
export interface HolderChange {
  readonly group: EntryRecord;
  readonly delta: Delta;
  /** Gets the attributes that got members. */
  readonly touched: Set<AttributeType>;
}

const refused = (text: string) => new LdapError('constraintViolation', `tenureHolder: ${text}`);

/** @throws LdapError where a value is no grant, or may not be made */
export function changeHolders(
  change: HolderChange,
  op: 'add' | 'delete' | 'replace' | 'increment',
  values: readonly Buffer[],
  tx: Transaction,
): void {
  if (op !== 'add' && op !== 'delete') {
    throw refused('add a value to grant a membership, delete one to end it');
  }
  const { group } = change;
  const { membership } = group.kind;
  if (membership === undefined) throw refused('the entry is no group');
  dropPast(change, tx);
  if (op === 'delete' && values.length === 0) {
    for (const edge of granted(group, tx)) dropHolder(group.id, edge, change.delta, tx);
    return;
  }
  for (const value of values) {
    const edge = edgeOf(readValue(value), group.kind, membership, tx);
    if (op === 'delete') revoke(change, edge, tx);
    else grant(change, edge, tx);
  }
}

/** What a file says of the holders of a group, as it is: nothing is asked of a policy. */
export function addHolders(
  group: number,
  kind: Kind,
  values: readonly Buffer[],
  tx: Transaction,
): void {
  for (const value of values) {
    const { membership } = kind;
    if (membership === undefined) throw refused('the entry is no group');
    addEdge(group, edgeOf(readValue(value), kind, membership, tx), undefined, tx, true);
  }
}

function readValue(value: Buffer): HolderValue {
  const read = readHolderValue(value.toString('utf8'));
  if ('fault' in read) throw refused(`the value ${read.fault}`);
  return read;
}

type HeldWrite = EdgeWrite & { readonly holder: Holder };

/** What a value means in the group. @throws LdapError */
function edgeOf(
  { holder, entry, attribute: said }: HolderValue,
  kind: Kind,
  membership: AttributeType,
  tx: Transaction,
): HeldWrite {
  const attribute = said === undefined ? membership : tx.writer.schema().attribute(said);
  if (attribute?.storage !== 'edge' || !kind.allows(attribute)) {
    throw refused(`"${said}" is no attribute under which the group has members`);
  }
  const target = tx.names.resolve(tx.names.parse(entry)).id;
  if (target === 0) throw refused(`there is no entry ${entry}`);
  return { attribute, target, text: '', textKey: '', holder };
}

function granted(group: EntryRecord, tx: Transaction): HeldWrite[] {
  return tx.writer
    .heldEdgesFrom(group.id)
    .filter(({ holder }) => holder.kind === 'grant')
    .map((edge) => ({ ...asWrite(edge, tx), holder: edge.holder }));
}

/** What is over has no meaning any more: it goes when something else is granted or ended. */
function dropPast({ group, delta }: HolderChange, tx: Transaction): void {
  for (const edge of granted(group, tx)) {
    const last = edge.holder.spans.at(-1);
    if (last !== undefined && last.until <= tx.nowSeconds) dropHolder(group.id, edge, delta, tx);
  }
}

function revoke({ group, delta }: HolderChange, edge: HeldWrite, tx: Transaction): void {
  const holder = edge.holder.kind === 'grant' ? holderLike(group.id, edge, tx) : undefined;
  if (holder === undefined) {
    const name = tx.names.dnOfId(edge.target).toString('utf8');
    throw new LdapError('noSuchAttribute', `tenureHolder: nothing is granted to "${name}" here`);
  }
  dropHolder(group.id, { ...edge, holder }, delta, tx);
}

/** A second grant of the same membership takes the place of the first. */
function grant(change: HolderChange, edge: HeldWrite, tx: Transaction): void {
  const { group, delta, touched } = change;
  const { kind, note } = edge.holder;
  if (kind === 'hand') throw refused(`add the member itself to ${edge.attribute.name}`);
  if (kind === 'rule') {
    throw refused('who is in a group by rule follows from the policy: change that, or the person');
  }
  const span = spanOf(edge.holder, tx);
  const { because } = readNote(note);
  if (because === undefined || because.trim() === '') {
    throw refused('say because=, the reason: it is kept with the grant');
  }
  assertMayBeGranted(edge.target, group, span, tx);
  assertAgreed(edge.target, group, because, tx);
  const before = holderLike(group.id, edge, tx);
  if (before !== undefined) dropHolder(group.id, { ...edge, holder: before }, delta, tx);
  const known = { because, by: tx.identity.dn, since: formatTime(tx.nowSeconds) };
  const holder: Holder = { kind: 'grant', spans: [span], note: writeNote(known) };
  touched.add(edge.attribute);
  addEdge(group.id, { ...edge, holder }, delta, tx, true);
}

/** From now on, unless the value says from when. */
function spanOf({ spans }: Holder, { nowSeconds }: Transaction): Span {
  const [span] = spans;
  if (span === undefined || spans.length > 1 || span.until === Infinity) {
    throw refused('a grant ends: say when=..20261125170000Z');
  }
  if (span.until <= nowSeconds) throw refused('the grant would be over before it begins');
  return { from: Math.max(span.from, nowSeconds), until: span.until };
}
