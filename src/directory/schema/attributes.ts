/**
 * From attribute type definitions to attribute types: inheritance (RFC 4512 §2.5.1), matching rules
 * and syntaxes by name, and this server's own decisions: where values are kept and what is indexed.
 */
import { LdapError } from '../../runtime/errors.js';
import { tenureArc } from './builtin/index.js';
import { type AttributeDefinition, formatAttributeDefinition } from './definition.js';
import type { AttributeType, IndexSpec, MatchingRule, Storage, Syntax } from './types.js';

export interface AttributeSource {
  readonly definition: AttributeDefinition;
  readonly origin: string;
}

/** Kept as columns of the entry's row, so that a change of many rows is one statement. */
const columns: ReadonlySet<string> = new Set([
  '1.3.6.1.1.16.4', // entryUUID
  '1.3.6.1.4.1.4203.666.1.7', // entryCSN
  '2.5.18.1', // createTimestamp
  '2.5.18.2', // modifyTimestamp
  '2.5.18.3', // creatorsName
  '2.5.18.4', // modifiersName
]);

/** Computed when asked for. */
const virtuals: ReadonlySet<string> = new Set([
  '1.3.6.1.1.20', // entryDN
  '2.5.18.9', // hasSubordinates
  '1.3.6.1.4.1.453.16.2.103', // numSubordinates
  '2.5.18.10', // subschemaSubentry
  '2.5.21.9', // structuralObjectClass
  '1.2.840.113556.1.2.102', // memberOf
  '1.3.6.1.4.1.4203.666.1.25', // contextCSN
  '1.3.6.1.4.1.42.2.27.8.1.19', // pwdFailureTime
  '1.3.6.1.4.1.42.2.27.8.1.29', // pwdLastSuccess
  `${tenureArc}.1.42`, // tenureAccess
  '1.3.6.1.4.1.42.2.27.8.1.33', // pwdAccountTmpLockoutEnd
  `${tenureArc}.1.90`, // lifecycleState
  `${tenureArc}.1.91`, // lifecycleStart
  `${tenureArc}.1.92`, // lifecycleEnd
  `${tenureArc}.1.93`, // lifecycleStage
  '2.16.840.1.113730.3.1.610', // nsAccountLock
  '1.2.840.113556.1.4.8', // userAccountControl
  '1.2.840.113556.1.4.159', // accountExpires
  '1.2.840.113556.1.4.1853', // msDS-UserAccountDisabled
  '1.2.840.113556.1.4.1460', // msDS-User-Account-Control-Computed
  `${tenureArc}.1.110`, // loginDisabled
  `${tenureArc}.1.111`, // loginExpirationTime
  `${tenureArc}.1.112`, // orclIsEnabled
  `${tenureArc}.1.130`, // tenureHolder
  `${tenureArc}.1.145`, // entryLevelRights
  `${tenureArc}.1.146`, // attributeLevelRights
]);

/** Facts about people, and the policy: not for everybody's eyes. By the last arc of their OIDs. */
const readersOf: ReadonlyMap<string, AttributeType['readers']> = new Map(
  (
    [
      ['read facts', [80, 81, 82, 83, 84, 85, 86, 87, 88, 89, 93]],
      ['see end dates', [91]], // lifecycleStart
      ['administrators', [44, 97, 130]], // tenureBrownout, tenurePolicyText, tenureHolder
    ] as const
  ).flatMap(([readers, ids]) => ids.map((id) => [`${tenureArc}.1.${id}`, readers] as const)),
);

/** Operational, yet a reference that follows a rename. */
const operationalEdges: ReadonlySet<string> = new Set([
  '1.3.6.1.4.1.42.2.27.8.1.23', // pwdPolicySubentry
  `${tenureArc}.1.144`, // tenureProxyFor
]);

/** DN-valued, yet no reference that follows a rename: where an alias points is its content. */
const notEdges: ReadonlySet<string> = new Set(['2.5.4.1']);
const MEMBER_UID = '1.3.6.1.1.1.1.12';

const DN_SYNTAXES: ReadonlySet<string> = new Set([
  '1.3.6.1.4.1.1466.115.121.1.12',
  '1.3.6.1.4.1.1466.115.121.1.34',
]);

function refuse(source: AttributeSource, what: string): never {
  const name = source.definition.names[0] ?? source.definition.oid;
  throw new LdapError('constraintViolation', `${source.origin}: attribute type "${name}": ${what}`);
}

function isSecret(definition: AttributeDefinition): boolean {
  const value = definition.extensions.get('X-SECRET')?.[0];
  return value !== undefined && value.toUpperCase() !== 'FALSE';
}

function storageOf(definition: AttributeDefinition, secret: boolean, dnValued: boolean): Storage {
  const { oid } = definition;
  if (secret) return 'secret';
  if (columns.has(oid)) return 'column';
  if (virtuals.has(oid)) return 'virtual';
  if (oid === MEMBER_UID) return 'edge';
  if (operationalEdges.has(oid)) return 'edge';
  const reference = dnValued && definition.usage === 'userApplications' && !notEdges.has(oid);
  return reference && !definition.noUserModification ? 'edge' : 'body';
}

