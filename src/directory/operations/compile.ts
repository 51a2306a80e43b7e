/**
 * Compiles a filter against the schema (see leaf.ts). What cannot be decided becomes Undefined
 * here, once: unknown attributes, values that the rule cannot take, attributes without the rule
 * that is needed, and attributes that the reader may not see.
 */
import { mayReadAttribute, mayReadClass } from '../access/index.js';
import type { Filter } from '../model/filter.js';
import type { Identity } from '../model/identity.js';
import type { DirectoryReader } from '../ports.js';
import type { AttributeDescription, AttributeType, MatchingRule } from '../schema/index.js';
import {
  always,
  type Leaf,
  type Node,
  never,
  type Pieces,
  type Test,
  undecidable,
} from './leaf.js';
import { roleOf } from './lifecycle/index.js';
import { isSupplied } from './virtual.js';

const IN_CHAIN = '1.2.840.113556.1.4.1941';
const nothing: Buffer = Buffer.alloc(0);

/** What compiling needs to know about the store: which numbers stand for which descriptions. */
export class Compiler {
  readonly #reader: DirectoryReader;
  #known: readonly (AttributeDescription | undefined)[] = [];
  #numbers = new Map<string, readonly number[]>();

  constructor(reader: DirectoryReader) {
    this.#reader = reader;
  }

  /**
   * Numbers of the stored descriptions that a request for `description` covers: the type and its
   * subtypes, with at least the options asked for (RFC 4512 §2.5.2).
   */
  numbersFor(type: AttributeType, options: readonly string[]): readonly number[] {
    const known = this.#reader.descriptions();
    if (known !== this.#known) {
      this.#known = known;
      this.#numbers.clear();
    }
    const cacheKey = options.length === 0 ? type.oid : `${type.oid};${options.join(';')}`;
    const cached = this.#numbers.get(cacheKey);
    if (cached !== undefined) return cached;
    const numbers: number[] = [];
    known.forEach((stored, number) => {
      if (stored === undefined) return;
      if (stored.type !== type && !type.subtypes.includes(stored.type)) return;
      if (options.every((option) => stored.options.includes(option))) numbers.push(number);
    });
    if (this.#numbers.size > 10_000) this.#numbers.clear();
    this.#numbers.set(cacheKey, numbers);
    return numbers;
  }

  compile(filter: Filter, identity: Identity): Node {
    switch (filter.kind) {
      case 'and':
      case 'or':
        return this.#combine(filter.kind, filter.filters, identity);
      case 'not': {
        const child = this.compile(filter.filter, identity);
        if (child === always) return never;
        if (child === never) return always;
        return child === undecidable ? undecidable : { node: 'not', child };
      }
      case 'present':
        return this.#leaf('present', filter.attribute, nothing, identity);
      case 'equality':
      case 'approx':
        return this.#leaf('equal', filter.attribute, filter.value, identity);
      case 'greaterOrEqual':
      case 'lessOrEqual':
        return this.#leaf(filter.kind, filter.attribute, filter.value, identity);
      case 'substrings':
        return this.#substrings(filter, identity);
      case 'extensible':
        return this.#extensible(filter, identity);
    }
  }

  #combine(op: 'and' | 'or', filters: readonly Filter[], identity: Identity): Node {
    const absorbing = op === 'and' ? never : always;
    const neutral = op === 'and' ? always : never;
    const children: Node[] = [];
    for (const filter of filters) {
      const child = this.compile(filter, identity);
      if (child === absorbing) return absorbing;
      if (child !== neutral) children.push(child);
    }
    if (children.length === 0) return neutral;
    return children.length === 1 ? children[0]! : { node: op, children };
  }

