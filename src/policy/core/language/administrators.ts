/**
 * The role of administrators: whoever has it may do everything. So that it is always known who they
 * are, and that no attribute of anybody makes one, they are members of groups or named by login.
 */
import type { Condition, Policy, Role } from './types.js';

export const ADMINISTRATOR = 'administrator';

export function administratorRole({ roles }: Policy): Role | undefined {
  return roles.find(({ name }) => name === ADMINISTRATOR);
}

/** Whom a condition names outright. */
export interface Named {
  readonly groups: readonly string[];
  readonly logins: readonly string[];
}

/** The groups and logins of which the condition consists; undefined where it asks anything else. */
export function namedBy(condition: Condition, words: Policy['words']): Named | undefined {
  switch (condition.is) {
    case 'group':
      return { groups: condition.groups, logins: [] };
    case 'value':
      if (condition.attribute !== (words['login'] ?? 'uid')) return undefined;
      return { groups: [], logins: condition.values };
    case 'or': {
      const parts = condition.of.map((part) => namedBy(part, words));
      if (!parts.every((part) => part !== undefined)) return undefined;
      return {
        groups: parts.flatMap(({ groups }) => groups),
        logins: parts.flatMap(({ logins }) => logins),
      };
    }
    default:
      return undefined;
  }
}
