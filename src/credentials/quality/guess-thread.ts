/**
 * The thread that judges passwords: started by the first judgement, so that a server that changes
 * no passwords never pays for its dictionaries, and ended when nobody has asked for a while.
 *
 *   none ──judge──▶ starting ──answer──▶ idle ──IDLE_MS──▶ none
 *                       ▲                 │judge
 *                       └─────────────────┘          (dies: what waits is refused with 52)
 */
import { Worker } from 'node:worker_threads';
import type { Cancel, Clock } from '../../runtime/clock.js';
import { LdapError } from '../../runtime/errors.js';
import type { Guess } from './guess.js';

/** What the thread is asked. */
export interface GuessRequest {
  readonly id: number;
  readonly text: string;
  readonly words: readonly string[];
}

/** What it answers. */
export type GuessAnswer =
  | { readonly id: number; readonly guess: Guess }
  | { readonly id: number; readonly failure: string };

interface Waiting {
  resolve(guess: Guess): void;
  reject(error: Error): void;
}

/** Kept for the next one; then its memory is given back. */
const IDLE_MS = 60_000;
/** Judgements waiting at once: each takes up to tenths of a second, one after the other. */
const WAITING_MOST = 64;
/** What the dictionaries take, three times. */
const HEAP_MB = 128;
/** Only the beginning of a longer text is judged: the cost grows faster than the length. */
const CHARACTERS_MOST = 64;

/** The thread; it keeps the process alive only while it has something to judge. */
export class GuessThread {
  readonly #clock: Clock;
  readonly #waiting = new Map<number, Waiting>();
  #worker: Worker | undefined;
  #lastId = 0;
  #cancelIdle: Cancel = () => {};
  #closed = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Whether the thread exists now. */
  get running(): boolean {
    return this.#worker !== undefined;
  }

  guess(text: string, words: readonly string[]): Promise<Guess> {
    if (this.#closed) return Promise.reject(stopping());
    if (this.#waiting.size >= WAITING_MOST) {
      return Promise.reject(
        new LdapError('busy', 'too many new passwords wait to be judged; try again in a moment'),
      );
    }
    return new Promise((resolve, reject) => {
      this.#cancelIdle();
      this.#worker ??= this.#spawn();
      this.#worker.ref();
      const id = ++this.#lastId;
      this.#waiting.set(id, { resolve, reject });
      const request: GuessRequest = { id, text: text.slice(0, CHARACTERS_MOST), words };
      this.#worker.postMessage(request);
    });
  }

  /** Ends the thread and refuses what waits. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#end();
  }

  #spawn(): Worker {
    const worker = new Worker(new URL('./guess-worker.js', import.meta.url), {
      resourceLimits: { maxOldGenerationSizeMb: HEAP_MB },
    });
    worker.on('message', (answer: GuessAnswer) => {
      const waiting = this.#waiting.get(answer.id);
      this.#waiting.delete(answer.id);
      if (this.#waiting.size === 0) this.#becomeIdle(worker);
      if ('guess' in answer) waiting?.resolve(answer.guess);
      else waiting?.reject(new Error(`a password could not be judged: ${answer.failure}`));
    });
    // An `error` is always followed by `exit`, which does the cleaning up.
    worker.on('error', () => {});
    worker.on('exit', () => this.#lost(worker));
    return worker;
  }

  #becomeIdle(worker: Worker): void {
    worker.unref();
    this.#cancelIdle = this.#clock.later(IDLE_MS, () => void this.#end());
  }

  async #end(): Promise<void> {
    this.#cancelIdle();
    const worker = this.#worker;
    if (worker === undefined) return;
    this.#lost(worker);
    await worker.terminate();
  }

  #lost(worker: Worker): void {
    if (this.#worker !== worker) return;
    this.#worker = undefined;
    for (const waiting of this.#waiting.values()) waiting.reject(stopping());
    this.#waiting.clear();
  }
}

function stopping(): LdapError {
  return new LdapError('unavailable', 'the judgement of the password was interrupted; try again');
}
