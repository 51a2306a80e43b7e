/**
 * Tests an entry against a compiled filter in three-valued logic (RFC 4511 §4.5.1.7): AND is the
 * smallest, OR the largest, NOT turns True and False round and leaves Undefined. An attribute that
 * an entry does not have makes a test False, so that its negation holds.
 */
import { bodyFind, bodyValuesAt } from '../model/body.js';
import { parseDn } from '../model/dn.js';
import type { EntryRecord } from '../ports.js';
import type { AttributeType } from '../schema/index.js';
import { edgeValues, isMemberUid, showsEdge } from './edge-values.js';
import { FALSE, type Leaf, type Node, TRUE, type Truth, UNDEFINED } from './leaf.js';
import { findsBy, isDiscovered, namesHidden } from './reads/index.js';
import { shownAt } from './shown.js';
import { groupsNamingNow, namesNow, sourcesNow } from './shown-edges.js';
import { withholds } from './ssh-keys.js';
import type { View } from './view.js';
import { targetOf, virtualsOf } from './virtual.js';

/** One slice's evaluation; remembers what a leaf had to look up. */
export class Evaluator {
  readonly #view: View;
  #targets: Map<Leaf, number> | undefined;
  #holders: Map<Leaf, Set<number>> | undefined;

  constructor(view: View) {
    this.#view = view;
  }

  test(node: Node, entry: EntryRecord): Truth {
    switch (node.node) {
      case 'and': {
        let truth: Truth = TRUE;
        for (const child of node.children) {
          const t = this.test(child, entry);
          if (t === FALSE) return FALSE;
          if (t === UNDEFINED) truth = UNDEFINED;
        }
        return truth;
      }
      case 'or': {
        let truth: Truth = FALSE;
        for (const child of node.children) {
          const t = this.test(child, entry);
          if (t === TRUE) return TRUE;
          if (t === UNDEFINED) truth = UNDEFINED;
        }
        return truth;
      }
      case 'not':
        return (2 - this.test(node.child, entry)) as Truth;
      case 'constant':
        return node.truth;
      case 'class':
        if (this.#view.access !== undefined && !classesMay(entry, this.#view)) return UNDEFINED;
        return node.matches(entry.kind) ? TRUE : FALSE;
      case 'anyOf':
        return this.#anyOf(node.leaves, entry);
      case 'leaf':
        if (this.#view.access !== undefined) return this.#restricted(node, entry);
        return this.#leaf(node, entry) ? TRUE : FALSE;
    }
  }

  #anyOf(leaves: readonly Leaf[], entry: EntryRecord): Truth {
    let truth: Truth = FALSE;
    for (const leaf of leaves) {
      const t = this.#view.access === undefined ? undefined : this.#restricted(leaf, entry);
      if (t === undefined ? this.#leaf(leaf, entry) : t === TRUE) return TRUE;
      if (t === UNDEFINED) truth = UNDEFINED;
    }
    return truth;
  }

  /** What may not be tested of the entry is Undefined, whatever it says (RFC 4511 §4.5.1.7). */
  #restricted(leaf: Leaf, entry: EntryRecord): Truth {
    const view = this.#view;
    const own = findsBy(leaf.type, entry, view);
    const { subtypes } = leaf.type;
    if (subtypes.length === 0 || subtypes.every((type) => findsBy(type, entry, view) === own)) {
      return own ? (this.#leaf(leaf, entry) ? TRUE : FALSE) : UNDEFINED;
    }
    const descriptions = view.reader.descriptions();
    const numbers = leaf.numbers.filter((number) => {
      const description = descriptions[number];
      return description !== undefined && findsBy(description.type, entry, view);
    });
    // The name is for whoever may know of the entry, yet not which attribute it stands for.
    const some = { ...leaf, numbers, supplied: leaf.supplied && own, dnAttributes: false };
    if (leaf.type.storage !== 'body' && !own) return UNDEFINED;
    return this.#leaf(some, entry) ? TRUE : UNDEFINED;
  }

  #leaf(leaf: Leaf, entry: EntryRecord): boolean {
    if (leaf.dnAttributes && this.#nameMatches(leaf, entry)) return true;
    switch (leaf.type.storage) {
      case 'body':
        return this.#bodyMatches(leaf, entry) || this.#suppliedMatches(leaf, entry);
      case 'edge':
        return this.#edgeMatches(leaf, entry) || this.#suppliedMatches(leaf, entry);
      case 'secret':
        return false;
      default:
        return this.#virtualMatches(leaf, entry);
    }
  }

  #bodyMatches(leaf: Leaf, entry: EntryRecord): boolean {
    const view = this.#view;
    const { withheld } = view;
    const stateful =
      withheld !== undefined && (leaf.guarded || withheld.namesOnly) && withheld.touches(entry);
    return stateful || withholds(entry, leaf.type)
      ? shownMatches(leaf, entry, view)
      : bodyMatches(leaf, entry);
  }

  #suppliedMatches(leaf: Leaf, entry: EntryRecord): boolean {
    return leaf.supplied && this.#virtualMatches(leaf, entry);
  }

