/**
 * The normal form of distinguished names (RFC 4517 §4.2.15): which two texts name the same entry.
 * Each relative name becomes `type=value`, the type by its primary name in lower case and the value
 * by the normal form of its equality rule. A type that the schema does not know compares as
 * case-ignore text under its own name, so that names outside the tree can be kept and found.
 *
 * Keys are stored. The primary name of a published attribute type must therefore never change.
 */
import { type Ava, parseDn, parseRdn } from '../model/dn.js';
import { prepareCaseIgnore } from './prep.js';
import type { AttributeType, NormalDn, NormalRdn, Schema } from './types.js';

/** Relative names in one name; as limits.dnDepthMax. */
const DEPTH_MAX = 64;
const PARENTS_MAX = 4_096;
const PARENT_CHARS_MAX = 512;
const TYPES_MAX = 1_024;

/** The name of the root DSE. */
export const rootDn: NormalDn = { rdns: [], key: '' };

/** How values of one attribute type are brought to their key. */
interface RdnType {
  readonly prefix: string;
  /** Printable ASCII without spaces is its own normal form, after folding where `fold` is set. */
  readonly plain: boolean;
  readonly fold: boolean;
  readonly normalize: (value: Buffer) => Buffer | undefined;
}

/** What one schema has been asked before; both maps are bounded. */
interface Memory {
  readonly types: Map<string, RdnType>;
  readonly parents: Map<string, NormalDn>;
}

const memories = new WeakMap<Schema, Memory>();
let lastSchema: Schema | undefined;
let lastMemory: Memory | undefined;

function memoryOf(schema: Schema): Memory {
  if (schema === lastSchema) return lastMemory!;
  let memory = memories.get(schema);
  if (memory === undefined) {
    memory = { types: new Map(), parents: new Map() };
    memories.set(schema, memory);
  }
  lastSchema = schema;
  lastMemory = memory;
  return memory;
}

const FOLDING_RULES: ReadonlySet<string> = new Set(['2.5.13.2', '1.3.6.1.4.1.1466.109.114.2']);
const EXACT_RULES: ReadonlySet<string> = new Set(['2.5.13.5', '1.3.6.1.4.1.1466.109.114.1']);

function rdnTypeOf(attribute: AttributeType | undefined, written: string): RdnType {
  if (attribute === undefined) {
    const prefix = `${written.toLowerCase()}=`;
    return { prefix, plain: true, fold: true, normalize: prepareCaseIgnore };
  }
  const prefix = `${attribute.name.toLowerCase()}=`;
  const rule = attribute.equality;
  if (rule === undefined) return { prefix, plain: true, fold: false, normalize: (value) => value };
  const fold = FOLDING_RULES.has(rule.oid);
  return { prefix, plain: fold || EXACT_RULES.has(rule.oid), fold, normalize: rule.normalize };
}

/** The type as written to its handling; `written` must already be a well-formed type. */
function lookUpType(schema: Schema, memory: Memory, written: string): RdnType {
  let type = memory.types.get(written);
  if (type === undefined) {
    type = rdnTypeOf(schema.attribute(written), written);
    if (memory.types.size >= TYPES_MAX) memory.types.clear();
    memory.types.set(written, type);
  }
  return type;
}

// NUL joins relative names, 1 joins the parts of one; 2 escapes these three inside a value.
function escapeSeparators(value: string): string {
  let out = '';
  let copied = 0;
  for (let i = 0; i < value.length; i += 1) {
    const code = value.charCodeAt(i);
    if (code > 2) continue;
    out += `${value.slice(copied, i)}\u0002${code}`;
    copied = i + 1;
  }
  return copied === 0 ? value : out + value.slice(copied);
}

function avaKey(type: RdnType, value: Buffer): string | undefined {
  const normal = type.normalize(value);
  if (normal === undefined) return undefined;
  return type.prefix + escapeSeparators(normal.latin1Slice(0, normal.length));
}

function rdnKey(schema: Schema, memory: Memory, avas: readonly Ava[]): string | undefined {
  if (avas.length === 1) {
    const ava = avas[0]!;
    return avaKey(lookUpType(schema, memory, ava.type), ava.value);
  }
  const keys: string[] = [];
  for (const ava of avas) {
    const key = avaKey(lookUpType(schema, memory, ava.type), ava.value);
    if (key === undefined) return undefined;
    keys.push(key);
  }
  return keys.sort().join('\u0001');
}

/** Any name, by the full parser. */
function normalizeSlowly(schema: Schema, memory: Memory, text: string): NormalDn | undefined {
  const parsed = parseDn(text, DEPTH_MAX);
  if ('fault' in parsed) return undefined;
  const rdns: NormalRdn[] = [];
  const keys: string[] = [];
  for (const rdn of parsed.rdns) {
    const key = rdnKey(schema, memory, rdn.avas);
    if (key === undefined) return undefined;
    rdns.push({ key, text: rdn.text });
    keys.push(key);
  }
  return { rdns, key: keys.join('\u0000') };
}

