/**
 * A phrase word by word. Words are separated by spaces; `,` `;` `(` `)` are words of their own; what
 * stands between "…" is one word and no keyword. A mistake is thrown as {@link Wrong} with the
 * place of the word that is wrong and, where there is one, the word that was probably meant.
 */
import { suggest } from '../../runtime/suggest.js';
import type { Phrase, Place } from '../core/language/index.js';
import { placeIn, type TextNode } from './tree.js';

export class Wrong extends Error {
  readonly at: Place;

  constructor(at: Place, message: string) {
    super(message);
    this.at = at;
  }
}

interface Word {
  readonly text: string;
  readonly quoted: boolean;
  readonly offset: number;
}

const wordPattern = /"([^"]*)"|[,;()]|[^\s,;()"]+/g;

export class Words {
  readonly node: TextNode;
  readonly #words: readonly Word[];
  #next = 0;

  constructor(node: TextNode) {
    this.node = node;
    this.#words = [...node.text.matchAll(wordPattern)].map((match) => ({
      text: match[1] ?? match[0],
      quoted: match[1] !== undefined,
      offset: match.index,
    }));
  }

  get done(): boolean {
    return this.#next >= this.#words.length;
  }

  /** Whether exactly these keywords come next. Case is ignored. */
  comes(keywords: string): boolean {
    return keywords.split(' ').every((keyword, i) => {
      const word = this.#words[this.#next + i];
      return word !== undefined && !word.quoted && word.text.toLowerCase() === keyword;
    });
  }

  /** The keyword that many words further on, in lower case; empty where there is none. */
  keyword(ahead: number): string {
    const word = this.#words[this.#next + ahead];
    return word === undefined || word.quoted ? '' : word.text.toLowerCase();
  }

  /** Takes the keywords where they come next. */
  take(keywords: string): boolean {
    if (!this.comes(keywords)) return false;
    this.#next += keywords.split(' ').length;
    return true;
  }

  /** Takes the longest of the phrases that comes next. */
  takeOneOf<T extends string>(phrases: readonly T[]): T | undefined {
    const longestFirst = [...phrases].sort((a, b) => b.length - a.length);
    return longestFirst.find((phrase) => this.take(phrase.toLowerCase()));
  }

  /** Takes one of the phrases, or says which was probably meant. */
  oneOf<T extends string>(phrases: readonly T[], what: string): T {
    return this.takeOneOf(phrases) ?? this.unknown(phrases, what);
  }

  /** @throws Wrong: what comes next is none of `known` */
  unknown(known: readonly string[], what: string): never {
    const typed = this.upcoming(2);
    if (typed === '') this.fail(`${what} is missing: ${listed(known)}`);
    const first = this.upcoming(1);
    const meant = suggest(typed, known) ?? suggest(first, known);
    const shown = known.length > 0 ? `; ${what} is ${listed(known)}` : '';
    const help = meant === undefined ? shown : `; did you mean ${meant}?`;
    return this.fail(`"${first}" is not ${what}${help}`);
  }

  /** Takes the next word, whatever it is. */
  word(what: string): string {
    const word = this.#words[this.#next];
    if (word === undefined || (!word.quoted && /^[,;()]$/.test(word.text))) {
      return this.fail(`${what} is missing`);
    }
    this.#next += 1;
    return word.text;
  }

  /** Takes words and commas that touch each other: a distinguished name. */
  joined(what: string): string {
    let text = this.word(what);
    for (;;) {
      const before = this.#words[this.#next - 1]!;
      const word = this.#words[this.#next];
      const touches = word !== undefined && word.offset === before.offset + before.text.length;
      if (before.quoted || !touches || /^[;()]$/.test(word.text)) return text;
      text += word.text;
      this.#next += 1;
    }
  }

  /** The next words as they were written. */
  upcoming(count: number): string {
    const words = this.#words.slice(this.#next, this.#next + count);
    return words.map(({ text }) => text).join(' ');
  }

  /** Where the phrase goes on. */
  get place(): Place {
    const word = this.#words[this.#next];
    return placeIn(this.node, word?.offset ?? 0);
  }

  fail(message: string, at: Place = this.place): never {
    throw new Wrong(at, message);
  }

  /** Nothing may be left. */
  end(): void {
    if (!this.done) this.fail(`"${this.upcoming(4)}" is one word too many here`);
  }
}

export function phraseOf({ at, text }: TextNode): Phrase {
  return { at, text };
}

/** Reads a whole phrase. */
export function whole<T>(node: TextNode, read: (words: Words) => T): T {
  const words = new Words(node);
  if (words.done) words.fail('something must be said here');
  const value = read(words);
  words.end();
  return value;
}

export function listed(words: readonly string[]): string {
  return words.length < 2
    ? (words[0] ?? '')
    : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;
}
