/**
 * Writing attributes whose values name other entries. A name inside the tree becomes an edge to
 * the entry, so that it follows renames; a name outside is kept as text until an entry of that name
 * appears. A group keeps its members under the one attribute that its classes show; memberUid
 * values are looked up by login name. A value may have several holders: what clients write is held
 * by hand.
 */
import { LdapError } from '../../../runtime/errors.js';
import { bodyFind, bodyValuesAt } from '../../model/body.js';
import type { ChangeValue } from '../../model/change.js';
import {
  byHand,
  type Holder,
  holderText,
  holdsAt,
  isPlain,
  readHolder,
} from '../../model/holder.js';
import type { Edge, EdgeWrite, HeldEdge } from '../../ports.js';
import { type AttributeType, type Kind, normalizeDn } from '../../schema/index.js';
import { isMemberUid } from '../edge-values.js';
import { shown } from './attributes.js';
import { changeRef, type Delta, type Transaction } from './transaction.js';

/** The attribute under which a value of `type` is kept in an entry of this kind. */
function keptUnder(type: AttributeType, kind: Kind, target: number): AttributeType {
  const { membership } = kind;
  if (membership === undefined || !isMemberUid(type)) return type;
  return target === 0 ? type : membership;
}

/** The entry that has exactly this login name, or 0: uid ignores case, memberUid does not. */
function entryByLogin(value: Buffer, tx: Transaction): number {
  const uid = tx.writer.schema().attribute('uid');
  const key = uid?.equality?.normalize(value);
  if (uid === undefined || key === undefined) return 0;
  const number = tx.writer.attributeNumber('uid');
  const has = (id: number): boolean => {
    const entry = tx.writer.entry(id);
    const slot = entry === undefined ? -1 : bodyFind(entry.body, number);
    return slot >= 0 && bodyValuesAt(entry!.body, slot).some((held) => held.equals(value));
  };
  return tx.writer.idsEqual(uid, key, 16).ids.find(has) ?? 0;
}

/** What a value means. @throws LdapError invalidAttributeSyntax */
export function readEdge(
  type: AttributeType,
  value: Buffer,
  kind: Kind,
  tx: Transaction,
): EdgeWrite {
  const text = value.toString('utf8');
  if (isMemberUid(type)) {
    const target = entryByLogin(value, tx);
    const attribute = keptUnder(type, kind, target);
    return target === 0
      ? { attribute, target, text, textKey: text }
      : { attribute, target, text: '', textKey: '' };
  }
  const dn = normalizeDn(tx.writer.schema(), text);
  if (dn === undefined || dn.rdns.length === 0) {
    throw new LdapError(
      'invalidAttributeSyntax',
      `${type.name}: ${shown(type, value)} is not the distinguished name of an entry`,
    );
  }
  const { id } = tx.names.resolve(dn);
  return id === 0
    ? { attribute: type, target: 0, text, textKey: dn.key }
    : { attribute: type, target: id, text: '', textKey: '' };
}

/** A value with its holder as the log has it. */
function logged({ target, text, holder }: EdgeWrite, tx: Transaction): ChangeValue {
  if (target === 0) return text;
  const ref = changeRef(target, tx);
  if (holder === undefined || isPlain(holder) || typeof ref === 'string') return ref;
  return { ...ref, holder: holderText(holder) };
}

/** The same of a value as it was read. */
export function changeOfEdge(edge: HeldEdge, tx: Transaction): ChangeValue {
  return logged({ ...edge, textKey: '' }, tx);
}

/** An edge as read, in the form for writing. */
export function asWrite(edge: Edge, tx: Transaction): EdgeWrite {
  const { attribute, target, text } = edge;
  if (target !== 0) return { attribute, target, text: '', textKey: '' };
  const textKey = isMemberUid(attribute)
    ? text
    : (normalizeDn(tx.writer.schema(), text)?.key ?? text);
  return { attribute, target, text, textKey };
}

