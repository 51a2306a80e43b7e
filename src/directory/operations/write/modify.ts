/**
 * Modify (RFC 4511 §4.6, RFC 4525). The changes are made one after the other, and only the result
 * is held against the schema. A replace never removes what its author cannot see: secrets and
 * server-kept attributes are not values of the entry for anybody.
 */
import { LdapError } from '../../../runtime/errors.js';
import { hooks } from '../../hooks/index.js';
import { bufferOf } from '../../model/bytes.js';
import { parseRdn } from '../../model/dn.js';
import type { EdgeWrite, EntryRecord } from '../../ports.js';
import { type AttributeType, type Kind, validateEntry } from '../../schema/index.js';
import { isShut } from '../brownouts.js';
import { TENURE_HOLDER } from '../groups/index.js';
import {
  assertAllSaid,
  isSaid,
  type SaidName,
  type Saying,
  say,
  type Withholding,
} from '../lifecycle/index.js';
import type { PreparedChange, PreparedModify } from '../types.js';
import { maintained } from './add.js';
import {
  type Attributes,
  addValues,
  attributesOf,
  bodyOf,
  deleteAmong,
  deleteValues,
  describe,
  findValue,
  incrementValues,
  setClasses,
} from './attributes.js';
import { recordBody } from './body-delta.js';
import { speak } from './dialects.js';
import {
  addEdge,
  assertEdgesAllowed,
  holderLike,
  moveMembership,
  notAllowed,
  readEdge,
  removeEdge,
  replaceEdges,
} from './edges.js';
import { foldWaiting } from './folding.js';
import { admissionTo } from './grant-rules.js';
import { changeHolders } from './holders.js';
import { assertBypassed, BYPASS } from './logins.js';
import { mayGrantHere } from './may-grant.js';
import { LOGIN_HASH } from './nt-hashes.js';
import { assertMayModifyIn, gainingGuard } from './own.js';
import { leaveEffects, passwordsOf } from './password-effects.js';
import { assertNothingOpened, makesSubject, sayingOf, withSubject } from './saying.js';
import { changeSecret, removeSecrets } from './secrets.js';
import { Delta, metaAfter, recordModify, type Transaction, viewOf } from './transaction.js';
import { mayNotBeCounted, type Unreadable, unreadableOf } from './unreadable.js';
import { leaveUnseen, unseenValues, without } from './unseen.js';

const isPassword = (type: AttributeType) => type.name === 'userPassword';

/** An entry in the middle of being modified. */
export interface Working {
  readonly entry: EntryRecord;
  readonly attributes: Attributes;
  readonly delta: Delta;
  /** Attributes outside the body that got values: checked against the classes at the end. */
  readonly touched: Set<AttributeType>;
  classes: string[] | undefined;
  /** What states keep from the author of the write: a write never removes what he cannot see. */
  readonly withheld: Withholding | undefined;
  /** The same of rules about reading. */
  readonly unreadable: Unreadable;
  /** Where a state is said, as lifecycleState or a date. */
  saying: Saying | undefined;
  /** Facts are written: it becomes a subject of the lifecycle. */
  subject: boolean;
}

/** Applies the changes to an existing entry. @throws LdapError, StalePreparation */
export function modifyEntry(
  entry: EntryRecord,
  { changes, password }: Pick<PreparedModify, 'changes' | 'password'>,
  tx: Transaction,
): void {
  const touches = changes.map(({ op, attribute, values }) => {
    return { op, type: describe(tx.writer, attribute).type, values };
  });
  const types = touches.map(({ type }) => type);
  const granting = types.length > 0 && types.every(({ name }) => name === TENURE_HOLDER);
  const granted = granting ? mayGrantHere(entry, changes, tx) : undefined;
  tx.by = granted === undefined ? assertMayModifyIn(tx, entry, touches) : granted;
  const byRule = tx.by.some(({ is }) => is === 'rule');
  const assertNothingGained = gainingGuard(entry, types, tx, byRule);
  reviseEntry(entry, tx, (working, before) => {
    const passwords = types.some(isPassword) ? passwordsOf(entry.id, tx) : undefined;
    // The hash of an old password must not go on opening anything.
    if (types.some(isPassword)) {
      removeSecrets(entry.id, LOGIN_HASH, working.delta, tx);
    }
    for (const change of changes) applyChange(working, change, tx);
    settleFacts(working, before, tx);
    if (types.some(({ name }) => name === BYPASS)) {
      assertBypassed(entry.id, working.attributes, tx);
    }
    if (passwords === undefined) return;
    // Who writes pwdReset along with the password means what is written.
    const reset = working.attributes.get('pwdreset');
    const { attributes, delta } = working;
    leaveEffects(entry, passwords, password, attributes, delta, tx);
    if (types.some((type) => type.name === 'pwdReset')) {
      if (reset === undefined) attributes.delete('pwdreset');
      else attributes.set('pwdreset', reset);
    }
  });
  assertNothingGained();
}

