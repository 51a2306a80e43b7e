/**
 * YAML checked against a zod schema, where every complaint carries the line and column of what it
 * is about and names the nearest right spelling. Knows nothing of what the keys mean.
 */
import { type Document, isMap, isNode, isScalar, LineCounter, parseDocument } from 'yaml';
import * as z from 'zod';
import { suggest } from './suggest.js';

/** One thing that is wrong, at a place counted from 1. */
export interface ConfigProblem {
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

export interface ReadYaml<T> {
  /** Undefined where there are problems. */
  readonly value: T | undefined;
  /** In the order of the file. */
  readonly problems: readonly ConfigProblem[];
  /** Where the value at `path` stands; the nearest thing around it if it is not there. */
  positionOf(path: readonly PropertyKey[]): { line: number; column: number };
}

type Place = { line: number; column: number };
type Issue = z.core.$ZodIssue;

/** More aliases than anybody writes by hand; fewer than it takes to blow up the memory. */
const ALIASES_MAX = 100;

/** Reads and checks `text`. Keys without a value count as not given. Throws nothing. */
export function readYaml<T>(text: string, schema: z.ZodType<T>): ReadYaml<T> {
  const lines = new LineCounter();
  const doc = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const place = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  const positionOf = (path: readonly PropertyKey[]): Place => place(offsetOf(doc, path, false));
  const failed = (problems: ConfigProblem[]): ReadYaml<T> => ({
    value: undefined,
    problems: problems.sort((a, b) => a.line - b.line || a.column - b.column),
    positionOf,
  });

  if (doc.errors.length > 0) {
    return failed(doc.errors.map((e) => ({ ...place(e.pos[0]), message: `YAML: ${e.message}` })));
  }
  let plain: unknown;
  try {
    plain = withoutNulls(doc.toJS({ maxAliasCount: ALIASES_MAX })) ?? {};
  } catch (error) {
    return failed([{ line: 1, column: 1, message: `YAML: ${(error as Error).message}` }]);
  }
  const result = schema.safeParse(plain);
  if (result.success) return { value: result.data, problems: [], positionOf };
  const names = keyNames(schema);
  return failed(
    result.error.issues.flatMap((issue) =>
      issue.code === 'unrecognized_keys'
        ? issue.keys.map((key) => {
            const path = [...issue.path, key];
            return { ...place(offsetOf(doc, path, true)), message: unknownKey(path, names) };
          })
        : [{ ...positionOf(issue.path), message: complaint(issue, at(plain, issue.path)) }],
    ),
  );
}

/** A section whose lines are all comments reads as null: nothing was said. */
function withoutNulls(value: unknown): unknown {
  if (value === null || typeof value !== 'object') return value ?? undefined;
  if (Array.isArray(value)) return value;
  const entries = Object.entries(value).map(([key, inner]) => [key, withoutNulls(inner)]);
  return Object.fromEntries(entries.filter(([, inner]) => inner !== undefined));
}

function at(value: unknown, path: readonly PropertyKey[]): unknown {
  let found: unknown = value;
  for (const key of path) found = (found as Record<PropertyKey, unknown> | undefined)?.[key];
  return found;
}

/** Where the key at the end of `path` is written, or its value if that is what is wrong. */
function offsetOf(doc: Document, path: readonly PropertyKey[], ofKey: boolean): number {
  let node: unknown = doc.contents;
  let offset = isNode(node) ? (node.range?.[0] ?? 0) : 0;
  for (const [i, name] of path.entries()) {
    if (!isMap(node)) break;
    const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === String(name));
    if (pair === undefined) break;
    const last = i === path.length - 1;
    const spot = last && !ofKey && isScalar(pair.value) ? pair.value : pair.key;
    if (isNode(spot)) offset = spot.range?.[0] ?? offset;
    node = pair.value;
  }
  return offset;
}

function unknownKey(path: readonly PropertyKey[], names: readonly string[]): string {
  const name = path.join('.');
  const parent = path.slice(0, -1).join('.');
  const siblings = names.filter(
    (known) => known.slice(0, known.lastIndexOf('.') + 1) === under(parent),
  );
  // The right key in the wrong section is as common as the wrong letter.
  const key = String(path.at(-1)).toLowerCase();
  const moved = names.find((known) => known.toLowerCase().split('.').at(-1) === key);
  const meant = suggest(name, siblings) ?? moved ?? suggest(name, names);
  const help = meant === undefined ? known(parent, siblings) : `did you mean ${meant}?`;
  return `unknown key ${name}; ${help}`;
}

/** Every key the schema knows, dotted: `log`, `log.level`. */
function keyNames(schema: unknown, parent = ''): string[] {
  if (schema instanceof z.ZodOptional) return keyNames(schema.unwrap(), parent);
  if (!(schema instanceof z.ZodObject)) return [];
  return Object.entries(schema.shape).flatMap(([key, inner]) => {
    const name = `${under(parent)}${key}`;
    return [name, ...keyNames(inner, name)];
  });
}

function under(parent: string): string {
  return parent === '' ? '' : `${parent}.`;
}

function known(parent: string, siblings: readonly string[]): string {
  const where = parent === '' ? 'the sections are' : `${parent} has`;
  const shown = siblings.map((name) => name.slice(under(parent).length));
  return `${where} ${shown.slice(0, 8).join(', ')}${shown.length > 8 ? ', …' : ''}`;
}

function complaint(issue: Issue, value: unknown): string {
  const name = issue.path.join('.');
  const but = `, not ${shown(value)}`;
  switch (issue.code) {
    case 'custom':
      return `${name}: ${issue.message}`;
    case 'invalid_type':
      if (issue.path.length === 0) return `the file must hold keys and values${but}`;
      return `${name} must be ${typeNames[issue.expected] ?? issue.expected}${but}`;
    case 'too_small':
      return issue.origin === 'string'
        ? `${name} must not be empty`
        : `${name} must be at least ${issue.minimum}${but}`;
    case 'too_big':
      return `${name} must be at most ${issue.maximum}${but}`;
    case 'invalid_value': {
      const choices = issue.values.map(String);
      const meant = typeof value === 'string' ? suggest(value, choices) : undefined;
      const hint = meant === undefined ? '' : `; did you mean ${meant}?`;
      return `${name} must be one of ${choices.join(', ')}${but}${hint}`;
    }
    default:
      return `${name}: ${issue.message}`;
  }
}

const typeNames: Readonly<Record<string, string>> = {
  int: 'a whole number',
  // All of ours are whole.
  number: 'a whole number',
  string: 'a text',
  boolean: 'true or false',
  object: 'a section with keys of its own',
};

function shown(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object' && value !== null) return 'a section';
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
