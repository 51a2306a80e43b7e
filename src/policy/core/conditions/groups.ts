/** In which groups the policy puts somebody: by a rule, and by what their kind gets or never gets. */
import type { Policy } from '../language/index.js';
import { holds, kindOf } from './evaluate.js';
import type { Person } from './person.js';

/** Names of groups, each once, in the order of the document. */
export function groupsByRule(person: Person, policy: Policy, now: number): readonly string[] {
  const kind = kindOf(person, policy, now);
  const never = new Set((kind?.neverGets ?? []).map((name) => name.toLowerCase()));
  const found = new Map<string, string>();
  const put = (name: string) => {
    const key = name.toLowerCase();
    if (!never.has(key) && !found.has(key)) found.set(key, name);
  };
  for (const { name, rule } of policy.groups) {
    if (rule !== undefined && holds(rule, person, policy, now)) put(name);
  }
  for (const name of kind?.gets ?? []) put(name);
  return [...found.values()];
}
