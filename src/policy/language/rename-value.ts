/**
 * Another name for a value in the conditions of a document: `department is R-210` becomes
 * `department is R-300`, and nothing else changes, neither a comment nor a space. There is a version
 * between in which both names count, so that nobody leaves a group while people are renamed.
 */
import { readPolicy } from './read.js';
import type { SaidValue, Vocabulary } from './vocabulary.js';

export interface ValueRename {
  /** LDAP name, in lower case. */
  readonly attribute: string;
  readonly from: string;
  readonly to: string;
}

export interface RenamedValue {
  /** With either name; the same as `after` where the document does not speak of the value. */
  readonly between: string;
  readonly after: string;
  /** Of the document, where the value stands. */
  readonly lines: readonly number[];
}

const plain = (text: string) => text.trim().replace(/\s+/g, ' ').toLowerCase();
/** What needs no quotes, neither in the language nor in YAML. */
const bare = /^[\p{L}\p{N}][\p{L}\p{N}._+/-]*$/u;

/** Undefined where it cannot be done without changing what the document says: by hand, then. */
export function renamedValue(
  text: string,
  rename: ValueRename,
  vocabulary: Vocabulary,
): RenamedValue | undefined {
  const { attribute, from, to } = rename;
  const is = (said: SaidValue) => said.attribute === attribute && plain(said.value) === plain(from);
  const said = valuesIn(text, vocabulary);
  const places = said.filter(is);
  const lines = [...new Set(places.map(({ at }) => at.line))];
  const written = bare.test(to) ? to : `"${to}"`;
  const after = replaced(text, places, () => written);
  const between = replaced(text, places, (old) => `${old} or ${written}`);
  if (after === undefined || between === undefined) return undefined;
  const one = said.map((of) => (is(of) ? to : of.value));
  const both = said.flatMap((of) => (is(of) ? [of.value, to] : [of.value]));
  const sound = same(valuesIn(after, vocabulary), one) && same(valuesIn(between, vocabulary), both);
  return sound ? { between, after, lines } : undefined;
}

function valuesIn(text: string, vocabulary: Vocabulary): readonly SaidValue[] {
  const found: SaidValue[] = [];
  readPolicy(text, vocabulary, (said) => found.push(said));
  return found;
}

const same = (found: readonly SaidValue[], wanted: readonly string[]) =>
  found.length === wanted.length && found.every(({ value }, i) => value === wanted[i]);

/** Undefined where a value does not stand where it was read, as in a text with escapes. */
function replaced(
  text: string,
  places: readonly SaidValue[],
  by: (old: string) => string,
): string | undefined {
  const lines = text.split('\n');
  const fromBehind = [...places].sort((a, b) => b.at.line - a.at.line || b.at.column - a.at.column);
  for (const { value, at } of fromBehind) {
    const line = lines[at.line - 1] ?? '';
    const start = at.column - 1;
    const old = [`"${value}"`, value].find((form) => line.startsWith(form, start));
    if (old === undefined) return undefined;
    lines[at.line - 1] = line.slice(0, start) + by(old) + line.slice(start + old.length);
  }
  return lines.join('\n');
}
