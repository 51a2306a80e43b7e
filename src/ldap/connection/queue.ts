/**
 * The order of one connection's operations: what may run now and what waits for what. Pure
 * bookkeeping; it runs nothing and answers nobody.
 *
 *   bind     a barrier: starts when everything before it ended, and everything behind it waits
 *            (RFC 4511 §4.2.1)
 *   read     waits for the writes that this connection sent before it
 *   write    is submitted at once, so that many share a commit; answers come as they complete
 *
 * Abandon and unbind never enter the queue.
 */
import type { RequestMessage } from '../protocol/index.js';

export type OperationClass = 'bind' | 'read' | 'write';

interface Waiting {
  readonly message: RequestMessage;
  readonly operation: OperationClass;
  /** Number of the last write that came before it. */
  readonly behindWrite: number;
}

export class OperationQueue {
  private waiting: Waiting[] = [];
  private bindsWaiting = 0;
  private writesWaiting = 0;
  private binding = false;
  private searches = 0;
  private lastWrite = 0;
  /** Unfinished writes with their numbers in order of arrival; those that wait are among them. */
  private readonly writes = new Map<RequestMessage, number>();

  /** Operations waiting or running. */
  get total(): number {
    return this.waiting.length + this.searches + this.writesRunning + (this.binding ? 1 : 0);
  }

  /** Operations that wait for others. */
  get waitingCount(): number {
    return this.waiting.length;
  }

  private get writesRunning(): number {
    return this.writes.size - this.writesWaiting;
  }

  /**
   * True where the operation may start now; otherwise it was put behind others. A write counts as
   * unfinished from here until {@link writeEnded}.
   */
  admit(message: RequestMessage, operation: OperationClass): boolean {
    const starts = this.mayStart(operation);
    if (!starts) this.wait(message, operation);
    if (operation === 'write') this.writes.set(message, ++this.lastWrite);
    return starts;
  }

  private mayStart(operation: OperationClass): boolean {
    if (this.binding || this.bindsWaiting > 0) return false;
    if (operation === 'write') return true;
    if (operation === 'read') return this.writes.size === 0;
    return this.total === 0;
  }

  private wait(message: RequestMessage, operation: OperationClass): void {
    if (operation === 'bind') this.bindsWaiting++;
    else if (operation === 'write') this.writesWaiting++;
    this.waiting.push({ message, operation, behindWrite: this.lastWrite });
  }

  /** The next operation whose wait is over, removed from the queue; undefined when none is. */
  next(): RequestMessage | undefined {
    if (this.waiting.length === 0 || this.binding) return undefined;
    const oldestWrite = this.oldestWrite();
    for (let i = 0; i < this.waiting.length; i++) {
      const { operation, behindWrite } = this.waiting[i]!;
      if (operation === 'bind') {
        if (i > 0 || this.searches > 0 || this.writesRunning > 0) return undefined;
        return this.take(i);
      }
      if (operation === 'write' || oldestWrite > behindWrite) return this.take(i);
    }
    return undefined;
  }

  private oldestWrite(): number {
    for (const number of this.writes.values()) return number;
    return Number.POSITIVE_INFINITY;
  }

  private take(index: number): RequestMessage {
    const { message, operation } = this.waiting.splice(index, 1)[0]!;
    if (operation === 'bind') this.bindsWaiting--;
    else if (operation === 'write') this.writesWaiting--;
    return message;
  }

  /** Forgets a waiting operation; false when none with that id waits. Binds stay (§4.11). */
  abandon(messageId: number): boolean {
    const index = this.waiting.findIndex(
      ({ message, operation }) => message.messageId === messageId && operation !== 'bind',
    );
    if (index < 0) return false;
    this.writes.delete(this.take(index));
    return true;
  }

  /** Forgets everything that waits. */
  clear(): void {
    for (const { message } of this.waiting) this.writes.delete(message);
    this.waiting = [];
    this.bindsWaiting = 0;
    this.writesWaiting = 0;
  }

  bindStarted(): void {
    this.binding = true;
  }

  bindEnded(): void {
    this.binding = false;
  }

  /** A search needs more than its first turn. */
  searchStarted(): void {
    this.searches++;
  }

  searchEnded(): void {
    this.searches--;
  }

  /** A write was answered, or refused before it was handed over. */
  writeEnded(message: RequestMessage): void {
    this.writes.delete(message);
  }
}
