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
  /** Number of the last write before it. */
  readonly behindWrite: number;
}

export class OperationQueue {
  private waiting: Waiting[] = [];
  private bindsWaiting = 0;
  private binding = false;
  private searches = 0;
  private lastWrite = 0;
  /** Numbers of unfinished writes, oldest first. */
  private readonly writes = new Set<number>();

  /** Operations waiting or running. */
  get total(): number {
    return this.waiting.length + this.searches + this.writes.size + (this.binding ? 1 : 0);
  }

  /** Operations that wait for others. */
  get waitingCount(): number {
    return this.waiting.length;
  }

  /** True where the operation may start now; otherwise it was put behind others. */
  admit(message: RequestMessage, operation: OperationClass): boolean {
    if (this.mayStart(operation)) return true;
    if (operation === 'bind') this.bindsWaiting++;
    this.waiting.push({ message, operation, behindWrite: this.lastWrite });
    return false;
  }

  private mayStart(operation: OperationClass): boolean {
    if (this.binding || this.bindsWaiting > 0) return false;
    if (operation === 'write') return true;
    if (operation === 'read') return this.writes.size === 0;
    return this.total === 0;
  }

  /** The next operation whose wait is over, removed from the queue; undefined when none is. */
  next(): RequestMessage | undefined {
    if (this.waiting.length === 0 || this.binding) return undefined;
    const oldestWrite = this.oldestWrite();
    for (let i = 0; i < this.waiting.length; i++) {
      const { operation, behindWrite } = this.waiting[i]!;
      if (operation === 'bind') {
        if (i > 0 || this.searches > 0 || this.writes.size > 0) return undefined;
        return this.remove(i);
      }
      if (operation === 'write' || oldestWrite > behindWrite) return this.remove(i);
    }
    return undefined;
  }

  private oldestWrite(): number {
    for (const write of this.writes) return write;
    return Number.POSITIVE_INFINITY;
  }

  private remove(index: number): RequestMessage {
    const [removed] = this.waiting.splice(index, 1);
    if (removed!.operation === 'bind') this.bindsWaiting--;
    return removed!.message;
  }

  /** Forgets a waiting operation; false when none with that id waits. Binds stay (§4.11). */
  abandon(messageId: number): boolean {
    const index = this.waiting.findIndex(
      ({ message, operation }) => message.messageId === messageId && operation !== 'bind',
    );
    if (index < 0) return false;
    this.remove(index);
    return true;
  }

  /** Forgets everything that waits. */
  clear(): void {
    this.waiting = [];
    this.bindsWaiting = 0;
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

  /** The number under which the write must be ended. */
  writeStarted(): number {
    this.lastWrite++;
    this.writes.add(this.lastWrite);
    return this.lastWrite;
  }

  writeEnded(write: number): void {
    this.writes.delete(write);
  }
}
