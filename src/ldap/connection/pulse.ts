/**
 * When a connection last did what. The connection writes it down, the sweep over all connections
 * (timeouts.ts) judges it. Times are the sweep's clock, ms: a little late, and free.
 */
export class Pulse {
  readonly openedMs: number;
  /** When the present state of the connection began. */
  stateSinceMs: number;
  /** The last request or answer. */
  activeMs: number;
  /** When the client last took some of its answers, and how many octets it had taken then. */
  takenMs: number;
  takenBytes = 0;
  /** Whole requests read; and as many at the last look that found no part of another. */
  requests = 0;
  partialAfter = -1;
  partialMs = 0;
  /** The client sends no more; when that was, or when it last took something after it. */
  peerEnded = false;
  peerEndedMs = 0;

  constructor(nowMs: number) {
    this.openedMs = nowMs;
    this.stateSinceMs = nowMs;
    this.activeMs = nowMs;
    this.takenMs = nowMs;
  }
}
