/** Sets of ids as an index answers them: ascending, each once, whole or of no use. */
import type { IdSet } from '../directory/ports.js';

/** The answer where more than the limit would match. */
export const tooMany: IdSet = { ids: [], complete: false, exact: false };

export const noIds: readonly number[] = [];

/** Ascending and each once; sorts in place where needed. */
export function ascending(ids: number[]): number[] {
  let sorted = true;
  for (let i = 1; i < ids.length; i += 1) {
    if (ids[i - 1]! >= ids[i]!) {
      sorted = false;
      break;
    }
  }
  if (sorted) return ids;
  const order = Float64Array.from(ids).sort();
  let kept = 0;
  for (let i = 0; i < order.length; i += 1) {
    if (i === 0 || order[i] !== order[i - 1]) ids[kept++] = order[i]!;
  }
  ids.length = kept;
  return ids;
}

/** An IdSet of what a statement found when it was asked for one more than `limit`. */
export function idSet(ids: number[], limit: number, exact: boolean): IdSet {
  if (ids.length > limit) return tooMany;
  return { ids: ascending(ids), complete: true, exact };
}
