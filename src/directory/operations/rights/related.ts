/** Over whom a role is: by its conditions, and by who names whom. */
import { holds, type Person } from '../../../policy/core/conditions/index.js';
import type { Policy, Role } from '../../../policy/core/language/index.js';
import type { DirectoryReader } from '../../ports.js';

/** In which attributes an entry names whoever has a role over it. */
export const relatedBy: Readonly<Record<'manager' | 'self', readonly string[]>> = {
  manager: ['manager', 'lifecycleSponsor'],
  self: [],
};

/** Whether the relation of a role holds between two entries. */
export function isRelated(
  relation: Role['relation'],
  author: number,
  entryId: number,
  reader: DirectoryReader,
): boolean {
  if (relation === undefined) return false;
  if (relation === 'self') return author === entryId;
  return relatedBy[relation].some((name) => {
    const type = reader.schema().attribute(name);
    return type !== undefined && reader.hasEdge(entryId, type, author, '');
  });
}

/** Whether what a role says of `over` and `never over` takes somebody in. */
export function isOver(
  { over, neverOver }: Role,
  person: Person,
  policy: Policy,
  now: number,
): boolean {
  if (!holds(over, person, policy, now)) return false;
  return neverOver === undefined || !holds(neverOver, person, policy, now);
}
