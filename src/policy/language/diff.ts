/**
 * What a new policy says that the old one does not: part by part by its name, in the words of the
 * documents, whatever the order of keys, the spacing and the remarks are.
 */
import {
  type Condition,
  type Duration,
  type Policy,
  type Rule,
  sayCondition,
  sayDuration,
  sayWho,
  type Who,
} from '../core/language/index.js';

import { sayAccess } from './say-access.js';

export interface Difference {
  /** `kinds.contractor.gets`. */
  readonly path: string;
  /** Undefined where the old policy says nothing. */
  readonly before: string | undefined;
  readonly after: string | undefined;
}

/** In the order of the sections. */
export function differences(before: Policy, after: Policy): readonly Difference[] {
  const [old, now] = [flat(before), flat(after)];
  const paths = [...new Set([...old.keys(), ...now.keys()])];
  return paths
    .filter((path) => old.get(path) !== now.get(path))
    .map((path) => ({ path, before: old.get(path), after: now.get(path) }));
}

/** Every part with a path of its own, and what it says. */
function flat(policy: Policy): Map<string, string> {
  const found = new Map<string, string>();
  const put = (path: string, value: unknown) => {
    const text = words(value);
    if (text !== '') found.set(path, text);
  };
  for (const [key, value] of Object.entries(policy.company)) put(`company.${key}`, value);
  for (const [key, value] of Object.entries(policy.words)) put(`words.${key}`, value);
  for (const section of ['kinds', 'passwords', 'groups', 'roles', 'resources'] as const) {
    // Which one comes first decides, so the order is part of what is said.
    if (section === 'kinds' || section === 'passwords') {
      put(
        `${section} in order`,
        policy[section].map(({ name }) => name),
      );
    }
    for (const item of policy[section]) fields(`${section}.${item.name}`, item, put);
  }
  for (const { rules } of policy.journeys) for (const rule of rules) steps(rule, put);
  fields('guards', policy.guards, put);
  fields('audit', policy.audit, put);
  for (const rule of policy.access ?? []) put(`access.${rule.name}`, sayAccess(rule));
  if (policy.access?.length === 0) put('access', 'nobody');
  return found;
}

type Put = (path: string, value: unknown) => void;

const conditions = ['who', 'rule', 'over', 'neverOver'];

function fields(path: string, item: object, put: Put): void {
  for (const [key, value] of Object.entries(item)) {
    if (key === 'at' || key === 'text' || key === 'name') continue;
    put(`${path}.${key}`, conditions.includes(key) ? sayCondition(value as Condition) : value);
  }
}

function steps({ name, steps: list }: Rule, put: Put): void {
  const [journey, when] = name.split(', ');
  put(`journeys.${journey}.${when}`, list);
}

/** What a value says: phrases by their words, everything else without its place. */
function words(value: unknown): string {
  if (Array.isArray(value)) return value.map(words).join(', ');
  if (typeof value !== 'object' || value === null) return String(value ?? '');
  if ('text' in value && 'at' in value) return String(value.text);
  if ('count' in value && 'unit' in value) return sayDuration(value as Duration);
  if ('power' in value && 'for' in value) return `${value.power} for ${words(value.for)}`;
  if ('power' in value) return String(value.power);
  if ('is' in value) return sayWho([value as Who]);
  return Object.values(value).map(words).join(' ');
}