  #leaf(test: Test, attribute: string, value: Buffer, identity: Identity): Node {
    const description = this.#reader.schema().describe(attribute);
    if (description === undefined) return undecidable;
    const { type } = description;
    if (!mayReadAttribute(identity, type)) return undecidable;
    if (neverHeld(description)) return never;
    if (type.oid === OBJECT_CLASS) return this.#classLeaf(test, value, identity);
    let rule: MatchingRule | undefined;
    let key: Buffer = nothing;
    if (test !== 'present') {
      rule = test === 'equal' ? type.equality : type.ordering;
      if (rule === undefined) return undecidable;
      const normal = (rule.normalizeAssertion ?? rule.normalize)(value);
      if (normal === undefined) return undecidable;
      key = normal;
    }
    const leaf = this.#makeLeaf(test, description, rule, key, undefined, value);
    if (type.storage !== 'edge' || type.subtypes.length === 0) return leaf;
    // Body attributes find their subtypes by number; each of the others is a leaf of its own.
    const subtypes = type.subtypes.map((subtype) =>
      this.#leaf(test, subtype.name, value, identity),
    );
    return { node: 'or', children: [leaf, ...subtypes] };
  }

  #makeLeaf(
    test: Test,
    description: AttributeDescription,
    rule: MatchingRule | undefined,
    key: Buffer,
    pieces: Pieces | undefined,
    raw: Buffer,
  ): Leaf {
    const { type, options } = description;
    return {
      node: 'leaf',
      test,
      type,
      options,
      rule,
      key,
      pieces,
      raw,
      numbers: type.storage === 'body' ? this.numbersFor(type, options) : [],
      dnAttributes: false,
      foreignRule: false,
      supplied: isSupplied(type, this.#reader.schema()),
      guarded: isGuarded(type) || type.subtypes.some(isGuarded),
      chain: false,
    };
  }

  /** objectClass matches superclasses too; a class that nobody knows is Undefined. */
  #classLeaf(test: Test, value: Buffer, identity: Identity): Node {
    if (test === 'present') return always;
    if (test !== 'equal') return undecidable;
    const cls = this.#reader.schema().objectClass(value.toString('latin1').trim());
    if (cls === undefined || !mayReadClass(identity, cls)) return undecidable;
    return { node: 'class', matches: (kind) => kind.has(cls) };
  }

  #substrings(filter: Extract<Filter, { kind: 'substrings' }>, identity: Identity): Node {
    const description = this.#reader.schema().describe(filter.attribute);
    if (description === undefined) return undecidable;
    const { type } = description;
    const rule = type.substring;
    const piece = rule?.normalizePiece;
    if (!mayReadAttribute(identity, type) || rule === undefined || piece === undefined) {
      return undecidable;
    }
    const initial = filter.initial && piece(filter.initial, 'initial');
    const final = filter.final && piece(filter.final, 'final');
    const any: Buffer[] = [];
    for (const middle of filter.any) {
      const normal = piece(middle, 'any');
      if (normal === undefined) return undecidable;
      any.push(normal);
    }
    if (filter.initial !== undefined && initial === undefined) return undecidable;
    if (filter.final !== undefined && final === undefined) return undecidable;
    const pieces = { initial, any, final };
    return this.#makeLeaf('substrings', description, rule, nothing, pieces, nothing);
  }

  /** RFC 4511 §4.5.1.7.7: a rule, an attribute, or both; maybe the entry's name as well. */
  #extensible(filter: Extract<Filter, { kind: 'extensible' }>, identity: Identity): Node {
    const schema = this.#reader.schema();
    if (filter.rule === undefined) {
      if (filter.attribute === undefined) return undecidable;
      const leaf = this.#leaf('equal', filter.attribute, filter.value, identity);
      if (!filter.dnAttributes || leaf.node !== 'leaf') return leaf;
      return { ...leaf, dnAttributes: true };
    }
    const chain = filter.rule === IN_CHAIN;
    const rule = schema.matchingRule(filter.rule);
    if (rule === undefined) return undecidable;
    if (filter.attribute !== undefined) {
      const description = schema.describe(filter.attribute);
      if (description === undefined || !mayReadAttribute(identity, description.type)) {
        return undecidable;
      }
      if (neverHeld(description)) return never;
      const { type } = description;
      if (chain && !type.dnValued) return undecidable;
      const leaf = this.#ruleLeaf(description, chain ? type.equality : rule, filter);
      return leaf === undefined ? undecidable : { ...leaf, chain };
    }
    if (chain) return undecidable;
    const leaves: Leaf[] = [];
    for (const type of schema.attributes) {
      if (type.equality !== rule || !mayReadAttribute(identity, type)) continue;
      const description = schema.describe(type.name);
      const leaf = description && this.#ruleLeaf(description, rule, filter);
      if (leaf !== undefined) leaves.push(leaf);
    }
    return leaves.length === 0 ? undecidable : { node: 'anyOf', leaves };
  }

  #ruleLeaf(
    description: AttributeDescription,
    rule: MatchingRule | undefined,
    filter: Extract<Filter, { kind: 'extensible' }>,
  ): Leaf | undefined {
    const key = rule && (rule.normalizeAssertion ?? rule.normalize)(filter.value);
    if (rule === undefined || key === undefined) return undefined;
    const leaf = this.#makeLeaf('equal', description, rule, key, undefined, filter.value);
    const foreignRule = rule !== description.type.equality;
    return { ...leaf, dnAttributes: filter.dnAttributes, foreignRule };
  }
}

function isGuarded(type: AttributeType): boolean {
  return roleOf(type) !== undefined || type.readers !== 'all';
}

/** Only values in the body have options (RFC 4512 §2.5.2). */
function neverHeld({ type, options }: AttributeDescription): boolean {
  return options.length > 0 && type.storage !== 'body';
}

/** OID of objectClass. */
export const OBJECT_CLASS = '2.5.4.0';