/** Reads `eq`, `sub` and `ord`; `ord` needs `eq` and brings it. */
function indexOf(
  source: AttributeSource,
  words: readonly string[],
  type: {
    readonly storage: Storage;
    readonly equality: MatchingRule | undefined;
    readonly ordering: MatchingRule | undefined;
    readonly substring: MatchingRule | undefined;
  },
): IndexSpec {
  const wanted = new Set(words.map((word) => word.toLowerCase()));
  for (const word of wanted) {
    if (word !== 'eq' && word !== 'sub' && word !== 'ord') {
      refuse(source, `"${word}" is no index; use eq, sub or ord`);
    }
  }
  const index = {
    equality: wanted.has('eq') || wanted.has('ord'),
    substring: wanted.has('sub'),
    ordering: wanted.has('ord'),
  };
  if (wanted.size === 0) return index;
  if (type.storage === 'secret') refuse(source, 'a secret attribute cannot be indexed');
  if (type.storage === 'virtual' || type.storage === 'edge') {
    refuse(source, 'it needs no index: it is found without one');
  }
  if (index.equality && !type.equality) refuse(source, 'it has no equality rule to index by');
  if (index.substring && !type.substring) refuse(source, 'it has no substring rule to index by');
  if (index.ordering && !type.ordering) refuse(source, 'it has no ordering rule to index by');
  return index;
}

type Mutable<T> = { -readonly [key in keyof T]: T[key] };

/** What definitions are resolved against. */
export interface AttributeContext {
  rule(name: string): MatchingRule | undefined;
  syntax(oid: string): Syntax | undefined;
  /** Index words that replace those of the definition, by lower-case name or OID. */
  indexWords(definition: AttributeDefinition): readonly string[] | undefined;
}

function ruleFor(
  source: AttributeSource,
  context: AttributeContext,
  use: 'equality' | 'ordering' | 'substring',
  sup: AttributeType | undefined,
): MatchingRule | undefined {
  const name = source.definition[use];
  if (name === undefined) return sup?.[use];
  const rule = context.rule(name);
  if (rule === undefined) refuse(source, `unknown matching rule "${name}"`);
  if (rule.use !== use) refuse(source, `"${name}" is no ${use} rule`);
  return rule;
}

function build(
  source: AttributeSource,
  id: number,
  sup: AttributeType | undefined,
  context: AttributeContext,
): Mutable<AttributeType> {
  const { definition } = source;
  const syntax = definition.syntax === undefined ? sup?.syntax : context.syntax(definition.syntax);
  if (syntax === undefined) {
    refuse(source, definition.syntax ? `unknown syntax ${definition.syntax}` : 'it has no syntax');
  }
  if (definition.collective) refuse(source, 'collective attributes are not supported');
  const equality = ruleFor(source, context, 'equality', sup);
  const ordering = ruleFor(source, context, 'ordering', sup);
  const substring = ruleFor(source, context, 'substring', sup);
  const secret = isSecret(definition);
  const dnValued = DN_SYNTAXES.has(syntax.oid);
  const storage = storageOf(definition, secret, dnValued);
  const words = context.indexWords(definition) ?? definition.extensions.get('X-TENURE-INDEX') ?? [];
  return {
    id,
    oid: definition.oid,
    name: definition.names[0] ?? definition.oid,
    names: definition.names,
    description: definition.description,
    sup,
    subtypes: [],
    syntax,
    lengthMax: definition.lengthMax ?? sup?.lengthMax,
    equality,
    ordering,
    substring,
    singleValue: definition.singleValue,
    collective: definition.collective,
    noUserModification: definition.noUserModification,
    obsolete: definition.obsolete,
    usage: definition.usage,
    operational: definition.usage !== 'userApplications',
    secret,
    readers: readersOf.get(definition.oid) ?? 'all',
    dnValued,
    storage,
    index: indexOf(source, words, { storage, equality, ordering, substring }),
    definition: formatAttributeDefinition(definition),
    origin: source.origin,
  };
}

/**
 * Builds all attribute types, supertypes first wherever they stand.
 * @throws LdapError constraintViolation naming the attribute type: unknown rule, syntax or
 * supertype, a circle of supertypes, an index without its rule.
 */
export function buildAttributes(
  sources: readonly AttributeSource[],
  context: AttributeContext,
): AttributeType[] {
  const byName = new Map<string, number>();
  sources.forEach((source, i) => {
    for (const name of [source.definition.oid, ...source.definition.names]) {
      byName.set(name.toLowerCase(), i);
    }
  });
  const built: (Mutable<AttributeType> | undefined)[] = sources.map(() => undefined);
  const resolve = (i: number, path: readonly number[]): AttributeType => {
    const known = built[i];
    if (known !== undefined) return known;
    const source = sources[i]!;
    if (path.includes(i)) refuse(source, 'it is its own supertype');
    const supName = source.definition.sup;
    const supAt = supName === undefined ? undefined : byName.get(supName.toLowerCase());
    if (supName !== undefined && supAt === undefined) {
      refuse(source, `unknown supertype "${supName}"`);
    }
    const sup = supAt === undefined ? undefined : resolve(supAt, [...path, i]);
    const type = build(source, i, sup, context);
    built[i] = type;
    return type;
  };
  const types = sources.map((_, i) => resolve(i, []));
  for (const type of types) {
    for (let sup = type.sup; sup !== undefined; sup = sup.sup) {
      (sup.subtypes as AttributeType[]).push(type);
    }
  }
  return types;
}
