/**
 * Values that are made of words: `key=value` separated by spaces; a value with spaces, quotes or
 * nothing in it is written as a JSON string. Reads and writes them, knows no key.
 *
 *   kind=grant entry="uid=ada,ou=people,dc=example,dc=com" because="on call"
 */

const wordPattern = /^([a-z]+)=("(?:[^"\\]|\\.)*"|[^\s"]+)(?:\s+|$)/;

/** Why a text is no such value, as a phrase that completes "the value …". */
export interface WordsFault {
  readonly fault: string;
}

/** The words by key. Only keys of the list are words here. */
export function readWords<Key extends string>(
  text: string,
  keys: readonly Key[],
): Partial<Readonly<Record<Key, string>>> | WordsFault {
  const found: Partial<Record<Key, string>> = {};
  for (let rest = text.trim(); rest !== ''; ) {
    const match = wordPattern.exec(rest);
    if (match === null) return { fault: `has no word such as ${keys[0]}=… at "${clip(rest)}"` };
    const key = keys.find((name) => name === match[1]);
    if (key === undefined) {
      return { fault: `has the word ${match[1]}=, which is none of ${keys.join(', ')}` };
    }
    if (found[key] !== undefined) return { fault: `says ${key}= twice` };
    const value = unquote(match[2]!);
    if (value === undefined) return { fault: `has a string that is not closed well after ${key}=` };
    found[key] = value;
    rest = rest.slice(match[0].length);
  }
  return found;
}

/** The words in the order of the keys; what is undefined is left out. */
export function writeWords(words: Readonly<Record<string, string | undefined>>): string {
  return Object.entries(words)
    .flatMap(([key, value]) => (value === undefined ? [] : [`${key}=${quote(value)}`]))
    .join(' ');
}

const clip = (text: string) => (text.length > 30 ? `${text.slice(0, 30)}…` : text);

function unquote(raw: string): string | undefined {
  if (!raw.startsWith('"')) return raw;
  try {
    const value: unknown = JSON.parse(raw);
    return typeof value === 'string' ? value : undefined;
  } catch {
    return undefined;
  }
}

function quote(value: string): string {
  return /^[^\s"]+$/.test(value) ? value : JSON.stringify(value);
}
