/**
 * The wire as a whole: listeners, the connections they brought, the caps on them, one coarse timer
 * for all their timeouts, and the order in which everything stops:
 *
 *   stop accepting → running operations end (stopGraceMs) → notice of disconnection → drained,
 *   closed → done
 */
import type { Socket } from 'node:net';
import { anonymous, type Identity, type Origin } from '../../directory/model/identity.js';
import type { Directory } from '../../directory/operations/types.js';
import type { Cancel, Clock } from '../../runtime/clock.js';
import type { Limits } from '../../runtime/limits.js';
import type { Log } from '../../runtime/log.js';
import { createTurns, type Turns } from '../../runtime/turns.js';
import { Admission } from './admission.js';
import { closeReasons, stopping } from './close-reasons.js';
import { Connection } from './connection.js';
import {
  type BoundAddress,
  ListenError,
  type Listener,
  type ListenOptions,
  openListener,
} from './listener.js';
import { createMetrics, type MetricsSnapshot, snapshotMetrics } from './metrics.js';
import { Scratch } from './outbox.js';
import { isPooled } from './run-bind.js';
import { checkTimeouts, sweepIntervalMs } from './timeouts.js';
import type { TlsMaterial } from './tls.js';
import { type ListenerKind, peerOf } from './transport.js';
import type { CleartextBind, Wire } from './wire.js';

export interface WireOptions {
  readonly directory: Directory;
  readonly limits: Limits;
  /** Its monotonic side drives every timeout. */
  readonly clock: Clock;
  readonly log: Log;
  readonly cleartextBind: CleartextBind;
  /** Off unless given. */
  readonly netscapeControls?: boolean;
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
   * returns how many. Anonymous ones are asked about too. One that waits in the pool of an
   * application stays open and is nobody's until its next bind.
   */
  endSessions(predicate: (identity: Identity, origin: Origin) => boolean, text: string): number;
  /** Counters at this moment. */
  metrics(): MetricsSnapshot;
}

/** Makes a server without listeners; nothing happens until one is opened. */
export function createWireServer(options: WireOptions): WireServer {
  return new Server(options);
}

class Server implements WireServer {
  private readonly wire: Wire;
  private readonly connections = new Set<Connection>();
  private readonly admission: Admission;
  private readonly listeners: Listener[] = [];
  private lastNumber = 0;
  private sweeping: Cancel | undefined;
  private stopped: Promise<void> | undefined;
  private emptied: (() => void) | undefined;

  constructor(options: WireOptions) {
    const { limits, clock, log } = options;
    const metrics = createMetrics();
    this.admission = new Admission(limits, metrics);
    this.wire = {
      ...options,
      netscapeControls: options.netscapeControls ?? false,
      turns: options.turns ?? createTurns(),
      metrics,
      scratch: new Scratch(),
      sweptMs: clock.monotonicMs(),
      logsOperations: log.isLevelEnabled('debug'),
      closed: (connection) => this.closed(connection),
    };
  }

  async listen(options: ListenOptions): Promise<BoundAddress> {
    const { wire } = this;
    if (this.stopped !== undefined) throw new ListenError('ESTOPPED', stopping.text);
    if (options.kind === 'ldaps' && wire.tls === undefined) {
      throw new ListenError('ENOCERT', 'ldaps needs a certificate, and none is configured');
    }
    const listener = await openListener(
      options,
      (socket, kind) => this.accept(socket, kind),
      (error) => wire.log.error({ err: error }, 'a listener failed'),
    );
    this.listeners.push(listener);
    if (this.isStopping()) await listener.close();
    else this.sweeping ??= wire.clock.later(sweepIntervalMs(wire.limits), this.sweep);
    return listener.address;
  }

  private isStopping(): boolean {
    return this.stopped !== undefined;
  }

  private accept(socket: Socket, kind: ListenerKind): void {
    const { wire } = this;
    const peer = peerOf(socket, kind);
    const refusal = this.isStopping() ? stopping : this.admission.admit(peer);
    if (refusal !== undefined) {
      this.admission.refuse(socket, peer, refusal);
      return;
    }
    this.lastNumber++;
    // The sweep's clock may have rested while nobody was there.
    if (this.connections.size === 0) wire.sweptMs = wire.clock.monotonicMs();
    this.connections.add(new Connection(wire, this.lastNumber, socket, peer));
    if (wire.logsOperations) {
      wire.log.debug({ connection: this.lastNumber, ...peer }, 'connection opened');
    }
  }

  private closed(connection: Connection): void {
    const { wire, connections } = this;
    if (!connections.delete(connection)) return;
    this.admission.leave(connection.peer);
    const reason = connection.closeReason ?? closeReasons.peerClosed;
    wire.metrics.closed[reason]++;
    if (wire.logsOperations) {
      const { number, pulse } = connection;
      wire.log.debug({ connection: number, reason, requests: pulse.requests }, 'connection closed');
    }
    if (connections.size === 0) this.emptied?.();
  }

  private readonly sweep = (): void => {
    const { wire } = this;
    wire.sweptMs = wire.clock.monotonicMs();
    wire.logsOperations = wire.log.isLevelEnabled('debug');
    this.admission.forgetRefused();
    for (const connection of this.connections) checkTimeouts(connection, wire.sweptMs);
    this.sweeping = wire.clock.later(sweepIntervalMs(wire.limits), this.sweep);
  };

  stop(): Promise<void> {
    this.stopped ??= this.stopAll();
    return this.stopped;
  }

  private async stopAll(): Promise<void> {
    const { connections } = this;
    const { lingerMs } = this.wire.limits;
    await Promise.all(this.listeners.map((listener) => listener.close()));
    for (const connection of [...connections]) connection.drain();
    await this.empty(this.wire.limits.stopGraceMs);
    for (const connection of [...connections]) {
      connection.close(closeReasons.serverStopping, stopping);
    }
    await this.empty(lingerMs);
    for (const connection of [...connections]) connection.destroy();
    this.admission.forgetRefused();
    // A destroyed socket tells so in the next turn of the loop.
    await this.empty(lingerMs);
    this.sweeping?.();
  }

  /** Resolves when no connection is left, or after `withinMs`. */
  private empty(withinMs: number): Promise<void> {
    if (this.connections.size === 0) return Promise.resolve();
    return new Promise((resolve) => {
      const cancel = this.wire.clock.later(withinMs, resolve);
      this.emptied = () => {
        cancel();
        resolve();
      };
    });
  }

  endSessions(predicate: (identity: Identity, origin: Origin) => boolean, text: string): number {
    let ended = 0;
    for (const connection of [...this.connections]) {
      const { identity, origin } = connection.context;
      if (connection.state === 'closing' || !predicate(identity, origin)) continue;
      if (isPooled(connection)) connection.setIdentity(anonymous);
      else connection.close(closeReasons.sessionEnded, { code: 'unavailable', text });
      ended++;
    }
    return ended;
  }

  metrics(): MetricsSnapshot {
    return snapshotMetrics(this.wire.metrics, this.connections.size);
  }
}
