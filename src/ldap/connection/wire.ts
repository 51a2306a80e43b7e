/** What all connections of one server share. Made by the server, handed to each connection. */
import type { Directory } from '../../directory/operations/types.js';
import type { Clock } from '../../runtime/clock.js';
import type { Limits } from '../../runtime/limits.js';
import type { Log } from '../../runtime/log.js';
import type { Turns } from '../../runtime/turns.js';
import type { Connection } from './connection.js';
import type { Metrics } from './metrics.js';
import type { Scratch } from './outbox.js';
import type { TlsMaterial } from './tls.js';

/** Where passwords are accepted without TLS (the local socket counts as safe). */
export type CleartextBind = 'loopback' | 'always' | 'never';

export interface Wire {
  readonly directory: Directory;
  readonly limits: Limits;
  readonly clock: Clock;
  readonly log: Log;
  readonly turns: Turns;
  readonly metrics: Metrics;
  readonly scratch: Scratch;
  readonly cleartextBind: CleartextBind;
  /** Tell of expiry by Netscape's controls, which nobody asked for. */
  readonly netscapeControls: boolean;
  /** Undefined: no TLS, StartTLS is refused. */
  readonly tls: TlsMaterial | undefined;
  /** The monotonic clock as of the last sweep, ms: good enough for idleness, and free. */
  sweptMs: number;
  /** Whether each operation is to be logged; asked once a sweep, not once an operation. */
  logsOperations: boolean;
  /** The connection's socket is gone. */
  closed(connection: Connection): void;
}
