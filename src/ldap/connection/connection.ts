/**
 * One connection from accept to close: reads requests as long as it can take them, keeps their
 * order, and ends exactly once for exactly one reason. Owns its socket, framer, queue and running
 * searches; knows nothing of what an operation means (dispatch.ts does).
 *
 *   ldap, local ──▶ open ───────────────▶ closing ──▶ closed
 *                   │  ▲                     ▲
 *          StartTLS ▼  │ secure              │ timeouts, faults, unbind, stop
 *   ldaps ──────▶ handshake ─────────────────┘
 *
 * Reading stops while the queue is full, the client takes too little of its answers, or one turn
 * was not enough for what it sent; whatever stopped it starts it again.
 */
import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { anonymous, type Identity } from '../../directory/model/identity.js';
import type { Context } from '../../directory/operations/types.js';
import { resultCodes } from '../../runtime/errors.js';
import { decodeRequest, Framer } from '../protocol/index.js';
import { beginTls } from './begin-tls.js';
import { type ClientCertificate, clientCertificateOf, isGood } from './client-certificate.js';
import { type CloseReason, closeReasons, type Notice, stopping } from './close-reasons.js';
import { dispatch, refuseFault, start } from './dispatch.js';
import { finishSearch } from './finish.js';
import { Outbox } from './outbox.js';
import { Pulse } from './pulse.js';
import { OperationQueue } from './queue.js';
import { Searches } from './searches.js';
import { takeOver } from './socket-input.js';
import { originOf, type Peer, passwordsAllowed } from './transport.js';
import type { Wire } from './wire.js';

export type ConnectionState = 'handshake' | 'open' | 'closing' | 'closed';

export class Connection {
  readonly number: number;
  readonly peer: Peer;
  readonly wire: Wire;
  readonly queue = new OperationQueue();
  readonly outbox: Outbox;
  readonly searches: Searches;
  state: ConnectionState = 'open';
  /** Identity and origin as they are now; replaced, never changed. */
  context: Context;
  encrypted = false;
  /** What the client showed in the handshake, where it was asked. */
  certificate: ClientCertificate | undefined;
  /** No new request is read any more: the server stops. */
  draining = false;
  closeReason: CloseReason | undefined;

  readonly pulse: Pulse;

  private socket: Socket;
  private readonly framer: Framer;
  private reading = true;
  private turnAsked = false;
  private wakeAsked = false;
  private flushAsked = false;
  private readonly onData = (chunk: Buffer) => this.received(chunk);
  private readonly onDrain = () => this.drained();
  private readonly onEnd = () => this.ended();
  private readonly wakeTask = { turn: () => this.wokenUp() };
  private readonly flushTask = { turn: () => this.flush() };

  constructor(wire: Wire, number: number, accepted: Socket, peer: Peer) {
    const { limits, clock } = wire;
    const taken = peer.kind === 'ldaps' ? undefined : takeOver(accepted, this);
    const socket = taken ?? accepted;
    this.wire = wire;
    this.number = number;
    this.peer = peer;
    this.socket = socket;
    this.pulse = new Pulse(wire.sweptMs);
    this.framer = new Framer(limits.anonymousPduBytesMax);
    this.outbox = new Outbox(wire.scratch, wire.metrics, limits.writeHighWaterBytes, socket);
    this.context = { identity: anonymous, origin: originOf(peer, number, false) };
    this.searches = new Searches(this.outbox, clock, (message, startedMs, result, error) =>
      finishSearch(this, message, startedMs, result, error),
    );
    if (peer.kind !== 'local') socket.setKeepAlive(true, limits.keepAliveMs);
    socket.on('error', () => this.failed());
    socket.on('close', () => this.socketClosed(socket));
    if (peer.kind === 'ldaps') this.handshake();
    else this.attach(socket, taken !== undefined);
  }

  /** Operations waiting or running. */
  get inFlight(): number {
    return this.queue.total;
  }

  /** Whether a password may be sent now. */
  get passwordsAllowed(): boolean {
    return passwordsAllowed(this.peer, this.encrypted, this.wire.cleartextBind);
  }

  /** Octets the socket still has to send; and all it ever took. */
  get unsentBytes(): number {
    return this.socket.writableLength;
  }

  get sentBytes(): number {
    return this.socket.bytesWritten - this.socket.writableLength;
  }

  /** Whether the client owes us the rest of a request. */
  get awaitsRest(): boolean {
    return this.reading && this.framer.pendingBytes() > 0;
  }

