/**
 * What the access map gathers before its flush: rows in columns, each once however often it is seen,
 * and who was looked up a moment ago, so that the login that follows on another connection is known
 * to come through the same application. All of it is bounded; only people who exist get here.
 */
import { type AccessMethod, accessIn, type FlatAccess } from '../../directory/model/access.js';

/** Rows of one flush. */
export class AccessRows {
  readonly #slots = new Map<string, number>();
  readonly #flat: (number | string)[] = [];

  get size(): number {
    return this.#slots.size;
  }

  has(person: number, consumer: number, address: string, method: AccessMethod): boolean {
    return this.#slots.has(keyOf(person, consumer, address, method));
  }

  add(
    person: number,
    consumer: number,
    address: string,
    method: AccessMethod,
    firstMs: number,
    lastMs = firstMs,
    count = 1,
  ): void {
    const key = keyOf(person, consumer, address, method);
    const slot = this.#slots.get(key);
    const flat = this.#flat;
    if (slot === undefined) {
      this.#slots.set(key, flat.length);
      flat.push(person, consumer, address, method, firstMs, lastMs, count);
      return;
    }
    flat[slot + 4] = Math.min(Number(flat[slot + 4]), firstMs);
    flat[slot + 5] = Math.max(Number(flat[slot + 5]), lastMs);
    flat[slot + 6] = Number(flat[slot + 6]) + count;
  }

  /** Takes in what an earlier flush could not deliver. */
  takeOver(earlier: AccessRows): void {
    for (const { person, consumer, address, method, ...seen } of accessIn(earlier.#flat)) {
      this.add(person, consumer, address, method, seen.firstMs, seen.lastMs, seen.count);
    }
  }

  flat(): FlatAccess {
    return this.#flat;
  }
}

const keyOf = (person: number, consumer: number, address: string, method: AccessMethod) =>
  `${person} ${consumer} ${method} ${address}`;

interface Lookup {
  readonly consumer: number;
  readonly address: string;
  readonly atMs: number;
}

/** Who was looked up lately, by whom, from where: two generations, the older one is dropped whole. */
export class Lookups {
  readonly #max: number;
  readonly #withinMs: number;
  #young = new Map<number, Lookup>();
  #old = new Map<number, Lookup>();

  constructor(max: number, withinMs: number) {
    this.#max = max;
    this.#withinMs = withinMs;
  }

  get size(): number {
    return this.#young.size + this.#old.size;
  }

  note(person: number, consumer: number, address: string, atMs: number): void {
    if (this.#young.size >= this.#max) {
      this.#old = this.#young;
      this.#young = new Map();
    }
    this.#young.set(person, { consumer, address, atMs });
  }

  /** Through whom a login from the address comes, 0 where nobody asked for that person there. */
  consumerFor(person: number, address: string, nowMs: number): number {
    const found = this.#young.get(person) ?? this.#old.get(person);
    if (found === undefined || found.address !== address) return 0;
    return nowMs - found.atMs <= this.#withinMs ? found.consumer : 0;
  }
}
