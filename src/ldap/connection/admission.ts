/**
 * Who gets in: the caps on open connections, all together and from one address, and the words for
 * those who do not. Loopback is exempt from the second: proxies and tests come from there.
 */
import type { Socket } from 'node:net';
import { resultCodes } from '../../runtime/errors.js';
import type { Limits } from '../../runtime/limits.js';
import { encodeNoticeOfDisconnection } from '../protocol/index.js';
import type { Notice } from './close-reasons.js';
import type { Metrics } from './metrics.js';
import type { Peer } from './transport.js';

/** Sockets over a cap that still hear why; beyond them there is no time for words. */
const REFUSED_MAX = 256;

const tooMany: Notice = { code: 'busy', text: 'too many connections' };
const tooManyFromThere: Notice = {
  code: 'busy',
  text: 'too many connections from your address',
};

export class Admission {
  private readonly limits: Limits;
  private readonly metrics: Metrics;
  private readonly perAddress = new Map<string, number>();
  private readonly refused = new Set<Socket>();
  private open = 0;

  constructor(limits: Limits, metrics: Metrics) {
    this.limits = limits;
    this.metrics = metrics;
  }

  /** Counts the peer in, or gives the reason why not. */
  admit({ address, loopback }: Peer): Notice | undefined {
    const fromThere = this.perAddress.get(address) ?? 0;
    if (this.open >= this.limits.connectionsMax) return tooMany;
    if (!loopback && fromThere >= this.limits.connectionsPerAddressMax) return tooManyFromThere;
    this.open++;
    this.perAddress.set(address, fromThere + 1);
    this.metrics.opened++;
    return undefined;
  }

  /** Counts a peer out that was admitted. */
  leave({ address }: Peer): void {
    this.open--;
    const left = (this.perAddress.get(address) ?? 1) - 1;
    if (left > 0) this.perAddress.set(address, left);
    else this.perAddress.delete(address);
  }

  /** Says why, if there is time, and closes. In TLS there is nobody to talk to yet. */
  refuse(socket: Socket, { kind }: Peer, { code, text }: Notice): void {
    this.metrics.refused++;
    socket.on('error', () => socket.destroy());
    if (kind === 'ldaps' || this.refused.size >= REFUSED_MAX) {
      socket.destroy();
      return;
    }
    this.refused.add(socket);
    socket.on('close', () => this.refused.delete(socket));
    socket.end(encodeNoticeOfDisconnection(resultCodes[code], text));
    socket.resume();
  }

  /** Cuts those who heard why and did not go. */
  forgetRefused(): void {
    for (const socket of this.refused) socket.destroy();
    this.refused.clear();
  }
}
