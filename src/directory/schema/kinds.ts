/**
 * Kinds: the interned sets of object classes that entries have (RFC 4512 §2.4, §3.3). A kind is
 * made once and answers every question about required and allowed attributes by a set look-up.
 */
import { LdapError } from '../../runtime/errors.js';
import { tenureArc } from './builtin/index.js';
import type { ClassMarks } from './classes.js';
import type { AttributeType, Kind, ObjectClass } from './types.js';

const RAW_KEYS_MAX = 4_096;
const EXTENSIBLE_OBJECT = '1.3.6.1.4.1.1466.101.120.111';
const SSH_PUBLIC_KEY = '1.3.6.1.4.1.24552.500.1.1.1.13';
const TOP = '2.5.6.0';
const LIFECYCLE_SUBJECT = `${tenureArc}.2.80`;

/** Of several group attributes the first of these is shown. */
const membershipOrder = ['2.5.4.31', '2.5.4.50', '1.3.6.1.1.1.1.12'];

function refuse(what: string): never {
  throw new LdapError('objectClassViolation', what);
}

function quotedNames(classes: readonly ObjectClass[]): string {
  return classes.map((cls) => `"${cls.name}"`).join(', ');
}

/** The most specific structural class; all others must be among its superclasses. */
function structuralOf(
  classes: ReadonlySet<ObjectClass>,
  marks: ReadonlyMap<ObjectClass, ClassMarks>,
): ObjectClass {
  let deepest: ObjectClass | undefined;
  for (const cls of classes) {
    if (cls.kind !== 'STRUCTURAL') continue;
    if (deepest === undefined || cls.superclasses.length > deepest.superclasses.length) {
      deepest = cls;
    }
  }
  if (deepest === undefined) return aloneOf(classes, marks);
  for (const cls of classes) {
    if (cls.kind === 'STRUCTURAL' && cls !== deepest && !deepest.superclasses.includes(cls)) {
      const both = `"${deepest.name}" and "${cls.name}" are both structural object classes`;
      refuse(`${both} and neither is a subclass of the other`);
    }
  }
  return deepest;
}

function aloneOf(
  classes: ReadonlySet<ObjectClass>,
  marks: ReadonlyMap<ObjectClass, ClassMarks>,
): ObjectClass {
  for (const cls of classes) if (marks.get(cls)?.standsAlone) return cls;
  const named = [...classes].filter((cls) => cls.oid !== TOP);
  return refuse(
    named.length === 0
      ? 'an entry needs a structural object class, such as inetOrgPerson or organizationalUnit'
      : `an entry needs a structural object class; ${quotedNames(named)} is none`,
  );
}

/** Structural chain from the leaf, then the others by OID, top last. */
function displayOrder(classes: ReadonlySet<ObjectClass>, structural: ObjectClass): ObjectClass[] {
  const chain = [structural, ...structural.superclasses].sort(
    (x, y) => y.superclasses.length - x.superclasses.length,
  );
  const others = [...classes].filter((cls) => !chain.includes(cls));
  others.sort((x, y) => (x.oid < y.oid ? -1 : 1));
  const ordered = [...chain, ...others];
  return [...ordered.filter((cls) => cls.oid !== TOP), ...ordered.filter((cls) => cls.oid === TOP)];
}

function membershipOf(
  classes: ReadonlySet<ObjectClass>,
  marks: ReadonlyMap<ObjectClass, ClassMarks>,
): AttributeType | undefined {
  let found: AttributeType | undefined;
  for (const cls of classes) {
    const membership = marks.get(cls)?.membership;
    if (membership !== undefined && (found === undefined || rank(membership) < rank(found))) {
      found = membership;
    }
  }
  return found;
}

function rank(attribute: AttributeType): number {
  const at = membershipOrder.indexOf(attribute.oid);
  return at < 0 ? membershipOrder.length : at;
}

function makeKind(
  key: string,
  classes: ReadonlySet<ObjectClass>,
  marks: ReadonlyMap<ObjectClass, ClassMarks>,
): Kind {
  const structural = structuralOf(classes, marks);
  const must = new Set<AttributeType>();
  const may = new Set<AttributeType>();
  for (const cls of classes) for (const type of cls.must) must.add(type);
  for (const cls of classes) for (const type of cls.may) if (!must.has(type)) may.add(type);
  const ordered = displayOrder(classes, structural);
  const allowsAll = ordered.some((cls) => cls.oid === EXTENSIBLE_OBJECT);
  return {
    key,
    classes: ordered,
    structural,
    must,
    may,
    allowsAll,
    has: (cls) => classes.has(cls),
    allows: (type) => allowsAll || type.operational || must.has(type) || may.has(type),
    membership: membershipOf(classes, marks),
    holdsSshKeys: allowsAll || [...must, ...may].some((type) => type.oid === SSH_PUBLIC_KEY),
    isSubject: ordered.some((cls) => cls.oid === LIFECYCLE_SUBJECT),
  };
}

/** Returns the function behind `Schema.kind`. */
export function makeKinds(
  objectClass: (name: string) => ObjectClass | undefined,
  marks: ReadonlyMap<ObjectClass, ClassMarks>,
): (classNames: readonly string[]) => Kind {
  const byKey = new Map<string, Kind>();
  const byNames = new Map<string, Kind>();
  return (classNames) => {
    const raw = classNames.join('\n');
    const known = byNames.get(raw);
    if (known !== undefined) return known;
    const classes = new Set<ObjectClass>();
    for (const name of classNames) {
      const cls = objectClass(name) ?? refuse(`unknown object class "${name.slice(0, 80)}"`);
      classes.add(cls);
      for (const above of cls.superclasses) classes.add(above);
    }
    const key = [...classes]
      .map((cls) => cls.oid)
      .sort()
      .join(' ');
    let kind = byKey.get(key);
    if (kind === undefined) {
      kind = makeKind(key, classes, marks);
      byKey.set(key, kind);
    }
    if (byNames.size >= RAW_KEYS_MAX) byNames.clear();
    byNames.set(raw, kind);
    return kind;
  };
}
