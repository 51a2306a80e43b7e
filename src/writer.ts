/**
 * Entry of the writer thread. Whatever waits when a commit ends is the next batch, with whatever
 * comes in until it is through: one transaction, a savepoint each, one fsync; the answers leave after
 * it. Between batches, slices of index building; while an import runs, writes wait.
 */
import {
  type MessagePort,
  parentPort,
  receiveMessageOnPort,
  workerData,
} from 'node:worker_threads';
import { failureOf } from './compose/failures.js';
import type {
  FromWriter,
  Job,
  JobResult,
  Latecomer,
  Progress,
  ToWriter,
  WriterData,
} from './compose/messages.js';
import { WriteHalf } from './compose/write-half.js';
import type { Observed } from './directory/model/observed.js';
import type { PreparedWrite, WriteOutcome } from './directory/operations/index.js';
import { offsetClock, systemClock } from './runtime/clock.js';
import { systemRandom } from './runtime/random.js';
import { turn } from './runtime/turns.js';

/** Quiet time after which the substring index and the log file are brought up to date, ms. */
const IDLE_MS = 500;

class WriterThread {
  readonly #port: MessagePort;
  readonly #half: WriteHalf;
  readonly #batchMax: number;
  readonly #waiting: { first: number; requests: readonly PreparedWrite[] }[] = [];
  #seen: { id: number; observed: Observed }[] = [];
  /** Came in while a transaction was open and is none of its business. */
  #next: ToWriter | undefined;
  #busy = false;
  /** The next slice of folding is on its way. */
  #folding = false;
  #closing = false;
  #idle: (() => void) | undefined;
  #commits = 0;
  #writes = 0;
  #largestBatch = 0;