/** One bit a character code: what the quick scan of a leaf cannot handle by itself. */
const needsParser = new Uint8Array(128);
for (let code = 0; code < 128; code += 1) {
  needsParser[code] =
    code < 0x20 || code === 0x7f || '"#+;<>\\'.includes(String.fromCharCode(code)) ? 1 : 0;
}

/** A name under a parent that was seen before: one scan of its leaf and one look-up. */
function normalizeAt(
  schema: Schema,
  memory: Memory,
  text: string,
  depth: number,
): NormalDn | undefined {
  let equals = -1;
  let upper = false;
  let spaces = false;
  let end = 0;
  for (; end < text.length; end += 1) {
    const code = text.charCodeAt(end);
    if (code === 0x2c) break;
    if (code > 0x7e || needsParser[code] === 1) return normalizeSlowly(schema, memory, text);
    if (code === 0x3d) {
      if (equals < 0) equals = end;
    } else if (code === 0x20) spaces = true;
    else if (code <= 0x5a && code >= 0x41 && equals >= 0) upper = true;
  }
  const leafText = end === text.length ? text : text.slice(0, end);
  const leaf = spaces
    ? normalizeParsed(schema, memory, leafText)
    : normalizePlain(schema, memory, leafText, equals, upper);
  if (leaf === undefined) return undefined;
  if (end === text.length) return { rdns: [leaf], key: leaf.key };
  const parent = normalizeParent(schema, memory, text.slice(end + 1), depth + 1);
  if (parent === undefined || parent.rdns.length >= DEPTH_MAX) return undefined;
  return { rdns: [leaf, ...parent.rdns], key: `${leaf.key}\u0000${parent.key}` };
}

function normalizeParent(
  schema: Schema,
  memory: Memory,
  text: string,
  depth: number,
): NormalDn | undefined {
  const known = memory.parents.get(text);
  if (known !== undefined) return known;
  if (depth > DEPTH_MAX) return undefined;
  const parent = normalizeAt(schema, memory, text, depth);
  // After a comma there must be a name.
  if (parent === undefined || parent.rdns.length === 0) return undefined;
  if (text.length <= PARENT_CHARS_MAX) {
    if (memory.parents.size >= PARENTS_MAX) memory.parents.clear();
    memory.parents.set(text, parent);
  }
  return parent;
}

function normalizeParsed(schema: Schema, memory: Memory, text: string): NormalRdn | undefined {
  const rdn = parseRdn(text);
  if ('fault' in rdn) return undefined;
  const key = rdnKey(schema, memory, rdn.avas);
  return key === undefined ? undefined : { key, text: rdn.text };
}

/** A leaf of printable ASCII without spaces, escapes or a second part. */
function normalizePlain(
  schema: Schema,
  memory: Memory,
  text: string,
  equals: number,
  upper: boolean,
): NormalRdn | undefined {
  const type = memory.types.get(text.slice(0, equals));
  if (equals <= 0 || type === undefined || !type.plain || equals + 1 === text.length) {
    return normalizeParsed(schema, memory, text);
  }
  const value = text.slice(equals + 1);
  return { key: type.prefix + (upper && type.fold ? value.toLowerCase() : value), text };
}

/**
 * The normal form of a distinguished name, or undefined where the text is malformed, too deep, or a
 * value is not valid for its attribute type ({@link dnFault} says which). The empty text is the
 * root. Never throws.
 */
export function normalizeDn(schema: Schema, text: string): NormalDn | undefined {
  if (text === '') return rootDn;
  const normal = normalizeAt(schema, memoryOf(schema), text, 0);
  // Spaces alone are the root as well; other white space is part of no name.
  return normal ?? (/^ +$/.test(text) ? rootDn : undefined);
}

/** The normal form of one relative name, as {@link normalizeDn}. */
export function normalizeRdn(schema: Schema, text: string): NormalRdn | undefined {
  return normalizeParsed(schema, memoryOf(schema), text);
}

/** Why {@link normalizeDn} refuses a text, as a phrase for the client; undefined if it does not. */
export function dnFault(schema: Schema, text: string): string | undefined {
  const parsed = parseDn(text, DEPTH_MAX);
  if ('fault' in parsed) return parsed.fault;
  const memory = memoryOf(schema);
  for (const rdn of parsed.rdns) {
    for (const ava of rdn.avas) {
      if (avaKey(lookUpType(schema, memory, ava.type), ava.value) === undefined) {
        return `the value of "${ava.type}" in "${rdn.text}" is not valid for that attribute type`;
      }
    }
  }
  return undefined;
}
