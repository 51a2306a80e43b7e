/**
 * Strict base64 (RFC 4648 §4), decoded in place. Refuses what lenient decoders skip: characters
 * outside the alphabet, missing or misplaced padding, and last bits that no encoder writes. A
 * damaged password hash or photo must be an error, not a different value.
 */

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const padding = 0x3d;

/** Byte → its six bits, or 64 where the byte is not in the alphabet. */
const sextets: Uint8Array = new Uint8Array(256).fill(64);
for (let i = 0; i < 64; i++) sextets[alphabet.charCodeAt(i)] = i;

/**
 * Decodes `bytes[from..to)` onto itself, starting at `from`, and returns where the result ends,
 * or -1 (the bytes are then unspecified) if the text is not strict base64.
 */
export function decodeBase64InPlace(bytes: Uint8Array, from: number, to: number): number {
  if (((to - from) & 3) !== 0) return -1;
  if (from === to) return from;
  const padded = bytes[to - 1] !== padding ? 0 : bytes[to - 2] !== padding ? 1 : 2;
  const whole = padded === 0 ? to : to - 4;
  let out = from;
  for (let i = from; i < whole; i += 4) {
    const a = sextets[bytes[i]!]!;
    const b = sextets[bytes[i + 1]!]!;
    const c = sextets[bytes[i + 2]!]!;
    const d = sextets[bytes[i + 3]!]!;
    if ((a | b | c | d) > 63) return -1;
    bytes[out++] = (a << 2) | (b >> 4);
    bytes[out++] = (b << 4) | (c >> 2);
    bytes[out++] = (c << 6) | d;
  }
  if (padded === 0) return out;
  const a = sextets[bytes[whole]!]!;
  const b = sextets[bytes[whole + 1]!]!;
  if ((a | b) > 63) return -1;
  if (padded === 2) {
    if ((b & 15) !== 0) return -1;
    bytes[out++] = (a << 2) | (b >> 4);
    return out;
  }
  const c = sextets[bytes[whole + 2]!]!;
  if (c > 63 || (c & 3) !== 0) return -1;
  bytes[out++] = (a << 2) | (b >> 4);
  bytes[out++] = (b << 4) | (c >> 2);
  return out;
}
