/**
 * Modify DN (RFC 4511 §4.9): a new relative name, a new parent, or both, for an entry and all that
 * is below it. Only the one row moves. A name that differs in case only is a change of spelling.
 */
import { LdapError } from '../../../runtime/errors.js';
import { assertMayWrite } from '../../access/index.js';
import { hooks } from '../../hooks/index.js';
import { parseRdn } from '../../model/dn.js';
import type { EntryRecord } from '../../ports.js';
import { normalizeRdn, validateEntry } from '../../schema/index.js';
import { byGrant, renamingByRule } from '../rights/index.js';
import { noSuchObject } from '../scope.js';
import type { RenameRequest } from '../types.js';
import { addNamingValues } from './add.js';
import { attributesOf, bodyOf, deleteValues, describe, findValue } from './attributes.js';
import { recordBody } from './body-delta.js';
import { elsewhere } from './modify.js';
import { authorOf } from './own.js';
import {
  answeringView,
  Delta,
  metaAfter,
  metaOf,
  secretsOf,
  type Transaction,
} from './transaction.js';
import { assertPlaceKnown, besides, isUnknown } from './unreadable.js';

/** @throws LdapError */
export function renameEntry(
  entry: EntryRecord,
  request: Pick<RenameRequest, 'newRdn' | 'deleteOldRdn' | 'newSuperior'>,
  tx: Transaction,
  follows = false,
): void {
  // What goes with an entry needs no permission of its own.
  const byRule = follows ? undefined : renamingByRule(entry, authorOf(tx));
  if (!follows && byRule === undefined)
    assertMayWrite(tx.identity, { entryId: entry.id, passwordOnly: false });
  const { writer, names } = tx;
  if (entry.parentId === 0) {
    throw new LdapError('unwillingToPerform', 'a suffix cannot be renamed');
  }
  const rdn = normalizeRdn(writer.schema(), request.newRdn);
  if (rdn === undefined) {
    throw new LdapError('invalidDNSyntax', `"${request.newRdn}" is not a relative name`);
  }
  const rdnKey = rdn.key;
  const parentId = newParent(entry, request, tx);
  const other = writer.childId(parentId, rdnKey);
  const exists = () =>
    new LdapError('entryAlreadyExists', `"${rdn.text}" exists already at that place`);
  const isTaken = other !== 0 && other !== entry.id;
  if (isTaken && !isUnknown(other, tx)) throw exists();
  const before = attributesOf(entry, writer);
  const after = new Map([...before].map(([key, held]) => [key, { ...held }]));
  addNamingValues(rdn.text, { attributes: after, kind: entry.kind }, tx);
  if (request.deleteOldRdn) dropOldNames(entry.rdn, rdn.text, after, tx);
  for (const hook of hooks) hook.onChange?.({ entry, kind: entry.kind, before, after }, tx);
  validateEntry(writer.schema(), entry.kind, after, elsewhere(entry, entry.kind, tx));
  const delta = new Delta();
  const bodyChanged = recordBody(before, after, delta);
  const dn = names.text(entry);
  const meta = metaAfter(entry, tx);
  const uuidOf = (id: number) => writer.entry(id)?.uuid ?? '';
  writer.updateEntry(entry, {
    meta,
    parentId,
    rdn: rdn.text,
    rdnKey: isTaken ? besides(rdnKey) : rdnKey,
    ...(bodyChanged && { attributes: bodyOf(after) }),
  });
  tx.items.push({
    op: 'rename',
    uuid: entry.uuid,
    dn,
    before: metaOf(entry),
    after: meta,
    placeBefore: { parent: uuidOf(entry.parentId), rdn: entry.rdn },
    placeAfter: { parent: uuidOf(parentId), rdn: rdn.text },
    values: delta.values(),
    ...secretsOf(delta),
  });
  const renamed = writer.entry(entry.id)!;
  if (byRule !== undefined) tx.by = [byGrant(byRule(renamed, []))];
  for (const hook of hooks) {
    hook.afterRename?.(renamed, tx);
    hook.afterChange?.({ entry: renamed, kind: renamed.kind, before, after }, tx);
  }
  // By an entry of which the author may not know: said last, to whom might do it else.
  if (isTaken) throw exists();
}

/** @throws LdapError noSuchObject, unwillingToPerform for a place below the entry itself */
function newParent(
  entry: EntryRecord,
  request: Pick<RenameRequest, 'newSuperior'>,
  tx: Transaction,
): number {
  if (request.newSuperior === undefined) return entry.parentId;
  const dn = tx.names.parse(request.newSuperior);
  const { id, nearestId } = tx.names.resolve(dn);
  const parent = tx.writer.entry(id);
  const { newSuperior } = request;
  if (parent === undefined) throw noSuchObject(nearestId, newSuperior, answeringView(tx));
  assertPlaceKnown(id, () => newSuperior, tx);
  if (parent.kind.structural.name === 'alias') {
    throw new LdapError('namingViolation', 'an alias has no entries below it');
  }
  if (tx.names.isWithin(parent, entry.id)) {
    throw new LdapError('unwillingToPerform', 'an entry cannot be moved below itself');
  }
  return id;
}

/** The old relative name's values go, unless the new name has them too. */
function dropOldNames(
  oldRdn: string,
  newRdn: string,
  attributes: ReturnType<typeof attributesOf>,
  tx: Transaction,
): void {
  const old = parseRdn(oldRdn);
  const now = parseRdn(newRdn);
  if ('fault' in old || 'fault' in now) return;
  for (const ava of old.avas) {
    const description = describe(tx.writer, ava.type);
    const { type } = description;
    const values = now.avas
      .filter((kept) => describe(tx.writer, kept.type).type === type)
      .map((kept) => kept.value);
    const held = attributes.get(description.key);
    if (held === undefined) continue;
    const at = findValue(type, values, ava.value);
    if (at < 0) deleteValues(attributes, description, [ava.value]);
    // The same value in a new spelling: the new one is stored.
    else
      held.values = held.values.map((v) => (findValue(type, [v], ava.value) < 0 ? v : values[at]!));
  }
}
