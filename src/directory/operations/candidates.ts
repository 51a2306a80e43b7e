/**
 * Which entries a filter can match, from indexes. A plan is a set of ids, or "all"; exact, or a
 * superset that evaluate.ts tests again. AND takes the smallest set that it finds, OR the union,
 * NOT cannot use an index. "All" names the attribute whose index was missing, if one was.
 */
import { parseTime } from '../model/time.js';
import type { IdSet } from '../ports.js';
import type { AttributeType, Kind } from '../schema/index.js';
import { holdersOf, isMembershipType, valuesMatch } from './evaluate.js';
import { FALSE, type Leaf, type Node, TRUE } from './leaf.js';
import { turnedAt, withTurned } from './lifecycle/index.js';
import { isUnsearchable } from './reads/index.js';
import { sourcesNow } from './shown-edges.js';
import { isSshKeys } from './ssh-keys.js';
import type { View } from './view.js';
import { targetOf, type VirtualAttribute, virtualsOf } from './virtual.js';

export interface Plan {
  /** Ascending, without repeats; undefined: every entry is a candidate. */
  readonly ids: readonly number[] | undefined;
  /** The ids are the answer: nothing has to be tested again. */
  readonly exact: boolean;
  /** Where all are candidates because an index is missing: the attribute. */
  readonly unindexed: string | undefined;
}

/** More hits than this and a scan of the store is as good; ids are 8 bytes each. */
const IDS_MAX = 65_536;
/** So few that looking for a smaller set costs more than testing these. */
const FEW = 64;

/** A set so small that classes and presence tests will not make it much smaller. */
const NARROW = 2_000;

const nothing: Plan = { ids: [], exact: true, unindexed: undefined };
const everything: Plan = { ids: undefined, exact: true, unindexed: undefined };
const anything: Plan = { ids: undefined, exact: false, unindexed: undefined };

const unindexed = (type: AttributeType): Plan => ({
  ids: undefined,
  exact: false,
  unindexed: type.name,
});

const planOf = (set: IdSet): Plan =>
  set.complete ? { ids: set.ids, exact: set.exact, unindexed: undefined } : anything;

/** Plans a compiled filter. Reads indexes only, no entry. */
export function planFilter(node: Node, view: View): Plan {
  switch (node.node) {
    case 'constant':
      return node.truth === TRUE ? everything : nothing;
    case 'class':
      return classPlan(node.matches, view);
    case 'leaf':
      return leafPlan(node, view, IDS_MAX);
    case 'anyOf':
      return union(node.leaves, view);
    case 'not':
      return negation(node.child, view);
    case 'and':
      return intersection(node.children, view);
    case 'or':
      return union(node.children, view);
  }
}

function classPlan(matches: (kind: Kind) => boolean, view: View): Plan {
  const all = view.reader.kinds();
  const kinds = all.filter(matches);
  if (kinds.length === 0) return nothing;
  if (kinds.length === all.length) return everything;
  return planOf(view.reader.idsOfKinds(kinds, IDS_MAX));
}

function intersection(children: readonly Node[], view: View): Plan {
  for (const child of children) {
    if (child.node !== 'leaf' || child.test !== 'equal') continue;
    const plan = leafPlan(child, view, FEW);
    if (plan.ids !== undefined) return { ...plan, exact: false };
  }
  let best: Plan | undefined;
  let missing: string | undefined;
  for (const child of [...children].sort((a, b) => breadth(a) - breadth(b))) {
    if (best?.ids !== undefined && best.ids.length <= NARROW && breadth(child) > 1) break;
    const plan = planFilter(child, view);
    if (plan.ids === undefined) {
      missing ??= plan.unindexed;
      continue;
    }
    if (best?.ids === undefined || plan.ids.length < best.ids.length) best = plan;
    if (plan.ids.length <= FEW) break;
  }
  if (best !== undefined) return { ids: best.ids, exact: false, unindexed: undefined };
  return { ids: undefined, exact: false, unindexed: missing };
}

