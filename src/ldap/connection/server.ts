/**
 * The wire as a whole: listeners, the connections they brought, the caps on them, one coarse timer
 * for all their timeouts, and the order in which everything stops:
 *
 *   stop accepting → running operations end (stopGraceMs) → notice of disconnection → drained,
 *   closed → done
 */
import type { Socket } from 'node:net';
import type { Identity, Origin } from '../../directory/model/identity.js';
import type { Directory } from '../../directory/operations/types.js';
import type { Cancel, Clock } from '../../runtime/clock.js';
import { resultCodes } from '../../runtime/errors.js';
import type { Limits } from '../../runtime/limits.js';
import type { Log } from '../../runtime/log.js';
import { createTurns, type Turns } from '../../runtime/turns.js';
import { encodeNoticeOfDisconnection } from '../protocol/index.js';
import { closeReasons } from './close-reasons.js';
import { Connection, stopping } from './connection.js';
import {
  type BoundAddress,
  ListenError,
  type Listener,
  type ListenOptions,
  openListener,
} from './listener.js';
import { createMetrics, type MetricsSnapshot, snapshotMetrics } from './metrics.js';
import { Scratch } from './outbox.js';
import { checkTimeouts, LINGER_MS, sweepIntervalMs } from './timeouts.js';
import type { TlsMaterial } from './tls.js';
import { type ListenerKind, type Peer, peerOf } from './transport.js';
import type { CleartextBind, Wire } from './wire.js';

export interface WireOptions {
  readonly directory: Directory;
  readonly limits: Limits;
  /** Its monotonic side drives every timeout. */
  readonly clock: Clock;
  readonly log: Log;
  readonly cleartextBind: CleartextBind;
  /** Undefined: no ldaps listener can be opened, and StartTLS is refused. */
  readonly tls: TlsMaterial | undefined;
  /** Shared with other long work in this thread; its own unless given. */
  readonly turns?: Turns;
}

export interface WireServer {
  /** Opens one listener; throws ListenError with one clear sentence. */
  listen(options: ListenOptions): Promise<BoundAddress>;
  /** Stops as drawn above. Idempotent: every call gives the same promise. */
  stop(): Promise<void>;
  /**
   * Ends the connections whose identity the predicate picks, with a notice that says `text`;
   * returns how many. Anonymous ones are asked about too.
   */
  endSessions(predicate: (identity: Identity, origin: Origin) => boolean, text: string): number;
  /** Counters at this moment. */
  metrics(): MetricsSnapshot;
}

/** Sockets over the cap that still hear why; beyond them there is no time for words. */
const REFUSED_MAX = 256;

