/**
 * From object class definitions to object classes (RFC 4512 §2.4): superclasses and attribute types
 * by name. Also keeps the two marks that this server reads on a class: X-TENURE-GROUP, the
 * attribute that shows direct members, and X-TENURE-STRUCTURAL, for an auxiliary class that may
 * stand alone.
 */
import { LdapError } from '../../runtime/errors.js';
import { type ClassDefinition, formatClassDefinition } from './definition.js';
import type { AttributeType, ObjectClass } from './types.js';

export interface ClassSource {
  readonly definition: ClassDefinition;
  readonly origin: string;
}

/** What is known of a class beside RFC 4512. */
export interface ClassMarks {
  readonly membership: AttributeType | undefined;
  readonly standsAlone: boolean;
}

export interface BuiltClasses {
  readonly classes: readonly ObjectClass[];
  readonly marks: ReadonlyMap<ObjectClass, ClassMarks>;
}

function refuse(source: ClassSource, what: string): never {
  const name = source.definition.names[0] ?? source.definition.oid;
  throw new LdapError('constraintViolation', `${source.origin}: object class "${name}": ${what}`);
}

const TOP = '2.5.6.0';

function attributesOf(
  source: ClassSource,
  names: readonly string[],
  attribute: (name: string) => AttributeType | undefined,
): AttributeType[] {
  return names.map((name) => attribute(name) ?? refuse(source, `unknown attribute type "${name}"`));
}

function checkKinds(source: ClassSource, sups: readonly ObjectClass[]): void {
  const { kind } = source.definition;
  for (const sup of sups) {
    if (sup.kind === 'ABSTRACT' || sup.kind === kind) continue;
    const what = `${kind.toLowerCase()} classes cannot derive from`;
    refuse(source, `${what} "${sup.name}", which is ${sup.kind.toLowerCase()}`);
  }
}

function build(
  source: ClassSource,
  id: number,
  sups: readonly ObjectClass[],
  attribute: (name: string) => AttributeType | undefined,
): ObjectClass {
  const { definition } = source;
  checkKinds(source, sups);
  const superclasses = new Set<ObjectClass>();
  for (const sup of sups) {
    superclasses.add(sup);
    for (const above of sup.superclasses) superclasses.add(above);
  }
  return {
    id,
    oid: definition.oid,
    name: definition.names[0] ?? definition.oid,
    names: definition.names,
    description: definition.description,
    sups,
    superclasses: [...superclasses],
    kind: definition.kind,
    must: attributesOf(source, definition.must, attribute),
    may: attributesOf(source, definition.may, attribute),
    obsolete: definition.obsolete,
    definition: formatClassDefinition(definition),
    origin: source.origin,
  };
}

function marksOf(
  source: ClassSource,
  attribute: (name: string) => AttributeType | undefined,
): ClassMarks {
  const { extensions } = source.definition;
  const name = extensions.get('X-TENURE-GROUP')?.[0];
  const membership = name === undefined ? undefined : attribute(name);
  if (name !== undefined && membership?.storage !== 'edge') {
    refuse(source, `X-TENURE-GROUP names "${name}", which holds no references`);
  }
  return { membership, standsAlone: extensions.has('X-TENURE-STRUCTURAL') };
}

/**
 * Builds all object classes, superclasses first wherever they stand.
 * @throws LdapError constraintViolation naming the class: unknown superclass or attribute type, a
 * circle of superclasses, a superclass of the wrong kind.
 */
export function buildClasses(
  sources: readonly ClassSource[],
  attribute: (name: string) => AttributeType | undefined,
): BuiltClasses {
  const byName = new Map<string, number>();
  sources.forEach((source, i) => {
    for (const name of [source.definition.oid, ...source.definition.names]) {
      byName.set(name.toLowerCase(), i);
    }
  });
  const built: (ObjectClass | undefined)[] = sources.map(() => undefined);
  const marks = new Map<ObjectClass, ClassMarks>();
  const resolve = (i: number, path: readonly number[]): ObjectClass => {
    const known = built[i];
    if (known !== undefined) return known;
    const source = sources[i]!;
    if (path.includes(i)) refuse(source, 'it is its own superclass');
    const { sups: names, oid } = source.definition;
    // RFC 4512 §2.4.1: every class descends from top, whether it says so or not.
    const supNames = names.length === 0 && oid !== TOP ? ['top'] : names;
    const sups = supNames.map((name) => {
      const at = byName.get(name.toLowerCase());
      return resolve(at ?? refuse(source, `unknown superclass "${name}"`), [...path, i]);
    });
    const cls = build(source, i, sups, attribute);
    built[i] = cls;
    marks.set(cls, marksOf(source, attribute));
    return cls;
  };
  return { classes: sources.map((_, i) => resolve(i, [])), marks };
}
