/**
 * Every timeout of a connection, looked at by one sweep over all of them instead of a timer each:
 * a timeout fires up to one sweep late, and an operation costs none.
 */
import type { Limits } from '../../runtime/limits.js';
import { closeReasons } from './close-reasons.js';
import type { Connection } from './connection.js';

/** How long a connection that one side has ended may stand still before it is torn down, ms. */
export const LINGER_MS = 2_000;

/** From the first octet of a request to its last, ms: 4 MB over a slow line, but not for ever. */
const REQUEST_MS = 120_000;

const SWEEP_MS_MAX = 1_000;
const SWEEP_MS_MIN = 10;

/** The pause between sweeps, ms: a quarter of the shortest timeout, within reason. */
export function sweepIntervalMs(limits: Limits): number {
  const shortest = Math.min(
    limits.firstByteTimeoutMs,
    limits.anonymousIdleTimeoutMs,
    limits.boundIdleTimeoutMs,
    limits.drainTimeoutMs,
  );
  return Math.min(SWEEP_MS_MAX, Math.max(SWEEP_MS_MIN, Math.floor(shortest / 4)));
}

/** Closes the connection if it has been too slow at whatever it should be doing. */
export function checkTimeouts(connection: Connection, nowMs: number): void {
  const { limits } = connection.wire;
  const inStateMs = nowMs - connection.stateSinceMs;
  if (connection.state === 'closing') {
    if (inStateMs >= LINGER_MS) connection.destroy();
    return;
  }
  if (connection.state === 'handshake') {
    if (inStateMs >= limits.firstByteTimeoutMs) connection.close(closeReasons.handshakeTimeout);
    return;
  }
  const moved = connection.sentBytes !== connection.takenBytes;
  if (connection.peerEnded) {
    // It may only have ended its own side, and still wait for a long answer; if it is really gone,
    // only a write would tell, and some searches never find anything to write.
    if (moved) connection.peerEndedMs = nowMs;
    if (nowMs - connection.peerEndedMs >= LINGER_MS) {
      connection.close(closeReasons.peerClosed);
      return;
    }
  }
  if (isStuck(connection, nowMs)) {
    connection.close(closeReasons.drainTimeout);
    connection.destroy();
    return;
  }
  if (isTrickling(connection, nowMs)) {
    connection.close(closeReasons.requestTimeout, {
      code: 'unavailable',
      text: 'the rest of a request did not come in time',
    });
    return;
  }
  if (connection.requests === 0 && nowMs - connection.openedMs >= limits.firstByteTimeoutMs) {
    connection.close(closeReasons.firstRequestTimeout, {
      code: 'unavailable',
      text: 'no request came in time',
    });
    return;
  }
  const known = connection.context.identity.role !== 'anonymous';
  const idleMs = known ? limits.boundIdleTimeoutMs : limits.anonymousIdleTimeoutMs;
  if (connection.inFlight === 0 && nowMs - connection.activeMs >= idleMs) {
    connection.close(closeReasons.idleTimeout, {
      code: 'unavailable',
      text: 'the connection was idle for too long',
    });
  }
}

/** Whether octets are waiting and the client has taken none for too long. */
function isStuck(connection: Connection, nowMs: number): boolean {
  const { sentBytes } = connection;
  if (connection.unsentBytes === 0 || sentBytes !== connection.takenBytes) {
    connection.takenBytes = sentBytes;
    connection.takenMs = nowMs;
    return false;
  }
  return nowMs - connection.takenMs >= connection.wire.limits.drainTimeoutMs;
}

/** Whether one and the same request has been coming in for too long. */
function isTrickling(connection: Connection, nowMs: number): boolean {
  if (!connection.awaitsRest || connection.partialAfter !== connection.requests) {
    connection.partialAfter = connection.awaitsRest ? connection.requests : -1;
    connection.partialMs = nowMs;
    return false;
  }
  return nowMs - connection.partialMs >= REQUEST_MS;
}
