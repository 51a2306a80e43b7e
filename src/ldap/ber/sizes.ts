/**
 * Sizes of BER elements and writers that put them straight into a buffer the caller has sized
 * (X.690 §8.1, definite lengths in the shortest form, RFC 4511 §5.1). Nothing here checks bounds:
 * whoever writes must have summed the sizes first.
 */

/** Octets of a length field for `length` content octets, 0 to 2^32−1. */
export function lengthOfLength(length: number): number {
  return length < 0x80 ? 1 : length < 0x100 ? 2 : length < 0x10000 ? 3 : length < 0x1000000 ? 4 : 5;
}

/** Octets of a whole element with a one-octet tag and `length` content octets. */
export function tlvSize(length: number): number {
  return 1 + lengthOfLength(length) + length;
}

/** Content octets of an INTEGER or ENUMERATED, −2^31 to 2^31−1. */
export function integerLength(value: number): number {
  if (value >= -0x80 && value < 0x80) return 1;
  if (value >= -0x8000 && value < 0x8000) return 2;
  if (value >= -0x800000 && value < 0x800000) return 3;
  return 4;
}

/** Writes a length field at `at`; returns the offset behind it. */
export function writeLength(target: Buffer, at: number, length: number): number {
  if (length < 0x80) {
    target[at] = length;
    return at + 1;
  }
  const count = lengthOfLength(length) - 1;
  target[at] = 0x80 | count;
  for (let i = count; i > 0; i--) {
    target[at + i] = length & 0xff;
    length >>>= 8;
  }
  return at + count + 1;
}

/** Writes a tag and its length field at `at`; returns the offset behind them. */
export function writeHeader(target: Buffer, at: number, tag: number, length: number): number {
  target[at] = tag;
  return writeLength(target, at + 1, length);
}

/** Writes a whole INTEGER (or ENUMERATED, by `tag`) at `at`; returns the offset behind it. */
export function writeInteger(target: Buffer, at: number, value: number, tag: number): number {
  const count = integerLength(value);
  target[at] = tag;
  target[at + 1] = count;
  for (let i = count + 1; i > 1; i--) {
    target[at + i] = value & 0xff;
    value >>= 8;
  }
  return at + 2 + count;
}

/** Below this many octets a loop is faster than a call into the runtime. */
const SHORT_COPY_BYTES = 40;

/** Copies `source[start, end)` to `at`; returns the offset behind the copy. */
export function writeBytes(
  target: Buffer,
  at: number,
  source: Buffer,
  start: number,
  end: number,
): number {
  if (end - start <= SHORT_COPY_BYTES) {
    for (let i = start; i < end; i++) target[at++] = source[i]!;
    return at;
  }
  source.copy(target, at, start, end);
  return at + end - start;
}
