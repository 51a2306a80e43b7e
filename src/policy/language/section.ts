/**
 * A section of the document while it is read: its phrases by key. A phrase that is wrong is noted
 * as a problem and counts as not said, so that one reading finds every mistake.
 */
import type { Phrase } from '../core/language/index.js';
import { problem } from './complaints.js';
import type { MapNode, Node, Problem, TextNode } from './tree.js';
import { phraseOf, type Words, Wrong, whole } from './words.js';

export class Section {
  readonly #map: MapNode | undefined;
  readonly #problems: Problem[];

  constructor(node: Node | undefined, problems: Problem[]) {
    this.#map = node?.is === 'map' ? node : undefined;
    this.#problems = problems;
  }

  /** Keys in the order of the document. */
  get keys(): readonly TextNode[] {
    return this.#map?.entries.map(({ key }) => key) ?? [];
  }

  node(key: string): Node | undefined {
    return this.#map?.entries.find((entry) => entry.key.text === key)?.value;
  }

  section(key: string): Section {
    return new Section(this.node(key), this.#problems);
  }

  /** Where the section begins, under the key that names it. */
  phrase(key: TextNode): Phrase {
    return phraseOf(key);
  }

  /** The phrase under the key, read to its end. */
  read<T>(key: string, reader: (words: Words, node: TextNode) => T): T | undefined {
    const node = this.node(key);
    return node?.is === 'text' ? this.reading(node, reader) : undefined;
  }

  /** The phrases of a list, or the only one. */
  each<T>(key: string, reader: (words: Words, node: TextNode) => T): T[] {
    return this.texts(key).flatMap((item) => {
      const found = this.reading(item, reader);
      return found === undefined ? [] : [found];
    });
  }

  /** The phrases of a list, or the only one, unread. */
  texts(key: string): TextNode[] {
    const node = this.node(key);
    const nodes = node === undefined ? [] : node.is === 'list' ? node.items : [node];
    return nodes.filter((item) => item.is === 'text');
  }

  /** Reads a phrase, and notes what is wrong with it. */
  reading<T>(node: TextNode, reader: (words: Words, node: TextNode) => T): T | undefined {
    return this.guarded(() => whole(node, (words) => reader(words, node)));
  }

  guarded<T>(read: () => T): T | undefined {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof Wrong)) throw error;
      this.#problems.push(problem(error.at, error.message));
      return undefined;
    }
  }

  /** The text under a key as it stands. */
  text(key: string): string | undefined {
    const node = this.node(key);
    return node?.is === 'text' ? node.text : undefined;
  }
}

/** The object without what was not said: an absent key and one that is undefined are not the same. */
export function said<T extends object>(given: { [K in keyof T]: T[K] | undefined }): T {
  return Object.fromEntries(
    Object.entries(given).filter(([, value]) => value !== undefined),
  ) as unknown as T;
}