  #virtualMatches(leaf: Leaf, entry: EntryRecord): boolean {
    const virtual = virtualsOf(this.#view.reader.schema()).get(leaf.type.oid);
    if (virtual === undefined) return false;
    if (leaf.type.name === 'memberOf' && leaf.test === 'equal' && !leaf.foreignRule) {
      const group = this.#target(leaf);
      return group !== 0 && this.#view.memberships.groupsOf(entry.id).includes(group);
    }
    return valuesMatch(leaf, virtual.compute(entry, this.#view));
  }

  #edgeMatches(leaf: Leaf, entry: EntryRecord): boolean {
    if (!entry.hasEdges || !showsEdge(entry, leaf.type)) return false;
    const { withheld } = this.#view;
    if (withheld?.showsNameOnly(entry.id) || withheld?.keepsFacts(entry, leaf.type)) return false;
    if (leaf.test === 'equal' && !leaf.foreignRule) {
      const chained = leaf.chain && !isMembershipType(leaf.type);
      if (chained || isMembership(entry, leaf.type)) return this.#holding(leaf).has(entry.id);
      const target = this.#target(leaf);
      if (this.#view.withheld?.hidesTarget(leaf.type, target) === true) return false;
      if (target !== 0) return namesNow(entry.id, leaf.type, target, this.#view);
    }
    return valuesMatch(leaf, edgeValues(entry, leaf.type, this.#view));
  }

  #target(leaf: Leaf): number {
    this.#targets ??= new Map();
    let target = this.#targets.get(leaf);
    if (target === undefined) {
      target = targetOf(leaf.raw, this.#view);
      this.#targets.set(leaf, target);
    }
    return target;
  }

  /** Entries that hold the asserted member, directly or nested. */
  #holding(leaf: Leaf): Set<number> {
    this.#holders ??= new Map();
    let holders = this.#holders.get(leaf);
    if (holders === undefined) {
      holders = holdersOf(leaf, this.#view);
      this.#holders.set(leaf, holders);
    }
    return holders;
  }

  #nameMatches(leaf: Leaf, entry: EntryRecord): boolean {
    const dn = parseDn(this.#view.names.text(entry));
    if ('fault' in dn) return false;
    const schema = this.#view.reader.schema();
    for (const rdn of dn.rdns) {
      for (const ava of rdn.avas) {
        const type = schema.attribute(ava.type);
        if (type === undefined) continue;
        if (type !== leaf.type && !leaf.type.subtypes.includes(type)) continue;
        if (valueMatches(leaf, ava.value)) return true;
      }
    }
    return false;
  }
}

function classesMay(entry: EntryRecord, view: View): boolean {
  const type = view.reader.schema().attribute('objectClass');
  return type !== undefined && findsBy(type, entry, view);
}

/** Whether the attribute is how this entry shows its members. */
function isMembership(entry: EntryRecord, type: AttributeType): boolean {
  return entry.kind.membership === type || isMemberUid(type);
}

/** Ids of all entries that lead to the asserted value over the leaf's attribute. */
export function holdersOf(leaf: Leaf, view: View): Set<number> {
  const { reader, memberships, withheld } = view;
  if (isMemberUid(leaf.type)) {
    const holders = memberships.upward(
      groupsNamingNow(leaf.raw.toString('utf8'), [leaf.type], view),
    );
    for (const person of peopleNamed(leaf.raw, view)) {
      for (const group of memberships.groupsOf(person)) holders.add(group);
    }
    return holders;
  }
  const target = targetOf(leaf.raw, view);
  const key = leaf.key.latin1Slice(0, leaf.key.length);
  if (isMembershipType(leaf.type)) {
    if (target !== 0) return new Set(memberships.groupsOf(target));
    // A group of one form may hold, under its attribute, what a group of the other leads to.
    const types = reader.schema().attributes.filter(isMembershipType);
    return memberships.upward(groupsNamingNow(key, types, view));
  }
  const outside = target === 0 ? reader.sourcesOfText(key, [leaf.type]) : [];
  const holders = new Set<number>(outside);
  const pending = target === 0 ? outside : [target];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    if (withheld?.hidesTarget(leaf.type, next) === true) continue;
    for (const source of sourcesNow(next, leaf.type, view)) {
      if (holders.has(source)) continue;
      holders.add(source);
      // It goes on through what whoever asks could follow step by step.
      if (leadsOn(source, leaf.type, view)) pending.push(source);
    }
  }
  return holders;
}

function leadsOn(id: number, type: AttributeType, view: View): boolean {
  if (view.access === undefined) return true;
  const entry = view.reader.entry(id);
  return entry !== undefined && isDiscovered(entry, view) && findsBy(type, entry, view);
}

/** member, uniqueMember and memberUid: the attributes through which groups nest. */
export function isMembershipType(type: AttributeType): boolean {
  return type.name === 'member' || type.name === 'uniqueMember' || isMemberUid(type);
}

/** People whose login name is exactly these bytes (memberUid is matched by case). */
function peopleNamed(raw: Buffer, view: View): number[] {
  const uid = view.reader.schema().attribute('uid');
  const key = uid?.equality?.normalize(raw);
  if (uid === undefined || key === undefined) return [];
  const number = view.reader.attributeNumber('uid');
  return view.reader.idsEqual(uid, key, 16).ids.filter((id) => {
    if (namesHidden(id, view)) return false;
    const entry = view.reader.entry(id);
    const slot = entry === undefined ? -1 : bodyFind(entry.body, number);
    return slot >= 0 && bodyValuesAt(entry!.body, slot).some((value) => value.equals(raw));
  });
}

function bodyMatches(leaf: Leaf, entry: EntryRecord): boolean {
  for (const number of leaf.numbers) {
    const slot = bodyFind(entry.body, number);
    if (slot < 0) continue;
    if (leaf.test === 'present') return true;
    if (valuesMatch(leaf, bodyValuesAt(entry.body, slot))) return true;
  }
  return false;
}

/** The same of values that are shown one by one. */
function shownMatches(leaf: Leaf, entry: EntryRecord, view: View): boolean {
  return leaf.numbers.some((number) => {
    const slot = bodyFind(entry.body, number);
    return slot >= 0 && valuesMatch(leaf, shownAt(entry, slot, number, view));
  });
}

/** Whether any of the values satisfies the leaf's test. */
export function valuesMatch(leaf: Leaf, values: readonly Buffer[]): boolean {
  if (leaf.test === 'present') return values.length > 0;
  for (const value of values) if (valueMatches(leaf, value)) return true;
  return false;
}

function valueMatches(leaf: Leaf, value: Buffer): boolean {
  const { rule } = leaf;
  const normal = rule?.normalize(value);
  if (rule === undefined || normal === undefined) return false;
  switch (leaf.test) {
    case 'equal':
      return rule.test === undefined ? normal.equals(leaf.key) : rule.test(normal, leaf.key);
    case 'greaterOrEqual':
      return normal.compare(leaf.key) >= 0;
    case 'lessOrEqual':
      return normal.compare(leaf.key) <= 0;
    case 'substrings':
      return piecesMatch(leaf, normal);
    case 'present':
      return true;
  }
}

/** Initial, then each middle piece after the one before it, then final, none overlapping. */
function piecesMatch(leaf: Leaf, value: Buffer): boolean {
  const { initial, any, final } = leaf.pieces!;
  let from = 0;
  let end = value.length;
  if (initial !== undefined) {
    if (
      initial.length > end ||
      value.compare(initial, 0, initial.length, 0, initial.length) !== 0
    ) {
      return false;
    }
    from = initial.length;
  }
  if (final !== undefined) {
    end -= final.length;
    if (end < from || value.compare(final, 0, final.length, end) !== 0) return false;
  }
  for (const piece of any) {
    const found = value.indexOf(piece, from);
    if (found < 0 || found + piece.length > end) return false;
    from = found + piece.length;
  }
  return true;
}
