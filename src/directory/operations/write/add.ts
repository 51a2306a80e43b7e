/**
 * Add (RFC 4511 §4.7). The classes get their superclasses, the entry gets the values of its RDN,
 * the hooks complete and check it, and the schema is checked on the whole at the end.
 */
import { LdapError } from '../../../runtime/errors.js';
import { assertMayWrite } from '../../access/index.js';
import { hooks } from '../../hooks/index.js';
import type { Draft } from '../../hooks/types.js';
import { type Bytes, bufferOf } from '../../model/bytes.js';
import type { EntryMeta } from '../../model/change.js';
import { parseRdn } from '../../model/dn.js';
import type { EdgeWrite } from '../../ports.js';
import { type AttributeType, type Kind, type NormalDn, validateEntry } from '../../schema/index.js';
import { isAccount, isSaid, spokenNames } from '../lifecycle/index.js';
import {
  addingByRule,
  assertJoined,
  assertPlainPerson,
  byGrant,
  byRole,
  mayJoin,
} from '../rights/index.js';
import { noSuchObject } from '../scope.js';
import {
  type Attributes,
  addValues,
  bodyOf,
  describe,
  findValue,
  setClasses,
} from './attributes.js';
import { speakOfNew } from './dialects.js';
import { addEdge, notAllowed, readEdge } from './edges.js';
import { admissionTo } from './grant-rules.js';
import { assertBypassed } from './logins.js';
import { authorOf } from './own.js';
import { stampNewPassword } from './password-effects.js';
import { addPrivateGroup } from './private-group.js';
import { makesSubject, sayAll, sayingOf, startsStaged, withSubject } from './saying.js';
import { addSecret } from './secrets.js';
import {
  answeringView,
  changeValue,
  Delta,
  metaOfNew,
  secretsOf,
  type Transaction,
} from './transaction.js';

import { assertPlaceKnown, besides, isUnknown, unknownNames } from './unreadable.js';

export interface NewEntry {
  readonly dn: string;
  /** Values of a request are Bytes; an import hands on what it read. */
  readonly attributes: readonly {
    readonly attribute: string;
    readonly values: readonly (Bytes | Buffer)[];
  }[];
}

/** What an import brings along that a client may not set. */
export interface Kept {
  readonly uuid?: string;
  readonly meta?: EntryMeta;
  /** An undo brings it back with what the server keeps of it. */
  readonly restored?: true;
  /** Edge and secret attributes that follow when all entries are there. */
  readonly present?: ReadonlySet<AttributeType>;
  /**
   * The parent, where the name has been resolved already: no Change, no private groups, no waiting
   * names. An import looks after all of these itself.
   */
  readonly importedBelow?: number;
}

/** Values sorted by where they are kept. */
export interface Sorted {
  readonly attributes: Attributes;
  readonly edges: { readonly type: AttributeType; readonly values: readonly Buffer[] }[];
  readonly secrets: { readonly type: AttributeType; readonly values: readonly Buffer[] }[];
  readonly kind: Kind;
  /** States that are said, to be made facts of. */
  readonly said: { readonly type: AttributeType; readonly values: readonly Buffer[] }[];
}