/** How much of the directory a test usually lets through: what to look up first. */
function breadth(node: Node): number {
  switch (node.node) {
    case 'leaf':
      return node.test === 'equal' ? 0 : node.test === 'present' ? 3 : 1;
    case 'class':
      return 2;
    case 'not':
      return 4;
    default:
      return 1;
  }
}

function union(children: readonly Node[], view: View): Plan {
  const all = new Set<number>();
  let exact = true;
  for (const child of children) {
    const plan = planFilter(child, view);
    if (plan.ids === undefined) {
      // One branch that matches everything for sure makes the others irrelevant.
      if (plan.exact) return everything;
      return { ids: undefined, exact: false, unindexed: firstUnindexed(children, view) };
    }
    exact &&= plan.exact;
    for (const id of plan.ids) all.add(id);
  }
  const ids = [...all].sort((a, b) => a - b);
  return { ids, exact, unindexed: undefined };
}

function firstUnindexed(children: readonly Node[], view: View): string | undefined {
  for (const child of children) {
    const plan = planFilter(child, view);
    if (plan.unindexed !== undefined) return plan.unindexed;
  }
  return undefined;
}

/** What is not matched cannot be listed; it is a fault of an index only where one is missing. */
function negation(child: Node, view: View): Plan {
  if (child.node === 'constant') return child.truth === FALSE ? everything : nothing;
  return { ids: undefined, exact: false, unindexed: missingIndex(child, view) };
}

/** The first attribute below a node that no index covers. */
function missingIndex(node: Node, view: View): string | undefined {
  switch (node.node) {
    case 'leaf':
      return leafPlan(node, view, 0).unindexed;
    case 'and':
    case 'or':
      for (const child of node.children) {
        const missing = missingIndex(child, view);
        if (missing !== undefined) return missing;
      }
      return undefined;
    case 'not':
      return missingIndex(node.child, view);
    default:
      return undefined;
  }
}

function leafPlan(leaf: Leaf, view: View, limit: number): Plan {
  if (isUnsearchable(leaf, view)) return nothing;
  if (leaf.dnAttributes) return unindexed(leaf.type);
  const virtual = virtualsOf(view.reader.schema()).get(leaf.type.oid);
  if (virtual?.byState !== undefined) return statePlan(leaf, virtual, view, limit);
  if (leaf.foreignRule) return unindexed(leaf.type);
  if (leaf.supplied) return suppliedPlan(leaf, view, limit);
  switch (leaf.type.storage) {
    case 'secret':
      return nothing;
    case 'edge':
      return edgePlan(leaf, view, limit);
    case 'body':
      return bodyPlan(leaf, view, limit);
    default:
      return virtualPlan(leaf, view, limit);
  }
}

/**
 * Values that follow from a state: those whose state has turned, and whoever has a value stored. Who
 * has neither shows the usual value; where that fits, nearly everybody does.
 */
function statePlan(leaf: Leaf, virtual: VirtualAttribute, view: View, limit: number): Plan {
  const byState = virtual.byState!;
  let plan: Plan = nothing;
  if (leaf.type.storage === 'body')
    plan = leaf.foreignRule ? unindexed(leaf.type) : withFew(leaf, virtual, view, limit);
  if (plan.ids === undefined) return byState.scans ? anything : plan;
  if (valuesMatch(leaf, byState.usual)) return anything;
  if (byState.of === 'subjects') return subjectsPlan(leaf, virtual, view, limit);
  const now = view.withheld?.nowSeconds;
  if (now === undefined) return plan;
  const turned = turnedAt(view.reader, now);
  const ids = byState.of === 'closed' ? turned.closed : turned.either;
  if (ids.length > limit) return anything;
  return { ...mergeOr(plan, { ids, exact: false, unindexed: undefined }), exact: false };
}

const isSubject = (kind: Kind) => kind.isSubject;

/** By the index of a time that follows from facts; else whoever has facts. */
function subjectsPlan(leaf: Leaf, { between }: VirtualAttribute, view: View, limit: number): Plan {
  const isTime = leaf.test === 'greaterOrEqual' || leaf.test === 'lessOrEqual';
  const at = isTime || leaf.test === 'equal' ? secondsOf(leaf) : undefined;
  if (between !== undefined && at !== undefined) {
    const { from, to } = secondsAround(leaf, at);
    const set = between(from, to, view, limit);
    if (set.complete) return { ...planOf(set), exact: false };
  }
  return { ...classPlan(isSubject, view), exact: false };
}

