/**
 * The server's end of a TLS handshake on a socket that was accepted in the clear. Clients are asked
 * for a certificate only where they can log in with one, and nobody is turned away for having none.
 */
import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { handshakeOptions, type TlsMaterial } from './tls.js';

export interface Handshake {
  failed(): void;
  /** The client left, maybe before the handshake was done. */
  left(): void;
  closed(secure: TLSSocket): void;
  secured(secure: TLSSocket): void;
}

/** Wraps `socket`; what becomes of it is told to `on`. */
export function beginTls(socket: Socket, tls: TlsMaterial, on: Handshake): TLSSocket {
  const secure = new TLSSocket(socket, handshakeOptions(tls));
  secure.on('error', () => on.failed());
  // Without a tls.Server around it, this is where a failed handshake is told.
  secure.on('_tlsError', () => on.failed());
  // Who leaves before it is done would otherwise hold a place until the timeout.
  secure.on('end', () => on.left());
  secure.on('close', () => on.closed(secure));
  secure.once('secure', () => {
    // A renegotiation costs the server far more than the client, and nobody needs one.
    secure.disableRenegotiation();
    on.secured(secure);
  });
  return secure;
}