/** Adds an entry for the identity of the transaction; returns its id. @throws LdapError */
export function addEntry(request: NewEntry, tx: Transaction, kept: Kept = {}): number {
  const mayJoinSomebody = mayJoin(tx.identity, tx.writer, tx.nowSeconds);
  const byRule = addingByRule(authorOf(tx));
  if (!mayJoinSomebody && byRule === undefined)
    assertMayWrite(tx.identity, { entryId: 0, passwordOnly: false });
  const dn = tx.names.parse(request.dn);
  if (dn.rdns.length === 0) {
    throw new LdapError('unwillingToPerform', 'the root DSE cannot be added');
  }
  const parentId = kept.importedBelow ?? parentFor(dn, request.dn, tx);
  const isTaken = kept.importedBelow === undefined && tx.names.resolve(dn).id !== 0;
  const imported = kept.importedBelow !== undefined || kept.restored === true;
  const found = sortValues(request.attributes, tx, request.dn, imported, kept.present);
  const sorted = imported ? found : asSubject(found, parentId, tx);
  const joining = mayJoinSomebody && joins(sorted.kind, request, byRule !== undefined);
  const draft: Draft = {
    dn,
    dnText: request.dn,
    parentId,
    kind: sorted.kind,
    attributes: sorted.attributes,
  };
  addNamingValues(dn.rdns[0]!.text, draft, tx);
  if (sorted.said.length > 0) {
    const place = { id: 0, parentId, createdBy: tx.identity.dn };
    sayAll(sayingOf(draft.attributes, request.dn, place, tx), sorted.said);
  }
  const created = kept.importedBelow === undefined;
  if (created && sorted.secrets.some(({ type }) => type.name === 'userPassword')) {
    stampNewPassword(draft.attributes, tx);
  }
  if (created && kept.restored === undefined) assertBypassed(0, draft.attributes, tx);
  for (const hook of hooks) hook.onAdd?.(draft, tx);
  const id = insertDraft(draft, sorted, tx, kept, isTaken);
  if (kept.importedBelow === undefined) {
    for (const hook of hooks) hook.afterAdd?.(id, draft, tx);
    addPrivateGroup(draft, tx);
  }
  if (!joining && byRule !== undefined) {
    const types = request.attributes.map(({ attribute }) => describe(tx.writer, attribute).type);
    tx.by = [byGrant(byRule(tx.writer.entry(id)!, types))];
  }
  if (joining) {
    const roles = assertJoined(id, sorted.kind, tx.identity, tx.writer, tx.nowSeconds);
    tx.by = roles.map(byRole);
  }
  if (isTaken) throw exists(request.dn);
  return id;
}

/**
 * Whether somebody joins: else it is for a rule to let it, where there is one.
 * @throws LdapError insufficientAccessRights where there is none
 */
function joins(kind: Kind, { attributes }: NewEntry, hasRule: boolean): boolean {
  if (hasRule && !kind.classes.some(({ name }) => name === 'person')) return false;
  if (hasRule && !kind.isSubject) return false;
  assertPlainPerson(
    kind,
    attributes.map(({ attribute }) => attribute),
  );
  return true;
}

const exists = (dn: string) => new LdapError('entryAlreadyExists', `"${dn}" exists already`);

/** Where the policy says that new entries are staged until their facts say more, they are subjects. */
function asSubject(sorted: Sorted, parentId: number, tx: Transaction): Sorted {
  const { kind, attributes } = sorted;
  const place = { id: 0, parentId, createdBy: tx.identity.dn };
  if (kind.isSubject || !isAccount(kind) || !startsStaged(place, tx)) return sorted;
  const subject = tx.writer.schema().kind(withSubject(kind.classes.map(({ name }) => name)));
  setClasses(attributes, subject, describe(tx.writer, 'objectClass'));
  return { ...sorted, kind: subject };
}

/**
 * @throws LdapError entryAlreadyExists, noSuchObject with the nearest ancestor. That a name is taken
 * by an entry of which the author may not know is said last, by `addEntry`: to whom may add it else.
 */
export function parentFor(dn: NormalDn, text: string, tx: Transaction): number {
  const found = tx.names.resolve(dn);
  if (found.id !== 0 && !isUnknown(found.id, tx)) throw exists(text);
  const { nearestId, missing } =
    found.id === 0 ? found : { nearestId: tx.names.parentOf(found.id), missing: 1 };
  if (nearestId === 0) {
    const suffixes = tx.writer.suffixes().map((suffix) => suffix.dn);
    throw new LdapError(
      'noSuchObject',
      `"${text}" is not below a suffix of this directory (${suffixes.join('; ')})`,
    );
  }
  const above = () =>
    dn.rdns
      .slice(1)
      .map((rdn) => rdn.text)
      .join(',');
  if (missing > 1) throw noSuchObject(nearestId, above(), answeringView(tx));
  assertPlaceKnown(nearestId, above, tx);
  const parent = tx.writer.entry(nearestId)!;
  if (parent.kind.structural.name === 'alias') {
    throw new LdapError('namingViolation', 'an alias has no entries below it');
  }
  return nearestId;
}