/** The seconds in which a time may lie that fits the assertion. */
function secondsAround({ test }: Leaf, at: number): { from: number; to: number } {
  return {
    from: test === 'lessOrEqual' ? Number.MIN_SAFE_INTEGER : at,
    to: test === 'greaterOrEqual' ? Number.MAX_SAFE_INTEGER : at + FRACTION_SECONDS,
  };
}

/** Whoever has a value stored, and the few who have one without. */
function withFew(leaf: Leaf, virtual: VirtualAttribute, view: View, limit: number): Plan {
  const plan = bodyPlan(leaf, view, limit);
  return plan.ids === undefined ? plan : mergeOr(plan, fewPlan(virtual, view));
}

function fewPlan({ few }: VirtualAttribute, view: View): Plan {
  const ids = few === undefined ? [] : [...few(view)].sort((a, b) => a - b);
  return { ids, exact: false, unindexed: undefined };
}

/** Whoever has a value stored, and whoever may be supplied with one. */
function suppliedPlan(leaf: Leaf, view: View, limit: number): Plan {
  const virtual = virtualsOf(view.reader.schema()).get(leaf.type.oid);
  if (virtual?.holders === undefined || leaf.type.storage !== 'body') return unindexed(leaf.type);
  const stored = bodyPlan(leaf, view, limit);
  if (stored.ids === undefined) return stored;
  const set =
    leaf.test === 'equal' && virtual.candidates !== undefined
      ? virtual.candidates(leaf.raw, view, limit)
      : virtual.holders(view, limit);
  if (set?.complete !== true) return anything;
  const ids = set.ids.length === 0 ? stored.ids : mergeOr(stored, planOf(set)).ids;
  return { ids, exact: false, unindexed: undefined };
}

/** A supertype is the union over its subtypes, each with an index of its own. */
function bodyPlan(leaf: Leaf, view: View, limit: number): Plan {
  const types = [leaf.type, ...leaf.type.subtypes];
  // Options are not part of the key, keys expire, and states withhold: then it is a superset.
  const { withheld: state } = view;
  const withheld = state !== undefined && (state.namesOnly || leaf.guarded);
  const optioned = leaf.options.length > 0 || isSshKeys(leaf.type) || withheld;
  let merged: Plan | undefined;
  for (const type of types) {
    if (types.length > 1 && !isStored(type, view)) continue;
    const plan = oneType(leaf, type, view, limit);
    if (plan.ids === undefined) return plan;
    merged = merged === undefined ? plan : mergeOr(merged, plan);
  }
  if (merged === undefined) return nothing;
  return optioned ? { ...merged, exact: false } : merged;
}

const storedTypes = new WeakMap<object, Set<AttributeType>>();

function isStored(type: AttributeType, view: View): boolean {
  const descriptions = view.reader.descriptions();
  let types = storedTypes.get(descriptions);
  if (types === undefined) {
    types = new Set();
    for (const description of descriptions) if (description) types.add(description.type);
    storedTypes.set(descriptions, types);
  }
  return types.has(type);
}

function mergeOr(a: Plan, b: Plan): Plan {
  const ids = [...new Set([...a.ids!, ...b.ids!])].sort((x, y) => x - y);
  return { ids, exact: a.exact && b.exact, unindexed: undefined };
}

