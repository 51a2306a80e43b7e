/**
 * One worker thread that computes sha-crypt, started at the first use. Owns the thread's life and
 * the matching of answers to requests; the algorithm is in sha-crypt.ts. A thread that dies fails
 * what it was asked and is replaced at the next request.
 */
import { Worker } from 'node:worker_threads';
import { LdapError } from '../runtime/errors.js';
import type { ShaCryptSetting } from './sha-crypt.js';

/** What the thread is asked. */
export interface CryptRequest {
  readonly id: number;
  readonly clear: Uint8Array;
  readonly setting: ShaCryptSetting;
}

/** What it answers: the whole text of the hash, or why there is none. */
export type CryptAnswer =
  | { readonly id: number; readonly text: string }
  | { readonly id: number; readonly failure: string };

interface Waiting {
  resolve(text: string): void;
  reject(error: Error): void;
}

/** The thread; it keeps the process alive only while it has something to compute. */
export class CryptThread {
  readonly #waiting = new Map<number, Waiting>();
  #worker: Worker | undefined;
  #lastId = 0;

  compute(clear: Uint8Array, setting: ShaCryptSetting): Promise<string> {
    return new Promise((resolve, reject) => {
      this.#worker ??= this.#spawn();
      this.#worker.ref();
      const id = ++this.#lastId;
      this.#waiting.set(id, { resolve, reject });
      const request: CryptRequest = { id, clear, setting };
      this.#worker.postMessage(request);
    });
  }

  async close(): Promise<void> {
    await this.#worker?.terminate();
  }

  #spawn(): Worker {
    const worker = new Worker(new URL('./sha-crypt-worker.js', import.meta.url));
    worker.on('message', (answer: CryptAnswer) => {
      const waiting = this.#waiting.get(answer.id);
      this.#waiting.delete(answer.id);
      if (this.#waiting.size === 0) worker.unref();
      if ('text' in answer) waiting?.resolve(answer.text);
      else waiting?.reject(new Error(answer.failure));
    });
    // An `error` is always followed by `exit`, which does the cleaning up.
    worker.on('error', () => {});
    worker.on('exit', () => {
      if (this.#worker === worker) this.#worker = undefined;
      for (const waiting of this.#waiting.values()) {
        waiting.reject(new LdapError('unavailable', 'the password check was interrupted'));
      }
      this.#waiting.clear();
    });
    return worker;
  }
}
