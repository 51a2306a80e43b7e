/**
 * "Did you mean …?" for names that people type: flags, attributes, keys of the configuration.
 * Pure; answers nothing rather than a far-fetched guess.
 */

/** Longest name compared: a typing mistake, not a text, and the table below stays small. */
const NAME_LENGTH_MAX = 64;

/** The one of `names` that `typed` was probably meant to be, or undefined. Case is ignored. */
export function suggest(typed: string, names: readonly string[]): string | undefined {
  const wanted = typed.toLowerCase();
  if (wanted.length === 0 || wanted.length > NAME_LENGTH_MAX) return undefined;
  let best: string | undefined;
  let bestDistance = Number.POSITIVE_INFINITY;
  for (const name of names) {
    if (name.length > NAME_LENGTH_MAX) continue;
    const distance = editDistance(wanted, name.toLowerCase());
    if (distance < bestDistance && distance <= distanceMax(wanted.length, name.length)) {
      best = name;
      bestDistance = distance;
    }
  }
  return best;
}

/** About one mistake in three letters: `lgo` is near `log`, `abc` is near nothing of ours. */
function distanceMax(typed: number, name: number): number {
  return Math.max(1, Math.floor(Math.max(typed, name) / 3));
}

/** Insertions, deletions, replacements and swaps of neighbours (optimal string alignment). */
export function editDistance(a: string, b: string): number {
  let before: number[] = [];
  let above = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let least = Math.min(above[j]! + 1, row[j - 1]! + 1, above[j - 1]! + (same ? 0 : 1));
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (swapped) least = Math.min(least, before[j - 2]! + 1);
      row.push(least);
    }
    before = above;
    above = row;
  }
  return above[b.length]!;
}
