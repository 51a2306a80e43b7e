/**
 * A map from ids to values in pages of an array. Ids are dense, so a look-up is two indexings
 * instead of a hash and its chain of cache misses, and an entry of the map costs eight bytes.
 */
const PAGE_BITS = 10;
const PAGE_IDS = 1 << PAGE_BITS;
const PAGE_MASK = PAGE_IDS - 1;

export class IdMap<T extends object | string> {
  #pages: ((T | undefined)[] | undefined)[] = [];
  #size = 0;

  /** How many ids have a value. */
  get size(): number {
    return this.#size;
  }

  get(id: number): T | undefined {
    const page = this.#pages[pageOf(id)];
    return page === undefined ? undefined : page[id & PAGE_MASK];
  }

  set(id: number, value: T): void {
    const at = pageOf(id);
    let page = this.#pages[at];
    if (page === undefined) {
      page = new Array<T | undefined>(PAGE_IDS).fill(undefined);
      // Never a hole between two pages: an array with holes looks further afield for each.
      while (this.#pages.length < at) this.#pages.push(undefined);
      this.#pages[at] = page;
    }
    if (page[id & PAGE_MASK] === undefined) this.#size += 1;
    page[id & PAGE_MASK] = value;
  }

  delete(id: number): void {
    const page = this.#pages[pageOf(id)];
    if (page === undefined || page[id & PAGE_MASK] === undefined) return;
    page[id & PAGE_MASK] = undefined;
    this.#size -= 1;
  }

  /** Ids that have a value, ascending. */
  ids(): number[] {
    const ids: number[] = [];
    this.#pages.forEach((page, at) => {
      page?.forEach((value, i) => {
        if (value !== undefined) ids.push(at * PAGE_IDS + i);
      });
    });
    return ids;
  }

  clear(): void {
    this.#pages = [];
    this.#size = 0;
  }
}

/** Ids are never reused, and may go beyond what a shift can take. */
function pageOf(id: number): number {
  return id <= 0x7fffffff ? id >> PAGE_BITS : Math.floor(id / PAGE_IDS);
}