const asBuffer = (value: Bytes | Buffer) => (typeof value === 'string' ? bufferOf(value) : value);

/**
 * Sorts what was sent into attributes, edges and secrets. What the server keeps itself is taken from
 * an import only. @throws LdapError
 */
export function sortValues(
  given: NewEntry['attributes'],
  tx: Transaction,
  dn: string,
  imported = false,
  present: Iterable<AttributeType> = [],
): Sorted {
  const attributes: Attributes = new Map();
  const edges: Sorted['edges'] = [];
  const secrets: Sorted['secrets'] = [];
  const said: Sorted['said'] = [];
  let facts = [...present].some(makesSubject);
  let classes: readonly string[] = [];
  for (const { attribute, values } of given) {
    const description = describe(tx.writer, attribute);
    const { type } = description;
    if (values.length === 0) {
      throw new LdapError('protocolError', `${description.text} is given without a value`);
    }
    const buffers = values.map(asBuffer);
    if (isSaid(type)) {
      said.push({ type, values: buffers });
      continue;
    }
    if (spokenNames.has(type.name)) {
      if (imported && type.name !== 'sambaAcctFlags' && hasFacts(given, tx)) continue;
      const { locks, keeps } = speakOfNew(type, buffers, dn, tx.nowSeconds);
      if (locks) said.push(suspended(tx));
      addValues(attributes, description, keeps);
      continue;
    }
    facts ||= makesSubject(type);
    const kept = type.noUserModification && !imported;
    if (kept || type.storage === 'virtual' || type.storage === 'column') throw maintained(type);
    if (type.name === 'objectClass') classes = [...classes, ...buffers.map((b) => b.toString())];
    else if (type.storage === 'edge') edges.push({ type, values: buffers });
    else if (type.storage === 'secret') {
      if (type.singleValue && buffers.length > 1) {
        throw new LdapError('constraintViolation', `${type.name} takes one value only`);
      }
      secrets.push({ type, values: buffers });
    } else addValues(attributes, description, buffers);
  }
  if (classes.length === 0) {
    throw new LdapError('objectClassViolation', 'an entry needs an objectClass');
  }
  // A dump that has facts shows derived states beside them, of the moment at which it was made.
  if (imported && facts) said.length = 0;
  const subject = facts || said.length > 0;
  const kind = tx.writer.schema().kind(subject ? withSubject(classes) : classes);
  setClasses(attributes, kind, describe(tx.writer, 'objectClass'));
  return { attributes, edges, secrets, kind, said };
}

/** A dump that has facts shows what follows from them beside them: dates to come as well. */
function hasFacts(given: NewEntry['attributes'], tx: Transaction): boolean {
  return given.some(({ attribute }) => makesSubject(describe(tx.writer, attribute).type));
}

/** What an attribute says by which another directory shows an account that is off. */
function suspended(tx: Transaction): Sorted['said'][number] {
  return { type: describe(tx.writer, 'lifecycleState').type, values: [Buffer.from('suspended')] };
}

/** The refusal for attributes that the server keeps itself. */
export function maintained(type: AttributeType): LdapError {
  return new LdapError('constraintViolation', `${type.name} is maintained by the server`);
}

