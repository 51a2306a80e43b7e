/**
 * The running searches of one connection. A search gets its first slice at once, where the request
 * was read: an indexed one ends right there. One that needs more gets further slices in turns with
 * the connection's other searches, and stops asking the directory for entries while its client
 * takes none. Nothing of a result is ever kept here.
 */
import type {
  EntrySink,
  OutgoingEntry,
  SearchDone,
  SearchRun,
} from '../../directory/operations/types.js';
import type { Clock } from '../../runtime/clock.js';
import type { RequestMessage } from '../protocol/index.js';
import type { Outbox } from './outbox.js';

interface RunningSearch {
  readonly message: RequestMessage;
  readonly run: SearchRun;
  readonly startedMs: number;
}

/** Answers a search that ended; `result` undefined means that the directory failed with `error`. */
export type OnSearchDone = (
  message: RequestMessage,
  startedMs: number,
  result: SearchDone | undefined,
  error: unknown,
) => void;

export class Searches {
  private readonly outbox: Outbox;
  private readonly clock: Clock;
  private readonly onDone: OnSearchDone;
  private readonly sink: EntrySink;
  private running: RunningSearch[] = [];
  /** Whose entries the sink is given now. */
  private messageId = 0;

  constructor(outbox: Outbox, clock: Clock, onDone: OnSearchDone) {
    this.outbox = outbox;
    this.clock = clock;
    this.onDone = onDone;
    this.sink = (entry: OutgoingEntry) => {
      outbox.entry(this.messageId, entry);
      return !outbox.full;
    };
  }

  /** Searches that need another turn. */
  get count(): number {
    return this.running.length;
  }

  /** Gives the first slice; true when the search ended in it, false when it runs on. */
  start(message: RequestMessage, run: SearchRun, startedMs: number, sliceEndsMs: number): boolean {
    if (this.pull(message, run, startedMs, sliceEndsMs)) return true;
    this.running.push({ message, run, startedMs });
    return false;
  }

  /** Gives the search that waited longest its next slice; true when it ended. */
  slice(sliceEndsMs: number): boolean {
    const search = this.running.shift();
    if (search === undefined) return false;
    if (this.pull(search.message, search.run, search.startedMs, sliceEndsMs)) return true;
    this.running.push(search);
    return false;
  }

  /** Drops a search without an answer (RFC 4511 §4.11); false when none has that id. */
  abandon(messageId: number): boolean {
    const index = this.running.findIndex(({ message }) => message.messageId === messageId);
    if (index < 0) return false;
    this.running.splice(index, 1);
    return true;
  }

  /** Drops all of them. */
  clear(): void {
    this.running = [];
  }

  private pull(
    message: RequestMessage,
    run: SearchRun,
    startedMs: number,
    sliceEndsMs: number,
  ): boolean {
    const { outbox, clock } = this;
    this.messageId = message.messageId;
    for (;;) {
      let step: 'full' | 'slice' | 'done';
      try {
        step = run.pull(this.sink, sliceEndsMs);
      } catch (error) {
        this.onDone(message, startedMs, undefined, error);
        return true;
      }
      if (step === 'done') {
        this.onDone(message, startedMs, run.result, undefined);
        return true;
      }
      if (step === 'slice') return false;
      outbox.flush();
      if (outbox.congested || clock.monotonicMs() >= sliceEndsMs) return false;
    }
  }
}
