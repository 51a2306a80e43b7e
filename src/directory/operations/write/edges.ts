/**
 * Writing attributes whose values name other entries. A name inside the tree becomes an edge to
 * the entry, so that it follows renames; a name outside is kept as text until an entry of that name
 * appears. A group keeps its members under the one attribute that its classes show; memberUid
 * values are looked up by login name.
 */
import { LdapError } from '../../../runtime/errors.js';
import { bodyFind, bodyValuesAt } from '../../model/body.js';
import type { ChangeValue } from '../../model/change.js';
import type { Edge, EdgeWrite } from '../../ports.js';
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

function logged(edge: EdgeWrite, tx: Transaction): ChangeValue {
  return edge.target === 0 ? edge.text : changeRef(edge.target, tx);
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
  const target = 'ref' in value ? tx.writer.idByUuid(value.ref) : 0;
  return target === 0 ? undefined : { attribute, target, text: '', textKey: '' };
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

/** @throws LdapError noSuchAttribute where the value is not there */
export function removeEdge(source: number, edge: EdgeWrite, delta: Delta, tx: Transaction): void {
  const stored = edge.target === 0 ? asStored(source, edge, tx) : edge;
  if (!tx.writer.removeEdge(source, edge)) {
    throw new LdapError(
      'noSuchAttribute',
      `${edge.attribute.name} has no value ${nameOf(edge, tx)}`,
    );
  }
  delta.remove(edge.attribute.name, logged(stored, tx));
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

/** Removes every value of the attribute that is not to be kept; false where there was none. */
export function clearEdges(
  source: number,
  type: AttributeType,
  kind: Kind,
  delta: Delta,
  tx: Transaction,
  keeps: (edge: Edge) => boolean = () => false,
): boolean {
  const types =
    isMemberUid(type) && kind.membership !== undefined && kind.membership !== type
      ? [type, kind.membership]
      : [type];
  let any = false;
  for (const attribute of types) {
    const edges = tx.writer.edgesFrom(source, attribute);
    const gone = edges.filter((edge) => !keeps(edge));
    for (const edge of gone) {
      const write = asWrite(edge, tx);
      delta.remove(attribute.name, logged(write, tx));
      if (gone.length < edges.length) tx.writer.removeEdge(source, write);
      any = true;
    }
    if (gone.length === edges.length) tx.writer.removeEdges(source, attribute);
  }
  return any;
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
  for (const edge of tx.writer.edgesFrom(source, from)) {
    if (edge.target === 0) continue;
    const old = asWrite(edge, tx);
    removeEdge(source, old, delta, tx);
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