/**
 * Changes an entry as `work` likes, with hooks, schema and the record of it; whether that is
 * allowed is the caller's matter. Nothing is stored where `work` answers false.
 */
export function reviseEntry(
  entry: EntryRecord,
  tx: Transaction,
  work: (working: Working, before: Attributes) => boolean | undefined,
): void {
  foldWaiting(entry, tx);
  const before = attributesOf(entry, tx.writer);
  const working: Working = {
    entry,
    attributes: new Map([...before].map(([key, held]) => [key, { ...held }])),
    delta: new Delta(),
    touched: new Set(),
    classes: undefined,
    withheld: viewOf(tx).withheld,
    unreadable: unreadableOf(entry, tx),
    saying: undefined,
    subject: false,
  };
  if (work(working, before) !== false) finish(working, before, tx);
}

function applyChange(working: Working, change: PreparedChange, tx: Transaction): void {
  const description = describe(tx.writer, change.attribute);
  const { type } = description;
  const given = change.values.map(bufferOf);
  const values = speak(working, type, change.op, given, tx);
  if (values === undefined) return;
  if (makesSubject(type) && values.length > 0) working.subject = true;
  if (isSaid(type)) {
    const { entry } = working;
    working.saying ??= sayingOf(working.attributes, tx.names.text(entry), entry, tx);
    return say(working.saying, type.name as SaidName, change.op, values);
  }
  if (type.name === TENURE_HOLDER) {
    const { entry: group, delta, touched } = working;
    return changeHolders({ group, delta, touched }, change.op, values, tx);
  }
  if (type.noUserModification || type.storage === 'virtual' || type.storage === 'column') {
    throw maintained(type);
  }
  if (change.op === 'add' && values.length === 0 && type.storage !== 'secret') {
    throw new LdapError('protocolError', `add of ${description.text} names no value`);
  }
  if (type.name === 'objectClass') return changeClasses(working, change.op, values);
  if (type.storage === 'secret') {
    if (values.length > 0 && change.op !== 'delete') working.touched.add(type);
    return changeSecret(working.entry.id, type, change, values, working.delta, tx);
  }
  if (type.storage === 'edge') return changeEdges(working, type, change.op, values, tx);
  const { attributes } = working;
  const unseen = unseenValues(working, description);
  switch (change.op) {
    case 'add':
      if (type.singleValue && unseen.length > 0) attributes.delete(description.key);
      return addValues(attributes, description, without(unseen, values, type));
    case 'delete':
      if (values.length === 0 && unseen.length > 0)
        return leaveUnseen(working, description, unseen);
      if (values.length > 0 && working.unreadable.isBlind(type))
        return deleteAmong(attributes, description, values);
      return deleteValues(attributes, description, values);
    case 'increment':
      if (working.unreadable.isBlind(type)) throw mayNotBeCounted(type);
      return incrementValues(attributes, description, values);
    case 'replace': {
      const held = attributes.get(description.key);
      const kept = type.singleValue && values.length > 0 ? [] : unseen;
      if (values.length === 0 && kept.length === 0) attributes.delete(description.key);
      // Kept in place, so that the order of attributes does not change with each replace.
      else if (held !== undefined) {
        held.values = [...kept];
        addValues(attributes, description, without(kept, values, type));
      } else addValues(attributes, description, values);
    }
  }
}

