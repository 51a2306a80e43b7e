/**
 * In which span around a moment an entry is active and nothing is to be told of it: two numbers side
 * by side, so that a look at one of very many people touches one line of memory and not the objects
 * of a timeline. Found out when it is asked for, kept until the timeline changes.
 */
import { stateAt, type Timeline } from '../directory/model/timeline.js';

const PAGE_IDS = 4_096;

export class QuietSpans {
  readonly #of: (id: number) => Timeline | undefined;
  /** From and until of each id of a page; until is 0 where it is not known. */
  #pages = new Map<number, Float64Array>();
  #lastPage: Float64Array | undefined;
  #lastAt = -1;

  /** `of` gives the timeline of an entry as it is now. */
  constructor(of: (id: number) => Timeline | undefined) {
    this.#of = of;
  }

  /** Whether the entry is active then by itself, bounded by nobody, without an open end to come. */
  holds(id: number, seconds: number): boolean {
    const page = this.#pageOf(id);
    const i = (id % PAGE_IDS) * 2;
    if (page[i]! <= seconds && seconds < page[i + 1]!) return true;
    return this.#look(id, seconds, page, i);
  }

  forget(id: number): void {
    this.#pages
      .get(Math.floor(id / PAGE_IDS))
      ?.fill(0, (id % PAGE_IDS) * 2, (id % PAGE_IDS) * 2 + 2);
  }

  clear(): void {
    this.#pages.clear();
    this.#lastAt = -1;
  }

  #pageOf(id: number): Float64Array {
    const at = Math.floor(id / PAGE_IDS);
    if (at === this.#lastAt) return this.#lastPage!;
    let page = this.#pages.get(at);
    if (page === undefined) {
      page = new Float64Array(PAGE_IDS * 2);
      this.#pages.set(at, page);
    }
    this.#lastAt = at;
    this.#lastPage = page;
    return page;
  }

  #look(id: number, seconds: number, page: Float64Array, i: number): boolean {
    const timeline = this.#of(id);
    if (timeline !== undefined) {
      if (timeline.principal !== 0 || timeline.openEnds) return false;
      if (stateAt(timeline, seconds) !== 'active') return false;
    }
    const at = timeline?.at ?? [];
    page[i] = at.findLast((instant) => instant <= seconds) ?? -Infinity;
    page[i + 1] = at.find((instant) => instant > seconds) ?? Infinity;
    return true;
  }
}
