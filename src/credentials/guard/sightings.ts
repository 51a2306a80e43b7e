/**
 * The last sighting of each of many entries, in columns. At ten thousands of binds a second an
 * object for each would live just long enough to be copied by every collection of young memory.
 */
import type { FlatSightings, Sighting } from '../../directory/model/observed.js';

export class Sightings {
  /** By owner: where in the columns. */
  readonly #slots = new Map<number, number>();
  readonly #atMs: number[] = [];
  readonly #from: string[] = [];
  readonly #service: number[] = [];

  get size(): number {
    return this.#slots.size;
  }

  has(owner: number): boolean {
    return this.#slots.has(owner);
  }

  get(owner: number): Sighting | undefined {
    const slot = this.#slots.get(owner);
    if (slot === undefined) return undefined;
    return { atMs: this.#atMs[slot]!, from: this.#from[slot]!, service: this.#service[slot]! };
  }

  set(owner: number, atMs: number, from: string, service: number): void {
    let slot = this.#slots.get(owner);
    if (slot === undefined) {
      slot = this.#atMs.length;
      this.#slots.set(owner, slot);
    }
    this.#atMs[slot] = atMs;
    this.#from[slot] = from;
    this.#service[slot] = service;
  }

  /** Takes in what is older; of somebody who is here the newer stays. */
  takeOver(earlier: Sightings): void {
    for (const [owner, slot] of earlier.#slots) {
      if (this.#slots.has(owner)) continue;
      this.set(owner, earlier.#atMs[slot]!, earlier.#from[slot]!, earlier.#service[slot]!);
    }
  }

  /** In the order of the table: a walk through it, not a jump for each. */
  flat(): FlatSightings {
    const flat: (number | string)[] = [];
    for (const owner of Float64Array.from(this.#slots.keys()).sort()) {
      const slot = this.#slots.get(owner)!;
      flat.push(owner, this.#atMs[slot]!, this.#from[slot]!, this.#service[slot]!);
    }
    return flat;
  }
}
