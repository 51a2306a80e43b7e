/** Entries as a search hands them out, read back into names and values. */
import { bodyNameAt, bodyValuesAt } from '../../src/directory/model/body.js';
import type { OutgoingEntry, ReadEntry } from '../../src/directory/operations/index.js';

/** An entry as a client would see it. */
export interface Seen {
  readonly dn: string;
  /** By attribute description as it was sent, in the order in which it was sent. */
  readonly attributes: ReadonlyMap<string, readonly Buffer[]>;
  /** The values of one attribute as text; none where it was not sent. */
  texts(description: string): string[];
}

/** Reads PartialAttributes (RFC 4511 §4.1.7) that stand one behind the other. */
function partialAttributes(bytes: Buffer): Map<string, readonly Buffer[]> {
  const attributes = new Map<string, readonly Buffer[]>();
  for (let at = 0; at < bytes.length; ) {
    const size = tlvBytes(bytes, at);
    // One PartialAttribute behind a table of contents of one slot is a body.
    const head = Buffer.from([1, 0, 1, 0, 0, 0, 0, 0, 9]);
    const body = Buffer.concat([head, bytes.subarray(at, at + size)]);
    const name = bodyNameAt(body, 0);
    if (attributes.has(name)) throw new Error(`${name} was sent twice`);
    attributes.set(name, bodyValuesAt(body, 0));
    at += size;
  }
  return attributes;
}

function tlvBytes(bytes: Buffer, at: number): number {
  const first = bytes[at + 1]!;
  if (first < 0x80) return 2 + first;
  const count = first & 0x7f;
  return 2 + count + bytes.readUIntBE(at + 2, count);
}

function seen(dn: string, bytes: Buffer): Seen {
  const attributes = partialAttributes(bytes);
  return {
    dn,
    attributes,
    texts: (description) => (attributes.get(description) ?? []).map((value) => value.toString()),
  };
}

/** A copy: the search overwrites its entry with the next. */
export function seenOf(out: OutgoingEntry): Seen {
  const ranges = out.parts
    .slice(0, out.count)
    .map((part, i) => part.subarray(out.starts[i]!, out.ends[i]!));
  const bytes = Buffer.concat(ranges);
  if (bytes.length !== out.bytes) throw new Error('the sum of the ranges is wrong');
  return seen(out.dn.toString('utf8'), bytes);
}

/** What pre- and post-read returned. */
export function seenOfRead(read: ReadEntry): Seen {
  return seen(read.dn, Buffer.from(read.attributes, 'latin1'));
}