  /** Who the client is from now on. */
  setIdentity(identity: Identity): void {
    if (identity === this.context.identity) return;
    const { limits } = this.wire;
    this.context = { identity, origin: this.context.origin };
    const known = identity.role !== 'anonymous';
    this.framer.setMaxBytes(known ? limits.pduBytesMax : limits.anonymousPduBytesMax);
  }

  /** Runs what an ended operation made possible, soon and once. */
  wake(): void {
    this.pulse.activeMs = this.wire.sweptMs;
    if (this.wakeAsked) return;
    this.wakeAsked = true;
    this.wire.turns.soon(this.wakeTask);
  }

  private wokenUp(): void {
    this.wakeAsked = false;
    this.work(this.wire.clock.monotonicMs() + this.wire.limits.sliceMs);
    this.flush();
  }

  /** One turn of long work; called by the scheduler. */
  turn(): void {
    this.turnAsked = false;
    if (this.state !== 'open') return;
    const endsMs = this.wire.clock.monotonicMs() + this.wire.limits.sliceMs;
    if (this.searches.count > 0 && !this.outbox.congested && this.searches.slice(endsMs)) {
      this.queue.searchEnded();
      this.pulse.activeMs = this.wire.sweptMs;
    }
    this.work(endsMs);
    this.flush();
  }

  private askTurn(): void {
    if (this.turnAsked) return;
    this.turnAsked = true;
    this.wire.turns.later(this);
  }

  /** Takes what the socket read. */
  received(chunk: Buffer): void {
    this.wire.metrics.bytesIn += chunk.length;
    if (this.state !== 'open' || this.draining) return;
    this.framer.push(chunk);
    this.work(this.wire.clock.monotonicMs() + this.wire.limits.sliceMs);
    if (this.outbox.waiting && !this.flushAsked) {
      this.flushAsked = true;
      this.wire.turns.soon(this.flushTask);
    }
  }

  /** Sends what the turn gave; a client that takes too little is read no further. */
  private flush(): void {
    this.flushAsked = false;
    this.outbox.flush();
    if (this.outbox.congested && this.state === 'open') this.read(false);
  }

  /** Whether a request that came in is not done with, or not whole: they are views of the input. */
  keepsInput(): boolean {
    return this.inFlight > 0 || this.framer.pendingBytes() > 0;
  }

  /** Starts whatever may start, and decides whether to read on. */
  private work(endsMs: number): void {
    if (this.state !== 'open') return;
    const more = this.startAll(endsMs);
    // Starting may have closed it.
    if ((this.state as ConnectionState) !== 'open') return;
    if (!this.outbox.congested && (more || this.searches.count > 0)) this.askTurn();
    if (this.inFlight === 0 && !more && !this.outbox.congested && this.mayEnd()) return;
    this.read(!more && !this.outbox.congested && !this.full());
  }

  private mayEnd(): boolean {
    if (this.draining) {
      this.close(closeReasons.serverStopping, stopping);
      return true;
    }
    if (!this.pulse.peerEnded) return false;
    this.close(closeReasons.peerClosed);
    return true;
  }

  private full(): boolean {
    const { limits } = this.wire;
    const known = this.context.identity.role !== 'anonymous';
    return (
      this.inFlight >=
      (known ? limits.operationsInFlightMax : limits.anonymousOperationsInFlightMax)
    );
  }

  /** True when time ran out and there is more to start. */
  private startAll(endsMs: number): boolean {
    let started = 0;
    while (this.state === 'open' && !this.outbox.congested) {
      const waiting = this.queue.waitingCount > 0;
      const input = this.framer.pendingBytes() > 0 && !this.draining;
      if (!waiting && !input) return false;
      if (started++ > 0 && this.wire.clock.monotonicMs() >= endsMs) return true;
      const released = waiting ? this.queue.next() : undefined;
      if (released !== undefined) start(this, released, endsMs);
      else if (!input || this.full() || !this.readOne(endsMs)) return false;
    }
    return false;
  }

  /** Takes the next request off the input; false when there is no whole one, or no more at all. */
  private readOne(endsMs: number): boolean {
    const { framer, wire } = this;
    const step = framer.next();
    if (step === 'needMore') return false;
    if (step === 'fault') {
      this.close(closeReasons.protocolError, { code: 'protocolError', text: framer.fault });
      return false;
    }
    this.pulse.requests++;
    this.pulse.activeMs = wire.sweptMs;
    const message = decodeRequest(framer.frame, wire.limits);
    if (message.kind === 'request') dispatch(this, message, endsMs);
    else if (message.respondable !== undefined) refuseFault(this, message, message.respondable);
    else this.close(closeReasons.protocolError, { code: 'protocolError', text: message.reason });
    return this.state === 'open';
  }

