/** What crosses between the connection thread and the writer thread; all of it clonable. */
import type { ImportGuards, Progress } from '../admin/engine.js';
import type { Argon2Params, SshKeyRules } from '../credentials/index.js';
import type { Observed } from '../directory/model/observed.js';
import type { Imported, PreparedWrite, WriteOutcome } from '../directory/operations/index.js';
import type { Config } from '../runtime/config.js';
import type { ErrorShape } from '../runtime/errors.js';
import type { Limits } from '../runtime/limits.js';
import type { Committed } from '../store/index.js';
import type { Rotated } from './rotate-keys.js';

export type { Progress } from '../admin/engine.js';

export interface WriterData {
  readonly dataDir: string;
  readonly limits: Limits;
  readonly argon2: Argon2Params;
  readonly sshKeys: SshKeyRules;
  readonly accessMap: Config['accessMap'];
  /** Of the secret box. */
  readonly keyFile: string;
  /** Milliseconds by which a test clock is ahead, shared with the connection thread. */
  readonly clockOffset: SharedArrayBuffer;
}

export type Job =
  | {
      readonly name: 'import';
      readonly path: string;
      readonly by: string;
      readonly guards: ImportGuards;
    }
  | { readonly name: 'rotateKeys' }
  | { readonly name: 'setIndex'; readonly attribute: string; readonly words: readonly string[] };

/** What a job gives back, where it gives anything. */
export type JobResult = Imported | Rotated | undefined;

export type ToWriter =
  | { readonly kind: 'writes'; readonly first: number; readonly requests: readonly PreparedWrite[] }
  | { readonly kind: 'observed'; readonly id: number; readonly observed: Observed }
  | { readonly kind: 'job'; readonly id: number; readonly job: Job }
  | { readonly kind: 'close' };

/** What comes in while a transaction is open: writes of one turn, or what was seen of binds. */
export interface Latecomer {
  readonly requests?: readonly PreparedWrite[];
  readonly observed?: Observed;
}

/** A failure of a job; `line` where it is about a line of an LDIF file. */
export interface JobFailure {
  readonly name: 'LdifError' | 'LdapError' | 'KeyFileError' | 'Error';
  readonly message: string;
  readonly line?: number;
  /** The key file that a failure is about. */
  readonly file?: string;
  readonly shape?: ErrorShape;
  readonly code?: string;
}

export interface WriterCounters {
  /** Transactions committed: one fsync each. */
  readonly commits: number;
  readonly writes: number;
  /** Writes in the largest transaction. */
  readonly largestBatch: number;
}

export type FromWriter =
  | { readonly kind: 'ready' }
  | { readonly kind: 'failed'; readonly failure: JobFailure }
  | {
      readonly kind: 'committed';
      readonly committed: Committed;
      /** Outcomes of the requests numbered from `first`. */
      readonly answers: readonly {
        readonly first: number;
        readonly outcomes: readonly WriteOutcome[];
      }[];
      /** What was seen of binds and is on the disk now, by the ids of its messages. */
      readonly observed: readonly number[];
      readonly counters: WriterCounters;
    }
  | { readonly kind: 'notObserved'; readonly ids: readonly number[] }
  | { readonly kind: 'progress'; readonly id: number; readonly progress: Progress }
  | { readonly kind: 'done'; readonly id: number; readonly result: JobResult }
  | { readonly kind: 'jobFailed'; readonly id: number; readonly failure: JobFailure }
  | { readonly kind: 'defect'; readonly message: string; readonly stack: string }
  | { readonly kind: 'closed' };
