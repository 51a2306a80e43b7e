/** Work on long lists that gives the event loop its turns. */
import type { RunTools } from './tools.js';

type Sharing = Pick<RunTools, 'clock' | 'turn'>;

/** Longest piece of work between two turns of the event loop. */
export const SLICE_MS = 3;
/** Sorted in one go: a few milliseconds. */
const CHUNK = 250;
/** Elements between two looks at the clock. */
const CHECK_EVERY = 64;

/** Lets others have their turn where enough has been done since the last one. */
export class Slicer {
  readonly #tools: Sharing;
  #since: number;

  constructor(tools: Sharing) {
    this.#tools = tools;
    this.#since = tools.clock.monotonicMs();
  }

  /** Whether it is time: then await {@link turn}. */
  get due(): boolean {
    return this.#tools.clock.monotonicMs() - this.#since >= SLICE_MS;
  }

  async turn(): Promise<void> {
    await this.#tools.turn();
    this.#since = this.#tools.clock.monotonicMs();
  }
}

/** A sorted copy; equal elements keep their order. */
export async function sorted<T>(
  list: readonly T[],
  order: (a: T, b: T) => number,
  tools: Sharing,
): Promise<T[]> {
  const slicer = new Slicer(tools);
  let runs: T[][] = [];
  for (let from = 0; from < list.length; from += CHUNK) {
    runs.push(list.slice(from, from + CHUNK).sort(order));
    if (slicer.due) await slicer.turn();
  }
  while (runs.length > 1) {
    const next: T[][] = [];
    for (let i = 0; i < runs.length; i += 2) {
      const [a, b] = [runs[i]!, runs[i + 1]];
      next.push(b === undefined ? a : await merged(a, b, order, slicer));
    }
    runs = next;
  }
  return runs[0] ?? [];
}

async function merged<T>(
  a: readonly T[],
  b: readonly T[],
  order: (a: T, b: T) => number,
  slicer: Slicer,
): Promise<T[]> {
  // Of its final length at once: to grow a list of hundreds of thousands takes longer than a slice.
  const all = new Array<T>(a.length + b.length);
  for (let i = 0, j = 0; i < a.length || j < b.length; ) {
    const takeA = j >= b.length || (i < a.length && order(a[i]!, b[j]!) <= 0);
    all[i + j] = takeA ? a[i]! : b[j]!;
    if (takeA) i += 1;
    else j += 1;
    if ((i + j) % CHECK_EVERY === 0 && slicer.due) await slicer.turn();
  }
  return all;
}

/** Maps a long list. */
export async function mapped<T, R>(
  list: readonly T[],
  map: (one: T) => R,
  tools: Sharing,
): Promise<R[]> {
  const slicer = new Slicer(tools);
  const all: R[] = [];
  for (const one of list) {
    all.push(map(one));
    if (all.length % CHECK_EVERY === 0 && slicer.due) await slicer.turn();
  }
  return all;
}