/** The values in the RDN are values of the entry (RFC 4512 §2.3.1): added where they are absent. */
export function addNamingValues(
  rdn: string,
  draft: { readonly attributes: Attributes; readonly kind: Kind },
  tx: Transaction,
): void {
  const parsed = parseRdn(rdn);
  if ('fault' in parsed) throw new LdapError('invalidDNSyntax', `"${rdn}": ${parsed.fault}`);
  for (const ava of parsed.avas) {
    const description = describe(tx.writer, ava.type);
    const { type } = description;
    if (type.storage !== 'body' || type.operational) {
      throw new LdapError('namingViolation', `${type.name} cannot name an entry`);
    }
    if (!draft.kind.allows(type)) throw notAllowed(type, draft.kind);
    const held = draft.attributes.get(description.key)?.values ?? [];
    if (findValue(type, held, ava.value) >= 0) continue;
    addValues(draft.attributes, description, [ava.value]);
  }
}

function insertDraft(
  draft: Draft,
  sorted: Sorted,
  tx: Transaction,
  kept: Kept,
  isTaken: boolean,
): number {
  const { writer } = tx;
  const { kind, attributes } = draft;
  const later = kept.present ?? [];
  const here = [...sorted.edges, ...sorted.secrets].map(({ type }) => type);
  const elsewhere = new Set([...here, ...later]);
  validateEntry(writer.schema(), kind, attributes, elsewhere);
  for (const type of elsewhere) if (!kind.allows(type)) throw notAllowed(type, kind);
  const meta = kept.meta ?? metaOfNew(tx);
  const uuid = kept.uuid ?? writer.newUuid();
  const rdn = draft.dn.rdns[0]!;
  const id = writer.insertEntry({
    meta,
    parentId: draft.parentId,
    rdn: rdn.text,
    // Nothing of it stays.
    rdnKey: isTaken ? besides(rdn.key) : rdn.key,
    uuid,
    kind,
    attributes: bodyOf(attributes),
  });
  const delta = kept.importedBelow === undefined ? new Delta() : undefined;
  addEdges(id, sorted, delta, tx);
  if (delta !== undefined) assertMembersMayBe(id, kind, tx);
  for (const { type, values } of sorted.secrets) {
    for (const value of values) addSecret(id, type, value, delta, tx);
  }
  if (delta === undefined) return id;
  for (const { description, values } of attributes.values()) {
    for (const value of values) delta.add(description.text, changeValue(value));
  }
  tx.items.push({
    op: 'add',
    uuid,
    dn: draft.dnText,
    after: meta,
    placeAfter: { parent: writer.entry(draft.parentId)?.uuid ?? '', rdn: rdn.text },
    values: delta.values(),
    ...secretsOf(delta),
  });
  return id;
}

/** A member listed twice, once by name and once by login, is one member. */
export function addEdges(
  id: number,
  sorted: Sorted,
  delta: Delta | undefined,
  tx: Transaction,
): void {
  const { assertKnown } = unknownNames(tx);
  for (const { type, values } of sorted.edges) {
    const singles = new Set<string>();
    for (const value of values) {
      const edge: EdgeWrite = readEdge(type, value, sorted.kind, tx);
      assertKnown(type, edge, value);
      const key = `${edge.target} ${edge.textKey}`;
      if (singles.has(key)) {
        throw new LdapError('attributeOrValueExists', `${type.name} names the same entry twice`);
      }
      singles.add(key);
      if (type.singleValue && singles.size > 1) {
        throw new LdapError('constraintViolation', `${type.name} takes one value only`);
      }
      addEdge(id, edge, delta, tx, false);
    }
  }
}

/** @throws LdapError where the policy lets somebody not be in the new group, or not for good */
function assertMembersMayBe(id: number, kind: Kind, tx: Transaction): void {
  const group = kind.membership === undefined ? undefined : tx.writer.entry(id);
  const admits = group?.hasEdges === true ? admissionTo(group, tx) : undefined;
  if (admits === undefined) return;
  for (const { attribute, target } of tx.writer.edgesFrom(id)) {
    if (target !== 0 && attribute === kind.membership) admits(target);
  }
}