/** Makes a server without listeners; nothing happens until one is opened. */
export function createWireServer(options: WireOptions): WireServer {
  const { limits, clock, log, tls } = options;
  const connections = new Set<Connection>();
  const perAddress = new Map<string, number>();
  const refused = new Set<Socket>();
  const listeners: Listener[] = [];
  let lastNumber = 0;
  let sweeping: Cancel | undefined;
  let stopped: Promise<void> | undefined;
  let emptied: (() => void) | undefined;

  const wire: Wire = {
    ...options,
    turns: options.turns ?? createTurns(),
    metrics: createMetrics(),
    scratch: new Scratch(),
    sweptMs: clock.monotonicMs(),
    logsOperations: log.isLevelEnabled('debug'),
    closed: forget,
  };
  const { metrics } = wire;

  function sweep(): void {
    wire.sweptMs = clock.monotonicMs();
    wire.logsOperations = log.isLevelEnabled('debug');
    for (const socket of refused) socket.destroy();
    refused.clear();
    for (const connection of connections) checkTimeouts(connection, wire.sweptMs);
    sweeping = clock.later(sweepIntervalMs(limits), sweep);
  }

  function refuse(socket: Socket, kind: ListenerKind, text: string): void {
    metrics.refused++;
    socket.on('error', () => socket.destroy());
    if (kind === 'ldaps' || refused.size >= REFUSED_MAX) {
      socket.destroy();
      return;
    }
    refused.add(socket);
    socket.on('close', () => refused.delete(socket));
    socket.end(encodeNoticeOfDisconnection(resultCodes.busy, text));
    socket.resume();
  }

  /** Why nobody can be let in from there now, or undefined. */
  function refusalFor(peer: Peer): string | undefined {
    if (stopped !== undefined) return stopping.text;
    if (connections.size >= limits.connectionsMax) return 'too many connections';
    const open = perAddress.get(peer.address) ?? 0;
    if (peer.loopback || open < limits.connectionsPerAddressMax) return undefined;
    return 'too many connections from your address';
  }

  function accept(socket: Socket, kind: ListenerKind): void {
    const peer = peerOf(socket, kind);
    const refusal = refusalFor(peer);
    if (refusal !== undefined) {
      refuse(socket, kind, refusal);
      return;
    }
    perAddress.set(peer.address, (perAddress.get(peer.address) ?? 0) + 1);
    metrics.opened++;
    lastNumber++;
    if (connections.size === 0) wire.sweptMs = clock.monotonicMs();
    connections.add(new Connection(wire, lastNumber, socket, peer));
    if (wire.logsOperations) log.debug({ connection: lastNumber, ...peer }, 'connection opened');
  }

  function forget(connection: Connection): void {
    if (!connections.delete(connection)) return;
    const { address } = connection.peer;
    const left = (perAddress.get(address) ?? 1) - 1;
    if (left > 0) perAddress.set(address, left);
    else perAddress.delete(address);
    const reason = connection.closeReason ?? closeReasons.peerClosed;
    metrics.closed[reason]++;
    if (wire.logsOperations) {
      const { number, requests } = connection;
      log.debug({ connection: number, reason, requests }, 'connection closed');
    }
    if (connections.size === 0) emptied?.();
  }

  /** Resolves when no connection is left, or after `withinMs`. */
  function empty(withinMs: number): Promise<void> {
    if (connections.size === 0) return Promise.resolve();
    return new Promise((resolve) => {
      const cancel = clock.later(withinMs, resolve);
      emptied = () => {
        cancel();
        resolve();
      };
    });
  }

  async function stopAll(): Promise<void> {
    await Promise.all(listeners.map((listener) => listener.close()));
    for (const connection of [...connections]) connection.drain();
    await empty(limits.stopGraceMs);
    for (const connection of [...connections]) {
      connection.close(closeReasons.serverStopping, stopping);
    }
    await empty(LINGER_MS);
    for (const connection of [...connections]) connection.destroy();
    for (const socket of refused) socket.destroy();
    // A destroyed socket tells so in the next turn of the loop.
    await empty(LINGER_MS);
    sweeping?.();
  }

  return {
    async listen(listenOptions) {
      if (stopped !== undefined) throw new ListenError('ESTOPPED', 'the server is stopping');
      if (listenOptions.kind === 'ldaps' && tls === undefined) {
        throw new ListenError('ENOCERT', 'ldaps needs a certificate, and none is configured');
      }
      const listener = await openListener(listenOptions, accept, (error) =>
        log.error({ err: error }, 'a listener failed'),
      );
      listeners.push(listener);
      sweeping ??= clock.later(sweepIntervalMs(limits), sweep);
      return listener.address;
    },
    stop() {
      stopped ??= stopAll();
      return stopped;
    },
    endSessions(predicate, text) {
      let ended = 0;
      for (const connection of [...connections]) {
        const { identity, origin } = connection.context;
        if (connection.state === 'closing' || !predicate(identity, origin)) continue;
        connection.close(closeReasons.sessionEnded, { code: 'unavailable', text });
        ended++;
      }
      return ended;
    },
    metrics: () => snapshotMetrics(metrics, connections.size),
  };
}
