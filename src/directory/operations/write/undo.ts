/**
 * Undo: what a run did to an entry is done the other way round, value by value, on the entry as it
 * is now. A value that somebody has changed since stays, and is named with the Change that did it.
 * Secrets never come back: the log knows their numbers only. What disposal took is gone as well.
 */
import { LdapError } from '../../../runtime/errors.js';
import type { ChangeValue, SecretDelta, ValueDelta } from '../../model/change.js';
import type { EntryRecord } from '../../ports.js';
import type { AttributeType } from '../../schema/index.js';
import type { EntryUndone, UndoConflict } from '../lifecycle-writes.js';
import type { EntryNet } from '../undo/index.js';
import { addEntry } from './add.js';
import { describe, findValue } from './attributes.js';
import { deleteEntry } from './delete.js';
import { addEdge, dropHolder, edgeOfChange, holderLike } from './edges.js';
import { reviseEntry, type Working } from './modify.js';
import { renameEntry } from './rename.js';
import { removeSecret } from './secrets.js';
import type { Transaction } from './transaction.js';

/** Goes when credentials are destroyed, with the fact that says so. */
const DISPOSED = new Set(['lifecycleDisposal', 'sshPublicKey', 'userCertificate']);

/** What one entry of an undo comes to. */
class Report {
  back = 0;
  readonly conflicts: UndoConflict[] = [];
  readonly gone: string[] = [];
  readonly #net: EntryNet;
  readonly #tx: Transaction;

  constructor(net: EntryNet, tx: Transaction) {
    this.#net = net;
    this.#tx = tx;
  }

  /** Something stands in the way; who did it is looked up in the log. */
  conflict(text: string, attribute?: string): void {
    const { uuid, lastSeq } = this.#net;
    const later = this.#tx.writer.history.touching(uuid, lastSeq).filter(({ items }) =>
      items.some(({ op, values = [] }) => {
        if (attribute === undefined) return op !== 'touch';
        return values.some((delta) => delta.attribute === attribute);
      }),
    );
    const last = later.at(-1);
    const by = last && { seq: last.seq, actor: last.actor, reason: last.reason };
    this.conflicts.push({ attribute, text, ...(by && { by }) });
  }

  told(dn: string): EntryUndone {
    const { back, conflicts, gone } = this;
    return { dn, back, conflicts, gone };
  }
}

/** Each entry by itself: one that cannot be taken back leaves the others alone. */
export function undoEntries(nets: readonly EntryNet[], tx: Transaction): EntryUndone[] {
  return nets.map((net) => {
    const items = tx.items.length;
    try {
      return tx.writer.savepoint(() => undoEntry(net, tx));
    } catch (error) {
      if (!(error instanceof LdapError)) throw error;
      tx.items.length = items;
      const report = new Report(net, tx);
      report.conflict(error.message);
      return report.told(net.dn);
    }
  });
}

function undoEntry(net: EntryNet, tx: Transaction): EntryUndone {
  const report = new Report(net, tx);
  const entry = tx.writer.entry(tx.writer.idByUuid(net.uuid));
  if (net.existedBefore && !net.existsAfter) {
    if (entry === undefined) revive(net, report, tx);
  } else if (!net.existedBefore) {
    if (entry !== undefined && net.existsAfter) takeAway(entry, net, report, tx);
  } else if (entry === undefined) report.conflict('the entry was deleted');
  else change(entry, net, report, tx);
  const now = tx.writer.entry(tx.writer.idByUuid(net.uuid));
  return report.told(now === undefined ? net.dn : tx.names.text(now));
}

/** An entry that the run added goes, unless somebody has worked on it since. */
function takeAway(entry: EntryRecord, net: EntryNet, report: Report, tx: Transaction): void {
  const later = tx.writer.history.touching(net.uuid, net.lastSeq);
  if (later.some(({ items }) => items.some(({ op }) => op !== 'touch'))) {
    report.conflict('the entry was changed after it was added');
    return;
  }
  if (tx.writer.childCount(entry.id) > 0) {
    report.conflict('there are entries below it');
    return;
  }
  deleteEntry(entry, tx);
  report.back += 1;
}

