/**
 * Every timeout of a connection, looked at by one sweep over all of them instead of a timer each:
 * a timeout fires up to one sweep late, and an operation costs none.
 */
import type { Limits } from '../../runtime/limits.js';
import { closeReasons } from './close-reasons.js';
import type { Connection } from './connection.js';

const SWEEP_MS_MAX = 1_000;
const SWEEP_MS_MIN = 10;

/** The pause between sweeps, ms: a quarter of the shortest timeout, within reason. */
export function sweepIntervalMs(limits: Limits): number {
  const shortest = Math.min(
    limits.firstByteTimeoutMs,
    limits.anonymousIdleTimeoutMs,
    limits.boundIdleTimeoutMs,
    limits.drainTimeoutMs,
    limits.requestTimeoutMs,
    limits.halfClosedTimeoutMs,
  );
  return Math.min(SWEEP_MS_MAX, Math.max(SWEEP_MS_MIN, Math.floor(shortest / 4)));
}

/** Closes the connection if it has been too slow at whatever it should be doing. */
export function checkTimeouts(connection: Connection, nowMs: number): void {
  const { pulse } = connection;
  const { limits } = connection.wire;
  const inStateMs = nowMs - pulse.stateSinceMs;
  if (connection.state === 'closing') {
    if (inStateMs >= limits.lingerMs) connection.destroy();
    return;
  }
  if (connection.state === 'handshake') {
    if (inStateMs >= limits.firstByteTimeoutMs) connection.close(closeReasons.handshakeTimeout);
    return;
  }
  const moved = connection.sentBytes !== pulse.takenBytes;
  if (pulse.peerEnded) {
    // It may only have ended its own side, and still wait for a long answer; if it is really gone,
    // only a write would tell, and some searches never find anything to write.
    if (moved) pulse.peerEndedMs = nowMs;
    if (nowMs - pulse.peerEndedMs >= limits.halfClosedTimeoutMs) {
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
  if (pulse.requests === 0 && nowMs - pulse.openedMs >= limits.firstByteTimeoutMs) {
    connection.close(closeReasons.firstRequestTimeout, {
      code: 'unavailable',
      text: 'no request came in time',
    });
    return;
  }
  const known = connection.context.identity.role !== 'anonymous';
  const idleMs = known ? limits.boundIdleTimeoutMs : limits.anonymousIdleTimeoutMs;
  if (connection.inFlight === 0 && nowMs - pulse.activeMs >= idleMs) {
    connection.close(closeReasons.idleTimeout, {
      code: 'unavailable',
      text: 'the connection was idle for too long',
    });
  }
}

/** Whether octets are waiting and the client has taken none for too long. */
function isStuck(connection: Connection, nowMs: number): boolean {
  const { sentBytes, pulse } = connection;
  if (connection.unsentBytes === 0 || sentBytes !== pulse.takenBytes) {
    pulse.takenBytes = sentBytes;
    pulse.takenMs = nowMs;
    return false;
  }
  return nowMs - pulse.takenMs >= connection.wire.limits.drainTimeoutMs;
}

/** Whether one and the same request has been coming in for too long. */
function isTrickling(connection: Connection, nowMs: number): boolean {
  const { pulse } = connection;
  if (!connection.awaitsRest || pulse.partialAfter !== pulse.requests) {
    pulse.partialAfter = connection.awaitsRest ? pulse.requests : -1;
    pulse.partialMs = nowMs;
    return false;
  }
  return nowMs - pulse.partialMs >= connection.wire.limits.requestTimeoutMs;
}
