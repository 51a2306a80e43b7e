/** What zod has against the outer form of a document, said with its place and the nearest right word. */
import type * as z from 'zod';
import { suggest } from '../../runtime/suggest.js';
import { homesOf, keysAt, shape } from './shape.js';
import { type MapNode, type Node, nodeAt, type Problem, plainOf } from './tree.js';
import { listed } from './words.js';

type Issue = z.core.$ZodIssue;

export function problem(at: { line: number; column: number }, message: string): Problem {
  return { line: at.line, column: at.column, message, severity: 'error' };
}

/** Everything that is wrong with the keys and kinds of values. */
export function complaintsOf(root: MapNode): Problem[] {
  const result = shape.safeParse(plainOf(root));
  const found = result.success ? [] : result.error.issues.flatMap((issue) => said(issue, root));
  return [...found, ...unsaid(root, [])];
}

function said(issue: Issue, root: Node): Problem[] {
  const { path } = issue;
  const node = nodeAt(root, path);
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) =>
      problem(nodeAt(root, [...path, key], true).at, unknownKey(path, key)),
    );
  }
  const name = path.join('.');
  const key = String(path.at(-1) ?? '');
  if (path.length > 0 && plainAt(root, path) === undefined) {
    const around = path.slice(0, -1);
    const where = around.length === 0 ? 'the policy' : around.join('.');
    const hint = name === 'tenure' ? '; a policy begins with "tenure: 1"' : '';
    return [problem(nodeAt(root, around, true).at, `${where} lacks "${key}"${hint}`)];
  }
  if (name === 'tenure') return [problem(node.at, 'this is version 1 of the language: tenure: 1')];
  const keys = keysAt(path);
  const wanted =
    keys === undefined ? wantedBy(issue) : `a section with the keys ${listed(keys).slice(0, 90)}`;
  return [problem(node.at, `${name || 'the document'} must be ${wanted}, not ${shown(node)}`)];
}

const wantedBy = (issue: Issue) =>
  issue.code === 'invalid_type' && (issue.expected === 'record' || issue.expected === 'object')
    ? 'a section with keys of its own'
    : 'a text';

function plainAt(root: Node, path: readonly PropertyKey[]): unknown {
  let found: unknown = plainOf(root);
  for (const step of path) found = (found as Record<PropertyKey, unknown> | undefined)?.[step];
  return found;
}

function shown(node: Node): string {
  if (node.is === 'list') return 'a list';
  return node.is === 'map' ? 'a section' : `"${node.text}"`;
}

function unknownKey(path: readonly PropertyKey[], key: string): string {
  const keys = keysAt(path) ?? [];
  const where = path.length === 0 ? '' : ` in ${path.join('.')}`;
  const meant = suggest(key, keys);
  if (meant !== undefined) return `unknown key "${key}"${where}; did you mean ${meant}?`;
  const home = homesOf(key)[0];
  const help = home === undefined ? `it has ${listed(keys)}` : `it belongs to ${home}`;
  return `unknown key "${key}"${where}; ${help}`;
}

/**
 * Keys without a value. Between braces that is nearly always a text with a comma in it that lacks
 * its quotes, and what it says would be lost without a word.
 */
function unsaid(node: Node, path: readonly string[]): Problem[] {
  if (node.is === 'list') return node.items.flatMap((item) => unsaid(item, path));
  if (node.is === 'text') return [];
  return node.entries.flatMap(({ key, value }) => {
    const inner = unsaid(value, [...path, key.text]);
    const empty = value.is === 'text' && value.plain === null;
    if (!empty || path.length === 0) return inner;
    return [problem(key.at, `"${key.text}" has no value; a text with a comma needs "quotes"`)];
  });
}