/** The edge that a value of the log means today; undefined where the entry is gone. */
export function edgeOfChange(
  attribute: AttributeType,
  value: ChangeValue,
  tx: Transaction,
): EdgeWrite | undefined {
  if (typeof value === 'string') {
    const textKey = isMemberUid(attribute)
      ? value
      : (normalizeDn(tx.writer.schema(), value)?.key ?? value);
    return { attribute, target: 0, text: value, textKey };
  }
  if (!('ref' in value)) return undefined;
  const target = tx.writer.idByUuid(value.ref);
  if (target === 0) return undefined;
  const edge = { attribute, target, text: '', textKey: '' };
  return value.holder === undefined ? edge : { ...edge, holder: readHolder(value.holder) };
}

/** @throws LdapError attributeOrValueExists where `strict` and the value is there */
export function addEdge(
  source: number,
  edge: EdgeWrite,
  delta: Delta | undefined,
  tx: Transaction,
  strict: boolean,
): void {
  if (tx.writer.addEdge(source, edge)) delta?.add(edge.attribute.name, logged(edge, tx));
  else if (strict) {
    throw new LdapError(
      'attributeOrValueExists',
      `${edge.attribute.name} already has the value ${nameOf(edge, tx)}`,
    );
  }
}

/**
 * Takes a value away from everybody who holds it: what is named is going, or moves elsewhere.
 * Returns those who held it.
 */
export function dropEdge(
  source: number,
  edge: EdgeWrite,
  delta: Delta,
  tx: Transaction,
): readonly Holder[] {
  const stored = edge.target === 0 ? asStored(source, edge, tx) : edge;
  const { attribute, target, textKey } = edge;
  const holders = tx.writer.holdersOf(source, attribute, target, textKey);
  for (const holder of holders) dropHolder(source, { ...stored, holder }, delta, tx);
  return holders;
}

/** Ends one holding of a value that is there. */
export function dropHolder(
  source: number,
  edge: EdgeWrite,
  delta: Delta | undefined,
  tx: Transaction,
): void {
  if (!tx.writer.removeEdge(source, edge)) throw new Error('a reference to drop is not there');
  delta?.remove(edge.attribute.name, logged(edge, tx));
}

/** The holder of a value that is of the same kind as the one named, if there is one. */
export function holderLike(
  source: number,
  { attribute, target, textKey, holder = byHand }: EdgeWrite,
  tx: Transaction,
): Holder | undefined {
  const holders = tx.writer.holdersOf(source, attribute, target, textKey);
  return holders.find(({ kind }) => kind === holder.kind);
}

/** What a client sees, it can take away: not what a rule says, and not what is yet to come. */
const endsWithDelete = ({ kind, spans }: Holder, tx: Transaction) =>
  kind !== 'rule' && holdsAt(spans, tx.nowSeconds);

/**
 * A client takes a value away: from the hand that wrote it and from a grant that holds now.
 * @throws LdapError where `strict`: noSuchAttribute where the value is not there; unwillingToPerform
 * where nothing but a rule holds it
 */
export function removeEdge(
  source: number,
  edge: EdgeWrite,
  delta: Delta,
  tx: Transaction,
  strict = true,
): void {
  const stored = edge.target === 0 ? asStored(source, edge, tx) : edge;
  const { attribute, target, textKey } = edge;
  const holders = tx.writer.holdersOf(source, attribute, target, textKey);
  const ending = holders.filter((holder) => endsWithDelete(holder, tx));
  for (const holder of ending) dropHolder(source, { ...stored, holder }, delta, tx);
  if (ending.length > 0 || !strict) return;
  if (holders.some(({ spans }) => holdsAt(spans, tx.nowSeconds))) throw heldByRule(edge, tx);
  throw new LdapError('noSuchAttribute', `${attribute.name} has no value ${nameOf(edge, tx)}`);
}

function heldByRule(edge: EdgeWrite, tx: Transaction): LdapError {
  return new LdapError(
    'unwillingToPerform',
    `${nameOf(edge, tx)} is a ${edge.attribute.name} by the rule of the group: it goes when the ` +
      'rule no longer fits, so change the person or the policy',
  );
}

