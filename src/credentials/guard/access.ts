/**
 * What the access map gathers before its flush: rows in columns, each once however often it is seen,
 * and who was looked up a moment ago, so that the login that follows on another connection is known
 * to come through the same application. All of it is bounded; only people who exist get here.
 */
import { type AccessMethod, accessIn, type FlatAccess } from '../../directory/model/access.js';

/** Rows of one way: a consumer, an address, a method; by person where in the columns. */
interface Way {
  readonly consumer: number;
  readonly address: string;
  readonly method: AccessMethod;
  readonly slots: Map<number, number>;
}

/** Rows of one flush. Almost everything that is seen comes by the way of what was seen before. */
export class AccessRows {
  readonly #ways = new Map<string, Way>();
  readonly #flat: (number | string)[] = [];
  #last: Way | undefined;

  get size(): number {
    return this.#flat.length / ROW;
  }

  #way(consumer: number, address: string, method: AccessMethod): Way {
    const last = this.#last;
    if (last?.consumer === consumer && last.method === method && last.address === address) {
      return last;
    }
    const key = `${consumer} ${method} ${address}`;
    let way = this.#ways.get(key);
    if (way === undefined) {
      way = { consumer, address, method, slots: new Map() };
      this.#ways.set(key, way);
    }
    this.#last = way;
    return way;
  }

  /** Counts what has a row; false where there is none. */
  again(
    person: number,
    consumer: number,
    address: string,
    method: AccessMethod,
    atMs: number,
  ): boolean {
    const slot = this.#way(consumer, address, method).slots.get(person);
    if (slot === undefined) return false;
    this.#count(slot, atMs, atMs, 1);
    return true;
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
    const { slots } = this.#way(consumer, address, method);
    const slot = slots.get(person);
    if (slot !== undefined) return this.#count(slot, firstMs, lastMs, count);
    slots.set(person, this.#flat.length);
    this.#flat.push(person, consumer, address, method, firstMs, lastMs, count);
  }

  #count(slot: number, firstMs: number, lastMs: number, count: number): void {
    const flat = this.#flat as number[];
    if (firstMs < flat[slot + 4]!) flat[slot + 4] = firstMs;
    if (lastMs > flat[slot + 5]!) flat[slot + 5] = lastMs;
    flat[slot + 6]! += count;
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

/** Values of a row. */
const ROW = 7;

interface Lookup {
  consumer: number;
  address: string;
  atMs: number;
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
    const known = this.#young.get(person);
    if (known !== undefined) {
      known.consumer = consumer;
      known.address = address;
      known.atMs = atMs;
      return;
    }
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
