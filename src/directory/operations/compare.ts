/**
 * Compare (RFC 4511 §4.10): one attribute value assertion about one entry. Memberships are
 * transitive here as in filters; secrets are never compared (50).
 */
import { LdapError } from '../../runtime/errors.js';
import { mayReadAttribute, mayReadTree, readRefused } from '../access/index.js';
import type { EntryRecord } from '../ports.js';
import type { AttributeType } from '../schema/index.js';
import type { Witness } from './audit/index.js';
import { mayBeShut } from './brownouts.js';
import type { Compiler } from './compile.js';
import { edgeValues } from './edge-values.js';
import { Evaluator } from './evaluate.js';
import { type Node, TRUE } from './leaf.js';
import { assertMayGoOn, readingIdentity } from './lifecycle/index.js';
import type { Names } from './names.js';
import { accessOf, findsBy, isHidden, known } from './reads/index.js';
import { comparisonInOurs } from './renamed.js';
import { noSuchObject } from './scope.js';
import { bodyShows } from './shown.js';
import type { CompareRequest, Context } from './types.js';
import { comparing, type View, viewFor } from './view.js';
import { virtualsOf } from './virtual.js';

export interface CompareTools {
  readonly reader: View['reader'];
  readonly names: Names;
  readonly compiler: Compiler;
  readonly nowMs: () => number;
  /** Hears of what is missed because it is shut; undefined where there is no audit trail. */
  readonly witness?: Witness | undefined;
}

/** True or false where the question can be answered. @throws LdapError where it cannot. */
export function compare(request: CompareRequest, context: Context, tools: CompareTools): boolean {
  if (tools.witness === undefined || !mayBeShut(tools.reader)) {
    return answered(request, context, tools);
  }
  const missed = new Set<number>();
  try {
    return answered(request, context, tools, missed);
  } finally {
    tools.witness.missed(missed, 'compare', context);
  }
}

function answered(
  request: CompareRequest,
  context: Context,
  tools: CompareTools,
  missed?: Set<number>,
): boolean {
  const { reader, names, compiler } = tools;
  const access = accessOf(context.identity, context.origin, reader, tools.nowMs());
  const identity = readingIdentity(known(context.identity, access), reader, tools.nowMs);
  if (!mayReadTree(identity)) throw readRefused(identity);
  assertMayGoOn(context.identity, reader, tools.nowMs());
  const view = viewFor(identity, tools, access, (group) => void missed?.add(group));
  const dn = names.parse(request.dn);
  const { id, nearestId } = names.resolve(dn);
  const entry = reader.entry(id);
  if (entry === undefined || isHidden(id, view)) throw noSuchObject(nearestId, request.dn, view);
  const { attribute, value } = comparisonInOurs(request, identity, reader);
  const description = reader.schema().describe(attribute);
  if (description === undefined) {
    throw new LdapError(
      'undefinedAttributeType',
      `"${request.attribute}" is not an attribute of the schema`,
    );
  }
  const { type } = description;
  const asking = comparing(view);
  if (!mayReadAttribute(identity, type) || !findsBy(type, entry, asking)) {
    throw new LdapError('insufficientAccessRights', `${type.name} may not be compared`);
  }
  if (type.equality === undefined) {
    throw new LdapError('inappropriateMatching', `${type.name} has no equality matching rule`);
  }
  if (request.assertion !== undefined) {
    const node = compiler.compile(request.assertion, identity);
    if (new Evaluator(view).test(node, entry) !== TRUE) {
      throw new LdapError('assertionFailed', 'the assertion does not hold for the entry');
    }
  }
  const node = compiler.compile({ kind: 'equality', attribute, value }, identity);
  if (node.node === 'constant') {
    if (type.name === 'objectClass') return false;
    const why = `the value is not valid for ${type.name} (${type.syntax.description})`;
    throw new LdapError('invalidAttributeSyntax', why);
  }
  if (new Evaluator(asking).test(node, entry) === TRUE) return true;
  if (!present(entry, node, asking)) {
    throw new LdapError('noSuchAttribute', `the entry has no ${type.name}`);
  }
  return false;
}

function present(entry: EntryRecord, node: Node, view: View): boolean {
  if (node.node !== 'leaf') return true;
  if (node.supplied && computed(entry, node.type, view)) return true;
  switch (node.type.storage) {
    case 'body':
      return node.numbers.some((number) => bodyShows(entry, number, view));
    case 'edge':
      return edgeValues(entry, node.type, view).length > 0;
    default:
      return computed(entry, node.type, view);
  }
}

function computed(entry: EntryRecord, type: AttributeType, view: View): boolean {
  const virtual = virtualsOf(view.reader.schema()).get(type.oid);
  return (virtual?.compute(entry, view).length ?? 0) > 0;
}