/** A name outside the tree in the spelling that is stored: the log has to name what went. */
function asStored(source: number, edge: EdgeWrite, tx: Transaction): EdgeWrite {
  const { attribute, textKey } = edge;
  if (!tx.writer.hasEdge(source, attribute, 0, textKey)) return edge;
  for (const held of tx.writer.edgesFrom(source, attribute)) {
    if (held.target !== 0) continue;
    const write = asWrite(held, tx);
    if (write.textKey === textKey) return write;
  }
  return edge;
}

function nameOf(edge: EdgeWrite, tx: Transaction): string {
  return edge.target === 0
    ? `"${edge.text}"`
    : `"${tx.names.dnOfId(edge.target).toString('utf8')}"`;
}

/** The attributes under which an entry of the kind may keep values of `type`. */
function keptTypes(type: AttributeType, kind: Kind): readonly AttributeType[] {
  const { membership } = kind;
  const elsewhere = isMemberUid(type) && membership !== undefined && membership !== type;
  return elsewhere ? [type, membership] : [type];
}

const valueName = ({ attribute, target, text, textKey }: EdgeWrite) =>
  `${attribute.oid} ${target} ${target === 0 ? textKey || text : ''}`;

/**
 * A client says what the values are from now on (RFC 4511 §4.6, replace; no values: delete). What is
 * there stays as it is held, so that a list which is read and written back changes nothing; what the
 * state of somebody keeps from the client stays as well. Returns how many of the values that the client could see were there before.
 * @throws LdapError unwillingToPerform where a value that a rule holds is left out
 */
export function replaceEdges(
  source: number,
  type: AttributeType,
  kind: Kind,
  wanted: readonly EdgeWrite[],
  delta: Delta,
  tx: Transaction,
  isUnseen: (edge: EdgeWrite) => boolean,
  add: (edge: EdgeWrite) => void,
): number {
  const types = keptTypes(type, kind);
  const names = new Set(wanted.map(valueName));
  if (names.size < wanted.length) {
    throw new LdapError('attributeOrValueExists', `${type.name} names the same entry twice`);
  }
  const seen = new Set<string>();
  const unseen = new Set<string>();
  for (const held of tx.writer.heldEdgesFrom(source)) {
    if (!types.includes(held.attribute) || !holdsAt(held.holder.spans, tx.nowSeconds)) continue;
    const edge = { ...asWrite(held, tx), holder: held.holder };
    const name = valueName(edge);
    const hidden = isUnseen(edge);
    (hidden ? unseen : seen).add(name);
    if (hidden || names.has(name)) continue;
    if (!endsWithDelete(held.holder, tx)) throw heldByRule(edge, tx);
    dropHolder(source, edge, delta, tx);
  }
  for (const edge of wanted) {
    const name = valueName(edge);
    if (!seen.has(name) && !unseen.has(name)) add(edge);
  }
  return seen.size;
}

/** A change of object classes may move members to another attribute. */
export function moveMembership(
  source: number,
  before: Kind,
  after: Kind,
  delta: Delta,
  tx: Transaction,
): void {
  const [from, to] = [before.membership, after.membership];
  if (from === to || from === undefined || to === undefined) return;
  for (const { attribute, target, text, holder } of tx.writer.heldEdgesFrom(source)) {
    if (target === 0 || attribute !== from) continue;
    const old = { attribute, target, text, textKey: '', holder };
    dropHolder(source, old, delta, tx);
    addEdge(source, { ...old, attribute: to }, delta, tx, false);
  }
}

/** @throws LdapError objectClassViolation where the classes do not allow what the entry holds */
export function assertEdgesAllowed(source: number, kind: Kind, tx: Transaction): void {
  for (const edge of tx.writer.edgesFrom(source)) {
    if (!kind.allows(edge.attribute)) throw notAllowed(edge.attribute, kind);
  }
}

export function notAllowed(type: AttributeType, kind: Kind): LdapError {
  const classes = kind.classes.map((cls) => cls.name).join(', ');
  return new LdapError(
    'objectClassViolation',
    `${type.name} is not allowed in an entry of the classes ${classes}`,
  );
}
