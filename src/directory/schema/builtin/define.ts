/**
 * Short hands for writing the shipped definitions: each returns the RFC 4512 text that is
 * published. The rules named here are what almost every attribute of that kind has; one that
 * differs is written out with `attributeType`.
 */

/** The standard syntaxes by the number that RFC 4517 gives them. */
export function syntaxOid(number: number): string {
  return `1.3.6.1.4.1.1466.115.121.1.${number}`;
}

function names(list: string): string {
  const items = list.split(' ').map((name) => `'${name}'`);
  return items.length === 1 ? items[0]! : `( ${items.join(' ')} )`;
}

function fields(...parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join(' ');
}

/** `list` holds the names separated by spaces, `rest` everything from SUP or EQUALITY on. */
export function attributeType(oid: string, list: string, desc: string, rest: string): string {
  const about = desc === '' ? '' : `DESC '${desc}'`;
  return fields('(', oid, 'NAME', names(list), about, rest, ')');
}

type Define = (oid: string, list: string, desc: string, rest?: string) => string;

function defineWith(rules: string, syntax: number): Define {
  return (oid, list, desc, rest = '') =>
    attributeType(oid, list, desc, fields(rules, `SYNTAX ${syntaxOid(syntax)}`, rest));
}

const ignore = 'EQUALITY caseIgnoreMatch SUBSTR caseIgnoreSubstringsMatch';

/** Case-ignore Directory String. */
export const text = defineWith(ignore, 15);
/** Case-exact Directory String. */
export const exactText = defineWith('EQUALITY caseExactMatch SUBSTR caseExactSubstringsMatch', 15);
/** Case-ignore IA5 String. */
export const ia5 = defineWith(
  'EQUALITY caseIgnoreIA5Match SUBSTR caseIgnoreIA5SubstringsMatch',
  26,
);
/** Case-exact IA5 String. */
export const exactIa5 = defineWith(
  'EQUALITY caseExactIA5Match SUBSTR caseExactIA5SubstringsMatch',
  26,
);
/** Case-ignore Printable String. */
export const printable = defineWith(ignore, 44);
export const integer = defineWith('EQUALITY integerMatch ORDERING integerOrderingMatch', 27);
export const boolean = defineWith('EQUALITY booleanMatch', 7);
export const time = defineWith(
  'EQUALITY generalizedTimeMatch ORDERING generalizedTimeOrderingMatch',
  24,
);
export const dn = defineWith('EQUALITY distinguishedNameMatch', 12);
export const oid = defineWith('EQUALITY objectIdentifierMatch', 38);
export const octets = defineWith('EQUALITY octetStringMatch', 40);
export const telephone = defineWith(
  'EQUALITY telephoneNumberMatch SUBSTR telephoneNumberSubstringsMatch',
  50,
);
export const numeric = defineWith(
  'EQUALITY numericStringMatch SUBSTR numericStringSubstringsMatch',
  36,
);
export const postal = defineWith(
  'EQUALITY caseIgnoreListMatch SUBSTR caseIgnoreListSubstringsMatch',
  41,
);

/** A subtype: rules and syntax come from the supertype. */
export function subtype(
  oidText: string,
  list: string,
  desc: string,
  sup: string,
  rest = '',
): string {
  return attributeType(oidText, list, desc, fields(`SUP ${sup}`, rest));
}

/** Replaces SYNTAX {n} bounds: `bounded(text(…), 256)`. */
export function bounded(definition: string, lengthMax: number): string {
  return definition.replace(/SYNTAX ([0-9.]+)/, `SYNTAX $1{${lengthMax}}`);
}

interface ClassParts {
  readonly sup?: string;
  /** Attribute names separated by spaces. */
  readonly must?: string;
  readonly may?: string;
  readonly rest?: string;
}

function oidList(keyword: string, list: string | undefined): string {
  if (list === undefined) return '';
  const items = list.trim().split(/\s+/);
  return items.length === 1 ? `${keyword} ${items[0]}` : `${keyword} ( ${items.join(' $ ')} )`;
}

export type ClassKind = 'ABSTRACT' | 'STRUCTURAL' | 'AUXILIARY';

export function objectClass(
  oidText: string,
  name: string,
  desc: string,
  kind: ClassKind,
  parts: ClassParts = {},
): string {
  const about = desc === '' ? '' : `DESC '${desc}'`;
  const sup = `SUP ${parts.sup ?? 'top'}`;
  const lists = [oidList('MUST', parts.must), oidList('MAY', parts.may)];
  return fields(
    '(',
    oidText,
    'NAME',
    names(name),
    about,
    sup,
    kind,
    ...lists,
    parts.rest ?? '',
    ')',
  );
}

/** Index settings, as `X-TENURE-INDEX`. */
export const eq = "X-TENURE-INDEX 'eq'";
export const eqSub = "X-TENURE-INDEX ( 'eq' 'sub' )";
export const eqOrd = "X-TENURE-INDEX ( 'eq' 'ord' )";
/** Kept in the secret table and never shown. */
export const secret = "X-SECRET 'TRUE'";
