/** What the engine works with. The composition root, or a test, puts it together. */
import type {
  Context,
  Names,
  PreparedWrite,
  WriteOutcome,
} from '../../directory/operations/index.js';
import type { DirectoryReader } from '../../directory/ports.js';
import type { Clock } from '../../runtime/clock.js';

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
}

export const nowOf = ({ clock }: Pick<RunTools, 'clock'>): number =>
  Math.floor(clock.nowMs() / 1000);
