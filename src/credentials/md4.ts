/**
 * MD4 (RFC 1320), which OpenSSL 3 no longer offers and the NT hash is made of. It protects nothing
 * by itself: whoever holds an NT hash can log in with it, so it is kept like a password in clear.
 */

const shifts = [
  [3, 7, 11, 19],
  [3, 5, 9, 13],
  [3, 9, 11, 15],
] as const;
/** In which order the three rounds take the sixteen words of a block. */
const orders = [
  [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15],
  [0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15],
  [0, 8, 4, 12, 2, 10, 6, 14, 1, 9, 5, 13, 3, 11, 7, 15],
] as const;
const constants = [0, 0x5a827999, 0x6ed9eba1] as const;
const BLOCK_BYTES = 64;
const LENGTH_BYTES = 8;

/** The 16 bytes of MD4 over `message`. */
export function md4(message: Uint8Array): Buffer {
  const padded = pad(message);
  const state = [0x67452301, 0xefcdab89 | 0, 0x98badcfe | 0, 0x10325476];
  for (let at = 0; at < padded.length; at += BLOCK_BYTES) addBlock(state, padded, at);
  padded.fill(0);
  const digest = Buffer.allocUnsafeSlow(16);
  for (let i = 0; i < 4; i++) digest.writeInt32LE(state[i]! | 0, i * 4);
  return digest;
}

/** A one bit, zeros, and the length in bits, to whole blocks. */
function pad(message: Uint8Array): Buffer {
  const blocks = Math.ceil((message.length + 1 + LENGTH_BYTES) / BLOCK_BYTES);
  const padded = Buffer.alloc(blocks * BLOCK_BYTES);
  padded.set(message);
  padded[message.length] = 0x80;
  padded.writeBigUInt64LE(BigInt(message.length) * 8n, padded.length - LENGTH_BYTES);
  return padded;
}

function addBlock(state: number[], bytes: Buffer, at: number): void {
  let [a, b, c, d] = state as [number, number, number, number];
  for (let round = 0; round < 3; round++) {
    for (let i = 0; i < 16; i++) {
      const word = bytes.readInt32LE(at + orders[round]![i]! * 4);
      const sum = (a + mixed(round, b, c, d) + word + constants[round]!) | 0;
      const shift = shifts[round]![i & 3]!;
      a = d;
      d = c;
      c = b;
      b = (sum << shift) | (sum >>> (32 - shift));
    }
  }
  state[0] = (state[0]! + a) | 0;
  state[1] = (state[1]! + b) | 0;
  state[2] = (state[2]! + c) | 0;
  state[3] = (state[3]! + d) | 0;
}

function mixed(round: number, x: number, y: number, z: number): number {
  if (round === 0) return (x & y) | (~x & z);
  return round === 1 ? (x & y) | (x & z) | (y & z) : x ^ y ^ z;
}
