/**
 * Integers of any size (RFC 4517 §3.3.16) as bytes that order by memcmp as the numbers do. The
 * first byte holds the sign and the number of digits, the digits follow; a negative number is the
 * bitwise complement of its absolute value. From 127 digits on a four-byte length follows it.
 */

const LONG = 0x7f;

/** Whether the bytes spell an integer: `0`, or digits without a leading zero, `-` in front. */
export function isInteger(value: Buffer): boolean {
  const length = value.length;
  let at = 0;
  if (value[0] === 0x2d) at = 1;
  if (at === length) return false;
  if (value[at] === 0x30) return length === 1;
  for (; at < length; at += 1) {
    const byte = value[at]!;
    if (byte < 0x30 || byte > 0x39) return false;
  }
  return true;
}

/** The normal form, or undefined where the value is no integer. */
export function normalizeInteger(value: Buffer): Buffer | undefined {
  if (!isInteger(value)) return undefined;
  const negative = value[0] === 0x2d;
  const digits = negative ? value.length - 1 : value.length;
  const header = digits < LONG ? 1 : 5;
  const out = Buffer.allocUnsafe(header + digits);
  out[0] = 0x80 + Math.min(digits, LONG);
  if (header === 5) out.writeUInt32BE(digits, 1);
  for (let i = 0; i < digits; i += 1) out[header + i] = value[i + (negative ? 1 : 0)]!;
  if (negative) for (let i = 0; i < out.length; i += 1) out[i] = ~out[i]! & 0xff;
  return out;
}

/** The number behind a normal form. */
function integerOf(normal: Buffer): bigint {
  const negative = normal[0]! < 0x80;
  let text = '';
  const header = (negative ? ~normal[0]! & 0xff : normal[0]!) === 0x80 + LONG ? 5 : 1;
  for (let i = header; i < normal.length; i += 1) {
    text += String.fromCharCode(negative ? ~normal[i]! & 0xff : normal[i]!);
  }
  return negative ? -BigInt(text) : BigInt(text);
}

/** Digits beyond which the bit rules answer false: two's complement of flags fits easily. */
const BIT_DIGITS_MAX = 40;

/** Whether every bit of `mask` is set in `stored` (both normal forms): rule …1.4.803. */
export function allBitsSet(stored: Buffer, mask: Buffer): boolean {
  if (stored.length > BIT_DIGITS_MAX || mask.length > BIT_DIGITS_MAX) return false;
  const bits = integerOf(mask);
  return (integerOf(stored) & bits) === bits;
}

/** Whether any bit of `mask` is set in `stored` (both normal forms): rule …1.4.804. */
export function anyBitSet(stored: Buffer, mask: Buffer): boolean {
  if (stored.length > BIT_DIGITS_MAX || mask.length > BIT_DIGITS_MAX) return false;
  return (integerOf(stored) & integerOf(mask)) !== 0n;
}
