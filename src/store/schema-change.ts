/**
 * Changing the definitions that were added online: checked first, refused where entries still use
 * what would go, then stored; indexes follow the new schema.
 */
import type Database from 'better-sqlite3';
import { bodyFind } from '../directory/model/body.js';
import type { SchemaExtension } from '../directory/ports.js';
import type { AttributeType, Schema } from '../directory/schema/index.js';
import { LdapError } from '../runtime/errors.js';
import type { IndexSettings } from './index-settings.js';
import { type Interned, typeKey } from './interning.js';
import { loadStoredSchema, writeExtensions } from './schema-state.js';

/**
 * Stores the definitions and brings numbers and index settings to them.
 * @throws LdapError where a definition is wrong (as loadSchema), or `unwillingToPerform` where one
 * that is gone is in use.
 */
export function applyExtensions(
  db: Database.Database,
  interned: Interned,
  settings: IndexSettings,
  definitions: readonly SchemaExtension[],
): void {
  const before = interned.schema;
  const schema = loadStoredSchema(definitions);
  refuseLostAttributes(db, interned, schema);
  refuseLostClasses(db, interned, before, schema);
  writeExtensions(db, definitions);
  forgetKeysOfChanged(db, before, schema, interned);
  interned.setSchema(schema);
  settings.load();
  settings.reconcile();
}

function refuseLostAttributes(db: Database.Database, interned: Interned, schema: Schema): void {
  interned.descriptions().forEach((description, number) => {
    if (description === undefined || schema.describe(description.text) !== undefined) return;
    if (isUsed(db, number)) {
      throw new LdapError(
        'unwillingToPerform',
        `attribute type "${description.type.name}" cannot go: entries still have values of it`,
      );
    }
  });
}

function isUsed(db: Database.Database, number: number): boolean {
  const edge = db.prepare('SELECT 1 FROM edge WHERE attr = ? LIMIT 1').get(number);
  if (edge !== undefined) return true;
  for (const body of db.prepare('SELECT body FROM entry').pluck().iterate()) {
    if (bodyFind(body as Buffer, number) >= 0) return true;
  }
  return false;
}

/** A kind that nobody has any more is forgotten; one in use keeps its classes. */
function refuseLostClasses(
  db: Database.Database,
  interned: Interned,
  before: Schema,
  schema: Schema,
): void {
  for (const kind of interned.kinds()) {
    const lost = kind.classes.find((cls) => schema.objectClass(cls.oid) === undefined);
    if (lost === undefined) continue;
    const number = interned.kindNumber(kind);
    const used = db.prepare('SELECT 1 FROM entry WHERE kind = ? LIMIT 1').get(number);
    if (used !== undefined) {
      const name = before.objectClass(lost.oid)?.name ?? lost.name;
      throw new LdapError(
        'unwillingToPerform',
        `object class "${name}" cannot go: entries still have it`,
      );
    }
    db.prepare('DELETE FROM kind WHERE id = ?').run(number);
  }
}

/** A type whose rules changed has keys of the old ones: its indexes start over. */
function forgetKeysOfChanged(
  db: Database.Database,
  before: Schema,
  after: Schema,
  interned: Interned,
): void {
  for (const old of before.attributes) {
    const type = after.attribute(old.oid);
    if (type === undefined || sameKeys(old, type)) continue;
    const number = interned.typeNumber(old);
    if (number !== 0) db.prepare('DELETE FROM idx WHERE attr = ?').run(number);
    db.prepare("UPDATE index_state SET state = 'building', cursor = 0 WHERE attr = ?").run(
      typeKey(old),
    );
  }
}

function sameKeys(one: AttributeType, other: AttributeType): boolean {
  return (
    one.equality?.oid === other.equality?.oid &&
    one.substring?.oid === other.substring?.oid &&
    one.storage === other.storage
  );
}
