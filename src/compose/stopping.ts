/** The order in which a server ends: what was started last stops first, once, whatever fails. */
import type { Log } from '../runtime/log.js';

/** Stops what was started, last first, once. */
export class Stopping {
  readonly #log: Log;
  readonly #steps: { readonly name: string; readonly stop: () => Promise<void> }[] = [];
  readonly done: Promise<void>;
  #settle!: { resolve: () => void; reject: (error: Error) => void };
  #running: Promise<void> | undefined;

  constructor(log: Log) {
    this.#log = log;
    this.done = new Promise((resolve, reject) => {
      this.#settle = { resolve, reject };
    });
    // Whoever waits for the end hears of it; nobody has to wait.
    this.done.catch(() => undefined);
  }

  add(name: string, stop: () => Promise<void>): void {
    this.#steps.push({ name, stop });
  }

  run(reason: string): Promise<void> {
    this.#running ??= this.#stopAll(reason);
    return this.#running;
  }

  async #stopAll(reason: string): Promise<void> {
    this.#log.info({ reason }, 'stopping');
    for (const { name, stop } of this.#steps.reverse()) {
      try {
        await stop();
      } catch (error) {
        this.#log.error({ err: error, part: name }, 'could not be stopped cleanly');
      }
    }
    this.#settle.resolve();
  }

  /** A part that cannot be done without ended by itself. */
  broken(error: Error): void {
    this.#log.fatal({ err: error }, 'stopping: nothing can be written any more');
    this.#settle.reject(error);
    void this.run('broken');
  }
}