function oneType(leaf: Leaf, type: AttributeType, view: View, limit: number): Plan {
  const { reader } = view;
  switch (leaf.test) {
    case 'equal':
      if (!reader.canUse(type, 'equality')) return unindexed(type);
      return planOf(reader.idsEqual(type, leaf.key, limit));
    case 'present':
      if (!reader.canUse(type, 'equality')) return unindexed(type);
      return planOf(reader.idsPresent(type, limit));
    case 'greaterOrEqual':
      if (!reader.canUse(type, 'ordering')) return unindexed(type);
      return planOf(reader.idsBetween(type, leaf.key, undefined, limit));
    case 'lessOrEqual': {
      if (!reader.canUse(type, 'ordering')) return unindexed(type);
      // The bound itself is included; a zero byte more is the next key in memcmp order.
      const above = Buffer.concat([leaf.key, Buffer.of(0)]);
      return planOf(reader.idsBetween(type, undefined, above, limit));
    }
    case 'substrings':
      if (!reader.canUse(type, 'substring')) {
        const { initial } = leaf.pieces!;
        if (initial === undefined || !reader.canUse(type, 'equality')) return unindexed(type);
        const range = reader.idsBetween(type, initial, after(initial), limit);
        return { ...planOf(range), exact: false };
      }
      return { ...planOf(reader.idsSubstring(type, leaf.pieces!, limit)), exact: false };
  }
}

/** The first key behind all that start with `prefix`; undefined where there is none. */
function after(prefix: Buffer): Buffer | undefined {
  for (let i = prefix.length - 1; i >= 0; i--) {
    if (prefix[i]! < 0xff) {
      const next = Buffer.from(prefix.subarray(0, i + 1));
      next[i]! += 1;
      return next;
    }
  }
  return undefined;
}

function edgePlan(leaf: Leaf, view: View, limit: number): Plan {
  const { reader } = view;
  if (leaf.test !== 'equal') {
    // Only groups and the like hold edges: kinds narrow it down well enough.
    const kinds = reader.kinds().filter((kind) => kind.allows(leaf.type));
    // Where they do not, no index that could be added would.
    return { ...planOf(reader.idsOfKinds(kinds, limit)), exact: false };
  }
  if (isMembershipType(leaf.type) || leaf.chain) {
    const ids = [...holdersOf(leaf, view)].sort((a, b) => a - b);
    return { ids, exact: leaf.chain && !isMembershipType(leaf.type), unindexed: undefined };
  }
  const target = targetOf(leaf.raw, view);
  if (view.withheld?.hidesTarget(leaf.type, target) === true) return nothing;
  const ids =
    target === 0
      ? reader.sourcesOfText(leaf.key.latin1Slice(0, leaf.key.length), [leaf.type])
      : sourcesNow(target, leaf.type, view);
  const exact = leaf.type.readers === 'all' && view.withheld?.namesOnly !== true;
  return { ids, exact, unindexed: undefined };
}

function virtualPlan(leaf: Leaf, view: View, limit: number): Plan {
  const { reader } = view;
  const { name } = leaf.type;
  const virtual = virtualsOf(reader.schema()).get(leaf.type.oid);
  if (virtual?.few !== undefined) return fewPlan(virtual, view);
  if (leaf.test === 'present') return anything;
  if (name === 'modifyTimestamp' || name === 'createTimestamp') {
    const column = name === 'modifyTimestamp' ? 'modifiedAt' : 'createdAt';
    const at = secondsOf(leaf);
    if (at === undefined) return nothing;
    const { from, to } = secondsAround(leaf, at);
    const stored = reader.idsByTime(column, from, to, limit);
    // What looks older than it is was written down before; what looks newer is added.
    const set =
      name === 'modifyTimestamp' && leaf.test !== 'lessOrEqual'
        ? withTurned(stored, at, view, limit)
        : stored;
    return { ...planOf(set), exact: false };
  }
  if (leaf.test === 'equal' && virtual?.candidates !== undefined) {
    const set = virtual.candidates(leaf.raw, view, limit);
    // A state may turn before the last of them is read.
    const exact = view.withheld === undefined;
    if (set !== undefined) return planOf(exact ? set : { ...set, exact });
  }
  return unindexed(leaf.type);
}

/** What a fraction can add to the seconds in front of it: it may be one of an hour. */
const FRACTION_SECONDS = 3_600;

/** Whole seconds of a time assertion, a fraction cut off. */
function secondsOf(leaf: Leaf): number | undefined {
  return parseTime(leaf.raw.toString('latin1').trim());
}