  private read(on: boolean): void {
    if (on === this.reading) return;
    this.reading = on;
    if (on) this.socket.resume();
    else this.socket.pause();
  }

  /** `takenOver`: what is read comes to {@link received} by itself. */
  private attach(socket: Socket, takenOver: boolean): void {
    this.socket = socket;
    this.reading = true;
    if (!takenOver) socket.on('data', this.onData);
    socket.on('drain', this.onDrain);
    socket.on('end', this.onEnd);
    if (!takenOver) socket.resume();
  }

  private detach(): void {
    this.socket.removeListener('data', this.onData);
    this.socket.removeListener('drain', this.onDrain);
    this.socket.removeListener('end', this.onEnd);
    this.socket.pause();
  }

  private drained(): void {
    this.outbox.drained();
    if (this.outbox.congested || this.state !== 'open') return;
    this.askTurn();
  }

  /** The client sends no more; it may still want its answers. */
  private ended(): void {
    this.pulse.peerEnded = true;
    this.pulse.peerEndedMs = this.wire.sweptMs;
    if (this.inFlight === 0) this.close(closeReasons.peerClosed);
  }

  /**
   * Answers with `respond`, then goes on in TLS. Where octets in the clear came behind the request,
   * somebody in between could have put them there, so the connection ends instead.
   */
  startTls(respond: () => void): void {
    if (this.framer.pendingBytes() > 0) {
      this.close(closeReasons.plaintextAfterStartTls, {
        code: 'protocolError',
        text: 'nothing may be sent behind StartTLS before its answer',
      });
      return;
    }
    // What comes from here on belongs to the handshake and must not be read as requests.
    this.detach();
    respond();
    this.enter('handshake');
    this.outbox.flush(() => {
      if (this.state === 'handshake') this.handshake();
    });
  }

  private handshake(): void {
    const { tls } = this.wire;
    this.enter('handshake');
    if (tls === undefined) return this.failed();
    this.socket = beginTls(this.socket, tls, {
      failed: () => this.failed(),
      left: () => {
        if (this.state === 'handshake') this.failed();
      },
      closed: (secure) => this.socketClosed(secure),
      secured: (secure) => this.secured(secure),
    });
  }

  private secured(secure: TLSSocket): void {
    if (this.state !== 'handshake') return;
    this.encrypted = true;
    if (this.wire.tls?.asksClients === true) this.certificate = clientCertificateOf(secure);
    const origin = originOf(this.peer, this.number, true, isGood(this.certificate));
    this.context = { identity: this.context.identity, origin };
    this.outbox.use(secure, true);
    this.enter('open');
    this.attach(secure, false);
  }

  private enter(state: ConnectionState): void {
    this.state = state;
    this.pulse.stateSinceMs = this.wire.sweptMs;
  }

  private failed(): void {
    const inHandshake = this.state === 'handshake';
    this.close(inHandshake ? closeReasons.handshakeFailed : closeReasons.socketError);
    this.socket.destroy();
  }

  /**
   * Ends the connection, the first reason wins: no request is read or answered any more, `notice`
   * and what was already encoded still go out. Later calls do nothing.
   */
  close(reason: CloseReason, notice?: Notice): void {
    if (this.state === 'closing' || this.state === 'closed') return;
    const listening = this.state === 'open';
    this.closeReason = reason;
    this.enter('closing');
    this.searches.clear();
    this.queue.clear();
    if (!listening) {
      this.outbox.close();
      this.socket.destroy();
      return;
    }
    if (notice !== undefined) this.outbox.notice(resultCodes[notice.code], notice.text);
    this.outbox.flush();
    this.outbox.close();
    // A close with unread input would reset the connection and take the notice with it.
    this.reading = true;
    this.socket.end();
    this.socket.resume();
  }

  /** Gives up on saying goodbye. */
  destroy(): void {
    this.socket.destroy();
  }

  /** Reads no new request and ends when those in flight have ended. Idempotent. */
  drain(): void {
    if (this.draining || this.state === 'closing' || this.state === 'closed') return;
    this.draining = true;
    if (this.state === 'handshake') this.close(closeReasons.serverStopping);
    else if (this.inFlight === 0) this.close(closeReasons.serverStopping, stopping);
  }

  private socketClosed(socket: Socket): void {
    if (socket !== this.socket || this.state === 'closed') return;
    this.closeReason ??= closeReasons.peerClosed;
    this.state = 'closed';
    this.searches.clear();
    this.queue.clear();
    this.outbox.close();
    this.wire.closed(this);
  }
}
