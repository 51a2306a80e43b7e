/**
 * What the socket says about who is at the other end, and what may be said over it. Decided once
 * per connection, and again after StartTLS.
 */
import type { Socket } from 'node:net';
import type { Origin } from '../../directory/model/identity.js';
import type { CleartextBind } from './wire.js';

/** The three doors: plain with StartTLS, TLS from the first octet, a socket in the file system. */
export type ListenerKind = 'ldap' | 'ldaps' | 'local';

export interface Peer {
  readonly kind: ListenerKind;
  /** IPv4 without an IPv6 wrapping, IPv6, or `local`. */
  readonly address: string;
  readonly loopback: boolean;
}

const V4_IN_V6 = '::ffff:';

/** Reads the peer off an accepted socket. */
export function peerOf(socket: Socket, kind: ListenerKind): Peer {
  if (kind === 'local') return { kind, address: 'local', loopback: true };
  const raw = socket.remoteAddress ?? 'unknown';
  const address = raw.startsWith(V4_IN_V6) ? raw.slice(V4_IN_V6.length) : raw;
  return { kind, address, loopback: address === '::1' || address.startsWith('127.') };
}

/** The origin that goes with each request; `encrypted` once TLS is up. */
export function originOf(
  peer: Peer,
  connection: number,
  encrypted: boolean,
  certificate = false,
): Origin {
  const origin = { address: peer.address, connection, confidential: encrypted || peer.loopback };
  if (!encrypted) return origin;
  return certificate ? { ...origin, tls: true, certificate } : { ...origin, tls: true };
}

/** Whether a password may come over this connection as it is now. */
export function passwordsAllowed(peer: Peer, encrypted: boolean, rule: CleartextBind): boolean {
  if (encrypted || peer.kind === 'local' || rule === 'always') return true;
  return rule === 'loopback' && peer.loopback;
}
