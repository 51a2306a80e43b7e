/** Ids of the entries whose facts a policy folds: of everybody, or of those below an entry. */
import type { DirectoryReader } from '../../ports.js';

const PEOPLE_MAX = 10_000_000;
const CHILDREN = 1_000;

/** Everybody, ascending. */
export function peopleIds(reader: DirectoryReader): readonly number[] {
  const kinds = reader.kinds().filter(({ isSubject }) => isSubject);
  return kinds.length === 0 ? [] : reader.idsOfKinds(kinds, PEOPLE_MAX).ids;
}

/** Those below the entry; undefined where more than so many entries are. */
export function peopleBelow(
  root: number,
  reader: DirectoryReader,
  max = PEOPLE_MAX,
): readonly number[] | undefined {
  const found: number[] = [];
  const pending = [root];
  let seen = 0;
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    if (reader.childCount(next) === 0) continue;
    for (let after = 0; ; ) {
      const children = reader.childIds(next, after, CHILDREN);
      seen += children.length;
      if (seen > max) return undefined;
      for (const child of reader.entries(children)) {
        pending.push(child.id);
        if (child.kind.isSubject) found.push(child.id);
      }
      if (children.length < CHILDREN) break;
      after = children.at(-1)!;
    }
  }
  return found;
}