/** A deleted entry comes back under its UUID, without its secrets. */
function revive(net: EntryNet, report: Report, tx: Transaction): void {
  const { placeBefore: place, metaBefore } = net;
  const parent = place && tx.writer.entry(tx.writer.idByUuid(place.parent));
  if (place === undefined || metaBefore === undefined || parent === undefined) {
    report.conflict('the entry above it is gone');
    return;
  }
  const types = (delta: ValueDelta) => describe(tx.writer, delta.attribute).type;
  const edges = net.values.filter((delta) => types(delta).storage === 'edge');
  const attributes = net.values
    .filter((delta) => !edges.includes(delta) && delta.removed.length > 0)
    .map(({ attribute, removed }) => ({ attribute, values: removed.map(bytesOf) }));
  const secrets = net.secretsRemoved.map(({ kind }) => tx.writer.schema().attribute(kind));
  const present = new Set([...edges.map(types), ...secrets.filter((type) => type !== undefined)]);
  tellSecrets(net.secretsRemoved, report);
  const { createdAt, createdBy } = metaBefore;
  const { csn, nowSeconds: modifiedAt, identity } = tx;
  const meta = { csn, createdAt, createdBy, modifiedAt, modifiedBy: identity.dn };
  const dn = `${place.rdn},${tx.names.text(parent)}`;
  const id = addEntry({ dn, attributes }, tx, { uuid: net.uuid, meta, restored: true, present });
  report.back += 1;
  if (edges.length === 0) return;
  reviseEntry(tx.writer.entry(id)!, tx, (working) => {
    for (const delta of edges) undoEdges(working, types(delta), delta, report, tx);
    return true;
  });
}

function change(found: EntryRecord, net: EntryNet, report: Report, tx: Transaction): void {
  const entry = renamedBack(found, net, report, tx);
  reviseEntry(entry, tx, (working) => {
    const disposed = net.values.some((d) => d.attribute === 'lifecycleDisposal' && d.added.length);
    for (const delta of net.values) {
      if (disposed && DISPOSED.has(delta.attribute)) tellDisposed(delta, report);
      else undoDelta(working, delta, net, report, tx);
    }
    for (const { id, kind } of net.secretsAdded) {
      // The one that it took the place of is gone: better this one than none.
      if (net.secretsRemoved.some((other) => other.kind === kind)) continue;
      if (!tx.writer.secrets(entry.id).some((secret) => secret.id === id)) continue;
      removeSecret(id, kind, working.delta, tx);
      report.back += 1;
    }
    tellSecrets(net.secretsRemoved, report);
    return report.back > 0;
  });
}

/** Where the run moved or renamed the entry, and nobody has since. */
function renamedBack(
  entry: EntryRecord,
  { placeBefore: was, placeAfter: is }: EntryNet,
  report: Report,
  tx: Transaction,
): EntryRecord {
  if (was === undefined || is === undefined) return entry;
  if (was.rdn === is.rdn && was.parent === is.parent) return entry;
  const parent = tx.writer.entry(tx.writer.idByUuid(was.parent));
  const uuidAbove = tx.writer.entry(entry.parentId)?.uuid ?? '';
  if (entry.rdn !== is.rdn || uuidAbove !== is.parent || parent === undefined) {
    report.conflict('the entry was renamed or moved again');
    return entry;
  }
  const { identity } = tx;
  const context = { identity, origin: { address: 'undo', connection: 0, confidential: true } };
  const request = {
    op: 'rename',
    context,
    reason: '',
    dn: '',
    newRdn: was.rdn,
    deleteOldRdn: false,
    newSuperior: tx.names.text(parent),
  } as const;
  renameEntry(entry, request, tx);
  report.back += 1;
  return tx.writer.entry(entry.id)!;
}

