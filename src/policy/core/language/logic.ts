/**
 * What can be said of conditions without anybody to ask them of: whether one follows from another,
 * whether one can ever hold, what they look at. Careful: "no" means "not certainly".
 */
import type { Condition } from './types.js';

/** Whether `b` certainly holds wherever `a` does. */
export function implies(a: Condition, b: Condition): boolean {
  if (b.is === 'everyone' || isNever(a) || JSON.stringify(a) === JSON.stringify(b)) return true;
  if (a.is === 'or') return a.of.every((inner) => implies(inner, b));
  if (b.is === 'and') return b.of.every((inner) => implies(a, inner));
  if (a.is === 'and' && a.of.some((inner) => implies(inner, b))) return true;
  if (b.is === 'or') return b.of.some((inner) => implies(a, inner));
  if (a.is === 'not' && b.is === 'not') return implies(b.of, a.of);
  const [wider, narrower] = [namesIn(b), namesIn(a)];
  if (wider === undefined || narrower === undefined || wider.of !== narrower.of) return false;
  return narrower.names.every((name) => wider.names.includes(name));
}

/** Whether the condition certainly holds of nobody. */
export function isNever(condition: Condition): boolean {
  switch (condition.is) {
    case 'not':
      return condition.of.is === 'everyone';
    case 'or':
      return condition.of.every(isNever);
    case 'and':
      return condition.of.some(isNever) || clash(condition.of);
    default:
      return false;
  }
}

/** Whether two of the parts exclude each other. */
function clash(parts: readonly Condition[]): boolean {
  return parts.some((a, i) =>
    parts.some((b, j) => {
      if (i === j) return false;
      if (b.is === 'not') return implies(a, b.of);
      // Everybody has one kind and one state; of attributes there may be several values.
      if (a.is === 'kind' && b.is === 'kind') return disjoint(a.kinds, b.kinds);
      return a.is === 'state' && b.is === 'state' && disjoint(a.states, b.states);
    }),
  );
}

const disjoint = (a: readonly string[], b: readonly string[]) =>
  !a.some((name) => b.includes(name));

function namesIn(condition: Condition): { of: string; names: readonly string[] } | undefined {
  switch (condition.is) {
    case 'kind':
      return { of: 'kind', names: condition.kinds };
    case 'state':
      return { of: 'state', names: condition.states };
    case 'group':
      return { of: 'group', names: condition.groups };
    case 'value': {
      const names = condition.values.map((value) => value.toLowerCase());
      return { of: `value ${condition.attribute}`, names };
    }
    default:
      return undefined;
  }
}

/** The kinds of which the condition can hold. */
export function kindsOf(condition: Condition, all: readonly string[]): readonly string[] {
  switch (condition.is) {
    case 'kind':
      return condition.kinds;
    case 'not': {
      if (condition.of.is !== 'kind') return all;
      const { kinds } = condition.of;
      return all.filter((kind) => !kinds.includes(kind));
    }
    case 'and':
      return all.filter((kind) => condition.of.every((of) => kindsOf(of, all).includes(kind)));
    case 'or':
      return all.filter((kind) => condition.of.some((of) => kindsOf(of, all).includes(kind)));
    default:
      return all;
  }
}

/** Everything in a condition that is no `and`, `or` or `not`. */
export function partsOf(condition: Condition): readonly Condition[] {
  if (condition.is === 'not') return partsOf(condition.of);
  if (condition.is === 'and' || condition.is === 'or') return condition.of.flatMap(partsOf);
  return [condition];
}
