/**
 * Short answers of the equality index, kept by attribute and key until a commit says that a key got
 * or lost an entry. A key with one entry, as login names have, is kept as its id alone.
 */
import type { IdSet } from '../directory/ports.js';
import { readKeyName } from './committed.js';

/** Longer lists are read again each time. */
const IDS_MAX = 8;

export class KeptKeys {
  readonly #max: number;
  /** By attribute number, then by the key's bytes, one character each. */
  readonly #answers = new Map<number, Map<string, number | IdSet>>();
  #count = 0;

  constructor(max: number) {
    this.#max = max;
  }

  /** Whether `more` further answers would be too many. */
  hasRoomFor(more: number): boolean {
    return this.#count + more <= this.#max;
  }

  get(attribute: number, key: Buffer): IdSet | undefined {
    const known = this.#answers.get(attribute)?.get(nameOf(key));
    if (typeof known !== 'number') return known;
    return { ids: [known], complete: true, exact: true };
  }

  /** Keeps an answer if it is whole and short. */
  keep(attribute: number, key: Buffer, { ids, complete, exact }: IdSet): void {
    if (!complete || ids.length > IDS_MAX) return;
    if (this.#count >= this.#max) this.clear();
    this.#put(attribute, key, ids.length === 1 && exact ? ids[0]! : { ids, complete, exact });
  }

  /** Keeps that exactly one entry has the key. */
  keepOne(attribute: number, key: Buffer, id: number): void {
    this.#put(attribute, key, id);
  }

  #put(attribute: number, key: Buffer, answer: number | IdSet): void {
    let answers = this.#answers.get(attribute);
    if (answers === undefined) {
      answers = new Map();
      this.#answers.set(attribute, answers);
    }
    answers.set(nameOf(key), answer);
    this.#count += 1;
  }

  /** Forgets a key that a commit named. */
  drop(keyName: string): void {
    const { attribute, key } = readKeyName(keyName);
    if (this.#answers.get(attribute)?.delete(key)) this.#count -= 1;
  }

  clear(): void {
    this.#answers.clear();
    this.#count = 0;
  }
}

function nameOf(key: Buffer): string {
  return key.latin1Slice(0, key.length);
}
