/** Numbers that follow from a seed: the same seed and index give the same attack on any machine. */

export interface Chance {
  /** From 0 to `below` − 1. */
  int(below: number): number;
  /** True once in `times`. */
  once(times: number): boolean;
  pick<T>(list: readonly T[]): T;
  bytes(count: number): Buffer;
}

/** The chance of one attack: `index` is its number in the run. */
export function chanceOf(seed: number, index: number): Chance {
  let state = (seed ^ Math.imul(index + 1, 0x9e3779b1)) >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return (t ^ (t >>> 14)) >>> 0;
  };
  const int = (below: number): number => next() % below;
  return {
    int,
    once: (times) => int(times) === 0,
    pick: (list) => list[int(list.length)]!,
    bytes(count) {
      const bytes = Buffer.allocUnsafe(count);
      for (let i = 0; i < count; i++) bytes[i] = next() & 0xff;
      return bytes;
    },
  };
}