/** What states were said is complete, nothing was opened, and the class is there. */
function settleFacts(working: Working, before: Attributes, tx: Transaction): void {
  const { entry, attributes, saying, subject } = working;
  if (saying !== undefined) assertAllSaid(saying);
  if (!entry.kind.isSubject) {
    if (!subject) return;
    const classes = working.classes ?? entry.kind.classes.map((cls) => cls.name);
    working.classes = [...withSubject(classes)];
  }
  assertNothingOpened({ entry, before, after: attributes, classes: working.classes }, tx);
}

function changeClasses(
  working: Working,
  op: PreparedChange['op'],
  values: readonly Buffer[],
): void {
  const names = values.map((value) => value.toString('latin1').trim());
  const current = working.classes ?? working.entry.kind.classes.map((cls) => cls.name);
  const same = (a: string, b: string) => a.toLowerCase() === b.toLowerCase();
  if (op === 'replace') working.classes = names;
  else if (op === 'add') {
    const twice = names.find((name) => current.some((other) => same(name, other)));
    if (twice !== undefined) {
      throw new LdapError('attributeOrValueExists', `the entry is of the class ${twice} already`);
    }
    working.classes = [...current, ...names];
  } else if (op === 'delete') {
    const missing = names.find((name) => !current.some((other) => same(name, other)));
    if (missing !== undefined) {
      throw new LdapError('noSuchAttribute', `the entry is not of the class ${missing}`);
    }
    const gone = names.length === 0 ? current : names;
    working.classes = current.filter((name) => !gone.some((other) => same(name, other)));
  } else throw new LdapError('constraintViolation', 'objectClass is not an integer');
  if (working.classes.length === 0) {
    throw new LdapError('objectClassViolation', 'an entry needs an objectClass');
  }
}

function changeEdges(
  working: Working,
  type: AttributeType,
  op: PreparedChange['op'],
  values: readonly Buffer[],
  tx: Transaction,
): void {
  const { entry, delta } = working;
  const { id, kind } = entry;
  if (op === 'increment') {
    throw new LdapError('constraintViolation', `${type.name} is not an integer`);
  }
  const isOut = isShut(id, tx.writer, tx.nowSeconds);
  const { unreadable } = working;
  const isBlind = unreadable.isBlind(type);
  const isHidden = (edge: { attribute: AttributeType; target: number }) =>
    isBlind || unreadable.isHidden(edge);
  const isUnseen = (edge: { attribute: AttributeType; target: number }) =>
    (isOut && edge.attribute === kind.membership) ||
    working.withheld?.hidesTarget(edge.attribute, edge.target) === true ||
    isHidden(edge);
  const edges = values.map((value) => {
    const edge = readEdge(type, value, kind, tx);
    unreadable.assertKnown(type, edge, value);
    return edge;
  });
  const isMembership = edges.some(({ attribute }) => attribute === kind.membership);
  const admits = isMembership ? admissionTo(entry, tx) : undefined;
  const put = (edge: EdgeWrite, strict: boolean) => {
    if (admits !== undefined && edge.target !== 0 && holderLike(id, edge, tx) === undefined) {
      admits(edge.target);
    }
    addEdge(id, edge, delta, tx, strict);
  };
  for (const { attribute } of edges) working.touched.add(attribute);
  if (op === 'replace' || (op === 'delete' && edges.length === 0)) {
    const add = (edge: EdgeWrite) => put(edge, false);
    const before = replaceEdges(id, type, kind, edges, delta, tx, isUnseen, add);
    if (op === 'delete' && before === 0) {
      throw new LdapError('noSuchAttribute', `the entry has no ${type.name}`);
    }
    return;
  }
  for (const edge of edges) {
    if (op === 'delete') removeEdge(id, edge, delta, tx, !isHidden(edge));
    else put(edge, !isUnseen(edge));
  }
}

