/**
 * Digests of entries from their stored bytes, without taking values apart: an attribute with one
 * value is canonical (see canonical.ts) as it is stored, one with several is copied value by value
 * in order. Reads no database.
 */
import { hash } from 'node:crypto';
import { bodyCount, bodyNumberAt, bodyStartAt } from '../directory/model/body.js';
import type { EntryMeta } from '../directory/model/change.js';
import { headText, tailText } from './canonical.js';
import type { Interned } from './interning.js';

/** What a digest is made of. */
export interface DigestedEntry {
  readonly uuid: string;
  readonly parent: string;
  readonly rdn: string;
  readonly meta: EntryMeta;
  readonly body: Buffer;
  /** By AttributeDescription.key. */
  readonly edges: ReadonlyMap<string, readonly string[]>;
  /** `kind digest` of each. */
  readonly secrets: ReadonlyMap<number, string>;
}

/** The tail of most entries. */
const plainTail = tailText(new Map(), []);

/** Makes digests; keeps what entries have in common. */
export class Digester {
  readonly #interned: Interned;
  /** Slots of a body in the order of their keys, by the numbers in it. */
  readonly #orders = new Map<string, number[]>();
  #scratch = Buffer.allocUnsafe(64 * 1024);

  constructor(interned: Interned) {
    this.#interned = interned;
  }

  /** The same as entryDigest of the entry's canonical parts. */
  digest(entry: DigestedEntry): string {
    const { body, edges, secrets } = entry;
    const head = headText(entry.uuid, entry.parent, entry.rdn, entry.meta);
    const plain = edges.size === 0 && secrets.size === 0;
    const tail = plain ? plainTail : tailText(edges, secrets.values());
    const most = 3 * (head.length + tail.length) + body.length;
    if (most > this.#scratch.length) this.#scratch = Buffer.allocUnsafe(2 * most);
    const out = this.#scratch;
    let at = out.utf8Write(head, 0);
    for (const slot of this.#order(body)) at = writeCanonical(body, slot, out, at);
    at += out.utf8Write(tail, at);
    return hash('sha256', out.subarray(0, at), 'hex');
  }

  #order(body: Buffer): number[] {
    const count = bodyCount(body);
    let signature = '';
    for (let i = 0; i < count; i += 1) signature += String.fromCharCode(bodyNumberAt(body, i));
    let order = this.#orders.get(signature);
    if (order === undefined) {
      const keys = Array.from({ length: count }, (_, i) => ({
        i,
        key: this.#interned.description(bodyNumberAt(body, i)).key,
      }));
      keys.sort((a, b) => (a.key < b.key ? -1 : 1));
      order = keys.map(({ i }) => i);
      this.#orders.set(signature, order);
    }
    return order;
  }
}

/** Where the content of the element at `at` starts, behind its tag and length. */
function contentOf(body: Buffer, at: number): number {
  const first = body[at + 1]!;
  return first < 0x80 ? at + 2 : at + 2 + (first & 0x7f);
}

/** Where the element at `at` ends. */
function endOf(body: Buffer, at: number): number {
  const content = contentOf(body, at);
  let length = body[at + 1]!;
  if (length >= 0x80) {
    length = 0;
    for (let i = at + 2; i < content; i += 1) length = length * 256 + body[i]!;
  }
  return content + length;
}

/** Copies one attribute with its values in order; returns the offset behind it. */
function writeCanonical(body: Buffer, slot: number, out: Buffer, at: number): number {
  const start = bodyStartAt(body, slot);
  const end = bodyStartAt(body, slot + 1);
  // SEQUENCE { name, SET { values } }: sorting moves values about and leaves every length alone.
  const values = contentOf(body, endOf(body, contentOf(body, start)));
  if (inOrder(body, values, end)) {
    return copyBytes(body, start, end, out, at);
  }
  at = copyBytes(body, start, values, out, at);
  const places: number[] = [];
  for (let i = values; i < end; i = endOf(body, i)) places.push(i);
  places.sort((a, b) => compareValues(body, a, b));
  for (const place of places) {
    at = copyBytes(body, place, endOf(body, place), out, at);
  }
  return at;
}

/** Attributes are short: a loop beats the call. Returns the offset behind the copy. */
function copyBytes(from: Buffer, start: number, end: number, to: Buffer, at: number): number {
  const length = end - start;
  if (length > 256) from.copy(to, at, start, end);
  else for (let i = 0; i < length; i += 1) to[at + i] = from[start + i]!;
  return at + length;
}

function inOrder(body: Buffer, from: number, end: number): boolean {
  for (let at = from, next = endOf(body, at); next < end; ) {
    if (compareValues(body, at, next) > 0) return false;
    at = next;
    next = endOf(body, next);
  }
  return true;
}

/** The order of the contents of two elements, as Buffer.compare has it. */
function compareValues(body: Buffer, a: number, b: number): number {
  const endA = endOf(body, a);
  const endB = endOf(body, b);
  let i = contentOf(body, a);
  let j = contentOf(body, b);
  while (i < endA && j < endB) {
    const difference = body[i]! - body[j]!;
    if (difference !== 0) return difference;
    i += 1;
    j += 1;
  }
  return endA - i - (endB - j);
}
