/**
 * Schema changes over LDAP: attributeTypes and objectClasses are added to, and removed from, the
 * subschema subentry. Built-in definitions stay; nothing that an entry uses can be removed.
 */
import { LdapError } from '../../../runtime/errors.js';
import { assertMayWrite } from '../../access/index.js';
import { bufferOf } from '../../model/bytes.js';
import type { SchemaExtension } from '../../ports.js';
import { checkDefinition } from '../../schema/index.js';
import type { PreparedChange } from '../types.js';
import { SUBSCHEMA_DN } from '../virtual.js';
import type { Transaction } from './transaction.js';

/** Items about the schema carry this in place of an entry's UUID. */
export const SCHEMA_UUID = '00000000-0000-0000-0000-000000000000';

const KINDS = new Map([
  ['attributetypes', 'attributeTypes'],
  ['objectclasses', 'objectClasses'],
] as const);

/** @throws LdapError */
export function modifySchema(changes: readonly PreparedChange[], tx: Transaction): void {
  assertMayWrite(tx.identity, { entryId: 0, passwordOnly: false });
  const extensions = [...tx.writer.schemaExtensions()];
  const values: { attribute: string; removed: string[]; added: string[] }[] = [];
  for (const change of changes) {
    const kind = KINDS.get(change.attribute.toLowerCase() as 'attributetypes');
    if (kind === undefined || (change.op !== 'add' && change.op !== 'delete')) {
      throw new LdapError(
        'unwillingToPerform',
        'the schema takes add and delete of attributeTypes and objectClasses',
      );
    }
    for (const value of change.values) {
      const text = bufferOf(value).toString('utf8');
      const { oid } = checkDefinition(kind, text, 'the definition sent');
      if (change.op === 'add') {
        add(extensions, { kind, id: oid, text }, tx);
        values.push({ attribute: kind, removed: [], added: [text] });
      } else {
        values.push({ attribute: kind, removed: [remove(extensions, kind, oid, tx)], added: [] });
      }
    }
  }
  tx.writer.setSchemaExtensions(extensions);
  tx.items.push({ op: 'modify', uuid: SCHEMA_UUID, dn: SUBSCHEMA_DN, values });
}

function add(extensions: SchemaExtension[], extension: SchemaExtension, tx: Transaction): void {
  const schema = tx.writer.schema();
  const known =
    extension.kind === 'attributeTypes'
      ? schema.attribute(extension.id)
      : schema.objectClass(extension.id);
  if (known !== undefined || extensions.some((other) => other.id === extension.id)) {
    throw new LdapError('attributeOrValueExists', `the schema has ${extension.id} already`);
  }
  extensions.push(extension);
}

/** @throws LdapError where it is built in or in use */
function remove(
  extensions: SchemaExtension[],
  kind: SchemaExtension['kind'],
  oid: string,
  tx: Transaction,
): string {
  const at = extensions.findIndex((other) => other.kind === kind && other.id === oid);
  if (at < 0) {
    throw new LdapError('unwillingToPerform', `${oid} is not a definition added to this directory`);
  }
  const schema = tx.writer.schema();
  const used =
    kind === 'attributeTypes'
      ? tx.writer.descriptions().some((d) => d?.type === schema.attribute(oid))
      : tx.writer.kinds().some((k) => k.classes.some((cls) => cls.oid === oid));
  if (used) {
    throw new LdapError('unwillingToPerform', `${oid} is, or was, used by an entry`);
  }
  return extensions.splice(at, 1)[0]!.text;
}
