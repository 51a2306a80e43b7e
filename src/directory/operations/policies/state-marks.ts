/**
 * Whether anything of a password's state (ppolicy/state.ts) is recorded in an entry: one walk over the
 * numbers of its attributes, because of most people nothing is.
 */
import { bodyCount, bodyNumberAt } from '../../model/body.js';
import type { DirectoryReader } from '../../ports.js';
import { stateAttributes } from '../../ppolicy/index.js';
import { ABSENCE } from './leaves.js';

export class StateMarks {
  readonly #reader: DirectoryReader;
  #descriptions: unknown;
  /** By the store's number of the attribute. */
  #marked = new Uint8Array(0);

  constructor(reader: DirectoryReader) {
    this.#reader = reader;
  }

  none(body: Buffer): boolean {
    const descriptions = this.#reader.descriptions();
    if (descriptions !== this.#descriptions) this.#mark(descriptions);
    for (let i = bodyCount(body) - 1; i >= 0; i -= 1) {
      if (this.#marked[bodyNumberAt(body, i)] === 1) return false;
    }
    return true;
  }

  #mark(descriptions: readonly unknown[]): void {
    this.#descriptions = descriptions;
    this.#marked = new Uint8Array(descriptions.length);
    for (const name of [...stateAttributes, ABSENCE]) {
      const number = this.#reader.attributeNumber(name.toLowerCase());
      if (number !== 0) this.#marked[number] = 1;
    }
  }
}
