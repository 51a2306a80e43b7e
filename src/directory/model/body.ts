/**
 * The stored form of an entry's user attributes: BER ready to send, with a table of contents.
 *
 *   byte 0       version (1)
 *   byte 1–2     number of attributes, big endian
 *   then each    attribute number (u16), start (u32) of its PartialAttribute within the body
 *   then         the PartialAttributes (RFC 4511 §4.1.7) one after the other, to the end
 *
 *   PartialAttribute ::= SEQUENCE { type AttributeDescription, vals SET OF value }
 *
 * A projection is a few copies of byte ranges. The attribute number is the store's own name for an
 * attribute description (type and options). Reading trusts the bytes: only this file writes them.
 */

export interface BodyAttribute {
  /** The store's number of the attribute description. */
  readonly number: number;
  /** The description in the schema's spelling, as clients see it. */
  readonly name: string;
  readonly values: readonly Buffer[];
}

const VERSION = 1;
const HEADER_BYTES = 3;
const SLOT_BYTES = 6;

function lengthBytes(length: number): number {
  return length < 0x80 ? 1 : length < 0x100 ? 2 : length < 0x10000 ? 3 : length < 0x1000000 ? 4 : 5;
}

function writeLength(target: Buffer, at: number, length: number): number {
  if (length < 0x80) {
    target[at] = length;
    return at + 1;
  }
  const count = lengthBytes(length) - 1;
  target[at++] = 0x80 | count;
  for (let shift = (count - 1) * 8; shift >= 0; shift -= 8)
    target[at++] = (length >>> shift) & 0xff;
  return at;
}

/** Octets of a TLV with a content of `length` octets. */
function tlvBytes(length: number): number {
  return 1 + lengthBytes(length) + length;
}

function valuesBytes(values: readonly Buffer[]): number {
  let total = 0;
  for (const value of values) total += tlvBytes(value.length);
  return total;
}

/** Octets of one PartialAttribute. */
export function partialAttributeBytes(name: string, values: readonly Buffer[]): number {
  return tlvBytes(tlvBytes(name.length) + tlvBytes(valuesBytes(values)));
}

/** Writes one PartialAttribute at `at`; returns the offset behind it. `name` is ASCII. */
export function writePartialAttribute(
  target: Buffer,
  at: number,
  name: string,
  values: readonly Buffer[],
): number {
  const set = valuesBytes(values);
  target[at++] = 0x30;
  at = writeLength(target, at, tlvBytes(name.length) + tlvBytes(set));
  target[at++] = 0x04;
  at = writeLength(target, at, name.length);
  at += target.latin1Write(name, at);
  target[at++] = 0x31;
  at = writeLength(target, at, set);
  for (const value of values) {
    target[at++] = 0x04;
    at = writeLength(target, at, value.length);
    target.set(value, at);
    at += value.length;
  }
  return at;
}

/** One PartialAttribute in a buffer of its own. */
export function encodePartialAttribute(name: string, values: readonly Buffer[]): Buffer {
  const out = Buffer.allocUnsafe(partialAttributeBytes(name, values));
  writePartialAttribute(out, 0, name, values);
  return out;
}

/** The stored form of `attributes`, in the order given; a view of `scratch` where it fits there. */
export function encodeBody(attributes: readonly BodyAttribute[], scratch?: Buffer): Buffer {
  let total = HEADER_BYTES + SLOT_BYTES * attributes.length;
  for (const a of attributes) total += partialAttributeBytes(a.name, a.values);
  const fits = scratch !== undefined && total <= scratch.length;
  const body = fits ? scratch.subarray(0, total) : Buffer.allocUnsafeSlow(total);
  body[0] = VERSION;
  body.writeUInt16BE(attributes.length, 1);
  let slot = HEADER_BYTES;
  let at = HEADER_BYTES + SLOT_BYTES * attributes.length;
  for (const a of attributes) {
    body.writeUInt16BE(a.number, slot);
    body.writeUInt32BE(at, slot + 2);
    slot += SLOT_BYTES;
    at = writePartialAttribute(body, at, a.name, a.values);
  }
  return body;
}

