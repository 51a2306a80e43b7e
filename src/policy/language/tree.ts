/**
 * A YAML document as a tree in which every part knows where it stands. Scalars keep the words they
 * were written as. Knows nothing of policies.
 */
import { type Document, isAlias, isMap, isScalar, isSeq, parseDocument, type Scalar } from 'yaml';
import { DOCUMENT_BYTES_MAX, type Place } from '../core/language/index.js';

/** Something that is wrong, or that looks wrong, in a document. */
export interface Problem extends Place {
  readonly message: string;
  /** A warning does not keep a policy from being installed. */
  readonly severity: 'error' | 'warning';
}

export interface TextNode {
  readonly is: 'text';
  readonly at: Place;
  readonly text: string;
  /** As YAML reads it: a number, a text, true, or null where nothing is said. */
  readonly plain: unknown;
  /** Columns between `at` and the first letter of the text; undefined over several lines. */
  readonly indent: number | undefined;
}

export interface ListNode {
  readonly is: 'list';
  readonly at: Place;
  readonly items: readonly Node[];
}

export interface MapNode {
  readonly is: 'map';
  readonly at: Place;
  readonly entries: readonly { readonly key: TextNode; readonly value: Node }[];
}

export type Node = TextNode | ListNode | MapNode;

/** Aliases let a short document mean a long one. */
const NODES_MAX = 20_000;
const DEPTH_MAX = 12;

class TooMuch extends Error {}

/** The document, or what keeps it from being one. */
export function readTree(text: string): { root?: Node; problems: Problem[] } {
  if (Buffer.byteLength(text) > DOCUMENT_BYTES_MAX) {
    const message = `a policy has at most ${DOCUMENT_BYTES_MAX / 1024} KB`;
    return { problems: [{ line: 1, column: 1, message, severity: 'error' }] };
  }
  const doc = parseDocument(text, { prettyErrors: false });
  const place = placesIn(text);
  const faults = doc.errors.map((error) => ({ at: place(error.pos[0]), message: error.message }));
  if (faults.length === 0) {
    try {
      return { root: new Reader(doc, text, place).read(doc.contents, 0, 0), problems: [] };
    } catch (error) {
      if (!(error instanceof TooMuch)) throw error;
      faults.push({ at: { line: 1, column: 1 }, message: error.message });
    }
  }
  const problems = faults.map(({ at, message }) => ({
    ...at,
    message: `YAML: ${message}`,
    severity: 'error' as const,
  }));
  return { problems };
}

/** From offsets to places. */
function placesIn(text: string): (offset: number) => Place {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return (offset) => {
    let [low, high] = [0, starts.length];
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (starts[middle]! <= offset) low = middle;
      else high = middle;
    }
    return { line: low + 1, column: offset - starts[low]! + 1 };
  };
}

class Reader {
  readonly #doc: Document;
  readonly #source: string;
  readonly #place: (offset: number) => Place;
  #count = 0;

  constructor(doc: Document, source: string, place: (offset: number) => Place) {
    this.#doc = doc;
    this.#source = source;
    this.#place = place;
  }

  read(node: unknown, around: number, depth: number): Node {
    this.#count += 1;
    if (this.#count > NODES_MAX || depth > DEPTH_MAX) throw new TooMuch('too much in one document');
    if (isAlias(node)) return this.read(node.resolve(this.#doc), around, depth + 1);
    if (isMap(node)) {
      const at = node.range?.[0] ?? around;
      const entries = node.items.map(({ key, value }) => {
        const keyAt = isScalar(key) ? (key.range?.[0] ?? at) : at;
        return {
          key: this.#text(isScalar(key) ? key : undefined, keyAt),
          value: this.read(value, keyAt, depth + 1),
        };
      });
      return { is: 'map', at: this.#place(at), entries };
    }
    if (isSeq(node)) {
      const at = node.range?.[0] ?? around;
      const items = node.items.map((item) => this.read(item, at, depth + 1));
      return { is: 'list', at: this.#place(at), items };
    }
    return this.#text(isScalar(node) ? node : undefined, around);
  }

  #text(scalar: Scalar | undefined, around: number): TextNode {
    const start = scalar?.range?.[0] ?? around;
    const end = scalar?.range?.[1] ?? around;
    const raw = this.#source.slice(start, end);
    const plain = scalar?.value ?? null;
    const text = typeof plain === 'string' ? plain : raw.trim();
    const quoted = /^["']/.test(raw);
    const indent = raw.includes('\n') || raw.includes('\\') ? undefined : quoted ? 1 : 0;
    return { is: 'text', at: this.#place(start), text, plain, indent };
  }
}

/** Where the letter `offset` of a text stands. */
export function placeIn({ at, indent }: TextNode, offset: number): Place {
  return indent === undefined ? at : { line: at.line, column: at.column + indent + offset };
}

/** The tree as plain values. What nobody has said is not there. */
export function plainOf(node: Node): unknown {
  if (node.is === 'text') return node.plain ?? undefined;
  if (node.is === 'list') return node.items.map(plainOf);
  return Object.fromEntries(
    node.entries.flatMap(({ key, value }) => {
      const plain = plainOf(value);
      return plain === undefined ? [] : [[key.text, plain]];
    }),
  );
}

/** The part at `path`, or the innermost around it that is there; of a key, the key itself. */
export function nodeAt(root: Node, path: readonly PropertyKey[], ofKey = false): Node {
  let found = root;
  for (const [i, step] of path.entries()) {
    if (found.is === 'list') {
      const item = found.items[Number(step)];
      if (item === undefined) return found;
      found = item;
      continue;
    }
    const entry =
      found.is === 'map' ? found.entries.find(({ key }) => key.text === String(step)) : undefined;
    if (entry === undefined) return found;
    found = ofKey && i === path.length - 1 ? entry.key : entry.value;
  }
  return found;
}
