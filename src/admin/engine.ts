/**
 * What the administration's use cases need of a directory, whether it runs in this process (the
 * command line holding the folder lock) or serves (the control API inside `tenure serve`). The
 * composition root implements it; nothing here knows SQLite or sockets.
 */
import type { FactorsEngine } from './factors.js';
import type { SecretsEngine } from './secrets.js';

export interface Progress {
  readonly phase: string;
  readonly done: number;
  /** 0 where the end is not known. */
  readonly total: number;
}

export type OnProgress = (progress: Progress) => void;

/** What was said of a file beforehand: guards hold what was not. */
export interface ImportGuards {
  /** So many people are closed by it, exactly: more than guards let pass. */
  readonly expect?: number | undefined;
  /** Many who go the same way really move: it is not the value that has a new name. */
  readonly asMoves?: boolean | undefined;
}

export interface ImportReport {
  readonly entries: number;
  readonly replaced: number;
  readonly changes: number;
}

export interface VerifyReport {
  readonly ok: boolean;
  /** Each names what is wrong and where; empty where ok. */
  readonly problems: readonly string[];
  readonly entries: number;
  readonly changes: number;
  /** Head of the chained log, hex. */
  readonly head: string;
}

/** Something that works and should not stay as it is. */
export interface Concern {
  readonly about: 'administrators' | 'audit' | 'rehearsal' | 'service';
  /** A sentence, with what to do. */
  readonly text: string;
  /** It cannot wait. */
  readonly red?: true;
}

export interface EngineStatus {
  readonly suffixes: readonly string[];
  readonly entries: number;
  readonly people: number;
  readonly groups: number;
  readonly services: number;
  readonly hosts: number;
  readonly contextCsn: string;
  readonly changes: number;
  readonly head: string;
  /** Head of the audit trail, hex: what `tenure audit verify --head` takes. */
  readonly auditHead: string;
  /** Events that the trail lost since the server's start; absent where none runs. */
  readonly auditDropped?: number;
  /** Writes since the start, and the transactions (one fsync each) that they took. */
  readonly writes: number;
  readonly commits: number;
  /** Made with sample people: its clock may be moved. */
  readonly playground: boolean;
  /** Fingerprint of the key that signs proofs; absent before the first one. */
  readonly proofKey?: string;
}

export interface InitOptions {
  /** Suffix DN as written. */
  readonly suffix: string;
  readonly adminPassword: string;
  /** LDIF text of the sample entries, or undefined. */
  readonly sample: string | undefined;
}

export interface Engine {
  /** All or nothing. Rejects with LdifError (line number) or LdapError. `by` is for the log. */
  importLdif(
    path: string,
    by: string,
    onProgress: OnProgress,
    guards?: ImportGuards,
  ): Promise<ImportReport>;
  /** Every entry with operational attributes and password hashes, parents first, stable bytes. */
  exportLdif(
    base: string | undefined,
    write: (chunk: string) => void | Promise<void>,
  ): Promise<{ entries: number }>;
  verify(onProgress: OnProgress): Promise<VerifyReport>;
  readonly secrets: SecretsEngine;
  readonly factors: FactorsEngine;
  /** A new one-time password for the administrator; earlier ones end. */
  recoverAdministrator(): Promise<{ dn: string; password: string }>;
  /** Index words for an attribute (`eq`, `sub`, `ord`), empty to drop; resolves when ready. */
  setIndex(attribute: string, words: readonly string[], onProgress: OnProgress): Promise<void>;
  status(): EngineStatus;
  /** What somebody should see to; looks at people, so it takes a while. */
  concerns(): Promise<readonly Concern[]>;
  close(): Promise<void>;
}
