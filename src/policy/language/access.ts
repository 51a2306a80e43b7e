/**
 * The section `access:`. Each key is the name of a rule:
 *
 *   phone desk: {who: group phone-desk, from: 10.0.0.0/8, with: tls, may: read,
 *                what: department is R-210, attributes: homePhone}
 *
 *   who         anyone | anyone who has bound | self | manager | owner | condition
 *   with        tls | second factor          may   discover | search | compare | read
 *                                                   | write | add | delete | rename
 *   what        everything | condition; everything where it is left out
 *   attributes  names and @public, @posix, @personal; @public where it is left out
 */
import { type ReadNetwork, readNetwork } from '../../directory/model/network.js';
import { suggest } from '../../runtime/suggest.js';
import {
  type AccessRule,
  type AccessWho,
  type AttributeSet,
  attributeSets,
  type Condition,
  isPowers,
  type ReadOperation,
  readOperations,
  type WriteOperation,
  writeOperations,
} from '../core/language/index.js';
import { condition, noTraces } from './conditions.js';
import { type Section, said } from './section.js';
import type { TextNode } from './tree.js';
import { attribute, type Names } from './vocabulary.js';
import { listed, phraseOf, type Words } from './words.js';

const everything: Condition = { is: 'everyone' };
const nobody: AccessWho = { is: 'those', condition: { is: 'not', of: everything } };

export function access(section: Section, names: Names): AccessRule[] {
  return section.keys.map((key) => rule(section.section(key.text), key, names));
}

function rule(section: Section, key: TextNode, names: Names): AccessRule {
  const given = section.each('attributes', (words) => listOf(words, () => one(words, names)));
  const attributes = given.flat();
  const { may, writes } = operations(section);
  assertMeant(section, writes, attributes, names);
  return said<AccessRule>({
    ...phraseOf(key),
    name: key.text,
    who: section.read('who', (words) => who(words, names)) ?? nobody,
    from:
      section.node('from') === undefined
        ? undefined
        : section.each('from', (words) => listOf(words, () => network(words))).flat(),
    with: section
      .each('with', (words) =>
        listOf(words, () => words.oneOf(['tls', 'second factor'] as const, 'what a session has')),
      )
      .flat(),
    may,
    writes,
    what: section.read('what', (words) => what(words, names)) ?? everything,
    sets:
      section.node('attributes') === undefined
        ? ['public']
        : attributes.flatMap((found) => ('set' in found ? [found.set] : [])),
    attributes: attributes.flatMap((found) => ('name' in found ? [found.name] : [])),
  });
}

/** With what each of them gives besides. */
function operations(section: Section): Pick<AccessRule, 'may' | 'writes'> {
  const all = [...readOperations, ...writeOperations];
  const found: readonly (ReadOperation | WriteOperation)[] = section
    .each('may', (words) => listOf(words, () => words.oneOf(all, 'what one may do to an entry')))
    .flat();
  const writes = writeOperations.filter((one) => found.includes(one));
  if (found.includes('read')) return { may: [...readOperations], writes };
  return { may: readOperations.filter((one) => one === 'discover' || found.includes(one)), writes };
}

/** What no rule about writing may say. Notes the mistake. */
function assertMeant(
  section: Section,
  writes: readonly WriteOperation[],
  attributes: readonly ({ set: AttributeSet } | { name: string })[],
  { words: own }: Names,
): void {
  if (writes.length === 0) return;
  if (section.text('who')?.trim() === 'anyone') {
    section.reading(section.node('who') as TextNode, (words) =>
      words.fail('whoever has not bound writes nothing: "anyone who has bound", or a group'),
    );
  }
  const changes = writes.includes('write') || writes.includes('add');
  if (changes && section.node('attributes') === undefined) {
    section.reading(section.texts('may')[0]!, (words) =>
      words.fail('say which attributes: nobody means all of them, "attributes: [mobile, title]"'),
    );
  }
  for (const found of attributes) {
    const name = 'name' in found ? found.name : undefined;
    if (name === undefined || !isPowers(name)) continue;
    const word = Object.entries(own).find(([, key]) => key === name)?.[0] ?? name;
    section.reading(section.texts('attributes')[0]!, (words) =>
      words.fail(`${word} is written by the powers of a role (roles:), and by no rule`),
    );
  }
}

function who(words: Words, names: Names): AccessWho {
  if (words.take('anyone who has bound')) return { is: 'bound' };
  for (const is of ['anyone', 'self', 'manager', 'owner'] as const) {
    if (words.keyword(1) !== 'is' && words.take(is)) return { is };
  }
  return { is: 'those', condition: condition(words, names, noTraces) };
}

function what(words: Words, names: Names): Condition {
  return words.take('everything') ? everything : condition(words, names, noTraces);
}

function network(words: Words) {
  const { place } = words;
  const read: ReadNetwork = readNetwork(words.word('an address'));
  return read.ok ? read.network : words.fail(read.reason, place);
}

/** An attribute by its name or word, or a set of them. */
function one(words: Words, names: Names): { set: AttributeSet } | { name: string } {
  const { place } = words;
  const next = words.upcoming(1);
  if (next.startsWith('@')) {
    words.word('a set');
    const set = attributeSets.find((name) => `@${name}` === next.toLowerCase());
    if (set !== undefined) return { set };
    if (next.toLowerCase() === '@secret') {
      return words.fail('nobody reads secrets, whatever a rule says: leave out @secret', place);
    }
    const known = attributeSets.map((name) => `@${name}`);
    const meant = suggest(next, known);
    const help = meant === undefined ? `there are ${listed(known)}` : `did you mean ${meant}?`;
    return words.fail(`"${next}" is no set of attributes; ${help}`, place);
  }
  const found = attribute(words, names);
  if (found.secret === true) {
    return words.fail(`${found.word} is a secret, and nobody reads it`, place);
  }
  return { name: found.key };
}

function listOf<T>(words: Words, read: () => T): T[] {
  const found = [read()];
  while (words.take(',') || words.take('and')) found.push(read());
  return found;
}