function undoDelta(
  working: Working,
  delta: ValueDelta,
  net: EntryNet,
  report: Report,
  tx: Transaction,
): void {
  const { type } = describe(tx.writer, delta.attribute);
  if (type.name === 'objectClass') return undoClasses(working, delta, report);
  if (type.storage === 'edge') return undoEdges(working, type, delta, report, tx);
  // What the server keeps of a password belongs to the password, which does not come back.
  if (type.noUserModification && net.secretsRemoved.length > 0) return;
  undoValues(working, delta, report, tx);
}

function undoClasses(working: Working, { removed, added }: ValueDelta, report: Report): void {
  const now = working.classes ?? working.entry.kind.classes.map((cls) => cls.name);
  const without = now.filter((name) => !added.includes(name));
  const back = removed.filter((name): name is string => typeof name === 'string');
  working.classes = [...without, ...back.filter((name) => !without.includes(name))];
  report.back += added.length + back.length;
}

function undoValues(working: Working, delta: ValueDelta, report: Report, tx: Transaction): void {
  const description = describe(tx.writer, delta.attribute);
  const { type, key, text } = description;
  const values = [...(working.attributes.get(key)?.values ?? [])];
  const at = delta.added.map((value) => findValue(type, values, bytesOf(value)));
  // It replaced something, and was replaced itself: what was there before is of no use now.
  if (delta.removed.length > 0 && at.some((index) => index < 0)) {
    report.conflict(`${text} was changed again`, text);
    return;
  }
  const left = values.filter((_, i) => !at.includes(i));
  let moved = values.length - left.length;
  for (const value of delta.removed) {
    const bytes = bytesOf(value);
    if (findValue(type, left, bytes) >= 0) continue;
    if (type.singleValue && left.length > 0) {
      report.conflict(`${text} has got another value`, text);
      return;
    }
    left.push(bytes);
    moved += 1;
  }
  if (moved === 0) return;
  if (left.length === 0) working.attributes.delete(key);
  else working.attributes.set(key, { description, values: left });
  report.back += moved;
}

function undoEdges(
  working: Working,
  type: AttributeType,
  { removed, added }: ValueDelta,
  report: Report,
  tx: Transaction,
): void {
  const { entry, delta } = working;
  // What a rule holds follows from people and the policy, which are taken back themselves.
  const isWritten = (value: ChangeValue) =>
    typeof value === 'string' || !('ref' in value) || value.holder?.kind !== 'rule';
  const holds = (value: ChangeValue) => {
    const edge = edgeOfChange(type, value, tx);
    return edge && { edge, there: holderLike(entry.id, edge, tx) };
  };
  for (const value of added.filter(isWritten)) {
    const held = holds(value);
    if (held?.there === undefined) continue;
    dropHolder(entry.id, { ...held.edge, holder: held.there }, delta, tx);
    report.back += 1;
  }
  for (const value of removed.filter(isWritten)) {
    const held = holds(value);
    if (held === undefined) report.conflict('an entry that it named is gone', type.name);
    else if (type.singleValue && tx.writer.edgeCount(entry.id, type) > 0) {
      report.conflict(`${type.name} has got another value`, type.name);
    } else if (held.there === undefined) {
      working.touched.add(type);
      addEdge(entry.id, held.edge, delta, tx, false);
      report.back += 1;
    }
  }
}

function bytesOf(value: ChangeValue): Buffer {
  if (typeof value === 'string') return Buffer.from(value, 'utf8');
  if ('b64' in value) return Buffer.from(value.b64, 'base64');
  return Buffer.from(value.dn, 'utf8');
}

/** `2 userPassword`, a line for each kind. */
function tellSecrets(secrets: readonly SecretDelta[], report: Report): void {
  const counts = new Map<string, number>();
  for (const { kind } of secrets) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  for (const [kind, count] of counts) report.gone.push(`${count} ${kind}`);
}

function tellDisposed({ attribute, removed }: ValueDelta, report: Report): void {
  if (removed.length > 0) report.gone.push(`${removed.length} ${attribute}`);
}
