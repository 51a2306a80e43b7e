/** What whoever is refused for want of an index can do about it. */
import type { View } from './view.js';

/** What helps a search without an index: to add the index, where there can be one. */
export function remedy(attribute: string, { reader }: View): string {
  const type = reader.schema().attribute(attribute);
  const missing =
    type?.storage === 'body' &&
    ((type.equality !== undefined && !reader.canUse(type, 'equality')) ||
      (type.substring !== undefined && !reader.canUse(type, 'substring')) ||
      (type.ordering !== undefined && !reader.canUse(type, 'ordering')));
  return missing
    ? `an administrator adds one with: tenure index add ${attribute}`
    : 'there is none for this kind of test: narrow the search by something else';
}
