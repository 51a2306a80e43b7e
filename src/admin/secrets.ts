/** The administration's use cases around the secret box, and what they give back. */
import type { OnProgress } from './engine.js';

export interface SealedCount {
  /** `totp`, `hotp`, `ntHash`. */
  readonly kind: string;
  readonly secrets: number;
  /** Entries that have any. */
  readonly owners: number;
}

export interface SecretsStatus {
  readonly keyFile: string;
  /** Ids of the keys in it; the last one seals. More than one: a change of key was cut off. */
  readonly keys: readonly string[];
  readonly sealed: readonly SealedCount[];
}

export interface SecretsRotated {
  readonly key: string;
  readonly resealed: number;
  /** True where an earlier change of key was finished instead of a new one begun. */
  readonly resumed: boolean;
}

export interface SecretsReset {
  readonly key: string;
  readonly removed: number;
  readonly owners: number;
}

export interface SecretsEngine {
  status(): Promise<SecretsStatus>;
  /** A new key, everything sealed anew with it, and the old one gone from the file. */
  rotate(onProgress: OnProgress): Promise<SecretsRotated>;
  /** For a key file that is lost: takes away what cannot be opened. Without a server only. */
  reset(): Promise<SecretsReset>;
}
