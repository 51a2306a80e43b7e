/**
 * The due tick: one timer to the next instant at which the state of anybody changes, or a membership
 * begins or ends. It tells
 * whoever has to act in that second (sessions that end, time stamps); nothing that is read depends
 * on it. Wakes at least once a second while an instant lies ahead, so that a clock that was set
 * forward, or a machine that slept, is noticed as soon.
 */
import type { Cancel, Clock } from '../../../runtime/clock.js';
import type { DirectoryReader } from '../../ports.js';
import { nextInstant } from './instants.js';

export interface DueTools {
  readonly reader: DirectoryReader;
  readonly clock: Clock;
  /** Instants after the first second, up to and with the last, have passed. */
  readonly due: (afterSeconds: number, untilSeconds: number) => void;
}

/** Longest sleep, ms. */
const SLEEP_MS_MAX = 1_000;

export class DueTick {
  readonly #tools: DueTools;
  #last: number;
  /** The first instant after `#last`; null: not known. */
  #next: number | undefined | null = null;
  #cancel: Cancel | undefined;
  #stopped = false;

  constructor(tools: DueTools) {
    this.#tools = tools;
    const now = Math.floor(tools.clock.nowMs() / 1000);
    // What passed while nothing ran is due at once.
    this.#last = Math.min(now, tools.reader.timelines.stampedTo);
    tools.reader.watch?.(({ timelines, timedEdges, all }) => {
      if (timelines.length + timedEdges.length === 0 && !all) return;
      this.#next = null;
      this.look();
    });
    this.look();
  }

  /** Acts on what is due, and sleeps; to be called when a clock was moved by hand. */
  look(): void {
    if (this.#stopped) return;
    this.#cancel?.();
    this.#cancel = undefined;
    const { reader, clock, due } = this.#tools;
    const now = Math.floor(clock.nowMs() / 1000);
    if (now < this.#last) {
      // The clock was put back, and accepted: what is to come is to be looked for again.
      this.#last = now;
      this.#next = null;
    }
    if (this.#next === null) this.#next = nextInstant(this.#last, reader);
    if (this.#next === undefined) {
      // Nobody's state changes any more; the first timeline that says otherwise wakes us.
      this.#last = Math.max(this.#last, now);
      return;
    }
    if (this.#next <= now) {
      const after = this.#last;
      this.#last = now;
      this.#next = nextInstant(now, reader);
      due(after, now);
    }
    this.#sleep();
  }

  #sleep(): void {
    if (this.#next === undefined || this.#next === null) return;
    const { clock } = this.#tools;
    const delay = Math.max(0, this.#next * 1000 - clock.nowMs());
    this.#cancel = clock.later(Math.min(delay, SLEEP_MS_MAX), () => this.look());
  }

  stop(): void {
    this.#stopped = true;
    this.#cancel?.();
  }
}
