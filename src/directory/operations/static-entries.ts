/**
 * Entries that are not in the tree: the root DSE (RFC 4512 §5.1), readable by anyone, and the
 * subschema subentry (§4.2). They are made when asked for, from what the server really offers.
 */
import { errorShape, LdapError } from '../../runtime/errors.js';
import { mayReadTree, readRefused } from '../access/index.js';
import type { Identity, Origin } from '../model/identity.js';
import type { DirectoryReader } from '../ports.js';
import { CHANGELOG_DN } from './changelog/index.js';
import type { Compiler } from './compile.js';
import { TRUE } from './leaf.js';
import { isAuditor } from './rights/index.js';
import { make, type StaticEntry, sendStatic, testStatic } from './static-entry.js';
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

function rootDse(
  reader: DirectoryReader,
  offered: Offered,
  origin: Origin,
  audits: boolean,
): StaticEntry {
  // How much is written is for those who may read what.
  const numbers = audits ? reader.audit.numbers() : undefined;
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
    ['changelog', audits ? [CHANGELOG_DN] : []],
    ['firstChangeNumber', numbers === undefined ? [] : [String(numbers.first)]],
    ['lastChangeNumber', numbers === undefined ? [] : [String(numbers.last)]],
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

/** Subschema searches are for whoever has bound, the root DSE is for anyone. */
export function staticSearch(
  which: 'rootDse' | 'subschema',
  request: SearchRequest,
  context: Context,
  tools: {
    reader: DirectoryReader;
    compiler: Compiler;
    offered: Offered;
    nowMs: () => number;
  },
): SearchRun {
  return new StaticSearch((sink) => {
    const { reader, compiler, offered, nowMs } = tools;
    if (which === 'subschema' && !mayReadTree(context.identity))
      throw readRefused(context.identity);
    const entry =
      which === 'rootDse'
        ? rootDse(
            reader,
            offered,
            context.origin,
            isAuditor(context.identity, reader, nowMs() / 1000),
          )
        : subschema(reader);
    // Whoever asks, both hold nothing secret: the filter is compiled as for one who may read.
    const reading: Identity = { role: 'user', dn: '', entryId: 0 };
    const truth = testStatic(compiler.compile(request.filter, reading), entry, reader.schema());
    if (request.assertion !== undefined) {
      const assertion = compiler.compile(request.assertion, reading);
      if (testStatic(assertion, entry, reader.schema()) !== TRUE) {
        throw new LdapError('assertionFailed', 'the assertion does not hold for the base object');
      }
    }
    if (truth === TRUE && request.scope !== 'one')
      sendStatic(entry, request, reader.schema(), sink);
  });
}
