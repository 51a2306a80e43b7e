/** What a write changed of the attributes in the body of an entry, for the record of it. */
import type { Attributes } from './attributes.js';
import { changeValue, type Delta } from './transaction.js';

/** Adds the differences to the delta; true where there is one. */
export function recordBody(before: Attributes, after: Attributes, delta: Delta): boolean {
  let changed = false;
  for (const key of new Set([...before.keys(), ...after.keys()])) {
    const old = before.get(key);
    const now = after.get(key);
    if (old !== undefined && now !== undefined && sameValues(old.values, now.values)) continue;
    changed = true;
    const name = (now ?? old)!.description.text;
    for (const value of old?.values ?? []) delta.remove(name, changeValue(value));
    for (const value of now?.values ?? []) delta.add(name, changeValue(value));
  }
  return changed;
}

function sameValues(a: readonly Buffer[], b: readonly Buffer[]): boolean {
  return a.length === b.length && a.every((value, i) => value.equals(b[i]!));
}
