/** People in words: `person and sponsor`, `group owner`, a role of the policy, a group's name. */
import { relatives, type Who } from '../core/language/index.js';
import type { Names } from './vocabulary.js';
import type { Words } from './words.js';

export function who(words: Words, names: Names): Who {
  const relation = words.takeOneOf(relatives);
  if (relation !== undefined) return { is: relation };
  if (words.take('admin')) return { is: 'admins' };
  const role = words.takeOneOf(names.roles);
  if (role !== undefined) return { is: 'role', name: role };
  return { is: 'group', name: words.word('whom') };
}

/** `manager`, `person and sponsor`. */
export function everybody(words: Words, names: Names): Who[] {
  const found = [who(words, names)];
  while (words.take('and')) found.push(who(words, names));
  return found;
}
