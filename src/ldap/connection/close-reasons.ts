/** Why connections end. Each is counted, and named in the log line of the close. */
import type { ResultCodeName } from '../../runtime/errors.js';

export const closeReasons = {
  /** The client sent unbind (RFC 4511 §4.3). */
  unbind: 'unbind',
  /** The client ended its side. */
  peerClosed: 'peerClosed',
  /** The socket failed or was reset. */
  socketError: 'socketError',
  /** What came is no LDAP, or broken BER. */
  protocolError: 'protocolError',
  /** No whole request in time after the accept. */
  firstRequestTimeout: 'firstRequestTimeout',
  /** A request that was begun and not ended. */
  requestTimeout: 'requestTimeout',
  /** Nothing asked for too long. */
  idleTimeout: 'idleTimeout',
  /** The client takes no more of its answers. */
  drainTimeout: 'drainTimeout',
  /** A TLS handshake that was begun and not ended. */
  handshakeTimeout: 'handshakeTimeout',
  /** A TLS handshake that failed. */
  handshakeFailed: 'handshakeFailed',
  /** Octets in the clear behind a StartTLS request. */
  plaintextAfterStartTls: 'plaintextAfterStartTls',
  /** The server stops. */
  serverStopping: 'serverStopping',
  /** Somebody inside the server ended this person's sessions. */
  sessionEnded: 'sessionEnded',
} as const;

export type CloseReason = (typeof closeReasons)[keyof typeof closeReasons];

/** Last words to a client: a result code and a sentence. */
export interface Notice {
  readonly code: ResultCodeName;
  readonly text: string;
}

/** Last words of a server that stops. */
export const stopping: Notice = { code: 'unavailable', text: 'the server is stopping' };
