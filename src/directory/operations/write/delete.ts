/**
 * Delete (RFC 4511 §4.8): a leaf goes, with its secrets and everything that refers to it. The log
 * keeps every value, so that a delete can be undone.
 */
import { LdapError } from '../../../runtime/errors.js';
import { assertMayWrite } from '../../access/index.js';
import { hooks } from '../../hooks/index.js';
import type { EntryRecord } from '../../ports.js';
import { byGrant, mayDeleteByRule } from '../rights/index.js';
import { attributesOf } from './attributes.js';
import { changeOfEdge } from './edges.js';
import { authorOf } from './own.js';
import { privateGroup } from './private-group.js';
import { removeSecrets } from './secrets.js';
import { changeValue, Delta, metaOf, secretsOf, type Transaction } from './transaction.js';

/** @throws LdapError notAllowedOnNonLeaf, unwillingToPerform */
export function deleteEntry(entry: EntryRecord, tx: Transaction, follows = false): void {
  // What goes with an entry needs no permission of its own.
  const grant = follows ? undefined : mayDeleteByRule(entry, authorOf(tx));
  if (grant !== undefined) tx.by = [byGrant(grant)];
  else if (!follows) assertMayWrite(tx.identity, { entryId: entry.id, passwordOnly: false });
  const { writer } = tx;
  const dn = tx.names.text(entry);
  if (writer.childCount(entry.id) > 0) {
    throw new LdapError('notAllowedOnNonLeaf', `"${dn}" has entries below it; delete those first`);
  }
  if (entry.parentId === 0) {
    throw new LdapError('unwillingToPerform', 'a suffix cannot be deleted');
  }
  if (entry.id === writer.administratorId()) {
    throw new LdapError(
      'unwillingToPerform',
      'the administrator cannot be deleted: nobody could manage the directory',
    );
  }
  const group = privateGroup(entry, tx);
  const devices = devicesOf(entry, tx);
  for (const hook of hooks) hook.onDelete?.(entry, tx);
  // A hook may have touched the entry itself (a manager of oneself): read it as it is now.
  const last = writer.entry(entry.id)!;
  const delta = new Delta();
  for (const { description, values } of attributesOf(last, writer).values()) {
    for (const value of values) delta.remove(description.text, changeValue(value));
  }
  for (const edge of last.hasEdges ? writer.heldEdgesFrom(last.id) : []) {
    delta.remove(edge.attribute.name, changeOfEdge(edge, tx));
  }
  removeSecrets(last.id, undefined, delta, tx);
  writer.deleteEntry(last);
  tx.items.push({
    op: 'delete',
    uuid: last.uuid,
    dn,
    before: metaOf(last),
    placeBefore: { parent: writer.entry(last.parentId)?.uuid ?? '', rdn: last.rdn },
    values: delta.values(),
    ...secretsOf(delta),
  });
  if (group !== undefined) deleteEntry(group, tx, true);
  for (const id of devices) {
    const device = writer.entry(id);
    if (device !== undefined) deleteEntry(device, tx, true);
  }
}

/** Devices that only this entry owns: nobody would answer for them. */
export function devicesOf(entry: EntryRecord, { writer }: Transaction): readonly number[] {
  const cls = writer.schema().objectClass('tenureDevice');
  const owner = writer.schema().attribute('owner');
  if (cls === undefined || owner === undefined) return [];
  return writer.sourcesOf(entry.id, [owner]).filter((id) => {
    const device = writer.entry(id);
    return device?.kind.has(cls) === true && writer.edgeCount(id, owner) === 1;
  });
}
