/** A server under measurement, with its data in place. */
export interface Peer {
  readonly name: 'slapd' | 'tenure';
  readonly pid: number;
  /** On 127.0.0.1. */
  readonly port: number;
  /** How long loading the LDIF file took, the start of the process included. */
  readonly importSeconds: number;
  /** From starting the process to the first accepted connection. */
  readonly readySeconds: number;
  /** Resident memory then. */
  readonly readyMiB: number;
  /** The longest turn of the event loop since the last call; undefined where there is none. */
  worstTurnMs(): Promise<number | undefined>;
  /** Writes and commits since the start, where the server counts them. */
  counters(): Promise<WriteCounters | undefined>;
  stop(): Promise<void>;
}

export interface WriteCounters {
  readonly writes: number;
  /** Transactions, each with its fsync. */
  readonly commits: number;
}