  constructor(port: MessagePort, data: WriterData) {
    this.#port = port;
    this.#batchMax = data.limits.writeBatchMax;
    this.#half = new WriteHalf(data.dataDir, {
      clock: offsetClock(systemClock, data.clockOffset),
      random: systemRandom(),
      limits: data.limits,
      argon2: data.argon2,
      sshKeys: data.sshKeys,
      accessMap: data.accessMap,
      keyFile: data.keyFile,
      onDefect: (error) => this.#defect(error),
    });
    try {
      this.#half.box();
    } catch (error) {
      this.#half.store.close();
      throw error;
    }
  }

  start(): void {
    this.#port.on('message', (message: ToWriter) => this.#take(message));
    this.#send({ kind: 'ready' });
    this.#scheduleIdle();
  }

  #send(message: FromWriter): void {
    this.#port.postMessage(message);
  }

  #defect(error: unknown): void {
    const { message, stack } = error as Error;
    this.#send({ kind: 'defect', message: message ?? String(error), stack: stack ?? '' });
  }

  #take(message: ToWriter): void {
    this.#queue(message);
    if (!this.#busy) this.#work();
  }

  #queue(message: ToWriter): void {
    if (message.kind === 'writes') this.#waiting.push(message);
    else if (message.kind === 'observed') this.#seen.push(message);
    else if (message.kind === 'close') this.#closing = true;
    else void this.#job(message.id, message.job);
  }

  /** Commits batch after batch until nothing waits. */
  #work(): void {
    while ((this.#waiting.length > 0 || this.#seen.length > 0) && !this.#busy) {
      this.#batch();
      // However busy it is, a new policy is through for everybody some day.
      if (this.#half.folding) this.#committed(this.#half.maintain().committed, []);
      // What came in while the commit went to disk is the next batch.
      for (let next = this.#received(); next !== undefined; next = this.#received()) {
        this.#queue(next);
      }
    }
    if (this.#closing && !this.#busy) void this.#close();
    else this.#scheduleIdle();
  }

  /** The oldest message that nobody has looked at. */
  #received(): ToWriter | undefined {
    const held = this.#next;
    this.#next = undefined;
    if (held !== undefined) return held;
    return (receiveMessageOnPort(this.#port) as { message: ToWriter } | undefined)?.message;
  }

  #batch(): void {
    const groups: { first: number; requests: readonly PreparedWrite[] }[] = [];
    const requests: PreparedWrite[] = [];
    while (this.#waiting.length > 0 && requests.length < this.#batchMax) {
      const group = this.#waiting.shift()!;
      groups.push(group);
      requests.push(...group.requests);
    }
    const seen = this.#seen;
    this.#seen = [];
    let size = requests.length;
    const late = (): Latecomer | undefined => {
      if (this.#waiting.length > 0 || size >= this.#batchMax) return undefined;
      const next = this.#received();
      if (next?.kind === 'writes') {
        groups.push(next);
        size += next.requests.length;
        return next;
      }
      if (next?.kind === 'observed') {
        seen.push(next);
        return next;
      }
      this.#next = next;
      return undefined;
    };
    const sightings = seen.map(({ observed }) => observed);
    const { durable, outcomes, committed } = this.#half.batch(requests, sightings, late);
    const ids = seen.map(({ id }) => id);
    if (!durable && ids.length > 0) this.#send({ kind: 'notObserved', ids });
    if (size > 0) this.#commits += 1;
    this.#writes += size;
    this.#largestBatch = Math.max(this.#largestBatch, size);
    let at = 0;
    const answers = groups.map(({ first, requests: { length } }) => {
      const part = outcomes.slice(at, at + length);
      at += length;
      return { first, outcomes: part };
    });
    this.#committed(committed, answers, durable ? ids : []);
  }

  #committed(
    committed: ReturnType<WriteHalf['batch']>['committed'],
    answers: readonly { first: number; outcomes: readonly WriteOutcome[] }[],
    observed: readonly number[] = [],
  ): void {
    const counters = {
      commits: this.#commits,
      writes: this.#writes,
      largestBatch: this.#largestBatch,
    };
    this.#send({ kind: 'committed', committed, answers, observed, counters });
  }

  async #job(id: number, job: Job): Promise<void> {
    try {
      let result: JobResult;
      if (job.name === 'import') result = await this.#import(id, job);
      else if (job.name === 'rotateKeys') result = await this.#rotateKeys(id);
      else await this.#index(id, job);
      this.#send({ kind: 'done', id, result });
    } catch (error) {
      this.#send({ kind: 'jobFailed', id, failure: failureOf(error) });
    }
  }

  async #import(id: number, job: Extract<Job, { name: 'import' }>) {
    while (this.#busy) await turn();
    this.#busy = true;
    try {
      const onProgress = (progress: Progress) => this.#send({ kind: 'progress', id, progress });
      return await this.#half.importFile(job.path, job.by, onProgress, job.guards);
    } finally {
      this.#busy = false;
      this.#committed(this.#half.store.takeCommitted(), []);
      setImmediate(() => this.#work());
    }
  }

  /** Slices of building, with batches between them. */
  async #index(id: number, job: Extract<Job, { name: 'setIndex' }>): Promise<void> {
    while (this.#busy) await turn();
    this.#half.setIndex(job.attribute, job.words);
    this.#committed(this.#half.store.takeCommitted(), []);
    for (let done = 0; ; done += 1) {
      await turn();
      if (this.#busy || this.#closing) continue;
      if (!this.#half.store.indexing) return;
      this.#half.store.maintain();
      this.#committed(this.#half.store.takeCommitted(), []);
      this.#send({ kind: 'progress', id, progress: { phase: 'indexing', done, total: 0 } });
    }
  }

  /** A slice a turn, with batches between them. */
  async #rotateKeys(id: number): Promise<JobResult> {
    const slices = this.#half.rotateKeys();
    for (;;) {
      while (this.#busy) await turn();
      if (this.#closing) throw new Error('the server is stopping; rotate again to finish');
      const { done, value } = slices.next();
      this.#committed(this.#half.store.takeCommitted(), []);
      if (done === true) return value;
      this.#send({ kind: 'progress', id, progress: { phase: 'sealing', done: value, total: 0 } });
      await turn();
    }
  }

  #scheduleIdle(): void {
    // People who wait to be folded do not wait for a quiet moment: a slice between any two batches.
    if (this.#folding) return;
    this.#idle?.();
    if (!this.#closing && this.#half.folding) {
      this.#folding = true;
      setImmediate(() => {
        this.#folding = false;
        this.#maintain();
      });
    } else if (!this.#closing) this.#idle = systemClock.later(IDLE_MS, () => this.#maintain());
  }

  #maintain(): void {
    if (this.#busy || this.#closing) return;
    const { more, committed } = this.#half.maintain();
    this.#committed(committed, []);
    if (this.#half.folding) this.#scheduleIdle();
    else if (more) setImmediate(() => this.#maintain());
  }

  async #close(): Promise<void> {
    this.#idle?.();
    await this.#half.close();
    this.#send({ kind: 'closed' });
    this.#port.close();
  }
}

/** Starts the thread; what keeps it from starting is told to the other side. */
function run(port: MessagePort, data: WriterData): void {
  try {
    new WriterThread(port, data).start();
  } catch (error) {
    port.postMessage({ kind: 'failed', failure: failureOf(error) } satisfies FromWriter);
    port.close();
  }
}

if (parentPort !== null) run(parentPort, workerData as WriterData);