function finish(working: Working, before: Attributes, tx: Transaction): void {
  const { entry, attributes, delta } = working;
  const { writer } = tx;
  const kind = newKind(working, tx);
  if (kind !== entry.kind) {
    setClasses(attributes, kind, describe(writer, 'objectClass'));
    moveMembership(entry.id, entry.kind, kind, delta, tx);
    if (entry.hasEdges || working.touched.size > 0) assertEdgesAllowed(entry.id, kind, tx);
    assertSecretsAllowed(entry.id, kind, tx);
  }
  for (const type of working.touched) {
    if (!kind.allows(type)) throw notAllowed(type, kind);
    if (type.singleValue && valuesElsewhere(entry.id, type, tx) > 1) {
      throw new LdapError('constraintViolation', `${type.name} takes one value only`);
    }
  }
  assertNamed(entry, attributes, tx);
  for (const hook of hooks) hook.onChange?.({ entry, kind, before, after: attributes }, tx);
  validateEntry(writer.schema(), kind, attributes, elsewhere(entry, kind, tx));
  const bodyChanged = recordBody(before, attributes, delta);
  const meta = metaAfter(entry, tx);
  writer.updateEntry(entry, {
    meta,
    ...(kind !== entry.kind && { kind }),
    ...(bodyChanged && { attributes: bodyOf(attributes) }),
  });
  recordModify(tx, entry, meta, delta, tx.names.text(entry));
  for (const hook of hooks) hook.afterChange?.({ entry, kind, before, after: attributes }, tx);
}

/** How many values an attribute outside the body has. */
function valuesElsewhere(id: number, type: AttributeType, tx: Transaction): number {
  if (type.storage === 'edge') return tx.writer.edgeCount(id, type);
  return tx.writer.secrets(id).filter((secret) => secret.kind === type.name).length;
}

/** @throws LdapError objectClassViolation where a class went that allowed a secret of the entry */
function assertSecretsAllowed(id: number, kind: Kind, tx: Transaction): void {
  for (const secret of tx.writer.secrets(id)) {
    const type = tx.writer.schema().attribute(secret.kind);
    if (type !== undefined && !kind.allows(type)) throw notAllowed(type, kind);
  }
}

/** The structural class never changes (RFC 4512 §2.4.2). */
function newKind(working: Working, tx: Transaction): Kind {
  const { entry, classes } = working;
  if (classes === undefined) return entry.kind;
  const kind = tx.writer.schema().kind(classes);
  if (kind.structural !== entry.kind.structural) {
    throw new LdapError(
      'objectClassModsProhibited',
      `the structural class ${entry.kind.structural.name} cannot become ${kind.structural.name}`,
    );
  }
  return kind;
}

/** Required attributes that are not in the body: looked up only where a class asks for one. */
export function elsewhere(entry: EntryRecord, kind: Kind, tx: Transaction): Set<AttributeType> {
  const present = new Set<AttributeType>();
  for (const type of kind.must) {
    if (type.storage === 'edge' && tx.writer.edgeCount(entry.id, type) > 0) present.add(type);
    if (type.storage === 'secret') {
      const held = tx.writer.secrets(entry.id);
      // A one-time password stands in for the password it replaced.
      if (held.some((secret) => secret.kind === type.name || secret.kind.startsWith('oneTime'))) {
        present.add(type);
      }
    }
  }
  return present;
}

/** The values of the RDN stay values of the entry. @throws LdapError notAllowedOnRDN */
function assertNamed(entry: EntryRecord, attributes: Attributes, tx: Transaction): void {
  const rdn = entry.parentId === 0 ? leafRdn(entry.rdn, tx) : entry.rdn;
  const parsed = parseRdn(rdn);
  if ('fault' in parsed) throw new Error(`entry ${entry.id} is named "${rdn}": ${parsed.fault}`);
  for (const ava of parsed.avas) {
    const description = describe(tx.writer, ava.type);
    const held = attributes.get(description.key)?.values ?? [];
    if (findValue(description.type, held, ava.value) < 0) {
      throw new LdapError(
        'notAllowedOnRDN',
        `"${rdn}" is the name of the entry; rename it instead of changing ${description.text}`,
      );
    }
  }
}

/** The first relative name of a suffix. */
export function leafRdn(suffix: string, tx: Transaction): string {
  return tx.names.parse(suffix).rdns[0]!.text;
}
