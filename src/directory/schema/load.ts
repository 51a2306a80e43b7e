/**
 * Loading a schema: the built-in files and those added online become one immutable Schema. A schema
 * is never changed; adding a definition means loading another one.
 */
import { LdapError } from '../../runtime/errors.js';
import { type AttributeSource, buildAttributes } from './attributes.js';
import { builtinFiles } from './builtin/index.js';
import { buildClasses, type ClassSource } from './classes.js';
import {
  formatAttributeDefinition,
  formatClassDefinition,
  parseAttributeDefinition,
  parseClassDefinition,
} from './definition.js';
import { makeDescribe } from './describe.js';
import { normalizeDn } from './dn.js';
import { makeKinds } from './kinds.js';
import { publishSchema } from './publish.js';
import { makeRules } from './rules.js';
import { syntaxes } from './syntaxes.js';
import type { PublishedSchema, Schema, SchemaFile } from './types.js';

interface Named {
  readonly oid: string;
  readonly names: readonly string[];
}

/** Look-up by any name or OID: the spelling as given first, then in lower case. */
function lookUp<T extends Named>(items: readonly T[]): (name: string) => T | undefined {
  const byName = new Map<string, T>();
  for (const item of items) {
    for (const name of [item.oid, ...item.names]) {
      byName.set(name, item);
      byName.set(name.toLowerCase(), item);
    }
  }
  return (name) => byName.get(name) ?? byName.get(name.toLowerCase());
}

interface Sources {
  readonly attributes: readonly AttributeSource[];
  readonly classes: readonly ClassSource[];
}

function parseFiles(files: readonly SchemaFile[]): Sources {
  return {
    attributes: files.flatMap((file) =>
      file.attributeTypes.map((text) => ({
        definition: parseAttributeDefinition(text, file.name),
        origin: file.name,
      })),
    ),
    classes: files.flatMap((file) =>
      file.objectClasses.map((text) => ({
        definition: parseClassDefinition(text, file.name),
        origin: file.name,
      })),
    ),
  };
}

let parsedBuiltins: Sources | undefined;

/** Names and OIDs must be unique among attribute types, and among object classes. */
function refuseRepeats(
  what: string,
  sources: readonly { readonly definition: Named; readonly origin: string }[],
): void {
  const seen = new Map<string, string>();
  for (const { definition, origin } of sources) {
    for (const name of new Set([definition.oid, ...definition.names])) {
      const key = name.toLowerCase();
      const first = seen.get(key);
      if (first !== undefined) {
        throw new LdapError(
          'constraintViolation',
          `${origin}: ${what} "${name}" is already defined in ${first}`,
        );
      }
      seen.set(key, origin);
    }
  }
}

/** Index settings of all files, the last one for an attribute winning. */
function indexSettings(files: readonly SchemaFile[]): Map<string, readonly string[]> {
  const settings = new Map<string, readonly string[]>();
  for (const file of files) {
    for (const { attribute, words } of file.indexes ?? []) {
      settings.set(
        attribute.toLowerCase(),
        words.split(/\s+/).filter((word) => word !== ''),
      );
    }
  }
  return settings;
}

/**
 * The built-in schema and the definitions of `files`, which may refer to it and to each other.
 * @throws LdapError invalidAttributeSyntax for a definition that cannot be parsed, and
 * constraintViolation for one that cannot be used; both name the file and the definition.
 */
export function loadSchema(files: readonly SchemaFile[]): Schema {
  parsedBuiltins ??= parseFiles(builtinFiles);
  const added = parseFiles(files);
  const attributeSources = [...parsedBuiltins.attributes, ...added.attributes];
  const classSources = [...parsedBuiltins.classes, ...added.classes];
  refuseRepeats('attribute type', attributeSources);
  refuseRepeats('object class', classSources);

  // Rules look names up in the schema that they are part of, hence late.
  const rules = makeRules({
    oidOf: (name) => (classNamed(name) ?? attributeNamed(name) ?? ruleNamed(name))?.oid,
    normalizeDn: (text) => normalizeDn(schema, text),
  });
  const ruleNamed = lookUp(rules);
  const syntaxByOid = new Map(syntaxes.map((syntax) => [syntax.oid, syntax]));
  const settings = indexSettings(files);
  const attributes = buildAttributes(attributeSources, {
    rule: ruleNamed,
    syntax: (oid) => syntaxByOid.get(oid),
    indexWords: ({ oid, names }) => {
      const key = [oid, ...names].find((name) => settings.has(name.toLowerCase()));
      return key === undefined ? undefined : settings.get(key.toLowerCase());
    },
  });
  const attributeNamed = lookUp(attributes);
  for (const name of settings.keys()) {
    if (attributeNamed(name) === undefined) {
      throw new LdapError('undefinedAttributeType', `no attribute type "${name}" to be indexed`);
    }
  }
  const { classes, marks } = buildClasses(classSources, attributeNamed);
  const classNamed = lookUp(classes);
  let published: PublishedSchema | undefined;
  const schema: Schema = {
    attributes,
    objectClasses: classes,
    matchingRules: rules,
    syntaxes,
    attribute: attributeNamed,
    describe: makeDescribe(attributes, attributeNamed),
    objectClass: classNamed,
    matchingRule: ruleNamed,
    syntax: (oid) => syntaxByOid.get(oid),
    kind: makeKinds(classNamed, marks),
    publish: () => {
      published ??= publishSchema(schema);
      return published;
    },
  };
  return schema;
}

let builtin: Schema | undefined;

/** The schema of a directory to which nothing was added; always the same object. */
export function builtinSchema(): Schema {
  builtin ??= loadSchema([]);
  return builtin;
}

/**
 * Parses one definition without loading it: what it would be called.
 * @throws LdapError invalidAttributeSyntax naming `origin`, the definition and the character.
 */
export function checkDefinition(
  kind: 'attributeTypes' | 'objectClasses',
  text: string,
  origin: string,
): { readonly oid: string; readonly names: readonly string[]; readonly definition: string } {
  return kind === 'attributeTypes'
    ? canonical(parseAttributeDefinition(text, origin), formatAttributeDefinition)
    : canonical(parseClassDefinition(text, origin), formatClassDefinition);
}

function canonical<T extends Named>(parsed: T, format: (definition: T) => string) {
  return { oid: parsed.oid, names: parsed.names, definition: format(parsed) };
}
