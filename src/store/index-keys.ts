/**
 * Keys of the equality index. A key is the normal form of the attribute's equality rule; one longer
 * than 200 bytes is cut to its first 184 and the first 16 of its SHA-256, so that equality stays
 * exact and order holds among the first 184. Nothing here touches the database.
 */
import { hash } from 'node:crypto';

export const KEY_BYTES_MAX = 200;
/** Bytes of a long key that are kept as they are. */
export const KEY_HEAD_BYTES = 184;
const KEY_HASH_BYTES = KEY_BYTES_MAX - KEY_HEAD_BYTES;

/** The stored form of a normal form. */
export function indexKey(normal: Buffer): Buffer {
  return normal.length <= KEY_BYTES_MAX ? normal : cutKey(normal);
}

function cutKey(normal: Buffer): Buffer {
  const key = Buffer.allocUnsafe(KEY_BYTES_MAX);
  normal.copy(key, 0, 0, KEY_HEAD_BYTES);
  hash('sha256', normal, 'buffer').copy(key, KEY_HEAD_BYTES, 0, KEY_HASH_BYTES);
  return key;
}

/** Whether the stored key may stand for a longer normal form. */
export function maybeCut(key: Buffer): boolean {
  return key.length === KEY_BYTES_MAX;
}

/** The first bytes after everything that starts with `prefix`; undefined: no end. */
export function afterPrefix(prefix: Buffer): Buffer | undefined {
  let length = prefix.length;
  while (length > 0 && prefix[length - 1] === 0xff) length -= 1;
  if (length === 0) return undefined;
  const after = Buffer.from(prefix.subarray(0, length));
  after[length - 1]! += 1;
  return after;
}

/** A range of stored keys that covers every normal form with low ≤ form < high. */
export interface KeyRange {
  readonly low: Buffer;
  readonly high: Buffer | undefined;
  /** Whether the range holds nothing else. */
  readonly exact: boolean;
}

/** The stored keys of a range of normal forms; bounds that are undefined are open. */
export function keyRange(low: Buffer | undefined, high: Buffer | undefined): KeyRange {
  const longLow = low !== undefined && low.length > KEY_HEAD_BYTES;
  const longHigh = high !== undefined && high.length > KEY_HEAD_BYTES;
  return {
    low: low === undefined ? nothing : longLow ? low.subarray(0, KEY_HEAD_BYTES) : low,
    high: longHigh ? afterPrefix(high.subarray(0, KEY_HEAD_BYTES)) : high,
    exact: !longLow && !longHigh,
  };
}

const nothing = Buffer.alloc(0);

/** The stored keys of values, repeats included; values that the rule cannot take have none. */
export function keysOfValues(
  values: readonly Buffer[],
  normalize: (value: Buffer) => Buffer | undefined,
  keys: Buffer[] = [],
): Buffer[] {
  for (const value of values) {
    const normal = normalize(value);
    if (normal !== undefined) keys.push(indexKey(normal));
  }
  return keys;
}

const LINEAR_MAX = 256;

/** Those of `keys` that are not among `others`. */
export function keysWithout(keys: readonly Buffer[], others: readonly Buffer[]): Buffer[] {
  if (keys.length * others.length <= LINEAR_MAX) {
    return keys.filter((key) => !others.some((other) => other.equals(key)));
  }
  const known = new Set(others.map((other) => other.latin1Slice(0, other.length)));
  return keys.filter((key) => !known.has(key.latin1Slice(0, key.length)));
}
