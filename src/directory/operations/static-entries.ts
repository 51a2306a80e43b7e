/**
 * Entries that are not in the tree: the root DSE (RFC 4512 §5.1), readable by anyone, and the
 * subschema subentry (§4.2). They are made when asked for, from what the server really offers.
 */
import { errorShape, LdapError } from '../../runtime/errors.js';
import { mayReadTree, readRefused } from '../access/index.js';
import type { Identity, Origin } from '../model/identity.js';
import type { DirectoryReader } from '../ports.js';
import type { AttributeType, Kind, Schema } from '../schema/index.js';
import type { Compiler } from './compile.js';
import { valuesMatch } from './evaluate.js';
import { FALSE, type Node, TRUE, type Truth, UNDEFINED } from './leaf.js';
import { newOutgoing, putAttribute } from './project.js';
import type { Context, EntrySink, SearchDone, SearchRequest, SearchRun } from './types.js';
import { SUBSCHEMA_DN } from './virtual.js';

/** What the wire offers, for the root DSE. */
export interface Offered {
  readonly controls: readonly string[];
  readonly extensions: readonly string[];
  readonly features: readonly string[];
  readonly saslMechanisms: (origin: Origin) => readonly string[];
  readonly vendorVersion: string;
}

/** An entry that is in no store. */
export interface StaticEntry {
  readonly dn: string;
  readonly values: ReadonlyMap<AttributeType, readonly Buffer[]>;
  readonly classes: readonly string[];
}

function make(
  schema: Schema,
  dn: string,
  attributes: readonly (readonly [string, readonly string[]])[],
): StaticEntry {
  const values = new Map<AttributeType, readonly Buffer[]>();
  for (const [name, texts] of attributes) {
    const type = schema.attribute(name);
    if (type === undefined || texts.length === 0) continue;
    values.set(
      type,
      texts.map((text) => Buffer.from(text, 'utf8')),
    );
  }
  const classes = attributes.find(([name]) => name === 'objectClass')?.[1] ?? [];
  return { dn, values, classes };
}

function rootDse(reader: DirectoryReader, offered: Offered, origin: Origin): StaticEntry {
  const suffixes = reader.suffixes().map((suffix) => suffix.dn);
  return make(reader.schema(), '', [
    ['objectClass', ['top']],
    ['namingContexts', suffixes],
    ['defaultNamingContext', suffixes.slice(0, 1)],
    ['subschemaSubentry', [SUBSCHEMA_DN]],
    ['supportedLDAPVersion', ['3']],
    ['supportedControl', offered.controls],
    ['supportedExtension', offered.extensions],
    ['supportedFeatures', offered.features],
    ['supportedSASLMechanisms', offered.saslMechanisms(origin)],
    ['vendorName', ['Tenure']],
    ['vendorVersion', [offered.vendorVersion]],
  ]);
}

function subschema(reader: DirectoryReader): StaticEntry {
  const schema = reader.schema();
  const published = schema.publish();
  return make(schema, SUBSCHEMA_DN, [
    ['objectClass', ['top', 'subentry', 'subschema', 'extensibleObject']],
    ['cn', ['subschema']],
    ['subtreeSpecification', ['{ }']],
    ['attributeTypes', published.attributeTypes],
    ['objectClasses', published.objectClasses],
    ['matchingRules', published.matchingRules],
    ['matchingRuleUse', published.matchingRuleUse],
    ['ldapSyntaxes', published.ldapSyntaxes],
    ['entryDN', [SUBSCHEMA_DN]],
    ['structuralObjectClass', ['subentry']],
    ['subschemaSubentry', [SUBSCHEMA_DN]],
  ]);
}

/** Tests one in three-valued logic, as evaluate.ts tests those of the store. */
export function testStatic(node: Node, entry: StaticEntry, schema: Schema): Truth {
  switch (node.node) {
    case 'and':
      return node.children.reduce<Truth>(
        (t, c) => Math.min(t, testStatic(c, entry, schema)) as Truth,
        TRUE,
      );
    case 'or':
      return node.children.reduce<Truth>(
        (t, c) => Math.max(t, testStatic(c, entry, schema)) as Truth,
        FALSE,
      );
    case 'not':
      return (TRUE - testStatic(node.child, entry, schema)) as Truth;
    case 'constant':
      return node.truth;
    case 'class': {
      const classes = entry.classes.map((name) => schema.objectClass(name));
      const kind = { has: (cls) => classes.includes(cls) } as Pick<Kind, 'has'>;
      return node.matches(kind as Kind) ? TRUE : FALSE;
    }
    case 'anyOf':
      return UNDEFINED;
    case 'leaf': {
      for (const [type, values] of entry.values) {
        if (type !== node.type && !node.type.subtypes.includes(type)) continue;
        if (valuesMatch(node, values)) return TRUE;
      }
      return FALSE;
    }
  }
}

const outgoing = newOutgoing();

/** A base search of one static entry; it ends with its first pull. */
class StaticSearch implements SearchRun {
  #result: SearchDone | undefined;
  readonly #answer: (sink: EntrySink) => void;

  constructor(answer: (sink: EntrySink) => void) {
    this.#answer = answer;
  }

  get result(): SearchDone | undefined {
    return this.#result;
  }

  pull(sink: EntrySink): 'done' {
    try {
      this.#answer(sink);
      this.#result = { code: 'success', text: '', matchedDn: '' };
    } catch (error) {
      this.#result = errorShape(error);
    }
    return 'done';
  }
}

function send(entry: StaticEntry, request: SearchRequest, schema: Schema, sink: EntrySink): void {
  const names = new Set<AttributeType>();
  let [user, operational] = [request.attributes.length === 0, false];
  for (const name of request.attributes) {
    if (name === '*') user = true;
    else if (name === '+') operational = true;
    else {
      const type = schema.describe(name)?.type;
      if (type !== undefined) for (const t of [type, ...type.subtypes]) names.add(t);
    }
  }
  outgoing.dn = Buffer.from(entry.dn, 'utf8');
  outgoing.count = 0;
  outgoing.bytes = 0;
  for (const [type, values] of entry.values) {
    if (names.has(type) || (type.operational ? operational : user)) {
      putAttribute(outgoing, type.name, values, request.typesOnly);
    }
  }
  sink(outgoing);
}

/** Subschema searches are for whoever has bound, the root DSE is for anyone. */
export function staticSearch(
  which: 'rootDse' | 'subschema',
  request: SearchRequest,
  context: Context,
  tools: { reader: DirectoryReader; compiler: Compiler; offered: Offered },
): SearchRun {
  return new StaticSearch((sink) => {
    const { reader, compiler, offered } = tools;
    if (which === 'subschema' && !mayReadTree(context.identity))
      throw readRefused(context.identity);
    const entry =
      which === 'rootDse' ? rootDse(reader, offered, context.origin) : subschema(reader);
    // Whoever asks, both hold nothing secret: the filter is compiled as for one who may read.
    const reading: Identity = { role: 'user', dn: '', entryId: 0 };
    const truth = testStatic(compiler.compile(request.filter, reading), entry, reader.schema());
    if (request.assertion !== undefined) {
      const assertion = compiler.compile(request.assertion, reading);
      if (testStatic(assertion, entry, reader.schema()) !== TRUE) {
        throw new LdapError('assertionFailed', 'the assertion does not hold for the base object');
      }
    }
    if (truth === TRUE && request.scope !== 'one') send(entry, request, reader.schema(), sink);
  });
}
