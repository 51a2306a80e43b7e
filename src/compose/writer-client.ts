/**
 * The connection thread's side of the writer thread. Requests of one turn of the event loop travel
 * together; an answer is handed on only after the reader has dropped what the commit changed. The
 * queue is bounded: beyond it a write is refused as busy.
 */
import { Worker } from 'node:worker_threads';
import type { OnProgress } from '../admin/engine.js';
import type { Observed } from '../directory/model/observed.js';
import type { PreparedWrite, WriteOutcome } from '../directory/operations/index.js';
import type { Log } from '../runtime/log.js';
import type { Committed } from '../store/index.js';
import { errorOf } from './failures.js';
import type {
  FromWriter,
  Job,
  JobResult,
  ToWriter,
  WriterCounters,
  WriterData,
} from './messages.js';

export interface WriterClientOptions {
  readonly data: WriterData;
  readonly log: Log;
  readonly onCommitted: (committed: Committed) => void;
  /** The thread ended without being told to: nothing can be written any more. */
  readonly onLost: (reason: string) => void;
}

const YOUNG_SPACE_MB = 24;

interface WaitingJob {
  readonly resolve: (result: JobResult) => void;
  readonly reject: (error: Error) => void;
  readonly onProgress: OnProgress;
}

const stopped: WriteOutcome = {
  ok: false,
  error: { code: 'unavailable', text: 'the server is stopping', matchedDn: '' },
};
const full: WriteOutcome = {
  ok: false,
  error: { code: 'busy', text: 'too many writes are waiting; try again', matchedDn: '' },
};

export class WriterClient {
  readonly #worker: Worker;
  readonly #options: WriterClientOptions;
  readonly #answers = new Map<number, (outcome: WriteOutcome) => void>();
  readonly #jobs = new Map<number, WaitingJob>();
  readonly #observations = new Map<number, (durable: boolean) => void>();
  #queued: PreparedWrite[] = [];
  #nextWrite = 1;
  #nextJob = 1;
  #nextObservation = 1;
  #closed = false;
  #settleReady!: { resolve: () => void; reject: (error: Error) => void };
  #settleClosed: (() => void) | undefined;
  counters: WriterCounters = { commits: 0, writes: 0, largestBatch: 0 };
  /** Resolves when the thread has the folder; rejects with the reason where it cannot. */
  readonly ready: Promise<void>;

  constructor(options: WriterClientOptions) {
    this.#options = options;
    this.ready = new Promise((resolve, reject) => {
      this.#settleReady = { resolve, reject };
    });
    this.#worker = new Worker(new URL('../writer.js', import.meta.url), {
      workerData: options.data,
      name: 'writer',
      // Short-lived objects die in the young space; it is never given back once it was used.
      resourceLimits: { maxYoungGenerationSizeMb: YOUNG_SPACE_MB, maxOldGenerationSizeMb: 4_096 },
    });
    this.#worker.on('message', (message: FromWriter) => this.#receive(message));
    this.#worker.on('error', (error) => this.#lost(error.message));
    this.#worker.on('exit', () => this.#lost('the thread ended'));
  }

  /** Resolves after the commit is durable. */
  readonly write = (request: PreparedWrite): Promise<WriteOutcome> => {
    if (this.#closed) return Promise.resolve(stopped);
    if (this.#answers.size >= this.#options.data.limits.writesQueuedMax) {
      return Promise.resolve(full);
    }
    return new Promise((resolve) => {
      this.#answers.set(this.#nextWrite + this.#queued.length, resolve);
      if (this.#queued.push(request) === 1) setImmediate(() => this.#flush());
    });
  };

  #flush(): void {
    const requests = this.#queued;
    if (requests.length === 0) return;
    this.#queued = [];
    const first = this.#nextWrite;
    this.#nextWrite += requests.length;
    this.#post({ kind: 'writes', first, requests });
  }

  #post(message: ToWriter): void {
    this.#worker.postMessage(message);
  }

  /**
   * Hands over what was seen of binds; true once it is durable. It joins the next commit, and never
   * counts as a write. The one who asks bounds how much is on its way.
   */
  readonly observe = (observed: Observed): Promise<boolean> => {
    if (this.#closed) return Promise.resolve(false);
    return new Promise((resolve) => {
      const id = this.#nextObservation++;
      this.#observations.set(id, resolve);
      this.#post({ kind: 'observed', id, observed });
    });
  };

  #observed(ids: readonly number[], durable: boolean): void {
    for (const id of ids) {
      this.#observations.get(id)?.(durable);
      this.#observations.delete(id);
    }
  }

  job(job: Job, onProgress: OnProgress): Promise<JobResult> {
    const id = this.#nextJob++;
    return new Promise((resolve, reject) => {
      if (this.#closed) {
        reject(new Error('the server is stopping'));
        return;
      }
      this.#jobs.set(id, { resolve, reject, onProgress });
      this.#post({ kind: 'job', id, job });
    });
  }

  #receive(message: FromWriter): void {
    switch (message.kind) {
      case 'ready':
        return this.#settleReady.resolve();
      case 'failed':
        return this.#settleReady.reject(errorOf(message.failure));
      case 'committed':
        return this.#committed(message);
      case 'notObserved':
        return this.#observed(message.ids, false);
      case 'progress':
        return this.#jobs.get(message.id)?.onProgress(message.progress);
      case 'done':
        this.#jobs.get(message.id)?.resolve(message.result);
        this.#jobs.delete(message.id);
        return;
      case 'jobFailed':
        this.#jobs.get(message.id)?.reject(errorOf(message.failure));
        this.#jobs.delete(message.id);
        return;
      case 'defect':
        this.#options.log.error({ stack: message.stack }, `writer: ${message.message}`);
        return;
      case 'closed':
        this.#settleClosed?.();
    }
  }

  /** Caches first, then answers: who was told of a write finds it. */
  #committed(message: Extract<FromWriter, { kind: 'committed' }>): void {
    const { committed, answers, observed, counters } = message;
    this.counters = counters;
    this.#options.onCommitted(committed);
    this.#observed(observed, true);
    for (const { first, outcomes } of answers) {
      for (let i = 0; i < outcomes.length; i++) {
        const answer = this.#answers.get(first + i);
        this.#answers.delete(first + i);
        answer?.(outcomes[i]!);
      }
    }
  }

  #lost(reason: string): void {
    const expected = this.#closed;
    this.#closed = true;
    this.#settleReady.reject(new Error(`the writer thread did not start: ${reason}`));
    this.#settleClosed?.();
    for (const answer of this.#answers.values()) answer(stopped);
    this.#answers.clear();
    this.#observed([...this.#observations.keys()], false);
    for (const job of this.#jobs.values()) job.reject(new Error('the server stopped'));
    this.#jobs.clear();
    if (!expected) this.#options.onLost(reason);
  }

  /** Everything queued is committed first. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#flush();
    this.#closed = true;
    await new Promise<void>((resolve) => {
      this.#settleClosed = resolve;
      this.#post({ kind: 'close' });
    });
    await this.#worker.terminate();
  }
}
