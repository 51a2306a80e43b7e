/**
 * The schema as this database has it: the built-in definitions and those added online, which are
 * rows of `schema_extension`.
 */
import type Database from 'better-sqlite3';
import type { SchemaExtension } from '../directory/ports.js';
import { builtinSchema, loadSchema, type Schema } from '../directory/schema/index.js';

/** Shown in errors as where a definition came from. */
const ORIGIN = 'added online';

export function readExtensions(db: Database.Database): SchemaExtension[] {
  return db
    .prepare('SELECT kind, id, text FROM schema_extension ORDER BY n')
    .all() as SchemaExtension[];
}

/** Replaces all of them; inside the caller's transaction. */
export function writeExtensions(
  db: Database.Database,
  extensions: readonly SchemaExtension[],
): void {
  db.prepare('DELETE FROM schema_extension').run();
  const insert = db.prepare('INSERT INTO schema_extension(n, kind, id, text) VALUES (?, ?, ?, ?)');
  extensions.forEach(({ kind, id, text }, n) => {
    insert.run(n + 1, kind, id, text);
  });
}

/**
 * The built-in schema with the extensions.
 * @throws LdapError where a definition is wrong; the text says which.
 */
export function loadStoredSchema(extensions: readonly SchemaExtension[]): Schema {
  const texts = (kind: SchemaExtension['kind']) =>
    extensions.filter((extension) => extension.kind === kind).map(({ text }) => text);
  const attributeTypes = texts('attributeTypes');
  const objectClasses = texts('objectClasses');
  const indexes = extensions
    .filter(({ kind }) => kind === 'index')
    .map(({ id, text }) => ({ attribute: id, words: text }));
  if (extensions.length === 0) return builtinSchema();
  return loadSchema([{ name: ORIGIN, attributeTypes, objectClasses, indexes }]);
}
