/** What the engine works with. The composition root, or a test, puts it together. */
import type { Bytes } from '../../directory/model/bytes.js';
import type {
  Context,
  Names,
  PreparedWrite,
  WriteOutcome,
} from '../../directory/operations/index.js';
import type { DirectoryReader } from '../../directory/ports.js';
import type { Clock } from '../../runtime/clock.js';

/** Passwords that are made with a step and carried by its messages. */
export interface FirstPasswords {
  /** Rows that go and come: a password that opens in that time, and one for each message by its key. */
  make(
    owner: number,
    window: { readonly startsAt: number; readonly endsAt: number },
    keys: readonly string[],
  ): {
    readonly remove: readonly number[];
    readonly add: readonly { readonly kind: string; readonly value: Bytes }[];
  };
  /** What the message of that key carries; undefined where it is not there any more. */
  find(
    owner: number,
    key: string,
  ): { readonly password: string; readonly secretId: number } | undefined;
}

export interface RunTools {
  readonly reader: DirectoryReader;
  readonly names: Names;
  readonly write: (request: PreparedWrite) => Promise<WriteOutcome>;
  readonly clock: Clock;
  /** Whose name is on what the policy does. */
  readonly context: () => Context;
  /** Gives sockets their turn between two slices of work. */
  readonly turn: () => Promise<void>;
  /** True while the time is not to be trusted: nothing is destroyed then. */
  readonly frozen: () => boolean;
  /** Undefined where nobody can be given any: then it is a task. */
  readonly firstPasswords?: FirstPasswords;
}

export const nowOf = ({ clock }: Pick<RunTools, 'clock'>): number =>
  Math.floor(clock.nowMs() / 1000);