/** How many attributes the body holds. */
export function bodyCount(body: Buffer): number {
  return (body[1]! << 8) | body[2]!;
}

/** The number of the attribute in slot `i`. */
export function bodyNumberAt(body: Buffer, i: number): number {
  const slot = HEADER_BYTES + SLOT_BYTES * i;
  return (body[slot]! << 8) | body[slot + 1]!;
}

/** Where the PartialAttribute in slot `i` starts; slot `bodyCount` gives the end of the body. */
export function bodyStartAt(body: Buffer, i: number): number {
  if (i === bodyCount(body)) return body.length;
  return body.readUInt32BE(HEADER_BYTES + SLOT_BYTES * i + 2);
}

/** Slot of the attribute with that number, or −1. */
export function bodyFind(body: Buffer, number: number): number {
  const count = (body[1]! << 8) | body[2]!;
  const high = number >> 8;
  const low = number & 0xff;
  for (let i = 0, slot = HEADER_BYTES; i < count; i++, slot += SLOT_BYTES) {
    if (body[slot + 1] === low && body[slot] === high) return i;
  }
  return -1;
}

/** Reads a BER length at `at` and leaves where the content starts in `lengthEnd`. */
let lengthEnd = 0;
function readLength(body: Buffer, at: number): number {
  const first = body[at]!;
  if (first < 0x80) {
    lengthEnd = at + 1;
    return first;
  }
  let length = 0;
  lengthEnd = at + 1 + (first & 0x7f);
  for (let i = at + 1; i < lengthEnd; i++) length = length * 256 + body[i]!;
  return length;
}

/** The attribute description in slot `i`, in the schema's spelling. */
export function bodyNameAt(body: Buffer, i: number): string {
  readLength(body, bodyStartAt(body, i) + 1);
  const nameTag = lengthEnd;
  const length = readLength(body, nameTag + 1);
  return body.latin1Slice(lengthEnd, lengthEnd + length);
}

/** The values in slot `i` as views into the body. */
export function bodyValuesAt(body: Buffer, i: number): Buffer[] {
  readLength(body, bodyStartAt(body, i) + 1);
  const nameLength = readLength(body, lengthEnd + 1);
  const setTag = lengthEnd + nameLength;
  const setLength = readLength(body, setTag + 1);
  const end = lengthEnd + setLength;
  const values: Buffer[] = [];
  for (let at = lengthEnd; at < end; ) {
    const length = readLength(body, at + 1);
    values.push(body.subarray(lengthEnd, lengthEnd + length));
    at = lengthEnd + length;
  }
  return values;
}

/** All attributes of a body, with views into it. */
export function decodeBody(body: Buffer): BodyAttribute[] {
  const attributes: BodyAttribute[] = [];
  const count = bodyCount(body);
  for (let i = 0; i < count; i++) {
    attributes.push({
      number: bodyNumberAt(body, i),
      name: bodyNameAt(body, i),
      values: bodyValuesAt(body, i),
    });
  }
  return attributes;
}

/** PartialAttributes that stand one behind the other, with views into `bytes`. */
export function* partialAttributesIn(
  bytes: Buffer,
): Generator<{ readonly name: string; readonly values: Buffer[]; readonly bytes: Buffer }> {
  for (let start = 0; start < bytes.length; ) {
    const content = readLength(bytes, start + 1);
    const end = lengthEnd + content;
    const nameLength = readLength(bytes, lengthEnd + 1);
    const nameStart = lengthEnd;
    const name = bytes.latin1Slice(nameStart, nameStart + nameLength);
    readLength(bytes, nameStart + nameLength + 1);
    const values: Buffer[] = [];
    for (let at = lengthEnd; at < end; ) {
      const length = readLength(bytes, at + 1);
      values.push(bytes.subarray(lengthEnd, lengthEnd + length));
      at = lengthEnd + length;
    }
    yield { name, values, bytes: bytes.subarray(start, end) };
    start = end;
  }
}
