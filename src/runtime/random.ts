/**
 * Randomness as an argument, drawn from the kernel in blocks: a call per value costs more than the
 * value. Nothing else in the program may call node:crypto's random functions.
 */
import { randomFillSync } from 'node:crypto';

export interface Random {
  /** `length` fresh random bytes in a buffer of its own. */
  bytes(length: number): Buffer;
}

const BLOCK_BYTES = 4096;

/** The kernel's randomness. */
export function systemRandom(): Random {
  const block = Buffer.alloc(BLOCK_BYTES);
  let used = BLOCK_BYTES;
  return {
    bytes(length) {
      if (length > BLOCK_BYTES) return randomFillSync(Buffer.allocUnsafeSlow(length));
      if (used + length > BLOCK_BYTES) {
        randomFillSync(block);
        used = 0;
      }
      const taken = Buffer.from(block.subarray(used, used + length));
      // A value handed out is wiped here, so that a later read of this block cannot repeat it.
      block.fill(0, used, used + length);
      used += length;
      return taken;
    },
  };
}

/** A version 4 UUID (RFC 9562 §5.4) in its 36-character lower-case text form. */
export function uuidFrom(random: Random): string {
  const b = random.bytes(16);
  b[6] = (b[6]! & 0x0f) | 0x40;
  b[8] = (b[8]! & 0x3f) | 0x80;
  const h = b.toString('hex');
  return `${h.slice(0, 8)}-${h.slice(8, 12)}-${h.slice(12, 16)}-${h.slice(16, 20)}-${h.slice(20)}`;
}
