/** Everything outside the program that a command touches, as one argument: tests bring their own. */
import type { Clock } from '../../runtime/clock.js';
import type { Log, LogLevel, LogStream } from '../../runtime/log.js';
import type { Random } from '../../runtime/random.js';
import type { StopSignal } from '../actions/index.js';
import type { Composition } from '../ports.js';

/** A terminal, file or pipe; `write` resolves when more may be written. */
export interface Output extends LogStream {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
}

export interface CliHost {
  readonly composition: Composition;
  readonly stdout: Output;
  readonly stderr: Output;
  /** Writes to standard output at the pace of who reads it. */
  readonly writeOut: (text: string) => Promise<void>;
  /** The whole of standard input as text. */
  readonly readIn: () => Promise<string>;
  /** A line that somebody types; undefined where nobody is there to type. */
  readonly readLine: () => Promise<string | undefined>;
  /** The same unseen: what is typed on a terminal is not shown. The question goes to standard error. */
  readonly readSecret: (question: string) => Promise<string | undefined>;
  readonly clock: Clock;
  readonly random: Random;
  readonly sleep: (ms: number) => Promise<void>;
  readonly makeLog: (level: LogLevel) => Log;
  readonly onSignal: (signal: StopSignal, handler: () => void) => () => void;
  /** Absolute. */
  readonly workingDir: string;
  /** Login name, for the change log. */
  readonly user: string;
  readonly version: string;
}
